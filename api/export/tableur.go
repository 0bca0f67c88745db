package export

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Format of the file of an export.
type Format string

// Formats.
const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
)

// TypeMime is the media type of a format.
func (f Format) TypeMime() string {
	if f == CSV {
		return "text/csv; charset=utf-8"
	}
	return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}

// tableur writes rows one after the other; nothing of a row is kept once it is written.
type tableur interface {
	ecrire(cellules []Cellule) error
	fermer() error
}

// nouveauTableur begins a file with its header.
func nouveauTableur(f Format, w io.Writer, entetes []string) (tableur, error) {
	if f == CSV {
		return nouveauCSV(w, entetes)
	}
	return nouveauClasseur(w, entetes)
}

// formule tells whether a spreadsheet would compute a text: CSV has no types. A lone dash means "no date".
func formule(s string) bool {
	return s != "" && s != "-" && strings.ContainsRune("=+-@\t\r\n", rune(s[0]))
}

type fichierCSV struct{ w *csv.Writer }

// nouveauCSV writes UTF-8 with its mark and semicolons, as French spreadsheets expect.
func nouveauCSV(w io.Writer, entetes []string) (*fichierCSV, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, err
	}
	f := &fichierCSV{csv.NewWriter(w)}
	f.w.Comma, f.w.UseCRLF = ';', true
	return f, f.w.Write(entetes)
}

func (f *fichierCSV) ecrire(cellules []Cellule) error {
	ligne := make([]string, 0, len(cellules))
	for _, c := range cellules {
		switch {
		case c.Nombre != "":
			ligne = append(ligne, strings.Replace(c.Nombre, ".", ",", 1))
		case formule(c.Texte):
			ligne = append(ligne, "'"+c.Texte)
		default:
			ligne = append(ligne, c.Texte)
		}
	}
	return f.w.Write(ligne)
}

func (f *fichierCSV) fermer() error {
	f.w.Flush()
	return f.w.Error()
}

// Parts of a workbook of one sheet. Texts are written in their cells (inlineStr), never as formulas: no table of
// shared strings has to stay in memory.
const (
	typesContenu = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`
	relations    = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	classeurXML  = xml.Header + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Conventions" sheetId="1" r:id="rId1"/></sheets></workbook>`
	relationsXML = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	stylesXML    = xml.Header + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
	debutFeuille = xml.Header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`
	finFeuille   = `</sheetData></worksheet>`

	// maxTexte is the most characters that a cell may hold.
	maxTexte = 32767
)

type classeur struct {
	zip    *zip.Writer
	w      *bufio.Writer
	lignes int
}

// nouveauClasseur begins a workbook with one sheet, « Conventions », and a bold header.
func nouveauClasseur(w io.Writer, entetes []string) (*classeur, error) {
	z := zip.NewWriter(w)
	for _, p := range []struct{ nom, contenu string }{
		{"[Content_Types].xml", typesContenu}, {"_rels/.rels", relations}, {"xl/workbook.xml", classeurXML},
		{"xl/_rels/workbook.xml.rels", relationsXML}, {"xl/styles.xml", stylesXML},
	} {
		part, err := z.Create(p.nom)
		if err != nil {
			return nil, fmt.Errorf("part %s: %w", p.nom, err)
		}
		if _, err := io.WriteString(part, p.contenu); err != nil {
			return nil, fmt.Errorf("part %s: %w", p.nom, err)
		}
	}
	feuille, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, fmt.Errorf("sheet: %w", err)
	}
	c := &classeur{zip: z, w: bufio.NewWriterSize(feuille, 1<<16)}
	if _, err := c.w.WriteString(debutFeuille); err != nil {
		return nil, err
	}
	cellules := make([]Cellule, 0, len(entetes))
	for _, e := range entetes {
		cellules = append(cellules, texte(e))
	}
	return c, c.ligne(cellules, ` s="1"`)
}

func (c *classeur) ecrire(cellules []Cellule) error { return c.ligne(cellules, "") }

func (c *classeur) ligne(cellules []Cellule, style string) error {
	c.lignes++
	if _, err := fmt.Fprintf(c.w, `<row r="%d">`, c.lignes); err != nil {
		return err
	}
	for i, x := range cellules {
		if x.Nombre == "" && x.Texte == "" {
			continue
		}
		ref := fmt.Sprintf("%c%d", 'A'+i, c.lignes) // 21 columns: one letter is enough
		var err error
		if x.Nombre != "" {
			_, err = fmt.Fprintf(c.w, `<c r="%s"%s><v>%s</v></c>`, ref, style, x.Nombre)
		} else {
			_, err = fmt.Fprintf(c.w, `<c r="%s"%s t="inlineStr"><is><t xml:space="preserve">`, ref, style)
			if err == nil {
				err = xml.EscapeText(c.w, []byte(couper(x.Texte)))
			}
			if err == nil {
				_, err = c.w.WriteString(`</t></is></c>`)
			}
		}
		if err != nil {
			return err
		}
	}
	_, err := c.w.WriteString(`</row>`)
	return err
}

func couper(s string) string {
	if utf8.RuneCountInString(s) <= maxTexte {
		return s
	}
	return string([]rune(s)[:maxTexte])
}

func (c *classeur) fermer() error {
	if _, err := c.w.WriteString(finFeuille); err != nil {
		return err
	}
	if err := c.w.Flush(); err != nil {
		return err
	}
	return c.zip.Close()
}
