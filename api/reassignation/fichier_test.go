package reassignation

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"apilos/api/fault"

	"github.com/stretchr/testify/require"
)

// annuaire is a small dictionary of places.
type annuaire []CommuneConnue

func (a annuaire) CommunesDesCodesPostaux(_ context.Context, codes []string) ([]CommuneConnue, error) {
	var out []CommuneConnue
	for _, c := range a {
		if slices.Contains(codes, c.CodePostal) {
			out = append(out, c)
		}
	}
	return out, nil
}

var places = annuaire{
	{"01000", "01053", "Bourg-en-Bresse"},
	{"01000", "01344", "Saint-Denis-lès-Bourg"},
	{"35000", "35238", "Rennes"},
	{"35200", "35238", "Rennes"},
	{"62500", "62001", "Sœurville"},
	{"99000", "99001", "Homonyme"},
	{"99000", "99002", "Homonyme"},
}

// classeurDe writes a workbook of two sheets; the second one is « Communes ».
func classeurDe(t *testing.T, lignes string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for nom, contenu := range map[string]string{
		"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Notes" sheetId="1" r:id="rId1"/><sheet name="COMMUNES" sheetId="2" r:id="rId2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>`,
		"xl/sharedStrings.xml":       `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Code postal</t></si><si><r><t>Com</t></r><r><t>mune</t></r></si><si><t>Rennes</t></si></sst>`,
		"xl/worksheets/sheet1.xml":   `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>`,
		"xl/worksheets/sheet2.xml":   `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + lignes + `</sheetData></worksheet>`,
	} {
		w, err := z.Create(nom)
		require.NoError(t, err)
		_, err = w.Write([]byte(contenu))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

// TestPE43_listeLue: the same list written by different programs is read alike, lines keep their number.
func TestPE43_listeLue(t *testing.T) {
	voulu := []Ligne{{2, "35000", "Rennes"}, {4, "1000", "Bourg-en-Bresse"}}
	classeur := classeurDe(t, `<row r="1"><c r="B1" t="s"><v>0</v></c><c r="D1" t="s"><v>1</v></c></row>`+
		`<row r="2"><c r="B2"><v>35000</v></c><c r="D2" t="s"><v>2</v></c></row>`+
		`<row r="4"><c r="A4"/><c r="B4"><v>1000</v></c><c r="D4" t="inlineStr"><is><t>Bourg-en-Bresse</t></is></c></row>`)
	for nom, contenu := range map[string]string{
		"semicolons and mark": "\ufeffCode postal;Commune\r\n35000;Rennes\r\n;\r\n1000;Bourg-en-Bresse\r\n",
		"commas and quotes":   "\"Commune\",\"Code postal\"\n\"Rennes\",35000\n,\n\"Bourg-en-Bresse\",1000\n",
		"tabulations":         "CODE POSTAL\tx\tcommune\n35000\t\tRennes\n\t\t\n1000\t\tBourg-en-Bresse",
		"workbook":            string(classeur),
	} {
		t.Run(nom, func(t *testing.T) {
			lignes, err := LireListe(strings.NewReader(contenu))
			require.NoError(t, err)
			require.Equal(t, voulu, lignes)
		})
	}
	lignes, err := LireListe(strings.NewReader("Code postal;Commune\n01000;Saint-Denis-l\xe8s-Bourg\n"))
	require.NoError(t, err)
	require.Equal(t, "Saint-Denis-lès-Bourg", lignes[0].Commune, "windows-1252")
}

// TestPE43_listeRefusee: a file that is not a list is refused as a whole, and says why.
func TestPE43_listeRefusee(t *testing.T) {
	bombe := classeurDe(t, strings.Repeat(`<row><c t="inlineStr"><is><t>`+strings.Repeat("a", 1000)+`</t></is></c></row>`, 40_000))
	require.Less(t, len(bombe), MaxFichier)
	for nom, cas := range map[string]struct{ contenu, message string }{
		"empty":           {"  \n", "vide"},
		"no headers":      {"35000;Rennes\n", "titres"},
		"headers only":    {"Code postal;Commune\n", "aucune commune"},
		"binary":          {"\x00\x01\x02", "ni un classeur"},
		"not a workbook":  {"PK\x03\x04 rien", "ne peut pas être lu"},
		"too long":        {"Code postal;Commune\n" + strings.Repeat("35000;Rennes\n", MaxLignes+1), "5000 lignes"},
		"too heavy":       {strings.Repeat("x", MaxFichier+1), "2 Mo"},
		"inflates":        {string(bombe), "5000 lignes"},
		"unknown text":    {string(classeurDe(t, `<row r="1"><c r="A1" t="s"><v>77</v></c></row>`)), "ne peut pas être lu"},
		"broken sheet":    {string(classeurDe(t, `<row r="1"><c`)), "ne peut pas être lu"},
		"headers swapped": {"Code;Ville\n35000;Rennes\n", "titres"},
	} {
		t.Run(nom, func(t *testing.T) {
			_, err := LireListe(strings.NewReader(cas.contenu))
			require.True(t, fault.HasCode(err, CodeFichier), "%v", err)
			require.Contains(t, fault.As(err).Message, cas.message)
		})
	}
}

// TestPE43_communesReconnues: exact communes only; every line is a commune or a refusal with its number and its value.
func TestPE43_communesReconnues(t *testing.T) {
	lignes := []Ligne{
		{2, "1000", "BOURG EN BRESSE"},
		{3, "01 000", "St Denis les Bourg"},
		{4, "35200", "rennes"},
		{5, "35000", "Rennes"},
		{6, "35000", "Renne"},
		{7, "3500", ""},
		{8, "350000", "Rennes"},
		{9, "12345", "Ailleurs"},
		{10, "99000", "Homonyme"},
		{11, "62500", "SOEURVILLE"},
		{12, "", "Rennes"},
	}
	r, err := reconnaitre(t.Context(), places, lignes)
	require.NoError(t, err)
	require.Equal(t, []string{"01053", "01344", "35238", "62001"}, r.Codes)
	var refus []string
	for _, x := range r.Rejets {
		refus = append(refus, fmt.Sprintf("%d %s|%s %s", x.Ligne, x.CodePostal, x.Commune, x.Code))
	}
	require.Equal(t, []string{
		"5 35000|Rennes doublon", "6 35000|Renne commune_inconnue", "7 3500| ligne_incomplete", "8 350000|Rennes code_postal_invalide",
		"9 12345|Ailleurs code_postal_inconnu", "10 99000|Homonyme commune_ambigue", "12 |Rennes ligne_incomplete",
	}, refus)
	require.Contains(t, r.Rejets[0].Detail, "ligne 4")
	require.Contains(t, r.Rejets[1].Detail, "Rennes", "the communes of the postcode are proposed")
	require.Len(t, lignes, len(r.Codes)+len(r.Rejets), "nothing is lost")
}

// FuzzListe: no file makes the reader fail otherwise than by a refusal.
func FuzzListe(f *testing.F) {
	f.Add([]byte("Code postal;Commune\n35000;Rennes\n"))
	f.Add([]byte("\ufeffCommune,Code postal\n\"a\nb\",1"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, contenu []byte) {
		lignes, err := LireListe(bytes.NewReader(contenu))
		if err != nil {
			require.True(t, fault.HasCode(err, CodeFichier), "%v", err)
			return
		}
		require.NotEmpty(t, lignes)
		_, err = reconnaitre(t.Context(), places, lignes)
		require.NoError(t, err)
	})
}
