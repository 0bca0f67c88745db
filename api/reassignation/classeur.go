package reassignation

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

// feuilleVoulue is the name of the sheet that is read when the workbook has it.
const feuilleVoulue = "communes"

// maxPartie bounds a part of a workbook once inflated: an archive of a few kilobytes may say it holds gigabytes.
const maxPartie = 32 << 20

var errClasseur = errors.New("unreadable workbook")

// lireClasseur reads the cells of one sheet of an XLSX workbook, as texts. Formulas give their last value.
func lireClasseur(brut []byte) ([]rangee, error) {
	z, err := zip.NewReader(bytes.NewReader(brut), int64(len(brut)))
	if err != nil {
		return nil, classeurIllisible()
	}
	c := classeur{z}
	feuille, err := c.feuille()
	if err != nil {
		return nil, classeurIllisible()
	}
	textes, err := c.textesPartages()
	if err != nil {
		return nil, classeurIllisible()
	}
	out, err := c.rangees(feuille, textes)
	if errors.Is(err, errClasseur) {
		return nil, classeurIllisible()
	}
	return out, err
}

func classeurIllisible() error {
	return fichierRefuse("Le classeur ne peut pas être lu : enregistrez-le au format XLSX, sans mot de passe, ou en CSV.")
}

type classeur struct{ zip *zip.Reader }

// partie opens a part, bounded.
func (c classeur) partie(nom string) (*xml.Decoder, io.Closer, error) {
	f, err := c.zip.Open(nom)
	if err != nil {
		return nil, nil, errClasseur
	}
	return xml.NewDecoder(io.LimitReader(f, maxPartie)), f, nil
}

// feuille is the part of the sheet to read.
func (c classeur) feuille() (string, error) {
	var livre struct {
		Feuilles []struct {
			Nom string `xml:"name,attr"`
			Lie string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var liens struct {
		Liens []struct {
			ID    string `xml:"Id,attr"`
			Cible string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := errors.Join(c.lire("xl/workbook.xml", &livre), c.lire("xl/_rels/workbook.xml.rels", &liens)); err != nil || len(livre.Feuilles) == 0 {
		return "", errClasseur
	}
	choisie := livre.Feuilles[0].Lie
	for _, f := range livre.Feuilles {
		if strings.EqualFold(strings.TrimSpace(f.Nom), feuilleVoulue) {
			choisie = f.Lie
			break
		}
	}
	for _, l := range liens.Liens {
		if l.ID != choisie {
			continue
		}
		if strings.HasPrefix(l.Cible, "/") {
			return strings.TrimPrefix(l.Cible, "/"), nil
		}
		return path.Join("xl", l.Cible), nil
	}
	return "", errClasseur
}

func (c classeur) lire(nom string, dans any) error {
	d, f, err := c.partie(nom)
	if err != nil {
		return err
	}
	defer f.Close()
	return d.Decode(dans)
}

// texteRiche is a text of a cell: one run, or several.
type texteRiche struct {
	T    string   `xml:"t"`
	Runs []string `xml:"r>t"`
}

func (t texteRiche) texte() string { return t.T + strings.Join(t.Runs, "") }

// maxTextes bounds the shared texts that are kept.
const maxTextes = 200_000

// textesPartages are the texts that cells name by their rank; a workbook may have none.
func (c classeur) textesPartages() ([]string, error) {
	d, f, err := c.partie("xl/sharedStrings.xml")
	if err != nil {
		return nil, nil //nolint:nilerr // every text is in its cell
	}
	defer f.Close()
	var out []string
	for {
		jeton, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, errClasseur
		}
		if e, ok := jeton.(xml.StartElement); ok && e.Name.Local == "si" {
			var t texteRiche
			if err := d.DecodeElement(&t, &e); err != nil || len(out) >= maxTextes {
				return nil, errClasseur
			}
			out = append(out, t.texte())
		}
	}
}

// maxColonne is the last column that is read: the two that count are expected before it.
const maxColonne = 50

// rangees reads a sheet line by line, as its XML comes.
func (c classeur) rangees(feuille string, textes []string) ([]rangee, error) {
	d, f, err := c.partie(feuille)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []rangee
	numero := 0
	for {
		jeton, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, errClasseur
		}
		e, ok := jeton.(xml.StartElement)
		if !ok || e.Name.Local != "row" {
			continue
		}
		var r struct {
			Numero   int `xml:"r,attr"`
			Cellules []struct {
				Ref     string     `xml:"r,attr"`
				Genre   string     `xml:"t,attr"`
				Valeur  string     `xml:"v"`
				Interne texteRiche `xml:"is"`
			} `xml:"c"`
		}
		if err := d.DecodeElement(&r, &e); err != nil {
			return nil, errClasseur
		}
		if numero++; r.Numero > 0 {
			numero = r.Numero
		}
		ligne := rangee{numero: numero}
		vide := true
		for i, x := range r.Cellules {
			colonne := i
			if x.Ref != "" {
				colonne = colonneDe(x.Ref)
			}
			if colonne < 0 || colonne > maxColonne {
				continue
			}
			for len(ligne.cellules) <= colonne {
				ligne.cellules = append(ligne.cellules, "")
			}
			valeur := x.Valeur
			switch x.Genre {
			case "s":
				rang, err := strconv.Atoi(valeur)
				if err != nil || rang < 0 || rang >= len(textes) {
					return nil, errClasseur
				}
				valeur = textes[rang]
			case "inlineStr":
				valeur = x.Interne.texte()
			}
			ligne.cellules[colonne] = valeur
			vide = vide && strings.TrimSpace(valeur) == ""
		}
		if vide {
			continue
		}
		if out = append(out, ligne); len(out) > MaxLignes+1 {
			return nil, tropDeLignes()
		}
	}
}

// colonneDe is the rank of the column of a reference such as « B12 », -1 when it has none.
func colonneDe(ref string) int {
	n := 0
	for _, r := range strings.ToUpper(ref) {
		if r < 'A' || r > 'Z' {
			break
		}
		if n = n*26 + int(r-'A') + 1; n > 20_000 {
			return -1
		}
	}
	return n - 1
}
