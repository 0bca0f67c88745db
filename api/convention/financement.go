package convention

import "slices"

// Financement is the financing of a lot (01 §2.3).
type Financement string

// Financements that rules name.
const (
	PLUS            Financement = "PLUS"
	PLUSCD          Financement = "PLUS_CD"
	PLAI            Financement = "PLAI"
	PLAIADP         Financement = "PLAI_ADP"
	PLS             Financement = "PLS"
	SansFinancement Financement = "SANS_FINANCEMENT"
)

type libelleFinancement struct {
	code    Financement
	libelle string
}

var financements = []libelleFinancement{
	{PLUS, "PLUS"}, {PLUSCD, "PLUS CD"}, {PLAI, "PLAI"}, {PLAIADP, "PLAI adapté"},
	{"PLAI_FTM", "PLAI Foyer de travailleurs migrants"}, {"PLAI_RE", "PLAI Réhabilitation"},
	{"PLUS-PLAI", "PLUS-PLAI"}, {PLS, "PLS"}, {"PALULOS", "PALULOS"}, {"PALU_AV_21", "PALULOS avant 2021"},
	{"PALUCOM", "PALULOS communal"}, {"PALU_COM", "PALULOS communal"}, {"PALU_RE", "PALULOS Réhabilitation"},
	{SansFinancement, "Sans financement"}, {"LLS", "LLS"}, {"LLTS", "LLTS"}, {"LLTSA", "LLTSA"},
	{"PLS_DOM", "PLS outre-mer"}, {"SALLS_R", "SALLS Réhabilitation"}, {"SALLS_P", "SALLS Parasismique"},
	{"SECD_VIE", "Seconde vie"}, {"RENO", "Rénovation"}, {"PSH", "PSH"},
}

// Financements lists the codes in the order of 01 §2.3.
func Financements() []Financement {
	out := make([]Financement, 0, len(financements))
	for _, f := range financements {
		out = append(out, f.code)
	}
	return out
}

// Valid tells whether f is a known financement.
func (f Financement) Valid() bool { return slices.Contains(Financements(), f) }

// Libelle returns the label shown to people.
func (f Financement) Libelle() string {
	for _, l := range financements {
		if l.code == f {
			return l.libelle
		}
	}
	return string(f)
}

// TypePLS tells whether f belongs to the "PLS type" set of 03 §1.
func (f Financement) TypePLS() bool {
	return slices.Contains([]Financement{PLS, "PLS_DOM", "PALULOS", "PALU_AV_21", "PALUCOM", "PALU_COM", "PALU_RE"}, f)
}

// TypeHabitat says whether the dwellings of a lot are individual or collective.
type TypeHabitat string

// Types of habitat.
const (
	Mixte      TypeHabitat = "MIXTE"
	Individuel TypeHabitat = "INDIVIDUEL"
	Collectif  TypeHabitat = "COLLECTIF"
)

// TypesHabitat lists the values with their labels.
func TypesHabitat() []Choix {
	return []Choix{{string(Mixte), "Mixte"}, {string(Individuel), "Individuel"}, {string(Collectif), "Collectif"}}
}
