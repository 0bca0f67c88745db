package export

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// feuille is what the tests read of a sheet, as a spreadsheet would.
type feuille struct {
	Lignes []struct {
		Cellules []struct {
			Ref     string  `xml:"r,attr"`
			Style   string  `xml:"s,attr"`
			Type    string  `xml:"t,attr"`
			Valeur  string  `xml:"v"`
			Texte   string  `xml:"is>t"`
			Formule *string `xml:"f"`
		} `xml:"c"`
	} `xml:"sheetData>row"`
}

func lireClasseur(t *testing.T, octets []byte) feuille {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(octets), int64(len(octets)))
	require.NoError(t, err)
	var f feuille
	for _, part := range z.File {
		r, err := part.Open()
		require.NoError(t, err)
		contenu, err := io.ReadAll(r)
		require.NoError(t, err)
		d := xml.NewDecoder(bytes.NewReader(contenu))
		for { // well-formed to the end
			_, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err, part.Name)
		}
		if strings.HasSuffix(part.Name, "sheet1.xml") {
			require.NoError(t, xml.Unmarshal(contenu, &f))
		}
	}
	require.Len(t, z.File, 6)
	return f
}

var pieges = []string{"=1+1", "+33", "-2", "@SUM(A1)", "\tx", "<script>&\"'", "\x00\x1f fin", " espace ", "Résidence « Œillets »"}

func cellulesPieges() []Cellule {
	out := []Cellule{{Nombre: "1234.50"}}
	for _, p := range pieges {
		out = append(out, texte(p))
	}
	return append(out, texte("-"), texte(""))
}

// 06 §1.12 and §10.7: no cell becomes a formula, in either format, and every character is kept or replaced.
func TestCC33_aucuneFormule(t *testing.T) {
	var b bytes.Buffer
	x, err := nouveauTableur(XLSX, &b, []string{"Nombre", "Texte"})
	require.NoError(t, err)
	require.NoError(t, x.ecrire(cellulesPieges()))
	require.NoError(t, x.fermer())
	f := lireClasseur(t, b.Bytes())
	require.Len(t, f.Lignes, 2)
	require.Equal(t, "1", f.Lignes[0].Cellules[0].Style, "the header is bold")
	ligne := f.Lignes[1].Cellules
	require.Equal(t, "1234.50", ligne[0].Valeur)
	require.Empty(t, ligne[0].Type)
	for i, p := range pieges {
		require.Equal(t, "inlineStr", ligne[i+1].Type, p)
		require.Nil(t, ligne[i+1].Formule, p)
		if !strings.ContainsAny(p, "\x00") {
			require.Equal(t, p, ligne[i+1].Texte)
		}
	}
	require.Len(t, ligne, len(pieges)+2, "an empty cell is not written")

	b.Reset()
	x, err = nouveauTableur(CSV, &b, []string{"Nombre", "Texte"})
	require.NoError(t, err)
	require.NoError(t, x.ecrire(cellulesPieges()))
	require.NoError(t, x.fermer())
	texteCSV, ok := strings.CutPrefix(b.String(), "\ufeff")
	require.True(t, ok)
	r := csv.NewReader(strings.NewReader(texteCSV))
	r.Comma, r.FieldsPerRecord = ';', -1
	lignes, err := r.ReadAll()
	require.NoError(t, err)
	require.Equal(t, "1234,50", lignes[1][0])
	for i, p := range pieges[:5] {
		require.Equal(t, "'"+p, lignes[1][i+1])
	}
	require.Equal(t, "<script>&\"'", lignes[1][6])
	require.Equal(t, "-", lignes[1][len(pieges)+1], "no date, not a formula")
}

func TestEntetes_historiques(t *testing.T) {
	require.Len(t, Entetes(), 21)
	require.Len(t, Ligne{}.Cellules("https://x.example"), 21)
	require.Equal(t, "Numéro d'opération SIAP", Entetes()[0])
	require.Equal(t, "Date de fin de conventionnement", Entetes()[18])
	require.LessOrEqual(t, len(Entetes()), 26, "columns have one letter")
}

func TestLigne_cellules(t *testing.T) {
	l := Ligne{Financements: []string{"PLUS", "PLAI"}, NbLogements: 12, Adresse: "3 rue des Lilas", CodePostal: "87000", Statut: "A_SIGNER"}
	c := l.Cellules("https://x.example")
	require.Equal(t, "PLUS, PLAI", c[9].Texte)
	require.Equal(t, "12", c[10].Nombre)
	require.Empty(t, c[12].Texte, "the town is missing")
	require.Equal(t, "4. A signer", c[3].Texte)
	require.Equal(t, "-", c[15].Texte)
	require.Equal(t, Cellule{}, c[16])
	l.Ville = "Limoges"
	require.Equal(t, "3 rue des Lilas, 87000 Limoges", l.Cellules("")[12].Texte)
}

// BenchmarkClasseur writes 200 000 rows: what stays allocated does not grow with them.
func BenchmarkClasseur(b *testing.B) {
	l := Ligne{NumeroOperation: "20240870001", OperationNom: "Les Tilleuls", Financements: []string{"PLUS", "PLAI"}, Statut: "SIGNEE", Ville: "Limoges", CodePostal: "87000", Adresse: "3 rue des Lilas"}
	for _, format := range []Format{XLSX, CSV} {
		b.Run(string(format), func(b *testing.B) {
			for b.Loop() {
				x, err := nouveauTableur(format, io.Discard, Entetes())
				require.NoError(b, err)
				for range MaxLignes {
					if err := x.ecrire(l.Cellules("https://apilos.example")); err != nil {
						b.Fatal(err)
					}
				}
				require.NoError(b, x.fermer())
			}
		})
	}
}
