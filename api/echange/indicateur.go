package echange

import (
	"apilos/api/convention"
	"apilos/api/siap"
)

// Indicateur is a number of the dashboard of SIAP and the statuts it counts (05 A.5).
type Indicateur struct {
	Libelle string
	Statuts []convention.Statut
	Valeur  int
}

// indicateurs lists the indicators of a class, in their order, not counted yet.
func indicateurs(classe siap.ClasseKPI) []Indicateur {
	un := func(libelle string, s ...convention.Statut) Indicateur {
		return Indicateur{Libelle: libelle, Statuts: s}
	}
	correction, signature := un("en correction", convention.Correction), un("à signer", convention.ASigner)
	switch classe {
	case siap.KPIAdministration:
		return []Indicateur{un("en cours", convention.Projet, convention.Instruction, convention.Correction, convention.ASigner)}
	case siap.KPIInstructeur:
		return []Indicateur{un("en instruction", convention.Instruction), correction, signature}
	case siap.KPIBailleur:
		return []Indicateur{un("en projet", convention.Projet), correction, signature}
	case siap.KPIAucun:
	}
	return []Indicateur{}
}
