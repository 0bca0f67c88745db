package sceau_test

import (
	"testing"

	"apilos/api/sceau"

	"github.com/stretchr/testify/require"
)

const cle = "une-cle-de-test-assez-longue-pour-tout"

func nouveau(t *testing.T, secret, usage string) *sceau.Sceau {
	t.Helper()
	s, err := sceau.New([]byte(secret), usage)
	require.NoError(t, err)
	return s
}

func TestOuvrirRendCeQuiAEteScelle(t *testing.T) {
	s := nouveau(t, cle, "essai")
	for _, clair := range []string{"", "482913", "été \x00 long"} {
		scelle := s.Sceller([]byte(clair), "ligne 12")
		require.NotContains(t, string(scelle), "482913")
		ouvert, err := s.Ouvrir(scelle, "ligne 12")
		require.NoError(t, err)
		require.Equal(t, clair, string(ouvert))
	}
	require.NotEqual(t, s.Sceller([]byte("a"), ""), s.Sceller([]byte("a"), ""), "nonce of its own")
}

func TestOuvrirRefuseCeQuiVientDAilleurs(t *testing.T) {
	s := nouveau(t, cle, "essai")
	scelle := s.Sceller([]byte("482913"), "ligne 12")
	change := append([]byte(nil), scelle...)
	change[len(change)-1] ^= 1
	tests := map[string]struct {
		s        *sceau.Sceau
		scelle   []byte
		contexte string
	}{
		"other context": {s, scelle, "ligne 13"},
		"other use":     {nouveau(t, cle, "autre"), scelle, "ligne 12"},
		"other key":     {nouveau(t, cle+"x", "essai"), scelle, "ligne 12"},
		"changed":       {s, change, "ligne 12"},
		"cut":           {s, scelle[:5], "ligne 12"},
		"nothing":       {s, nil, "ligne 12"},
	}
	for nom, tt := range tests {
		t.Run(nom, func(t *testing.T) {
			_, err := tt.s.Ouvrir(tt.scelle, tt.contexte)
			require.ErrorIs(t, err, sceau.ErrAltere)
		})
	}
}

func TestNewRefuseUnSecretTropCourt(t *testing.T) {
	_, err := sceau.New([]byte("court"), "essai")
	require.Error(t, err)
	_, err = sceau.New([]byte(cle), "")
	require.Error(t, err)
}
