package app

import (
	"encoding/json"
	"strings"
	"testing"

	"apilos/api/depot"
	"apilos/api/revision"

	"github.com/stretchr/testify/require"
)

func TestDemonstrationAdresses_publishedOnceWithoutWarning(t *testing.T) {
	p := demarrer(t)
	var sortie strings.Builder
	require.NoError(t, semerAdresses(t.Context(), p.pieces, &sortie))
	require.Regexp(t, `jeton [A-Za-z0-9]{32}\n$`, sortie.String())
	for _, c := range communesDemo {
		r, err := p.depot.Courante(t.Context(), c.code)
		require.NoError(t, err)
		var v revision.Validation
		require.NoError(t, json.Unmarshal(r.Validation, &v), c.code)
		require.True(t, v.Valid, c.code)
		require.Empty(t, v.Warnings, c.code)
	}
	require.NoError(t, semerAdresses(t.Context(), p.pieces, &sortie))
	etat, err := p.depot.EtatRevisions(t.Context(), depot.FiltreRevisions{})
	require.NoError(t, err)
	require.Equal(t, len(communesDemo), etat.Nombre, "doing it again adds nothing")
}
