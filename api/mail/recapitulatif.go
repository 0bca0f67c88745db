package mail

import "fmt"

// Liste is one part of a monthly digest (EM-15, EM-16): the dossiers that wait for the same thing.
type Liste struct {
	Titre    string       `json:"titre"` // "À instruire"
	Dossiers []DossierLie `json:"dossiers"`
	// Total counts the dossiers, those that are not shown included.
	Total int `json:"total"`
}

// DossierLie is a line of a digest.
type DossierLie struct {
	Libelle string `json:"libelle"`
	Lien    string `json:"lien"` // absolute
}

// Reste says how many dossiers are not shown, "" when all are.
func (l Liste) Reste() string {
	switch n := l.Total - len(l.Dossiers); {
	case n <= 0:
		return ""
	case n == 1:
		return "et un autre dossier"
	default:
		return fmt.Sprintf("et %d autres dossiers", n)
	}
}

// Compte is the length of a list in words.
func (l Liste) Compte() string {
	if l.Total == 1 {
		return "un dossier"
	}
	return fmt.Sprintf("%d dossiers", l.Total)
}

// TotalListes counts the dossiers of a digest.
func (d Donnees) TotalListes() int {
	n := 0
	for _, l := range d.Listes {
		n += l.Total
	}
	return n
}

func listesCompletes(listes []Liste) bool {
	for _, l := range listes {
		for _, x := range l.Dossiers {
			if oneLine(x.Libelle) == "" || !absoluteURL(x.Lien) {
				return false
			}
		}
	}
	return len(listes) > 0
}
