package bal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func texteDe(t testing.TB, contenu string) *texte {
	t.Helper()
	lu, err := reconnaitre(t.Context(), func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(iotest.OneByteReader(strings.NewReader(contenu))), nil
	})
	require.NoError(t, err)
	return lu
}

func TestEncodage(t *testing.T) {
	t.Parallel()
	accents := strings.Repeat("é", 11)
	for _, cas := range []struct{ nom, contenu, encodage, decode string }{
		{"ASCII", "abc", "utf-8", "abc"},
		{"empty", "", "utf-8", ""},
		{"UTF-8", "été", "utf-8", "été"},
		{"BOM removed", "\xEF\xBB\xBFété", "utf-8", "été"},
		{"windows-1252", "\xe9t\xe9 \x80 \x9c", "windows-1252", "été € œ"},
		{"byte without meaning", "a\x81b", "windows-1252", "a\uFFFDb"},
		{"cut sequence at the end", "abc\xe2\x82", "windows-1252", "abcâ‚"},
		{"no BOM: one bad byte is enough", accents + "\xe9", "windows-1252", strings.Repeat("Ã©", 11) + "é"},
		{"BOM and few bad bytes", "\xEF\xBB\xBF" + accents + "\xe9a", "utf-8", accents + "\uFFFDa"},
		{"BOM and as many bad bytes", "\xEF\xBB\xBFé\xe9a", "windows-1252", "Ã©éa"},
		{"a cut sequence becomes one character", "\xEF\xBB\xBF" + accents + accents + "\xe2\x82a", "utf-8", accents + accents + "\uFFFDa"},
	} {
		t.Run(cas.nom, func(t *testing.T) {
			t.Parallel()
			lu := texteDe(t, cas.contenu)
			require.Empty(t, lu.refus)
			require.Equal(t, cas.encodage, lu.encodage)
			require.Equal(t, cas.decode, string(lu.debut))
			require.EqualValues(t, len(cas.contenu), lu.taille)
		})
	}
}

// TestEncodageLongFichier decodes a file that is not kept whole in the same way as a short one.
func TestEncodageLongFichier(t *testing.T) {
	t.Parallel()
	for _, cas := range []struct{ motif, decode, fin string }{
		{"numéro;\n", "numéro;\n", "x"},
		{"num\xe9ro;\n", "numéro;\n", "x"},
		{"numéro;\n", "numÃ©ro;\n", "\xe9"},
	} {
		n := tailleDebut/len(cas.motif) + 1000
		contenu := strings.Repeat(cas.motif, n) + cas.fin
		lu, err := reconnaitre(t.Context(), func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(contenu)), nil
		})
		require.NoError(t, err)
		require.False(t, lu.entier)
		lecture, err := lu.ouvrir(t.Context())
		require.NoError(t, err)
		decode, err := io.ReadAll(lecture)
		require.NoError(t, err)
		require.True(t, bytes.HasPrefix(decode, []byte(strings.Repeat(cas.decode, n))))
		require.True(t, bytes.HasPrefix(decode, lu.debut[:tailleDebut-100]))
	}
}

func TestEncodageRefus(t *testing.T) {
	t.Parallel()
	for _, cas := range []struct {
		nom, contenu string
		refus        refus
	}{
		{"PNG", "\x89PNG\r\n\x1A\n\x00", refusBinaire},
		{"gzip", "\x1F\x8B\x08", refusBinaire},
		{"zip", "PK\x03\x04abc", refusBinaire},
		{"PDF", "%PDF-1.4", refusBinaire},
		{"RTF", `{\rtf1 a;b`, refusBinaire},
		{"XML", "<?xml version=\"1.0\"?>", refusBinaire},
		{"tar", strings.Repeat("a", 257) + "ustar", refusBinaire},
		{"executable", "MZ\x90\x00\x03", refusBinaire},
		{"UTF-16LE", "\xFF\xFEa\x00", refusEncodage},
		{"UTF-16BE", "\xFE\xFF\x00a", refusEncodage},
		{"UTF-32BE", "\x00\x00\xFE\xFF\x00\x00\x00a", refusEncodage},
		{"UTF-16 without BOM", "a\x00;\x00", refusEncodage},
		{"NUL far away", strings.Repeat("a;b\n", tailleDebut/4+10) + "\x00", refusEncodage},
	} {
		t.Run(cas.nom, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, cas.refus, texteDe(t, cas.contenu).refus)
		})
	}
	for _, texte := range []string{"BM;a\n1;2\n", "MZ;a\n1;2\n", "FORM;a\n1;2\n"} {
		require.Empty(t, texteDe(t, texte).refus, "text that begins as a binary file")
	}
}

func TestSourceQuiEchoue(t *testing.T) {
	t.Parallel()
	panne := errors.New("panne du stockage")
	for _, source := range []Source{
		func(context.Context) (io.ReadCloser, error) { return nil, panne },
		func(context.Context) (io.ReadCloser, error) { return io.NopCloser(iotest.ErrReader(panne)), nil },
	} {
		_, err := Valider(t.Context(), source, Options{})
		require.ErrorIs(t, err, panne)
	}
	lectures := 0
	gros := strings.Repeat("numero;voie_nom\n", tailleDebut/10)
	_, err := Valider(t.Context(), func(context.Context) (io.ReadCloser, error) {
		if lectures++; lectures > 1 {
			return nil, panne
		}
		return io.NopCloser(strings.NewReader(gros)), nil
	}, Options{})
	require.ErrorIs(t, err, panne, "the second reading")
}
