package reassignation

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"apilos/api/fault"

	"golang.org/x/text/encoding/charmap"
)

// Sizes of a list.
const (
	MaxFichier = 2 << 20 // bytes
	MaxLignes  = 5_000   // a département has fewer than nine hundred communes
)

// CodeFichier is the refusal of a file that cannot be read as a list of communes.
const CodeFichier = "fichier_communes_invalide"

func fichierRefuse(message string) error {
	return fault.New(fault.Invalid, CodeFichier, message).WithFields(fault.Field{Pointer: "/fichier", Code: CodeFichier, Detail: message})
}

// LireListe reads a list of communes: a workbook (its sheet « Communes », else the first one) or a CSV file, with the
// columns « Code postal » and « Commune ». Empty lines are skipped. It reads no more than MaxFichier bytes.
func LireListe(contenu io.Reader) ([]Ligne, error) {
	brut, err := io.ReadAll(io.LimitReader(contenu, MaxFichier+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the list of communes: %w", err)
	case len(brut) > MaxFichier:
		return nil, fichierRefuse("Le fichier dépasse 2 Mo.")
	case len(bytes.TrimSpace(brut)) == 0:
		return nil, fichierRefuse("Le fichier est vide.")
	}
	var rangees []rangee
	if bytes.HasPrefix(brut, []byte("PK\x03\x04")) {
		rangees, err = lireClasseur(brut)
	} else {
		rangees, err = lireCSV(brut)
	}
	if err != nil {
		return nil, err
	}
	return lignesDe(rangees)
}

// rangee is a line of a table with its number in the file.
type rangee struct {
	numero   int
	cellules []string
}

func lireCSV(brut []byte) ([]rangee, error) {
	if bytes.IndexByte(brut, 0) >= 0 {
		return nil, fichierRefuse("Le fichier n’est ni un classeur XLSX, ni un texte CSV en UTF-8.")
	}
	texte := strings.TrimPrefix(string(brut), "\ufeff")
	if !utf8.ValidString(texte) {
		decode, err := charmap.Windows1252.NewDecoder().String(texte)
		if err != nil {
			return nil, fichierRefuse("Les caractères du fichier ne peuvent pas être lus : enregistrez-le en UTF-8.")
		}
		texte = decode
	}
	premiere, _, _ := strings.Cut(texte, "\n")
	r := csv.NewReader(strings.NewReader(texte))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	for _, s := range []rune{';', '\t'} {
		if strings.ContainsRune(premiere, s) {
			r.Comma = s
			break
		}
	}
	var out []rangee
	for {
		cellules, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fichierRefuse("Le fichier CSV ne peut pas être lu : vérifiez ses guillemets et son séparateur.")
		}
		ligne, _ := r.FieldPos(0)
		if out = append(out, rangee{ligne, cellules}); len(out) > MaxLignes+1 {
			return nil, tropDeLignes()
		}
	}
}

func tropDeLignes() error {
	return fichierRefuse(fmt.Sprintf("Le fichier a plus de %d lignes : envoyez-le en plusieurs fois.", MaxLignes))
}

// lignesDe finds the two columns in the first line that is not empty.
func lignesDe(rangees []rangee) ([]Ligne, error) {
	postal, commune := -1, -1
	var out []Ligne
	for _, r := range rangees {
		if strings.TrimSpace(strings.Join(r.cellules, "")) == "" {
			continue
		}
		if postal < 0 {
			for i, titre := range r.cellules {
				switch cleCommune(titre) {
				case "CODE POSTAL":
					postal = i
				case "COMMUNE":
					commune = i
				}
			}
			if postal < 0 || commune < 0 {
				return nil, fichierRefuse("La première ligne doit donner les titres des colonnes : « Code postal » et « Commune ».")
			}
			continue
		}
		l := Ligne{Numero: r.numero, CodePostal: cellule(r.cellules, postal), Commune: cellule(r.cellules, commune)}
		if l.CodePostal == "" && l.Commune == "" {
			l.Commune = strings.TrimSpace(strings.Join(r.cellules, " ")) // what the line says, in a column that is not read
		}
		out = append(out, l)
	}
	switch {
	case len(out) == 0:
		return nil, fichierRefuse("Le fichier n’a aucune commune sous ses titres.")
	case len(out) > MaxLignes:
		return nil, tropDeLignes()
	}
	return out, nil
}

// maxCellule bounds what is kept of a value, in characters.
const maxCellule = 200

func cellule(cellules []string, i int) string {
	if i >= len(cellules) {
		return ""
	}
	s := []rune(strings.TrimSpace(strings.ToValidUTF8(cellules[i], "")))
	if len(s) > maxCellule {
		return string(s[:maxCellule-1]) + "…"
	}
	return string(s)
}
