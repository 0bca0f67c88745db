package administration

import (
	"strings"

	"apilos/api/territoire"
)

// NbExemplairesDefaut is the number of signed copies asked from a bailleur.
const NbExemplairesDefaut = 3

// Nouvelle returns the service that a SIAP code names, to be created (05 B.6.2). The label of an
// existing one is never changed by SIAP; without label the code is its name until somebody writes one.
func Nouvelle(code, libelle string) Administration {
	nom := strings.TrimSpace(libelle)
	if nom == "" {
		nom = code
	}
	return Administration{Code: code, Nom: nom, NbConventionExemplaires: NbExemplairesDefaut}
}

// EstDDT tells whether the service is one of the State (01 §3.2).
func (a Administration) EstDDT() bool { return strings.HasPrefix(a.Code, "DD") }

// Departement returns the INSEE code that the code of a State service carries, DD075 giving 75, or ""
// when the code does not say it: the postcode is never used for that (01 §3.2).
func (a Administration) Departement() string {
	num, ok := strings.CutPrefix(a.Code, "DD")
	if !ok {
		return ""
	}
	if len(num) == 3 && num[0] == '0' {
		num = num[1:]
	}
	if _, known := territoire.RegionDe(num); !known {
		return ""
	}
	return num
}

// BlocSignature normalises the text of a signature block: blanks and commas around it removed, then
// one comma at the end; an empty text stays empty.
func BlocSignature(texte string) string {
	t := strings.Trim(texte, " \t\r\n,")
	if t == "" {
		return ""
	}
	return t + ","
}
