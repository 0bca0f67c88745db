package convention

import "slices"

// Codes of lenders that rules name (03 §1).
const (
	preteurCDCFoncier  = "CDCF"
	preteurCDCLogement = "CDCL"
	preteurAutre       = "AUTRE"
)

// preteurs lists the lenders with their labels.
func preteurs() []Choix {
	return []Choix{
		{"ETAT", "État"}, {"EPCI", "EPCI"}, {"REGION", "Région"}, {"VILLE", "Ville"}, {preteurCDCFoncier, "CDC pour le foncier"},
		{preteurCDCLogement, "CDC pour le logement"}, {"COMMUNE", "Commune et action logement"}, {"ANRU", "ANRU"}, {preteurAutre, "Autre, subventions"},
	}
}

// CDC tells whether the loan comes from the Caisse des dépôts.
func (p Pret) CDC() bool {
	return slices.Contains([]string{preteurCDCFoncier, preteurCDCLogement}, p.Preteur)
}

func libellePreteur(code, autre string) string {
	if code == preteurAutre && autre != "" {
		return autre
	}
	return libelleChoix(preteurs(), code)
}
