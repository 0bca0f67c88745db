package bal

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"apilos/api/cog"
)

// optionsFuzz are those of every test of this file: blocks far smaller than in production, so that a small file is shared
// between goroutines.
func optionsFuzz(travailleurs, taille int) Options {
	return Options{
		Horloge: time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC), Cog: cog.Charger(), Travailleurs: travailleurs, Graine: [16]byte{1},
		Districts:  DistrictsConnus{"27115": "0c7a9b1e-8f43-4d7e-a6b2-94d1e2f30a55"},
		tailleBloc: taille,
	}
}

func enMemoire(contenu []byte) Source {
	return func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(contenu)), nil }
}

// resultat is everything that a validation says, rows included.
func resultat(t *testing.T, contenu []byte, o Options) string {
	t.Helper()
	var sortie bytes.Buffer
	codeur := json.NewEncoder(&sortie)
	o.Ligne = func(l Ligne) error { return codeur.Encode(l) }
	r, err := Valider(t.Context(), enMemoire(contenu), o)
	require.NoError(t, err)
	require.NoError(t, codeur.Encode(r))
	return sortie.String()
}

// memeSansLignes: a report does not depend on whether rows were asked for.
func memeSansLignes(t *testing.T, contenu []byte, o Options, avecLignes string) {
	t.Helper()
	r, err := Valider(t.Context(), enMemoire(contenu), o)
	require.NoError(t, err)
	rapport, err := json.Marshal(r)
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(avecLignes, string(rapport)+"\n"), "%s", rapport)
}

func fichiersPublics(t testing.TB) [][]byte {
	t.Helper()
	chemins, err := filepath.Glob("testdata/public/files/*.csv")
	require.NoError(t, err)
	require.Len(t, chemins, 290)
	var fichiers [][]byte
	for _, chemin := range chemins {
		contenu, err := os.ReadFile(chemin)
		require.NoError(t, err)
		fichiers = append(fichiers, contenu)
	}
	return fichiers
}

// TestMemeResultatPartout: neither the number of goroutines nor the size of blocks changes anything.
func TestMemeResultatPartout(t *testing.T) {
	t.Parallel()
	for _, contenu := range fichiersPublics(t) {
		attendu := resultat(t, contenu, optionsFuzz(1, 0))
		require.Equal(t, attendu, resultat(t, contenu, optionsFuzz(4, 300)))
		require.Equal(t, attendu, resultat(t, contenu, optionsFuzz(3, 1000)))
		memeSansLignes(t, contenu, optionsFuzz(4, 300), attendu)
	}
}

// FuzzValider: any bytes give a report, always the same; what is corrected stays corrected.
func FuzzValider(f *testing.F) {
	for i, contenu := range fichiersPublics(f) {
		if i%12 == 0 && len(contenu) < 3000 {
			f.Add(contenu)
		}
	}
	f.Fuzz(func(t *testing.T, contenu []byte) {
		attendu := resultat(t, contenu, optionsFuzz(1, 0))
		require.Equal(t, attendu, resultat(t, contenu, optionsFuzz(4, 40)))
		memeSansLignes(t, contenu, optionsFuzz(2, 40), attendu)

		var une, deux bytes.Buffer
		c, err := Corriger(t.Context(), enMemoire(contenu), &une, optionsFuzz(2, 40))
		require.NoError(t, err)
		if !c.Ecrite {
			return
		}
		c, err = Corriger(t.Context(), enMemoire(une.Bytes()), &deux, optionsFuzz(1, 0))
		require.NoError(t, err)
		require.True(t, c.Rapport.LectureReussie)
		require.Equal(t, une.String(), deux.String())
	})
}

// FuzzLireCSV: blocks cut anywhere give the records of the whole text, and nothing of an unquoted text is lost.
func FuzzLireCSV(f *testing.F) {
	f.Add("a;b\n\"c\nd\";e\n", uint8(3), byte(';'), uint8(0))
	f.Add("a,\"b\"\"\" \r\n\"c\"d\",", uint8(1), byte(','), uint8(1))
	f.Add("a\t\"b\r\n\" \rc", uint8(7), byte('\t'), uint8(2))
	f.Fuzz(func(t *testing.T, texte string, taille uint8, separateur byte, fin uint8) {
		if !slices.Contains(separateurs[:], separateur) || taille == 0 || !utf8.ValidString(texte) {
			return // not a dialect, or not a decoded text
		}
		d := dialecte{separateur: separateur, finLigne: []string{"\n", "\r\n", "\r"}[fin%3]}
		attendu := tousLesChamps(texte, d)
		decoupe := decoupeur{lecture: strings.NewReader(texte), dialecte: d, taille: int(taille)}
		var obtenu [][]string
		for dernier := false; !dernier; {
			var donnees []byte
			var err error
			donnees, dernier, err = decoupe.suivant(nil)
			require.NoError(t, err)
			l := lexeur{donnees: donnees, dialecte: d, fin: dernier}
			obtenu = append(obtenu, lireTout(&l)...)
		}
		require.Equal(t, attendu, obtenu)
		if !strings.Contains(texte, `"`) {
			var lignes []string
			for _, champs := range obtenu {
				lignes = append(lignes, strings.Join(champs, string(separateur)))
			}
			require.Equal(t, strings.TrimSuffix(texte, d.finLigne), strings.Join(lignes, d.finLigne))
		}
	})
}

func tousLesChamps(texte string, d dialecte) [][]string {
	return lireTout(&lexeur{donnees: []byte(texte), dialecte: d, fin: true})
}

func lireTout(l *lexeur) (lus [][]string) {
	for l.suivant() {
		var champs []string
		for _, c := range l.champs {
			champs = append(champs, string(c))
		}
		lus = append(lus, champs)
	}
	return lus
}

// FuzzEncodage: whatever the size of the pieces read, the same text is recognised, and it is clean UTF-8.
func FuzzEncodage(f *testing.F) {
	f.Add([]byte("été"), uint8(1))
	f.Add([]byte("\xEF\xBB\xBFétéééééééééé\xe9"), uint8(2))
	f.Add([]byte("\xe9t\xe9\x81\xe2\x82"), uint8(3))
	f.Add([]byte("\xFF\xFEa\x00"), uint8(1))
	f.Fuzz(func(t *testing.T, contenu []byte, morceau uint8) {
		attendu, err := reconnaitre(t.Context(), enMemoire(contenu))
		require.NoError(t, err)
		var c compteUTF8
		for reste := contenu; len(reste) > 0; {
			n := min(int(morceau)+1, len(reste))
			c.ajouter(reste[:n])
			reste = reste[n:]
		}
		c.terminer()
		require.Equal(t, utf8.Valid(contenu), c.invalides == 0)
		if attendu.refus == "" {
			require.True(t, utf8.Valid(attendu.debut))
			require.Equal(t, utf8.Valid(contenu), attendu.encodage == encodageUTF8 && !attendu.abime)
		}
	})
}

// FuzzChamp: any text in any column gives a value or codes; a value written again is read without any doubt.
func FuzzChamp(f *testing.F) {
	for _, brut := range []string{
		"", " é ", "27115_0010_2_BIS", "ı1_0010_00001", "@c:1bef012c-6285-4f84-971f-d8fe3a389ef5", "1,5", "-0.10", "099", "a_b",
		"27115000AH5024|271150000AH5024", "2018-02-30", "Entrée", "\u00a0\ufeffx\u3000", "𝒜\uFFFD", "|",
	} {
		for ch := range uint8(nbChamps) {
			f.Add(ch, brut)
		}
	}
	f.Fuzz(func(t *testing.T, numero uint8, brut string) {
		if !utf8.ValidString(brut) {
			return // not a decoded text
		}
		ch := champ(numero % nbChamps)
		l := nouveauLecteurLigne(lireEntete(nil, 0), lecteurCellule{communes: nouvellesCommunes(cog.Charger()), aujourdhui: 20260615})
		c := l.lire(ch, false, []byte(brut))
		require.Equal(t, brut, string(c.brut))
		require.Equal(t, c.lue, c.valeur != nil)
		if c.lue {
			_, err := json.Marshal(c.exporter(ch))
			require.NoError(t, err)
		}
		stable := l.stabiliser(ch, false, &c)
		if stable == "" || ch == champCertificationCommune {
			return
		}
		relue := l.lire(ch, false, []byte(stable))
		require.True(t, relue.lue, "%q became %q, which has no value", brut, stable)
		require.Equal(t, stable, texteCorrige(ch, &relue))
	})
}
