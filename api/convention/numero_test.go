package convention_test

import (
	"sync"
	"testing"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestFI01FI03FI04Numero(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	delegataire := s.Administration("87085", "Limoges Métropole")
	op := s.Operation(s.BailleurID, delegataire)
	instruction := func(operation int64) uuid.UUID {
		return s.Monde.Convention(fixture.Conv{Statut: convention.Instruction, OperationID: operation})
	}
	valider := func(p auth.Principal, id uuid.UUID, numero *string) (convention.Resultat, error) {
		return s.executer(t, p, id, convention.Valider, convention.Commande{Numero: numero})
	}
	texte := func(v string) *string { return &v }

	res, err := valider(service, instruction(0), nil)
	require.NoError(t, err)
	require.Equal(t, "87.D.26.0001", *res.Dossier.Convention.Numero)

	// FI-01: another administration of the département shares the sequence.
	autre := service
	autre.AdministrationID = delegataire
	delegue := instruction(op)
	res, err = valider(autre, delegue, nil)
	require.NoError(t, err)
	require.Equal(t, "87.87085.26.0002", *res.Dossier.Convention.Numero)

	for _, c := range []struct{ nom, numero, code string }{
		{"FI-02 vide", "", "NUMERO_REQUIS"},
		{"FI-02 blancs", "   ", "NUMERO_REQUIS"},
		{"FI-03 pris", " 87.d.26.0001 ", "NUMERO_EXISTANT"},
	} {
		_, err = valider(service, instruction(0), &c.numero)
		require.Contains(t, codes(err), c.code, c.nom)
	}
	require.Equal(t, "87.D.26.0003", fault.As(err).Extra["numero_propose"])
	require.NotEmpty(t, fault.As(err).Extra["convention_uuid"], "the holder is visible to the caller")

	// FI-03: the holder outside the perimeter is not revealed.
	_, err = valider(service, instruction(0), texte("87.87085.26.0002"))
	require.True(t, fault.HasCode(err, "NUMERO_EXISTANT"))
	require.NotContains(t, fault.As(err).Extra, "convention_uuid")

	// FI-03: look-alike accepted with a warning.
	res, err = valider(service, instruction(0), texte("87-D-26-0001"))
	require.NoError(t, err)
	require.Equal(t, "NUMERO_RESSEMBLANT", res.Avertissements[0].Code)

	// FI-04: a typed number of the pattern raises the counter; free text does not.
	_, err = valider(service, instruction(0), texte("87.D.26.0040"))
	require.NoError(t, err)
	_, err = valider(service, instruction(0), texte("85/3/11/2022/80.416/SHR-021"))
	require.NoError(t, err)
	res, err = valider(service, instruction(0), nil)
	require.NoError(t, err)
	require.Equal(t, "87.D.26.0041", *res.Dossier.Convention.Numero)
}

func TestFI04CinquanteValidationsSimultanees(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	const n = 50
	ids := make([]uuid.UUID, n)
	for i := range ids {
		ids[i] = s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	}
	var wg sync.WaitGroup
	erreurs := make([]error, n)
	for i := range ids {
		wg.Go(func() {
			_, erreurs[i] = s.Service.Executer(t.Context(), service, ids[i], convention.Valider, convention.Commande{Version: 1})
		})
	}
	wg.Wait()
	for _, err := range erreurs {
		require.NoError(t, err)
	}
	require.Equal(t, n, s.Compter(`SELECT count(DISTINCT numero) FROM convention WHERE statut = 'A_SIGNER'`))
	require.Equal(t, n, s.Compter(`SELECT max(substring(numero from '[0-9]+$')::int) FROM convention`), "consecutive from 0001")
}

func TestFI04NumeroProposeDeuxFois(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	propose := "87.D.26.0001"
	ids := []uuid.UUID{s.Monde.Convention(fixture.Conv{Statut: convention.Instruction}), s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})}
	var wg sync.WaitGroup
	erreurs := make([]error, 2)
	for i := range ids {
		wg.Go(func() {
			_, erreurs[i] = s.Service.Executer(t.Context(), service, ids[i], convention.Valider, convention.Commande{Version: 1, Numero: &propose})
		})
	}
	wg.Wait()
	perdant := erreurs[0]
	if perdant == nil {
		perdant = erreurs[1]
	}
	require.Error(t, perdant)
	require.Contains(t, []string{"NUMERO_PRIS", "NUMERO_EXISTANT"}, fault.As(perdant).Code)
	require.Equal(t, "87.D.26.0002", fault.As(perdant).Extra["numero_propose"])
	require.Equal(t, 1, s.Compter(`SELECT count(*) FROM convention WHERE statut = 'A_SIGNER'`))
}

func TestST02VingtTransitionsSimultanees(t *testing.T) {
	s := nouvelleScene(t)
	service := s.EnInstructeur()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	var wg sync.WaitGroup
	erreurs := make([]error, 20)
	for i := range erreurs {
		code := convention.DemanderCorrections
		if i%2 == 0 {
			code = convention.Valider
		}
		wg.Go(func() {
			_, erreurs[i] = s.Service.Executer(t.Context(), service, id, code, convention.Commande{Version: 1})
		})
	}
	wg.Wait()
	gagnants := 0
	for _, err := range erreurs {
		if err == nil {
			gagnants++
			continue
		}
		require.True(t, fault.Is(err, fault.Stale), err)
	}
	require.Equal(t, 1, gagnants)
	require.Equal(t, 2, s.Compter(`SELECT count(*) FROM convention_historique WHERE convention_id = $1`, s.ID(id)))
}
