package convention_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"apilos/api/auth"
	"apilos/api/comment"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func (s *scene) cocher(id uuid.UUID, p auth.Principal, typ string) (*convention.Dossier, error) {
	return s.Service.CocherType(context.Background(), p, id, typ, s.version(id))
}

func (s *scene) retirer(id uuid.UUID, p auth.Principal, typ string) (*convention.Dossier, error) {
	return s.Service.RetirerType(context.Background(), p, id, typ, s.version(id))
}

// amende returns an avenant just created with these types.
func (s *scene) amende(t *testing.T, types ...string) uuid.UUID {
	t.Helper()
	d, err := s.avenant(t, s.EnBailleur(), s.Monde.Convention(fixture.Conv{Statut: convention.Signee}), types...)
	require.NoError(t, err)
	return d.Convention.UUID
}

// AV-13, PE-33, AV-1A: on an avenant the fields of the checked types are writable, one by one, and no other.
func TestAV13AV1AChampsOuvertsParType(t *testing.T) {
	p := auth.Principal{Typologie: auth.Instructeur, UtilisateurID: 1, Profil: "SER_GEST", CodeRole: "SERV_INSTR_INSTRUCTEUR"}
	racine := int64(1)
	for _, b := range convention.Blocs() {
		require.NotEmpty(t, b.Etapes, b.Type)
		d := &convention.Dossier{TypesAvenant: []string{b.Type}}
		d.Convention.ParentID, d.Convention.Statut = &racine, convention.Projet
		m := d.ModifiablePar(p)
		ouvertes := map[string]bool{}
		for _, c := range b.Champs {
			if c.Suite {
				continue // nobody types it
			}
			require.NotEmpty(t, c.Nom(), c.Colonne)
			for _, cible := range c.Cibles {
				ouvertes[cible] = true
			}
		}
		for _, cible := range b.CiblesFichiers {
			require.True(t, comment.CleConnue(cible), cible)
			ouvertes[cible] = true
		}
		for _, l := range b.Lignes {
			for _, cible := range l.Cibles {
				require.True(t, comment.CleConnue(cible), cible)
				ouvertes[cible] = true
			}
		}
		for cible := range ouvertes {
			require.True(t, m.Accepte(cible), "%s opens %s", b.Type, cible)
		}
		for _, autre := range convention.Blocs() {
			for _, c := range autre.Champs {
				for _, cible := range c.Cibles {
					require.Equal(t, ouvertes[cible], m.Accepte(cible), "%s and %s of %s", b.Type, cible, autre.Type)
				}
			}
		}
		for _, c := range comment.Cibles() {
			require.Equal(t, ouvertes[c.Cle()], m.Accepte(c.Cle()), "%s and %s", b.Type, c.Cle())
		}
		require.False(t, m.Accepte("convention__numero"), b.Type)
	}
}

func TestPE33ChampHorsType(t *testing.T) {
	s := nouvelleScene(t)
	id := s.amende(t, "programme")
	_, err := s.enregistrer(t, s.EnBailleur(), id, `{"nom":"Les Érables"}`)
	require.NoError(t, err)
	d, err := s.cocher(id, s.EnBailleur(), "champ_libre")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"programme", "champ_libre"}, d.TypesAvenant)
	_, err = s.retirer(id, s.EnBailleur(), "programme")
	require.NoError(t, err)
	_, err = s.enregistrer(t, s.EnBailleur(), id, `{"nom":"Les Charmes"}`)
	require.True(t, fault.HasCode(err, "CHAMP_NON_MODIFIABLE"), "%v", err)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM operation o JOIN convention c ON c.operation_id = o.id WHERE c.uuid = $1 AND o.nom = 'Les Tilleuls'`, id), "restored")
}

// AV-14: scalars and rows, in one transaction, what is lost in the journal.
func TestAV14RestaureEtJournalise(t *testing.T) {
	s := nouvelleScene(t)
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	s.Executer(`UPDATE convention SET fond_propre = 250000 WHERE uuid = $1`, racine)
	s.Executer(`DELETE FROM pret WHERE lot_id IN (SELECT id FROM lot WHERE convention_id = $1)`, s.ID(racine))
	s.Executer(`INSERT INTO pret (lot_id, preteur, numero, montant, ordre) SELECT l.id, 'CDCL', 'P' || n, n * 1000, n FROM lot l, generate_series(1, 2) n WHERE l.convention_id = $1`, s.ID(racine))
	d, err := s.avenant(t, s.EnInstructeur(), racine, "duree", "champ_libre")
	require.NoError(t, err)
	id := d.Convention.UUID
	s.Executer(`UPDATE convention SET fond_propre = 100000, champ_libre_avenant = 'texte' WHERE uuid = $1`, id)
	s.Executer(`UPDATE pret SET montant = 7 WHERE numero = 'P1' AND lot_id = $1`, d.Lots[0].ID)
	anciens := s.Compter(`SELECT max(id) FROM pret WHERE lot_id = $1`, d.Lots[0].ID)

	d, err = s.retirer(id, s.EnInstructeur(), "duree")
	require.NoError(t, err)
	require.Equal(t, "250000", d.Convention.FondPropre.Decimal.String())
	require.Equal(t, []string{"champ_libre"}, d.TypesAvenant)
	require.Equal(t, "texte", d.Convention.ChampLibreAvenant, "other types keep their fields")
	require.Len(t, d.Prets, 2)
	for i, montant := range []string{"1000", "2000"} {
		require.Equal(t, montant, d.Prets[i].Montant.String())
		require.Greater(t, d.Prets[i].ID, int64(anciens), "new rows")
	}
	var avant map[string]any
	var brut []byte
	require.NoError(t, s.Base.Pool.QueryRow(context.Background(), `SELECT avant FROM journal_audit WHERE objet_uuid = $1 AND commande = 'type_avenant.retirer'`, id).Scan(&brut))
	require.NoError(t, json.Unmarshal(brut, &avant))
	require.Equal(t, "100000", avant["fond_propre"])
	require.Equal(t, "7", avant["pret"].([]any)[0].(map[string]any)["montant"])
	require.NoError(t, s.Store.VerifierJournaux(context.Background()))

	// A free text starts empty in each avenant, and goes back to that.
	d, err = s.retirer(id, s.EnInstructeur(), "champ_libre")
	require.NoError(t, err)
	require.Empty(t, d.Convention.ChampLibreAvenant)
}

// AV-15: the version that existed when the avenant was created, whatever came in the family since.
func TestAV15VersionDeReference(t *testing.T) {
	s := nouvelleScene(t)
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	d, err := s.avenant(t, s.EnInstructeur(), racine, "programme")
	require.NoError(t, err)
	importe := s.Monde.Avenant(racine, convention.Signee)
	s.Executer(`UPDATE operation SET nom = 'Importé' WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, importe)
	s.Executer(`UPDATE convention SET rang_avenant = 1 WHERE uuid = $1`, importe)
	s.Executer(`UPDATE operation SET nom = 'Changé' WHERE id = $1`, d.Operation.ID)
	d, err = s.retirer(d.Convention.UUID, s.EnInstructeur(), "programme")
	require.NoError(t, err)
	require.Equal(t, "Les Tilleuls", d.Operation.Nom)
	// An avenant that came without a base amends the ACTIF one before it.
	s.Executer(`UPDATE convention SET base_id = NULL WHERE uuid = $1`, d.Convention.UUID)
	base, err := s.Store.BaseDe(context.Background(), d.Convention.ID)
	require.NoError(t, err)
	require.Equal(t, s.ID(importe), base)
}

func TestAV16RienARetirer(t *testing.T) {
	s := nouvelleScene(t)
	id := s.amende(t)
	for _, typ := range []string{"bailleur", "jardin", ""} {
		d, err := s.retirer(id, s.EnBailleur(), typ)
		require.NoError(t, err, typ)
		require.Nil(t, d, typ)
	}
	require.Equal(t, 1, s.version(id), "nothing written")
	_, err := s.cocher(id, s.EnBailleur(), "duree")
	require.NoError(t, err)
	d, err := s.cocher(id, s.EnBailleur(), "duree")
	require.NoError(t, err, "checking twice is checking")
	require.Equal(t, 2, d.Convention.Version)
}

// AV-17: the whole table of statuts and sides (02 §2.4).
func TestAV17QuiPeutCocher(t *testing.T) {
	s := nouvelleScene(t)
	for _, statut := range convention.Statuts() {
		racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
		id := s.Monde.Avenant(racine, convention.Projet)
		s.Executer(`UPDATE convention SET statut = $2, numero = '1', valide_le = '2026-04-01', signe_le = '2026-04-02', date_publication_spf = '2026-04-03', reference_spf = 'R',
			date_denonciation = '2026-05-01', date_resiliation = '2026-05-01' WHERE uuid = $1`, id, string(statut))
		s.Rafraichir(id)
		for nom, c := range map[string]struct {
			p      auth.Principal
			permis bool
		}{
			"bailleur": {s.EnBailleur(), statut == convention.Projet}, "instructeur": {s.EnInstructeur(), statut.EnCours()},
			"administrateur": {s.EnAdministrateur(), statut.EnCours()}, "expert": {enExpert(s.EnInstructeur()), statut.EnCours() || statut.Actif()},
			"expert bailleur": {enExpert(s.EnBailleur()), statut == convention.Projet},
		} {
			_, err := s.cocher(id, c.p, "duree")
			if !c.permis {
				require.True(t, fault.HasCode(err, convention.CodeAvenantNonModifiable), "%s %s: %v", nom, statut, err)
				_, err = s.retirer(id, c.p, "duree")
				require.True(t, fault.HasCode(err, convention.CodeAvenantNonModifiable), "%s %s: %v", nom, statut, err)
				continue
			}
			require.NoError(t, err, "%s %s", nom, statut)
			_, err = s.retirer(id, c.p, "duree")
			require.NoError(t, err, "%s %s", nom, statut)
		}
		modifiee := 0
		if statut.Actif() {
			modifiee = 1
		}
		require.Equal(t, modifiee, s.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND donnees_modifiees_apres_signature`, id), "PE-35 %s", statut)
		_, err := s.cocher(id, fixture.EnLecture(s.EnInstructeur()), "duree")
		require.True(t, fault.Is(err, fault.Forbidden), statut)
		_, err = s.cocher(id, s.EtrangerBailleur(), "duree")
		require.True(t, fault.Is(err, fault.NotFound), statut)
		_, err = s.cocher(racine, s.EnInstructeur(), "duree")
		require.True(t, fault.Is(err, fault.NotFound), "a root has no type")
	}
	id := s.amende(t)
	_, err := s.Service.CocherType(context.Background(), s.EnBailleur(), id, "duree", 41)
	require.True(t, fault.Is(err, fault.Stale))
}

func TestAV18CocheExclusive(t *testing.T) {
	s := nouvelleScene(t)
	id := s.amende(t, "bailleur")
	for typ, code := range map[string]string{
		"denonciation": convention.CodeTypeExclusif, "resiliation": convention.CodeTypeExclusif, "jardin": convention.CodeTypeInconnu, "variantes": convention.CodeTypeInadapte,
	} {
		_, err := s.cocher(id, s.EnBailleur(), typ)
		require.True(t, fault.HasCode(err, code), "%s: %v", typ, err)
	}
	id = s.amende(t, "denonciation")
	for _, typ := range []string{"bailleur", "resiliation"} {
		_, err := s.cocher(id, s.EnBailleur(), typ)
		require.True(t, fault.HasCode(err, convention.CodeTypeExclusif), "%s: %v", typ, err)
	}
}

// AV-19: lot by lot, matched by financement.
func TestAV19LotParLot(t *testing.T) {
	s := nouvelleScene(t)
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	plai := s.Inserer(`INSERT INTO lot (convention_id, financement, type_habitat, nb_logements) VALUES ($1, 'PLAI', 'COLLECTIF', 1) RETURNING id`, s.ID(racine))
	g := s.Inserer(`INSERT INTO logement (lot_id, tableau, designation, typologie, loyer, ordre) VALUES ($1, 'UTILE_LOYER', 'P01', 'T3', 300, 0) RETURNING id`, plai)
	s.Executer(`INSERT INTO annexe (logement_id, surface_hors_surface_retenue, loyer_par_metre_carre, loyer) VALUES ($1, 4, 1, 4)`, g)
	d, err := s.avenant(t, s.EnInstructeur(), racine, "logements")
	require.NoError(t, err)
	id := d.Convention.ID
	s.Executer(`UPDATE lot SET nb_logements = 9 WHERE convention_id = $1`, id)
	s.Executer(`UPDATE annexe SET loyer = 3 WHERE logement_id IN (SELECT g.id FROM logement g JOIN lot l ON l.id = g.lot_id WHERE l.convention_id = $1)`, id)
	s.Executer(`DELETE FROM logement WHERE designation = 'A01' AND lot_id IN (SELECT id FROM lot WHERE convention_id = $1)`, id)
	d, err = s.retirer(d.Convention.UUID, s.EnInstructeur(), "logements")
	require.NoError(t, err)
	nombres := map[convention.Financement]int{}
	for _, l := range d.Lots {
		nombres[l.Financement] = *l.NbLogements
	}
	require.Equal(t, map[convention.Financement]int{"PLUS": 2, "PLAI": 1}, nombres)
	require.Len(t, d.Logements, 3)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM annexe a JOIN logement g ON g.id = a.logement_id JOIN lot l ON l.id = g.lot_id
		WHERE l.convention_id = $1 AND l.financement = 'PLAI' AND g.designation = 'P01' AND a.loyer = 4`, id), "its annexe is on the right dwelling")
}

// 03 §2.2: the order of the steps, those of checked types open.
func TestEtapesDUnAvenant(t *testing.T) {
	s := nouvelleScene(t)
	id := s.amende(t, "programme", "champ_libre")
	d, err := s.Service.Lire(context.Background(), s.EnBailleur(), id)
	require.NoError(t, err)
	var codes, ouvertes []convention.CodeEtape
	for _, e := range d.Etapes() {
		codes = append(codes, e.Code)
		if e.Disponible {
			ouvertes = append(ouvertes, e.Code)
		}
	}
	require.Equal(t, []convention.CodeEtape{"bailleur", "operation", "cadastre", "edd", "financement", "logements", "annexes", "stationnements", "champ_libre", "commentaires"}, codes)
	require.Equal(t, []convention.CodeEtape{"operation", "champ_libre"}, ouvertes)
	v, err := s.Service.EnregistrerEtape(context.Background(), s.EnBailleur(), id, convention.EtapeChampLibre, convention.SaisieEtape{Version: 1, Valeurs: valeurs(t, `{"champ_libre_avenant":"Lots 1 à 4"}`)})
	require.NoError(t, err)
	require.Equal(t, "Lots 1 à 4", v.Dossier.Convention.ChampLibreAvenant)
	racine := s.Monde.Convention(fixture.Conv{})
	_, err = s.Service.LireEtape(context.Background(), s.EnBailleur(), racine, convention.EtapeChampLibre)
	require.True(t, fault.Is(err, fault.NotFound), "an avenant only")
	d, err = s.Service.Lire(context.Background(), s.EnBailleur(), racine)
	require.NoError(t, err)
	require.False(t, slices.ContainsFunc(d.Etapes(), func(e convention.EtapeConvention) bool { return e.Code == convention.EtapeChampLibre }))
}
