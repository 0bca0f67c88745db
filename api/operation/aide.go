package operation

import "slices"

// CodeAide is the code of an aide of SIAP. The eligible ones are stored as the financement of a lot
// (01 §2.3), under the same code.
type CodeAide string

// Aides that rules name.
const (
	AidePLAI            CodeAide = "PLAI"
	AidePLAIADP         CodeAide = "PLAI_ADP"
	AideSecondeVie      CodeAide = "SECD_VIE"
	AideSansFinancement CodeAide = "SANS_FINANCEMENT"
)

// AidesConventionnees lists the aides that make a convention (02 §9.1). PLAI_ADP is part of PLAI and
// makes none; any other code is not subject to a convention, PSH among them.
func AidesConventionnees() []CodeAide {
	return []CodeAide{
		"PLUS", "PLUS_CD", AidePLAI, "PLAI_FTM", "PLAI_RE", "PLUS-PLAI", "PLS", "PALULOS", "PALU_AV_21", "PALUCOM",
		"PALU_COM", "PALU_RE", AideSansFinancement, "LLS", "LLTS", "LLTSA", "PLS_DOM", "SALLS_R", "SALLS_P",
		AideSecondeVie, "RENO",
	}
}

// Conventionnee tells whether the aide makes a convention of its own.
func (c CodeAide) Conventionnee() bool { return slices.Contains(AidesConventionnees(), c) }
