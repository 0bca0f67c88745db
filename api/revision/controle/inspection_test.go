package controle_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"apilos/api/internal/fixture"
	"apilos/api/revision/controle"

	"github.com/stretchr/testify/require"
)

func inspecter(t testing.TB, contenu []byte, extension string) controle.Verdict {
	t.Helper()
	v, err := controle.Inspecter(context.Background(), bytes.NewReader(contenu), extension)
	require.NoError(t, err)
	return v
}

const catalogue, pages = "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"

func TestDO06_PDF(t *testing.T) {
	t.Parallel()
	bon := fixture.PDF("bon")
	page := func(plus string) string {
		return "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] " + plus + " >>"
	}
	for nom, c := range map[string]struct {
		contenu []byte
		code    string
		pages   int
	}{
		"one page":          {bon, "", 1},
		"compressed":        {pdfFlux(t, 3), "", 3},
		"bytes after EOF":   {append(bytes.Clone(bon), "\r\n\x00\x00\n"...), "", 1},
		"saved again":       {enregistreEncore(bon), "", 1},
		"comment in object": {fixture.PDFObjets("/Root 1 0 R", "% note\n"+catalogue, pages, page("")), "", 1},
		"renamed program":   {[]byte("MZ\x90\x00"), controle.TypeInattendu, 0},
		"empty":             {nil, controle.Vide, 0},
		"header alone":      {[]byte("%PDF-1.7\n"), controle.PDFIllisible, 0},
		"cut":               {bon[:len(bon)-40], controle.PDFIllisible, 0},
		"cut in the middle": {bon[:len(bon)/2], controle.PDFIllisible, 0},
		"table elsewhere":   {bytes.Replace(bon, []byte("startxref\n"), []byte("startxref\n9"), 1), controle.PDFIllisible, 0},
		"encrypted":         {fixture.PDFObjets("/Root 1 0 R /Encrypt << /Filter /Standard /V 2 >>", catalogue, pages, page("")), controle.PDFChiffre, 0},
		"no page":           {fixture.PDFObjets("/Root 1 0 R", catalogue, "<< /Type /Pages /Kids [] /Count 0 >>"), controle.PDFSansPage, 0},
		"no root":           {fixture.PDFObjets("", catalogue, pages, page("")), controle.PDFIllisible, 0},
		"page missing":      {fixture.PDFObjets("/Root 1 0 R", catalogue, pages), controle.PDFIllisible, 0},
		"tree in a loop":    {fixture.PDFObjets("/Root 1 0 R", catalogue, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"), controle.PDFIllisible, 0},
		"content outside":   {fixture.PDFObjets("/Root 1 0 R", catalogue, pages, page("/Contents 4 0 R"), "<< /Length 99999 >>\nstream\nx\nendstream"), controle.PDFIllisible, 0},
		"endless work":      {pdfSansFin(t), controle.PDFIllisible, 0},
		"nested for ever":   {fixture.PDFObjets("/Root 1 0 R", strings.Repeat("[", 100_000)), controle.PDFIllisible, 0},
		"huge object number": {
			bytes.Replace(bon, []byte("xref\n0 "), []byte("xref\n4000000000 "), 1), controle.PDFIllisible, 0,
		},
	} {
		v := inspecter(t, c.contenu, ".pdf")
		require.Equal(t, c.code, v.Code, nom)
		require.Equal(t, c.pages, v.NbPages, nom)
	}
}

func TestDO06_PDFPageSizesAreInheritedAndTurned(t *testing.T) {
	t.Parallel()
	v := inspecter(t, fixture.PDFObjets("/Root 1 0 R", catalogue, "<< /Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Count 3 /MediaBox [0 0 842 1191] >>",
		"<< /Type /Page /Parent 2 0 R >>", "<< /Type /Page /Parent 2 0 R /Rotate 90 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [10 10 110 210] >>"), ".pdf")
	require.Empty(t, v.Code)
	require.Equal(t, []controle.Page{{842, 1191}, {1191, 842}, {100, 200}}, v.Pages)
}

// enregistreEncore adds a second table of cross-references that points to the first one.
func enregistreEncore(pdf []byte) []byte {
	premiere := bytes.LastIndex(pdf, []byte("xref\n0 "))
	b := bytes.NewBuffer(bytes.Clone(pdf))
	debut := b.Len()
	b.WriteString("2 0 obj\n" + pages + "\nendobj\n")
	table := b.Len()
	fmt.Fprintf(b, "xref\n2 1\n%010d 00000 n \ntrailer<</Size 5/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF", debut, premiere, table)
	return b.Bytes()
}

// pdfFlux writes n pages in an object stream, with a predicted stream of cross-references: what office
// suites write today.
func pdfFlux(t testing.TB, n int) []byte {
	t.Helper()
	deflate := func(b []byte) []byte {
		var out bytes.Buffer
		w := zlib.NewWriter(&out)
		_, err := w.Write(b)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return out.Bytes()
	}
	objets := []string{"<</Type/Catalog/Pages 2 0 R>>", ""}
	enfants := ""
	for i := range n {
		enfants += fmt.Sprintf(" %d 0 R", 3+i)
		objets = append(objets, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>")
	}
	objets[1] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", n, enfants)
	var entete, corps string
	for i, o := range objets {
		entete += fmt.Sprintf("%d %d ", i+1, len(corps))
		corps += o + " "
	}
	flux := deflate([]byte(entete + corps))
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	positionFlux := b.Len()
	numFlux := len(objets) + 1
	fmt.Fprintf(&b, "%d 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>\nstream\r\n%s\r\nendstream\nendobj\n", numFlux, len(objets), len(entete), len(flux), flux)
	position := b.Len()
	lignes := [][]byte{{0, 0, 0, 0}}
	for i := range objets {
		lignes = append(lignes, append([]byte{2}, byte(numFlux>>8), byte(numFlux), byte(i)))
	}
	lignes = append(lignes, append(append([]byte{1}, binary.BigEndian.AppendUint16(nil, uint16(positionFlux))...), 0),
		append(append([]byte{1}, binary.BigEndian.AppendUint16(nil, uint16(position))...), 0))
	var predit []byte
	haut := make([]byte, 4)
	for _, l := range lignes {
		predit = append(predit, 2) // up
		for i := range l {
			predit = append(predit, l[i]-haut[i])
		}
		haut = l
	}
	table := deflate(predit)
	fmt.Fprintf(&b, "%d 0 obj\n<</Type/XRef/Size %d/W[1 2 1]/Root 1 0 R/Filter[/FlateDecode]/DecodeParms<</Predictor 12/Columns 4>>/Length %d>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
		numFlux+1, len(lignes), len(table), table, position)
	return b.Bytes()
}

// pdfSansFin has thousands of sections of cross-references, each of which says that it decodes to a great
// many rows.
func pdfSansFin(t testing.TB) []byte {
	t.Helper()
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, err := w.Write(make([]byte, 30<<20))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	prev := 0
	for range 300 {
		debut := b.Len()
		fmt.Fprintf(&b, "1 0 obj\n<</Type/XRef/Size 9/W[1 8 1]/Index[0 1999999]/Prev %d/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\n", prev, z.Len(), z.Bytes())
		prev = debut
	}
	fmt.Fprintf(&b, "startxref\n%d\n%%%%EOF", prev)
	return b.Bytes()
}

func photo(largeur, hauteur int) image.Image {
	img := image.NewPaletted(image.Rect(0, 0, largeur, hauteur), color.Palette{color.Black, color.White})
	for i := range img.Pix {
		img.Pix[i] = byte(i % 2)
	}
	return img
}

func TestDO06_images(t *testing.T) {
	t.Parallel()
	encoder := func(f func(w io.Writer) error) []byte {
		var b bytes.Buffer
		require.NoError(t, f(&b))
		return b.Bytes()
	}
	vrais := map[string][]byte{
		".png": encoder(func(w io.Writer) error { return png.Encode(w, photo(30, 20)) }),
		".jpg": encoder(func(w io.Writer) error { return jpeg.Encode(w, photo(30, 20), nil) }),
		".gif": encoder(func(w io.Writer) error { return gif.Encode(w, photo(30, 20), nil) }),
	}
	for extension, b := range vrais {
		v := inspecter(t, b, extension)
		require.Empty(t, v.Code, extension)
		require.Equal(t, [2]int{30, 20}, [2]int{v.Largeur, v.Hauteur})
		require.Equal(t, controle.ImageIllisible, inspecter(t, b[:len(b)*2/3], extension).Code, "cut %s", extension)
		for autre := range vrais {
			if autre != extension {
				require.Equal(t, controle.TypeInattendu, inspecter(t, b, autre).Code, "%s named %s", extension, autre)
			}
		}
	}
	require.Equal(t, controle.ImageIllisible, inspecter(t, []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), ".heic").Code)
	require.Empty(t, inspecter(t, []byte("AC1027\x00\x00"), ".dwg").Code)
	require.Equal(t, controle.TypeInattendu, inspecter(t, []byte("dwg?"), ".dwg").Code)
	require.Equal(t, controle.TypeInattendu, inspecter(t, []byte("<svg/>"), ".svg").Code, "not a format of the platform")
	// A few bytes that announce a gigantic image are refused before any of it is decoded.
	immense := bytes.Clone(vrais[".png"])
	binary.BigEndian.PutUint32(immense[16:], 60_000)
	binary.BigEndian.PutUint32(immense[20:], 60_000)
	require.NotEmpty(t, inspecter(t, immense, ".png").Code)
}

func archive(t *testing.T, fichiers map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for nom, contenu := range fichiers {
		w, err := z.Create(nom)
		require.NoError(t, err)
		_, err = io.WriteString(w, contenu)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestFI08_officeDocuments(t *testing.T) {
	t.Parallel()
	const corps = `<?xml version="1.0"?><document><body/></document>`
	for nom, c := range map[string]struct {
		extension, code string
		contenu         []byte
	}{
		"docx":            {".docx", "", archive(t, map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": corps})},
		"xlsx":            {".xlsx", "", archive(t, map[string]string{"xl/workbook.xml": corps})},
		"odt":             {".odt", "", archive(t, map[string]string{"content.xml": corps})},
		"macro":           {".docx", controle.DocMacro, archive(t, map[string]string{"word/document.xml": corps, "word/vbaProject.bin": "x"})},
		"odt with basic":  {".odt", controle.DocMacro, archive(t, map[string]string{"content.xml": corps, "Basic/Standard/Module1.xml": "<x/>"})},
		"zip":             {".docx", controle.DocIllisible, archive(t, map[string]string{"a.txt": "x"})},
		"xlsx named docx": {".docx", controle.DocIllisible, archive(t, map[string]string{"xl/workbook.xml": corps})},
		"broken XML":      {".docx", controle.DocIllisible, archive(t, map[string]string{"word/document.xml": "<document><"})},
		"empty part":      {".docx", controle.DocIllisible, archive(t, map[string]string{"word/document.xml": ""})},
		"cut":             {".docx", controle.DocIllisible, archive(t, map[string]string{"word/document.xml": corps})[:60]},
		"bomb":            {".docx", controle.DocDemesure, archive(t, map[string]string{"word/document.xml": "<a>" + strings.Repeat(" ", 110<<20) + "</a>"})},
		"pdf":             {".docx", controle.TypeInattendu, fixture.PDF("x")},
		"doc":             {".doc", "", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 texte")},
		"doc with macro":  {".doc", controle.DocMacro, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("x", 100_000) + "_\x00V\x00B\x00A\x00_\x00P\x00R\x00O\x00J\x00E\x00C\x00T\x00")},
	} {
		require.Equal(t, c.code, inspecter(t, c.contenu, c.extension).Code, nom)
	}
}

func TestControle_everyRefusalHasWords(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		controle.TypeInattendu, controle.Vide, controle.PDFIllisible, controle.PDFChiffre, controle.PDFSansPage, controle.ImageIllisible,
		controle.ImageImmense, controle.DocIllisible, controle.DocMacro, controle.DocDemesure,
	} {
		require.NotEqual(t, code, controle.Libelle(code))
	}
	require.Equal(t, "application/pdf", controle.TypeMime(".pdf"))
	require.Equal(t, "application/octet-stream", controle.TypeMime(".exe"))
}

func TestControle_interruptionIsNotAVerdict(t *testing.T) {
	t.Parallel()
	ctx, arreter := context.WithCancel(context.Background())
	arreter()
	_, err := controle.Inspecter(ctx, bytes.NewReader(fixture.PDF("x")), ".pdf")
	require.ErrorIs(t, err, context.Canceled)
	panne := errors.New("panne")
	_, err = controle.Inspecter(context.Background(), iotest.ErrReader(panne), ".pdf")
	require.ErrorIs(t, err, panne)
}

// TestControle_longFilesStayOutOfMemory: a document of 100 MB is looked at in a temporary file, which goes
// away.
func TestControle_longFilesStayOutOfMemory(t *testing.T) {
	dossier := t.TempDir()
	t.Setenv("TMPDIR", dossier)
	const n = 100 << 20
	entete := "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n" + pages + "\nendobj\n3 0 obj\n<< /Type /Page /Contents 4 0 R >>\nendobj\n"
	flux := fmt.Sprintf("4 0 obj\n<< /Length %d >>\nstream\n", n)
	a := func(s string) int { return strings.Index(entete, s) }
	position := len(entete) + len(flux) + n + len("\nendstream\nendobj\n")
	fin := fmt.Sprintf("\nendstream\nendobj\nxref\n0 5\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n%010d 00000 n \n%010d 00000 n \ntrailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n",
		a("1 0 obj"), a("2 0 obj"), a("3 0 obj"), len(entete), position)
	var avant, apres runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&avant)
	v, err := controle.Inspecter(context.Background(), io.MultiReader(strings.NewReader(entete+flux), io.LimitReader(zeros{}, n), strings.NewReader(fin)), ".pdf")
	runtime.ReadMemStats(&apres)
	require.NoError(t, err)
	require.Empty(t, v.Code)
	require.Equal(t, 1, v.NbPages)
	require.Less(t, apres.TotalAlloc-avant.TotalAlloc, uint64(40<<20), "allocated in all")
	restes, err := os.ReadDir(dossier)
	require.NoError(t, err)
	require.Empty(t, restes)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func FuzzPDF(f *testing.F) {
	f.Add(fixture.PDF("bon"))
	f.Add(pdfFlux(f, 2))
	f.Add(enregistreEncore(fixture.PDF("x")))
	f.Add([]byte("%PDF-1.4\n1 0 obj <</Type/XRef/W[1 1 1]/Size 2000000/Index[0 2000000]/Length 3>>stream\nabc\nendstream\nstartxref\n9\n%%EOF"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if v := inspecter(t, b, ".pdf"); v.Code == controle.TypeInattendu && bytes.HasPrefix(b, []byte("%PDF-")) {
			t.Fatal("the reader of PDF panicked")
		}
	})
}
