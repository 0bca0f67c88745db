package convention_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// groupe adds conventions in PROJET of one operation, the first one the oldest.
func (s *scene) groupe(financements ...convention.Financement) []uuid.UUID {
	op := s.Operation(s.BailleurID, s.AdministrationID)
	ids := make([]uuid.UUID, 0, len(financements))
	for i, f := range financements {
		id := s.Monde.Convention(fixture.Conv{Financement: f, OperationID: op})
		s.Executer(`UPDATE convention SET cree_le = TIMESTAMPTZ '2026-02-01 08:00Z' + make_interval(mins => $2) WHERE uuid = $1`, id, i)
		s.Executer(`UPDATE lot SET cree_le = TIMESTAMPTZ '2026-02-01 08:00Z' + make_interval(mins => $2) WHERE convention_id = (SELECT id FROM convention WHERE uuid = $1)`, id, i)
		ids = append(ids, id)
	}
	return ids
}

func (s *scene) regrouper(p auth.Principal, ids ...uuid.UUID) (convention.Regroupee, error) {
	return s.Service.Regrouper(context.Background(), p, ids)
}

func (s *scene) version(id uuid.UUID) int {
	return s.Compter(`SELECT version FROM convention WHERE uuid = $1`, id)
}

func codesDe(err error) []string {
	var out []string
	if f := fault.As(err); f != nil {
		for _, c := range f.Fields {
			out = append(out, c.Code)
		}
	}
	return out
}

func TestMX01ListeEtDroits(t *testing.T) {
	s := nouvelleScene(t)
	ids := s.groupe(convention.PLUS, convention.PLAI)
	for nom, liste := range map[string][]uuid.UUID{"empty": {}, "one": ids[:1], "the same twice": {ids[0], ids[0]}} {
		_, err := s.regrouper(s.EnBailleur(), liste...)
		require.True(t, fault.HasCode(err, convention.CodeRegroupementInsuffisant), "%s: %v", nom, err)
		require.True(t, fault.Is(err, fault.Invalid), nom)
	}
	_, err := s.regrouper(fixture.EnLecture(s.EnBailleur()), ids...)
	require.True(t, fault.HasCode(err, "PERMISSION_REFUSEE"), "%v", err)
	_, err = s.regrouper(s.EtrangerBailleur(), ids...)
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	_, err = s.regrouper(s.EnBailleur(), ids[0], uuid.New())
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	require.Equal(t, 2, s.Compter(`SELECT count(*) FROM convention WHERE supprime_le IS NULL AND operation_id = (SELECT operation_id FROM convention WHERE uuid = $1)`, ids[0]))
}

func TestMX01InterrupteurFerme(t *testing.T) {
	s := nouvelleScene(t)
	ids := s.groupe(convention.PLUS, convention.PLAI)
	s.Executer(`UPDATE interrupteur SET actif = false WHERE nom = 'convention_mixte_on'`)
	_, err := s.regrouper(s.EnBailleur(), ids...)
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	_, err = s.Service.Degrouper(context.Background(), s.EnBailleur(), ids[0], 1)
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
}

func TestMX02AMX06Refus(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnInstructeur()
	avec := func(sql string) []uuid.UUID {
		ids := s.groupe(convention.PLUS, convention.PLAI)
		s.Executer(sql, ids[1])
		s.Rafraichir(ids...)
		return ids
	}
	avenant := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	cas := map[string]struct {
		ids  []uuid.UUID
		code string
	}{
		"MX-02 two operations": {[]uuid.UUID{s.groupe(convention.PLUS)[0], s.groupe(convention.PLAI)[0]}, convention.CodeProgrammesDifferents},
		"MX-03 one submitted":  {avec(`UPDATE convention SET statut = 'INSTRUCTION' WHERE uuid = $1`), convention.CodeStatutDifferent},
		"MX-04 kinds of housing": {
			avec(`UPDATE lot SET type_habitat = 'INDIVIDUEL' WHERE convention_id = (SELECT id FROM convention WHERE uuid = $1)`), convention.CodeTypesHabitatDifferents,
		},
		"MX-05 has origins": {
			avec(`INSERT INTO convention_seconde_vie SELECT c.id, (SELECT min(id) FROM convention x WHERE x.operation_id <> c.operation_id) FROM convention c WHERE c.uuid = $1`), convention.CodeRegroupementInterdit,
		},
		"MX-05 is an origin": {
			avec(`INSERT INTO convention_seconde_vie SELECT (SELECT min(id) FROM convention x WHERE x.operation_id <> c.operation_id), c.id FROM convention c WHERE c.uuid = $1`), convention.CodeRegroupementInterdit,
		},
	}
	for nom, c := range cas {
		_, err := s.regrouper(p, c.ids...)
		require.True(t, fault.Is(err, fault.Invalid), "%s: %v", nom, err)
		require.Contains(t, codesDe(err), c.code, "%s: %v", nom, err)
		require.Zero(t, s.Compter(`SELECT count(*) FROM regroupement`), nom)
	}
	// MX-05: an avenant has its own version of the operation, so the list is refused before that.
	_, err := s.regrouper(p, avenant, s.Monde.Avenant(avenant, convention.Projet))
	require.True(t, fault.Is(err, fault.Invalid), "%v", err)

	// MX-06: the same financement twice, which only imported rows can show.
	ids := s.groupe(convention.PLUS, convention.PLAI)
	s.Executer(`UPDATE convention SET anomalie_import = true WHERE uuid = $1`, ids[1])
	s.Executer(`UPDATE lot SET financement = 'PLUS' WHERE convention_id = (SELECT id FROM convention WHERE uuid = $1)`, ids[1])
	_, err = s.regrouper(p, ids...)
	require.Contains(t, codesDe(err), convention.CodeFinancementEnDouble, "MX-06")
	require.ErrorContains(t, err, "PLUS")
}

// TestMX03TousLesRefusEnsemble: the page shows everything that has to be fixed, at once.
func TestMX03TousLesRefusEnsemble(t *testing.T) {
	s := nouvelleScene(t)
	ids := s.groupe(convention.PLUS, convention.PLAI, convention.PLS)
	s.Executer(`UPDATE convention SET statut = 'INSTRUCTION' WHERE uuid = $1`, ids[1])
	s.Executer(`UPDATE lot SET type_habitat = 'MIXTE' WHERE convention_id = (SELECT id FROM convention WHERE uuid = $1)`, ids[2])
	s.Rafraichir(ids...)
	_, err := s.regrouper(s.EnBailleur(), ids...)
	require.Equal(t, []string{convention.CodeStatutDifferent, convention.CodeTypesHabitatDifferents}, codesDe(err))
}

func TestMX07LaPlusAncienneReprendTout(t *testing.T) {
	s := nouvelleScene(t)
	ids := s.groupe(convention.PLUS, convention.PLAI)
	survivante, absorbee := ids[0], ids[1]
	commentaire := s.Commentaire(absorbee, "convention", "adresse", "OUVERT")
	s.Inserer(`INSERT INTO evenement (convention_id, type_evenement) SELECT id, 'ECHANGE' FROM convention WHERE uuid = $1 RETURNING id`, absorbee)
	s.Document(absorbee, "ATTACHED", "SAIN")
	s.Executer(`UPDATE convention SET numero = 'ANCIEN' WHERE uuid = $1`, absorbee)
	p := s.EnBailleur()

	res, err := s.regrouper(p, absorbee, survivante) // whatever the order of the request
	require.NoError(t, err)
	d := res.Dossier
	require.Equal(t, survivante, d.Convention.UUID)
	require.Equal(t, []uuid.UUID{absorbee}, res.Absorbees)
	require.Equal(t, []convention.Financement{convention.PLUS, convention.PLAI}, d.Financements())
	require.Equal(t, 4, d.NbLogements())
	require.Len(t, d.Logements, 4)
	require.Equal(t, 2, d.Convention.Version)
	require.Nil(t, d.Convention.Numero)
	require.Len(t, d.Commentaires, 1)
	require.Equal(t, commentaire, d.Commentaires[0].UUID)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM evenement WHERE convention_id = $1`, d.Convention.ID))
	require.NotNil(t, d.DocumentCourant("ATTACHED"))
	require.Equal(t, 3, s.Compter(`SELECT count(*) FROM regroupement_origine o JOIN convention c ON c.id = o.absorbee_id WHERE c.uuid = $1`, absorbee))

	// The absorbed row is kept, with its number, out of every list.
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND supprime_le IS NOT NULL AND supprime_par_id = $2 AND numero = 'ANCIEN'
		AND fusionnee_dans_id = $3 AND version = 2`, absorbee, p.UtilisateurID, d.Convention.ID))
	require.Zero(t, s.Compter(`SELECT count(*) FROM convention_recherche WHERE uuid = $1`, absorbee))
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention_recherche WHERE uuid = $1 AND financements = '{PLUS,PLAI}' AND nb_logements = 4`, survivante))

	// Its history is read with that of the survivor, and says where it comes from.
	lignes, err := s.Service.Historique(context.Background(), p, survivante, 0, 50)
	require.NoError(t, err)
	var origines []string
	for _, l := range lignes {
		origines = append(origines, l.Transition+"/"+l.OrigineLibelle)
	}
	require.ElementsMatch(t, []string{"regrouper/", "creer/", "creer/PLAI"}, origines)
	require.Equal(t, "Regroupement", convention.LibelleHistorique(convention.Regrouper, convention.Projet, false, convention.GenreConvention))

	// Those who see the survivor are told; for the others the absorbed one does not exist.
	_, err = s.Service.Lire(context.Background(), p, absorbee)
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	require.Equal(t, survivante.String(), fault.As(err).Extra["convention_uuid"])
	_, err = s.Service.Lire(context.Background(), s.EtrangerBailleur(), absorbee)
	_, absent := s.Service.Lire(context.Background(), s.EtrangerBailleur(), uuid.New())
	require.Equal(t, absent.Error(), err.Error())

	for _, id := range ids {
		require.NoError(t, s.Store.VerifierJournal(context.Background(), s.ID(id)))
		require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE racine_id = $1 AND commande = 'regrouper'`, s.ID(id)))
	}
}

// TestMX07EnChaine: what a convention had absorbed follows it into the next grouping.
func TestMX07EnChaine(t *testing.T) {
	s := nouvelleScene(t)
	ids := s.groupe(convention.PLUS, convention.PLAI, convention.PLS)
	p := s.EnBailleur()
	_, err := s.regrouper(p, ids[1], ids[2])
	require.NoError(t, err)
	res, err := s.regrouper(p, ids[0], ids[1])
	require.NoError(t, err)
	require.Len(t, res.Dossier.Lots, 3)
	_, err = s.Service.Lire(context.Background(), p, ids[2])
	require.Equal(t, ids[0].String(), fault.As(err).Extra["convention_uuid"])
	lignes, err := s.Service.Historique(context.Background(), p, ids[0], 0, 50)
	require.NoError(t, err)
	require.Len(t, lignes, 5, "three creations and two groupings")
	contributeurs, err := s.Service.Contributeurs(context.Background(), res.Dossier)
	require.NoError(t, err)
	require.Len(t, contributeurs, 1)
}

func TestMX08ValeursDifferentes(t *testing.T) {
	s := nouvelleScene(t)
	ids := s.groupe(convention.PLUS, convention.PLAI)
	s.Executer(`UPDATE convention SET adresse = '1 rue Haute' WHERE uuid = $1`, ids[0])
	s.Executer(`UPDATE convention SET adresse = '2 rue Basse', fond_propre = 1200 WHERE uuid = $1`, ids[1])
	res, err := s.regrouper(s.EnBailleur(), ids...)
	require.NoError(t, err)
	require.Equal(t, []convention.Ecart{
		{Champ: "adresse", Libelle: "Adresse", Gardee: "1 rue Haute", Ecartees: []convention.ValeurEcartee{{Financements: "PLAI", Valeur: "2 rue Basse"}}},
		{Champ: "fond_propre", Libelle: "Fonds propres", Ecartees: []convention.ValeurEcartee{{Financements: "PLAI", Valeur: "1200.00 €"}}},
	}, res.Ecarts)
	require.Equal(t, "1 rue Haute", res.Dossier.Convention.Adresse)
	// The value that was not kept stays in the journal of its family.
	var avant struct{ Adresse string }
	require.NoError(t, json.Unmarshal([]byte(s.texte(`SELECT avant::text FROM journal_audit WHERE racine_id = $1 AND commande = 'regrouper'`, s.ID(ids[1]))), &avant))
	require.Equal(t, "2 rue Basse", avant.Adresse)
}

func (s *scene) texte(sql string, args ...any) string {
	var out string
	require.NoError(s.T, s.Base.Pool.QueryRow(context.Background(), sql, args...).Scan(&out))
	return out
}

func TestMX10RefusDeDegrouper(t *testing.T) {
	s := nouvelleScene(t)
	p := s.EnBailleur()
	simple := s.groupe(convention.PLUS)[0]
	_, err := s.Service.Degrouper(context.Background(), p, simple, 1)
	require.True(t, fault.HasCode(err, convention.CodeDegroupementInterdit), "%v", err)
	for nom, sql := range map[string]string{
		"SV-06 is an origin":  `INSERT INTO convention_seconde_vie SELECT (SELECT min(id) FROM convention x WHERE x.operation_id <> c.operation_id), c.id FROM convention c WHERE c.uuid = $1`,
		"SV-10 has origins":   `INSERT INTO convention_seconde_vie SELECT c.id, (SELECT min(id) FROM convention x WHERE x.operation_id <> c.operation_id) FROM convention c WHERE c.uuid = $1`,
		"MX-10 not in PROJET": `UPDATE convention SET statut = 'INSTRUCTION' WHERE uuid = $1`,
	} {
		mixte := s.mixte(t)
		s.Executer(sql, mixte)
		s.Rafraichir(mixte)
		_, err = s.Service.Degrouper(context.Background(), p, mixte, s.version(mixte))
		require.True(t, fault.Is(err, fault.Invalid), "%s: %v", nom, err)
	}
	mixte := s.mixte(t)
	s.Monde.Avenant(mixte, convention.Annulee)
	_, err = s.Service.Degrouper(context.Background(), p, mixte, s.version(mixte))
	require.True(t, fault.HasCode(err, convention.CodeDegroupementInterdit), "%v", err)
	mixte = s.mixte(t)
	_, err = s.Service.Degrouper(context.Background(), p, mixte, 1)
	require.True(t, fault.HasCode(err, "VERSION_PERIMEE"), "%v", err)
	_, err = s.Service.Degrouper(context.Background(), s.EtrangerBailleur(), mixte, 2)
	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
}

func (s *scene) mixte(t *testing.T) uuid.UUID {
	t.Helper()
	res, err := s.regrouper(s.EnBailleur(), s.groupe(convention.PLUS, convention.PLAI)...)
	require.NoError(t, err)
	return res.Dossier.Convention.UUID
}

func TestMX11ChaqueLotSaConvention(t *testing.T) {
	s := nouvelleScene(t)
	ids := s.groupe(convention.PLUS, convention.PLAI, convention.PLS)
	p := s.EnInstructeur()
	res, err := s.regrouper(p, ids...)
	require.NoError(t, err)
	s.Executer(`UPDATE convention SET adresse = '1 rue Haute', numero = 'N-1', soumis_le = now(), premiere_soumission_le = now(), type1and2 = 'Type2', type2_options = '{1,3}' WHERE uuid = $1`, ids[0])
	s.Commentaire(ids[0], "convention", "adresse", "OUVERT")
	s.Document(ids[0], "ATTACHED", "SAIN")

	out, err := s.Service.Degrouper(context.Background(), p, ids[0], res.Dossier.Convention.Version)
	require.NoError(t, err)
	require.Equal(t, ids[0], out.Dossier.Convention.UUID)
	require.Equal(t, []convention.Financement{convention.PLUS}, out.Dossier.Financements())
	require.Equal(t, "N-1", *out.Dossier.Convention.Numero)
	require.Len(t, out.Dossier.Commentaires, 1)
	require.Equal(t, res.Dossier.Convention.Version+1, out.Dossier.Convention.Version)
	require.Len(t, out.Creees, 2)
	for i, f := range []convention.Financement{convention.PLAI, convention.PLS} {
		c := out.Creees[i]
		require.Equal(t, []convention.Financement{f}, c.Financements())
		require.Equal(t, convention.Projet, c.Convention.Statut)
		require.Equal(t, out.Dossier.Operation.ID, c.Operation.ID)
		require.Equal(t, "1 rue Haute", c.Convention.Adresse)
		require.Equal(t, []int32{1, 3}, []int32(c.Convention.Type2Options))
		require.Nil(t, c.Convention.Numero)
		require.Nil(t, c.Convention.SoumisLe)
		require.Empty(t, c.Commentaires)
		require.NotNil(t, c.DocumentCourant("ATTACHED"))
		require.Equal(t, auth.Bailleur, c.CreeParCote, "the side that created the original")
		require.Len(t, c.Logements, 2)
		require.NoError(t, s.Store.VerifierJournal(context.Background(), c.Convention.ID))
		require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention_recherche WHERE uuid = $1`, c.Convention.UUID))
	}
	lignes, err := s.Service.Historique(context.Background(), p, ids[0], 0, 50)
	require.NoError(t, err)
	require.Equal(t, string(convention.Degrouper), lignes[0].Transition)
	require.Len(t, lignes, 5, "nothing of the history is lost")
}

func TestMX12LesCommentairesDesLignesSuiventLeLot(t *testing.T) {
	s := nouvelleScene(t)
	mixte := s.mixte(t)
	general := s.Commentaire(mixte, "convention", "adresse", "OUVERT")
	duLot := s.Commentaire(mixte, "lot", "nb_logements", "OUVERT")
	duLogement := s.Commentaire(mixte, "logement", "all", "RESOLU")
	s.Executer(`UPDATE commentaire SET uuid_objet = (SELECT l.uuid FROM lot l JOIN convention c ON c.id = l.convention_id WHERE c.uuid = $2 AND l.financement = 'PLAI') WHERE uuid = $1`, duLot, mixte)
	s.Executer(`UPDATE commentaire SET uuid_objet = (SELECT g.uuid FROM logement g JOIN lot l ON l.id = g.lot_id JOIN convention c ON c.id = l.convention_id
		WHERE c.uuid = $2 AND l.financement = 'PLAI' ORDER BY g.id LIMIT 1) WHERE uuid = $1`, duLogement, mixte)
	out, err := s.Service.Degrouper(context.Background(), s.EnBailleur(), mixte, s.version(mixte))
	require.NoError(t, err)
	require.Len(t, out.Dossier.Commentaires, 1)
	require.Equal(t, general, out.Dossier.Commentaires[0].UUID)
	var suivis []uuid.UUID
	for _, c := range out.Creees[0].Commentaires {
		suivis = append(suivis, c.UUID)
	}
	require.ElementsMatch(t, []uuid.UUID{duLot, duLogement}, suivis)
}

// TestCC04RegroupementContreSoumission: two processes; one wins, the other is told why.
func TestCC04RegroupementContreSoumission(t *testing.T) {
	s := nouvelleScene(t)
	autre := s.processus(t)
	for range 8 {
		ids := s.groupe(convention.PLUS, convention.PLAI)
		var wg sync.WaitGroup
		var grouper, soumettre error
		wg.Go(func() { _, grouper = s.regrouper(s.EnInstructeur(), ids...) })
		wg.Go(func() {
			_, soumettre = autre.Executer(context.Background(), s.EnBailleur(), ids[1], convention.Soumettre, convention.Commande{Version: 1, Commentaire: "Bon pour le service", ConfirmerIncomplet: true})
		})
		wg.Wait()
		if grouper == nil {
			require.True(t, fault.HasCode(soumettre, convention.CodeConventionRegroupee), "%v", soumettre)
			require.Zero(t, s.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND statut <> 'PROJET'`, ids[1]))
		} else {
			require.NoError(t, soumettre)
			require.True(t, fault.HasCode(grouper, convention.CodeStatutDifferent), "%v", grouper)
			require.Zero(t, s.Compter(`SELECT count(*) FROM regroupement WHERE survivante_id = $1`, s.ID(ids[0])))
		}
	}
}

func TestCC04DeuxRegroupementsEnsemble(t *testing.T) {
	s := nouvelleScene(t)
	autre := s.processus(t)
	ids := s.groupe(convention.PLUS, convention.PLAI, convention.PLS)
	erreurs := make([]error, 6)
	var wg sync.WaitGroup
	for i := range erreurs {
		wg.Go(func() {
			service, liste := s.Service, []uuid.UUID{ids[0], ids[1]}
			if i%2 == 0 {
				service, liste = autre, []uuid.UUID{ids[2], ids[1]}
			}
			_, erreurs[i] = service.Regrouper(context.Background(), s.EnBailleur(), liste)
		})
	}
	wg.Wait()
	gagnes := 0
	for _, err := range erreurs {
		if err == nil {
			gagnes++
			continue
		}
		require.True(t, fault.HasCode(err, convention.CodeConventionRegroupee), "%v", err)
	}
	require.GreaterOrEqual(t, gagnes, 1)
	require.Equal(t, gagnes, s.Compter(`SELECT count(*) FROM regroupement`))
	require.Equal(t, 3, s.Compter(`SELECT count(*) FROM lot l JOIN convention c ON c.id = l.convention_id WHERE c.supprime_le IS NULL AND c.operation_id = (SELECT operation_id FROM convention WHERE uuid = $1)`, ids[0]))
}

// processus is a second program on the same database.
func (s *scene) processus(t *testing.T) *convention.Service {
	t.Helper()
	db, err := store.Open(t.Context(), s.Base.URL, store.Options{})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	return convention.NewService(db, &sortie{}, sansDepots{}, nil, func() time.Time { return instant })
}

// TestCC20RegroupementToutOuRien: a failure at the end leaves nothing.
func TestCC20RegroupementToutOuRien(t *testing.T) {
	s := nouvelleScene(t)
	ids := s.groupe(convention.PLUS, convention.PLAI)
	s.Executer(`CREATE FUNCTION panne() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'panne'; END $$`)
	s.Executer(`CREATE TRIGGER panne BEFORE INSERT ON convention_historique FOR EACH ROW WHEN (NEW.transition = 'regrouper') EXECUTE FUNCTION panne()`)
	_, err := s.regrouper(s.EnBailleur(), ids...)
	require.ErrorContains(t, err, "panne")
	require.Zero(t, s.Compter(`SELECT count(*) FROM regroupement`))
	require.Zero(t, s.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'regrouper'`))
	require.Equal(t, 2, s.Compter(`SELECT count(*) FROM convention WHERE uuid = ANY($1) AND supprime_le IS NULL AND version = 1`, ids))
}
