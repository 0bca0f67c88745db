package bal

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// enregistrements reads a whole text; a never closed quote is shown by a last field "!".
func enregistrements(texte, finLigne string) (lus [][]string, malFermes int) {
	l := lexeur{donnees: []byte(texte), dialecte: dialecte{separateur: ';', finLigne: finLigne}, fin: true}
	for l.suivant() {
		var champs []string
		for _, c := range l.champs {
			champs = append(champs, string(c))
		}
		if l.ouvert {
			champs = append(champs, "!")
		}
		lus = append(lus, champs)
		malFermes += len(l.places)
		if l.ouvert {
			malFermes--
		}
	}
	return lus, malFermes
}

func TestLexeurGuillemets(t *testing.T) {
	t.Parallel()
	for _, cas := range []struct {
		nom, texte, finLigne string
		attendu              [][]string
		malFermes            int
	}{
		{"plain", "a;b\nc;d\n", "\n", [][]string{{"a", "b"}, {"c", "d"}}, 0},
		{"last line break missing", "a;b\nc;", "\n", [][]string{{"a", "b"}, {"c", ""}}, 0},
		{"empty line", "a\n\nb", "\n", [][]string{{"a"}, {""}, {"b"}}, 0},
		{"CRLF with lone LF", "a\nb;c\r\nd\r\n", "\r\n", [][]string{{"a\nb", "c"}, {"d"}}, 0},
		{"CR", "a;b\rc;d\r", "\r", [][]string{{"a", "b"}, {"c", "d"}}, 0},
		{"separator and line break inside", "\"a;\nb\";c\n", "\n", [][]string{{"a;\nb", "c"}}, 0},
		{"doubled", `"a""b";""""`, "\n", [][]string{{`a"b`, `"`}}, 0},
		{"inside an unquoted field", `a"b;"c"`, "\n", [][]string{{`a"b`, "c"}}, 0},
		{"spaces after the closing quote", "\"a\" \t;\"b\"\u00a0\n", "\n", [][]string{{"a", "b"}}, 0},
		{"CR after the closing quote", "\"a\";\"b\"\r\nc;d\r\n", "\n", [][]string{{"a", "b"}, {"c", "d\r"}}, 0},
		{"text after the closing quote", `"a"b";c`, "\n", [][]string{{`a"b`, "c"}}, 1},
		{"text twice", `"a"b"c"`, "\n", [][]string{{`a"b"c`}}, 2},
		{"never closed", "a;\"b\nc;d\n", "\n", [][]string{{"a", "b\nc;d\n", "!"}}, 0},
		{"space then end of file", `a;"b" `, "\n", [][]string{{"a", `b" `, "!"}}, 1},
		{"quote alone at the end", `a;"`, "\n", [][]string{{"a", "", "!"}}, 0},
		{"empty quoted field at the end", `a;""`, "\n", [][]string{{"a", ""}}, 0},
	} {
		t.Run(cas.nom, func(t *testing.T) {
			t.Parallel()
			lus, malFermes := enregistrements(cas.texte, cas.finLigne)
			require.Equal(t, cas.attendu, lus)
			require.Equal(t, cas.malFermes, malFermes)
		})
	}
}

func TestLexeurGardePeuDeColonnes(t *testing.T) {
	t.Parallel()
	l := lexeur{donnees: []byte(strings.Repeat(";", 5000)), dialecte: dialecte{separateur: ';', finLigne: "\n"}, fin: true}
	require.True(t, l.suivant())
	require.Equal(t, 5001, l.nombre)
	require.Len(t, l.champs, maxColonnes)
}

// TestDecoupeurCoupeEntreEnregistrements cuts texts into very small blocks: the records must be those of the whole text.
func TestDecoupeurCoupeEntreEnregistrements(t *testing.T) {
	t.Parallel()
	for _, texte := range []string{
		"a;b\nc;d\n\n\"e\nf\";g\n\"h\" ;\"i\"\"j\"\n\"k\"l\";m\nn;o",
		"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\";c\nd;\"e",
	} {
		attendu, _ := enregistrements(texte, "\n")
		for taille := 1; taille < 40; taille++ {
			d := decoupeur{lecture: strings.NewReader(texte), dialecte: dialecte{separateur: ';', finLigne: "\n"}, taille: taille}
			var lus [][]string
			for dernier := false; !dernier; {
				var donnees []byte
				var err error
				donnees, dernier, err = d.suivant(nil)
				require.NoError(t, err)
				bloc, _ := enregistrements(string(donnees), "\n")
				lus = append(lus, bloc...)
			}
			require.Equal(t, attendu, lus, "blocks of %d", taille)
		}
	}
}

func TestDialecte(t *testing.T) {
	t.Parallel()
	for _, cas := range []struct {
		nom, texte  string
		separateur  byte
		finLigne    string
		introuvable bool
	}{
		{"semicolon", "a;b\n1;2\n", ';', "\n", false},
		{"comma", "a,b\n1,2\n", ',', "\n", false},
		{"tab", "a\tb\n1\t2\n", '\t', "\n", false},
		{"most regular wins", "a;b;c\n1,a,b,c,d;b;c\n2,a,b,c;e;f\n", ';', "\n", false},
		{"equally regular: more columns", "a,b,c;d\n1,2,3;4\n", ',', "\n", false},
		{"equal: the first candidate", "a,b;c,d\n", ',', "\n", false},
		{"one column", "abc\ndef\n", ',', "\n", true},
		{"empty", "", ',', "\n", true},
		{"only the first ten lines count", strings.Repeat("\n", 12) + "a;b\n", ',', "\n", true},
		{"CRLF", "a;b\r\n1;2\r\n", ';', "\r\n", false},
		{"CR", "a;b\r1;2\r", ';', "\r", false},
		{"LF before the first CR", "a;b\n1;2\r\n3;4\r\n", ';', "\n", false},
		{"half of the pieces follow CR LF", "a;b\r\n1;2\r", ';', "\r", false},
		{"CR inside quotes", "a;\"b\rc\"\n1;2\n", ';', "\n", false},
	} {
		t.Run(cas.nom, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, dialecte{cas.separateur, cas.finLigne, cas.introuvable}, devinerDialecte([]byte(cas.texte)))
		})
	}
}

func TestEnteteSansDoublons(t *testing.T) {
	t.Parallel()
	for _, cas := range [][2]string{
		{"a;a;a_1;a;b;b_1;b", "a;a_2;a_1;a_3;b;b_1;b_2"},
		{";;", ";_1;_2"},
		{"voie_nom;voie_nom", "voie_nom;voie_nom_1"},
		{"\ufeffnumero;x", "numero;x"},
	} {
		var noms [][]byte
		for _, nom := range strings.Split(cas[0], ";") {
			noms = append(noms, []byte(nom))
		}
		require.Equal(t, strings.Split(cas[1], ";"), sansDoublons(noms))
	}
}

// TestPositionsEnUnitesUTF16: the place of an error is that of the published reader, which counts UTF-16 units.
func TestPositionsEnUnitesUTF16(t *testing.T) {
	t.Parallel()
	contenu := "numero;voie_nom\n" + strings.Repeat("1;é😀\n", 12) + "2;\"a\"b\"\n3;\"c"
	r, err := Valider(t.Context(), enMemoire([]byte("\xEF\xBB\xBF"+contenu)), optionsFuzz(2, 30))
	require.NoError(t, err)
	require.Equal(t, []ErreurLecture{
		{"Quotes", "InvalidQuotes", "Trailing quote on quoted field is malformed", 13, 16 + 12*6 + 3},
		{"Quotes", "MissingQuotes", "Quoted field unterminated", 14, 16 + 12*6 + 8 + 3},
	}, r.ErreursLecture)
}
