package comment_test

import (
	"strings"
	"testing"

	"apilos/api/comment"
	"apilos/api/fault"
	"github.com/stretchr/testify/require"
)

// The table is the one of 02 §4.2: "b" both sides, "i" the service only, "." nobody.
func TestCO05TransitionsOfAComment(t *testing.T) {
	statuts := []comment.Statut{comment.Ouvert, comment.Resolu, comment.Clos}
	table := map[comment.Statut]string{comment.Ouvert: ".bi", comment.Resolu: "b.i", comment.Clos: "..."}
	for de, ligne := range table {
		for i, vers := range statuts {
			require.Equal(t, ligne[i] == 'b', de.PeutPasser(vers, false), "bailleur %s→%s", de, vers)
			require.Equal(t, ligne[i] != '.', de.PeutPasser(vers, true), "instructeur %s→%s", de, vers)
		}
	}
}

func TestCO01Message(t *testing.T) {
	m, err := comment.ValiderMessage("  revoir l’adresse \n")
	require.NoError(t, err)
	require.Equal(t, "revoir l’adresse", m)
	_, err = comment.ValiderMessage(strings.Repeat("é", comment.MaxMessage))
	require.NoError(t, err)
	for _, s := range []string{"", " \t\n", strings.Repeat("é", comment.MaxMessage+1)} {
		_, err := comment.ValiderMessage(s)
		require.True(t, fault.Is(err, fault.Invalid))
	}
}

func TestCiblesOf02(t *testing.T) {
	for _, k := range [][2]string{{"programme", "nom"}, {"convention", "adresse"}, {"logement", "all"}, {"convention", "type2_lgts_concernes_option8"}, {"lot", "annexe_loggias"}} {
		c, ok := comment.TrouverCible(k[0], k[1])
		require.True(t, ok, k)
		require.NotEmpty(t, c.Libelle)
		require.NotEmpty(t, c.Etape)
	}
	for _, k := range [][2]string{{"programme", "inconnu"}, {"", ""}, {"logement", ""}, {"utilisateur", "mot_de_passe_hash"}} {
		_, ok := comment.TrouverCible(k[0], k[1])
		require.False(t, ok, k)
	}
}
