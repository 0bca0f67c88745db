package bal

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever the files: no panic, every row is counted once, and a file does not differ from itself.
func FuzzComparer(f *testing.F) {
	f.Add("cle_interop;numero\nk1;1\nk1;2\n", "cle_interop;numero\nk1;2\n")
	f.Add("uid_adresse,voie_nom,voie_nom_bre\n@a:x @v:y,Rue,Straed\n", "id_ban_adresse\tnumero\n;99999\n")
	f.Add("commune_insee;voie_nom;long\n01001;\"Rue \"\"3\"\";1,5\n\n01001;;\n", "commune_insee;toponyme;x;y\n01001;Av du Gal;1;2;3\n")
	f.Add("", "\xef\xbb\xbfa;b\r\n\"\r\n")
	f.Fuzz(func(t *testing.T, avant, apres string) {
		for _, fichiers := range [][2]string{{avant, apres}, {avant, avant}} {
			c, err := Comparer(t.Context(), source(fichiers[0]), source(fichiers[1]), OptionsComparaison{Nombre: 5})
			if err != nil {
				require.True(t, errors.Is(err, ErrIllisible))
				continue
			}
			require.Equal(t, c.LignesApres, c.Ajoutees+c.Modifiees+c.Inchangees)
			require.Equal(t, c.LignesAvant, c.Retirees+c.Modifiees+c.Inchangees)
			require.GreaterOrEqual(t, c.Retirees, 0)
			require.Len(t, c.Elements, min(5, c.Ajoutees+c.Retirees+c.Modifiees))
			if fichiers[0] == fichiers[1] {
				require.Equal(t, c.LignesApres, c.Inchangees)
			}
		}
	})
}

// Whatever the name: no panic, words separated by one space, and the same form with a memory already used.
func FuzzNormaliser(f *testing.F) {
	for _, nom := range []string{"Rue des 3 Places", "l's", "1st 2nd", "Ĳssel’d", "\xff🙂a̐"} {
		f.Add(nom)
	}
	var n normaliseur
	f.Fuzz(func(t *testing.T, nom string) {
		forme := string(n.ajouter(nil, nom))
		require.Equal(t, forme, Normaliser(nom))
		require.NotContains(t, forme, "  ")
		require.NotRegexp(t, "^ | $", forme)
	})
}
