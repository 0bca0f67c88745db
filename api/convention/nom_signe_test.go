package convention

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDO05NomDuFichierSigne(t *testing.T) {
	t.Parallel()
	le := time.Date(2026, 1, 5, 9, 30, 0, 0, time.UTC)
	texte := func(s string) *string { return &s }
	parent := int64(1)
	for veut, d := range map[string]*Dossier{
		"convention_123_456_7_2026-01-05_10-30.pdf":  {Convention: Convention{Numero: texte("123/456 7"), Statut: Signee}},
		"convention_NUM_projet_2026-01-05_10-30.pdf": {Convention: Convention{Statut: Instruction}},
		"convention_75.D.12.0042_avenant_3_2026-01-05_10-30.pdf": {
			Convention: Convention{Numero: texte("3"), Statut: ASigner, ParentID: &parent}, Racine: Convention{Numero: texte("75.D.12.0042")},
		},
		"convention_NUM_avenant_N_2026-01-05_10-30.pdf": {Convention: Convention{Statut: Projet, ParentID: &parent}},
	} {
		require.Equal(t, veut, nomSigne(d, le))
	}
}
