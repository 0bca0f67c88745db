package convention_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func (s *scene) avenant(t *testing.T, p auth.Principal, id uuid.UUID, types ...string) (*convention.Dossier, error) {
	t.Helper()
	return s.Service.CreerAvenant(context.Background(), p, id, types)
}

func TestAV01QuiPeutCreer(t *testing.T) {
	s := nouvelleScene(t)
	for nom, c := range map[string]struct {
		p       auth.Principal
		attendu fault.Kind
	}{
		"bailleur": {s.EnBailleur(), ""}, "instructeur": {s.EnInstructeur(), ""}, "administrateur": {s.EnAdministrateur(), ""},
		"reader":   {fixture.EnLecture(s.EnInstructeur()), fault.Forbidden},
		"stranger": {s.EtrangerBailleur(), fault.NotFound}, "nobody": {auth.Principal{}, fault.NotFound},
	} {
		racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
		d, err := s.avenant(t, c.p, racine)
		if c.attendu != "" {
			require.True(t, fault.Is(err, c.attendu), "%s: %v", nom, err)
			require.Zero(t, s.Compter(`SELECT count(*) FROM convention WHERE parent_id = $1`, s.ID(racine)), nom)
			continue
		}
		require.NoError(t, err, nom)
		require.Equal(t, convention.Projet, d.Convention.Statut, "AV-07")
		require.Nil(t, d.Convention.Numero)
		require.Equal(t, racine, d.Racine.UUID)
		require.Equal(t, 1, s.Compter(`SELECT count(*) FROM journal_audit WHERE objet_uuid = $1 AND commande = 'creer' AND apres ? 'copie_de'`, d.Convention.UUID), nom)
		require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention_historique WHERE convention_id = $1 AND transition = 'creer' AND role_typologie = $2`, d.Convention.ID, string(c.p.Typologie)), nom)
	}
	require.NoError(t, s.Store.VerifierJournaux(context.Background()))
}

func TestAV02AV03StatutDeLaRacine(t *testing.T) {
	s := nouvelleScene(t)
	for _, statut := range convention.Statuts() {
		racine := s.Monde.Convention(fixture.Conv{Statut: statut})
		_, err := s.avenant(t, s.EnInstructeur(), racine)
		if statut.Actif() {
			require.NoError(t, err, statut)
			continue
		}
		require.True(t, fault.HasCode(err, convention.CodeConventionNonActive), "%s: %v", statut, err)
	}
	for _, statut := range convention.Statuts() {
		racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
		enCours := s.Monde.Avenant(racine, convention.Projet)
		s.Executer(`UPDATE convention SET statut = $2, numero = '1', valide_le = '2026-04-01', signe_le = '2026-04-02', date_publication_spf = '2026-04-03', reference_spf = 'R',
			date_denonciation = '2026-05-01', date_resiliation = '2026-05-01' WHERE uuid = $1`, enCours, string(statut))
		s.Rafraichir(enCours)
		_, err := s.avenant(t, s.EnBailleur(), racine)
		if statut.EnCours() || statut == convention.ASigner {
			require.True(t, fault.HasCode(err, "AVENANT_EN_COURS"), "%s: %v", statut, err)
			require.Equal(t, enCours.String(), fault.As(err).Extra["avenant_uuid"], statut)
			continue
		}
		require.NoError(t, err, "AV-50 %s", statut)
	}
	// From the page of an avenant, on its root.
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Publie})
	d, err := s.avenant(t, s.EnBailleur(), s.Monde.Avenant(racine, convention.Signee))
	require.NoError(t, err)
	require.Equal(t, racine, d.Racine.UUID)
}

func TestAV04DeuxCreationsEnsemble(t *testing.T) {
	s := nouvelleScene(t)
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	erreurs := make([]error, 20)
	var wg sync.WaitGroup
	for i := range erreurs {
		wg.Go(func() {
			p := s.EnBailleur()
			if i%2 == 0 {
				p = s.EnInstructeur()
			}
			_, erreurs[i] = s.Service.CreerAvenant(context.Background(), p, racine, nil)
		})
	}
	wg.Wait()
	creees := 0
	for _, err := range erreurs {
		if err == nil {
			creees++
			continue
		}
		require.True(t, fault.HasCode(err, "AVENANT_EN_COURS"), "%v", err)
	}
	require.Equal(t, 1, creees)
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE parent_id = $1`, s.ID(racine)))
}

func TestAV05SourceDeLaCopie(t *testing.T) {
	s := nouvelleScene(t)
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	avant := s.Bailleur("Avant", "HLM")
	apres := s.Bailleur("Après", "HLM")
	un := s.Monde.Avenant(racine, convention.Signee)
	s.Executer(`UPDATE operation SET bailleur_id = $2 WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, un, avant)
	s.Executer(`UPDATE convention SET rang_avenant = 1 WHERE uuid = $1`, un)
	deux := s.Monde.Avenant(racine, convention.Annulee)
	s.Executer(`UPDATE operation SET bailleur_id = $2 WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, deux, apres)
	d, err := s.avenant(t, s.EnInstructeur(), racine)
	require.NoError(t, err)
	require.Equal(t, avant, d.Operation.BailleurID, "AV-50: a cancelled avenant never comes back")
	require.Equal(t, s.ID(un), *d.Convention.BaseID)
}

func TestAV06RienNeResteDUnEchec(t *testing.T) {
	s := nouvelleScene(t)
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	operations := s.Compter(`SELECT count(*) FROM operation`)
	s.Executer(`CREATE FUNCTION panne() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'panne'; END $$`)
	s.Executer(`CREATE TRIGGER panne BEFORE INSERT ON logement FOR EACH ROW WHEN (NEW.designation = 'A02') EXECUTE FUNCTION panne()`)
	_, err := s.avenant(t, s.EnInstructeur(), racine)
	require.Error(t, err)
	require.Equal(t, operations, s.Compter(`SELECT count(*) FROM operation`))
	require.Zero(t, s.Compter(`SELECT count(*) FROM convention WHERE parent_id IS NOT NULL`))
}

func TestAV18TypesDemandes(t *testing.T) {
	s := nouvelleScene(t)
	for nom, c := range map[string]struct {
		nature string
		types  []string
		code   string
	}{
		"one":                      {"LOGEMENTSORDINAIRES", []string{"logements"}, ""},
		"two":                      {"LOGEMENTSORDINAIRES", []string{"bailleur", "stationnement"}, ""},
		"unknown":                  {"LOGEMENTSORDINAIRES", []string{"jardin"}, convention.CodeTypeInconnu},
		"twice":                    {"LOGEMENTSORDINAIRES", []string{"duree", "duree"}, convention.CodeTypeInconnu},
		"denonciation alone":       {"LOGEMENTSORDINAIRES", []string{"denonciation"}, ""},
		"denonciation and another": {"LOGEMENTSORDINAIRES", []string{"bailleur", "denonciation"}, convention.CodeTypeExclusif},
		"both ends":                {"LOGEMENTSORDINAIRES", []string{"denonciation", "resiliation"}, convention.CodeTypeExclusif},
		"parking of a foyer":       {"AUTRE", []string{"stationnement"}, convention.CodeTypeInadapte},
		"attributions of a foyer":  {"AUTRE", []string{"foyer_attribution", "variantes"}, ""},
		"of a résidence":           {"HEBERGEMENT", []string{"residence_attribution"}, ""},
		"of the other":             {"HEBERGEMENT", []string{"foyer_attribution"}, convention.CodeTypeInadapte},
		"of ordinary housing":      {"LOGEMENTSORDINAIRES", []string{"variantes"}, convention.CodeTypeInadapte},
	} {
		racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
		s.nature(racine, c.nature)
		d, err := s.avenant(t, s.EnBailleur(), racine, c.types...)
		if c.code != "" {
			require.True(t, fault.HasCode(err, c.code), "%s: %v", nom, err)
			continue
		}
		require.NoError(t, err, nom)
		require.ElementsMatch(t, c.types, d.TypesAvenant, nom)
	}
}

func TestAV10OrdreDeLaListe(t *testing.T) {
	s := nouvelleScene(t)
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	recent := s.Monde.Avenant(racine, convention.Signee)
	s.Executer(`UPDATE convention SET rang_avenant = 2, numero = '7' WHERE uuid = $1`, recent)
	ancien := s.Monde.Avenant(racine, convention.Signee)
	s.Executer(`UPDATE convention SET rang_avenant = 1 WHERE uuid = $1`, ancien)
	enCours, err := s.avenant(t, s.EnInstructeur(), racine, "duree")
	require.NoError(t, err)
	liste, err := s.Service.Avenants(context.Background(), s.EnBailleur(), racine)
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{ancien, recent, enCours.Convention.UUID}, []uuid.UUID{liste[0].UUID, liste[1].UUID, liste[2].UUID})
	require.Equal(t, []string{"duree"}, liste[2].Types)
	_, err = s.Service.Avenants(context.Background(), s.EtrangerBailleur(), racine)
	require.True(t, fault.Is(err, fault.NotFound))
}

// The copy takes as many statements for two dwellings as for two thousand.
func TestCC52AV09DeuxMilleLogements(t *testing.T) {
	s := nouvelleScene(t)
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	lot := s.Inserer(`SELECT id FROM lot WHERE convention_id = $1`, s.ID(racine))
	s.Executer(`INSERT INTO logement (lot_id, tableau, designation, typologie, loyer, ordre) SELECT $1, 'UTILE_LOYER', 'B' || n, 'T2', 300, n FROM generate_series(1, 1998) n`, lot)
	s.Executer(`INSERT INTO annexe (logement_id, surface_hors_surface_retenue, loyer_par_metre_carre, loyer) SELECT id, 2, 1, 1 FROM logement WHERE lot_id = $1`, lot)
	d, err := s.avenant(t, s.EnInstructeur(), racine)
	require.NoError(t, err)
	require.Len(t, d.Logements, 2000)
	require.Equal(t, 2000, s.Compter(`SELECT count(*) FROM annexe a JOIN logement g ON g.id = a.logement_id WHERE g.lot_id = $1`, d.Lots[0].ID))
	require.Equal(t, fmt.Sprintf("B%d", 1998), d.Logements[1999].Designation, "in the order of the form")
}

// annonces keeps what programs would be told.
type annonces struct{ recues []convention.Annonce }

func (a *annonces) Annoncer(_ context.Context, x convention.Annonce) error {
	a.recues = append(a.recues, x)
	return nil
}

// 00 decision 32: avenant.cree, with its root.
func TestAvenantAnnonce(t *testing.T) {
	s := nouvelleScene(t)
	a := &annonces{}
	service := convention.NewService(s.Store, s.Sortie, sansDepots{}, nil, func() time.Time { return instant }, convention.AvecAnnonces(a))
	racine := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	d, err := service.CreerAvenant(context.Background(), s.EnInstructeur(), racine, nil)
	require.NoError(t, err)
	require.Len(t, a.recues, 1)
	require.Equal(t, []any{"avenant.cree", "avenant", d.Convention.UUID, d.Convention.ID}, []any{a.recues[0].Type, a.recues[0].Objet, a.recues[0].ObjetUUID, a.recues[0].ConventionID})
	require.Equal(t, convention.ConventionAnnoncee{Statut: convention.Projet, ParentUUID: &racine, Origine: "WEB"}, a.recues[0].Donnees)
	_, err = service.CreerAvenant(context.Background(), s.EnInstructeur(), racine, nil)
	require.Error(t, err)
	require.Len(t, a.recues, 1, "a refusal is no event")
}
