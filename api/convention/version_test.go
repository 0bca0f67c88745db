package convention_test

import (
	"context"
	"testing"

	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/stretchr/testify/require"
)

// CC-01: a write made from an old version is told the present one and the fields that changed since, and no other.
func TestCC01ChampsModifiesDepuis(t *testing.T) {
	s := nouvelleScene(t)
	ctx := context.Background()
	service, bailleur := s.EnInstructeur(), s.EnBailleur()
	id := s.Monde.Convention(fixture.Conv{Statut: convention.Instruction})
	lue := s.version(id)
	heure := instant
	t.Cleanup(func() { instant = heure })
	for _, saisie := range []string{`{"nom":"Le Pré"}`, `{"ville":"Panazol","nb_bureaux":2}`} {
		instant = instant.AddDate(0, 0, 1)
		_, err := s.enregistrer(t, service, id, saisie)
		require.NoError(t, err)
	}
	for _, c := range []struct {
		version int
		champs  []string
	}{{lue, []string{"nb_bureaux", "nom", "ville"}}, {lue + 1, []string{"nb_bureaux", "ville"}}, {lue + 9, []string{}}} {
		_, err := s.Service.EnregistrerEtape(ctx, service, id, convention.EtapeOperation, convention.SaisieEtape{Version: c.version})
		require.True(t, fault.Is(err, fault.Stale), "%v", err)
		require.Equal(t, lue+2, fault.As(err).Extra["version"])
		require.Equal(t, c.champs, fault.As(err).Extra["champs_modifies"])
	}
	instant = instant.AddDate(0, 0, 1)
	_, err := s.executer(t, service, id, convention.DemanderCorrections, convention.Commande{})
	require.NoError(t, err)
	_, err = s.executer(t, bailleur, id, convention.RenvoyerInstruction, convention.Commande{Version: lue + 2})
	require.Equal(t, []string{"statut"}, fault.As(err).Extra["champs_modifies"])
}
