package compte

import (
	"context"
	"strings"
	"testing"
	"time"

	"apilos/api/fault"

	"github.com/stretchr/testify/require"
)

// leger keeps tests quick; the form is the one of production.
var leger = parametres{memoire: 64, passes: 1, voies: 1}

func TestArgon2_roundTrip(t *testing.T) {
	h := NouveauArgon2(leger, 2)
	a, err := h.Hacher(t.Context(), "quatre mots sans lien")
	require.NoError(t, err)
	b, err := h.Hacher(t.Context(), "quatre mots sans lien")
	require.NoError(t, err)
	require.NotEqual(t, a, b, "each digest has its own salt")
	require.Regexp(t, `^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`, a)
	ok, refaire, err := h.Verifier(t.Context(), "quatre mots sans lien", a)
	require.NoError(t, err)
	require.True(t, ok)
	require.False(t, refaire)
	ok, _, err = h.Verifier(t.Context(), "quatre mots sans lien ", a)
	require.NoError(t, err)
	require.False(t, ok)
}

func TestArgon2_strongerParametersAskForANewDigest(t *testing.T) {
	ancien, err := NouveauArgon2(leger, 1).Hacher(t.Context(), "quatre mots sans lien")
	require.NoError(t, err)
	ok, refaire, err := NouveauArgon2(parametres{memoire: 128, passes: 1, voies: 1}, 1).Verifier(t.Context(), "quatre mots sans lien", ancien)
	require.NoError(t, err)
	require.True(t, ok, "the former digest still opens")
	require.True(t, refaire)
}

func TestArgon2_unreadableDigestMatchesNothing(t *testing.T) {
	h := NouveauArgon2(leger, 1)
	for _, empreinte := range []string{
		"", "clair", "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAA",
		"$argon2id$v=19$m=999999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + strings.Repeat("A", 43),
		"$argon2id$v=16$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + strings.Repeat("A", 43),
	} {
		ok, _, err := h.Verifier(t.Context(), "", empreinte)
		require.NoError(t, err, empreinte)
		require.False(t, ok, empreinte)
	}
}

func TestArgon2_waitsForItsTurnAndGivesUpWithTheRequest(t *testing.T) {
	h := NouveauArgon2(leger, 1)
	h.place <- struct{}{} // another sign-in is at work
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := h.Hacher(ctx, "quatre mots sans lien")
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// 05 C.6: twelve characters, not digits alone, not close to the person, not a common one.
func TestC6_passwordRules(t *testing.T) {
	login := "h.lefevre@ddt-creuse.example.org"
	u := Utilisateur{Username: "hlefevre23", Prenom: "Hélène", Nom: "Lefèvre-Dubois", Email: "helene.lefevre@creuse.example.org", CerbereLogin: &login}
	for motDePasse, code := range map[string]string{
		"":                            codeCourt,
		"Court-9!aB":                  codeCourt,
		"éééééééééé1":                 codeCourt,
		strings.Repeat("aB3-", 65):    codeLong,
		"839201748265":                codeChiffres,
		"8392 0174 8265":              codeChiffres,
		"Lefevre-Dubois!":             codeProche,
		"helenelefevre":               codeProche,
		"hélène.lefèvre2026":          codeProche,
		"hlefevre23hlefevre23":        codeProche,
		"dubois-Lefèvre-1":            codeProche,
		"helene.lefevre@creuse":       codeProche,
		"motdepasse123":               codeCourant,
		"M0tDeP@sse2026!":             codeCourant,
		"azertyuiop12":                codeCourant,
		"AzertyQsdfgh1":               codeCourant,
		"Soleil-Vacances-2026":        codeCourant,
		"BonjourBonjourBonjour":       codeCourant,
		"aaaaaaaaaaaaaaaa":            codeCourant,
		"abababababab12":              codeCourant,
		"password!password":           codeCourant,
		"Welcome2026!!!":              codeCourant,
		"bienvenue-apilos":            codeCourant,
		"Conventions.APL":             "", // « apl » is not in the list: two words of the trade and letters more
		"grue bleuet ancre mercure":   "",
		"Tr4v-peluche_orage":          "",
		"soleil lune chat bleu":       "", // four common words are a passphrase
		"correcte batterie agrafe":    "",
		"kD8#vQz!1mPx":                "",
		"une helene parmi cent mille": "",
		"пароль не из словаря":        "",
	} {
		obtenu, detail := defaut(composer(motDePasse), u)
		require.Equal(t, code, obtenu, "%q: %s", motDePasse, detail)
		if code != "" && motDePasse != "" {
			err := verifierMotDePasse(motDePasse, u, "/mot_de_passe")
			require.True(t, fault.Is(err, fault.Invalid))
			require.NotContains(t, err.Error(), motDePasse, "the error never quotes the password")
		}
	}
}

func TestC6_sameLetterTypedInTwoWaysIsOnePassword(t *testing.T) {
	require.Equal(t, composer("caf\u00e9 de l'\u00e9t\u00e9"), composer("cafe\u0301 de l'e\u0301te\u0301"))
}

func TestCourants_listIsWellFormed(t *testing.T) {
	mots := courants()
	require.Greater(t, len(mots), 500)
	for mot := range mots {
		require.Equal(t, nu(mot), mot, "lower case, no accent, no sign")
		require.LessOrEqual(t, len(mot), maxMot)
		require.GreaterOrEqual(t, len(mot), 2)
	}
}

func TestPauseApres_growsToFifteenMinutes(t *testing.T) {
	require.Equal(t, 5*time.Second, pauseApres(20))
	require.Equal(t, 10*time.Second, pauseApres(21))
	require.Equal(t, 320*time.Second, pauseApres(26))
	require.Equal(t, 15*time.Minute, pauseApres(28))
	require.Equal(t, 15*time.Minute, pauseApres(10_000))
}
