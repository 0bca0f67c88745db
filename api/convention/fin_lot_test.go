package convention_test

import (
	"context"
	"testing"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// TestAV44ParLot: each line is one transaction and has its own outcome; a dry run tells the same and writes nothing.
func TestAV44ParLot(t *testing.T) {
	s := nouvelleScene(t)
	chef := s.EnAdministrateur()
	chef.Superuser = true
	jour := date.New(2027, 6, 30)
	numeroDe := func(id uuid.UUID) string {
		var n string
		require.NoError(t, s.Base.Pool.QueryRow(context.Background(), `SELECT numero FROM convention WHERE uuid = $1`, id).Scan(&n))
		return n
	}
	finie, vive, amendee, jumelle := s.Monde.Convention(fixture.Conv{Statut: convention.Denoncee}), s.Monde.Convention(fixture.Conv{Statut: convention.Publie}),
		s.Monde.Convention(fixture.Conv{Statut: convention.Signee}), s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	un := s.Monde.Avenant(vive, convention.Signee)
	s.Monde.Avenant(amendee, convention.Correction)
	double := s.Monde.Convention(fixture.Conv{Statut: convention.Signee})
	s.Executer(`UPDATE convention SET numero = $2, source = 'ECOLOWEB' WHERE uuid = $1`, double, numeroDe(jumelle))
	projet := s.Monde.Convention(fixture.Conv{})
	s.Executer(`UPDATE convention SET numero = 'EN-PROJET' WHERE uuid = $1`, projet)

	lignes := []convention.LigneLot{
		{Rang: 1, Numero: numeroDe(vive), Jour: jour, Motif: "Démolition"},
		{Rang: 2, Numero: "INCONNU", Jour: jour, Motif: "x"},
		{Rang: 3, Numero: numeroDe(jumelle), Jour: jour, Motif: "x"},
		{Rang: 4, Numero: numeroDe(finie), Jour: jour, Motif: "x"},
		{Rang: 5, Numero: numeroDe(amendee), Jour: jour, Motif: "x"},
		{Rang: 6, Numero: "en-projet", Jour: jour, Motif: "x"},
	}
	lancer := func(executer bool) map[int]convention.IssueLot {
		out := map[int]convention.IssueLot{}
		require.NoError(t, s.Service.TerminerParLot(context.Background(), chef, convention.GenreResiliation, lignes, executer, func(r convention.ResultatLot) error {
			out[r.Ligne.Rang] = r.Issue
			return nil
		}))
		return out
	}
	attendus := map[int]convention.IssueLot{
		1: convention.LotFaite, 2: convention.LotIntrouvable, 3: convention.LotPlusieurs, 4: convention.LotDejaTerminee,
		5: convention.LotAvenantEnCours, 6: convention.LotRefusee,
	}
	avant := s.Compter(`SELECT count(*) FROM convention_historique`)
	require.Equal(t, attendus, lancer(false))
	require.Equal(t, avant, s.Compter(`SELECT count(*) FROM convention_historique`), "a dry run")
	require.Equal(t, "PUBLIE", s.statutEtFin(vive, "date_resiliation"))

	require.Equal(t, attendus, lancer(true))
	for _, id := range []uuid.UUID{vive, un} {
		require.Equal(t, "RESILIEE 2027-06-30", s.statutEtFin(id, "date_resiliation"))
	}
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE parent_id = $1 AND motif_resiliation = 'Démolition' AND cree_par_id = $2 AND statut = 'RESILIEE'`,
		s.ID(vive), chef.UtilisateurID), "in the name of the operator")
	require.Equal(t, 4, s.Compter(`SELECT count(*) FROM convention_historique WHERE origine = 'LOT' AND utilisateur_id = $1`, chef.UtilisateurID))
	require.Zero(t, s.Compter(`SELECT count(*) FROM journal_audit WHERE mode <> 'LOT'`))
	require.NoError(t, s.Store.VerifierJournaux(context.Background()))

	// A résiliation needs its reason, and a day after the signature; nobody else may do it.
	for detail, l := range map[string]convention.LigneLot{
		"motif":     {Rang: 1, Numero: numeroDe(jumelle), Jour: jour},
		"signature": {Rang: 1, Numero: numeroDe(jumelle), Jour: date.New(2020, 1, 1), Motif: "x"},
	} {
		s.Executer(`UPDATE convention SET numero = 'AUTRE' WHERE uuid = $1`, double)
		require.NoError(t, s.Service.TerminerParLot(context.Background(), chef, convention.GenreResiliation, []convention.LigneLot{l}, true, func(r convention.ResultatLot) error {
			require.Equal(t, convention.LotRefusee, r.Issue)
			require.Contains(t, r.Detail, detail)
			return nil
		}))
	}
	for _, p := range []auth.Principal{s.EnAdministrateur(), s.EnBailleur()} {
		err := s.Service.TerminerParLot(context.Background(), p, convention.GenreDenonciation, lignes, true, nil)
		require.True(t, fault.HasCode(err, "PERMISSION_REFUSEE"), err)
	}
}
