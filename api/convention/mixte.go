package convention

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"apilos/api/fault"

	"github.com/google/uuid"
)

// Refusals of grouping and ungrouping (02 §8.1).
const (
	CodeRegroupementInsuffisant = "REGROUPEMENT_INSUFFISANT"
	CodeProgrammesDifferents    = "PROGRAMMES_DIFFERENTS"
	CodeStatutDifferent         = "STATUT_DIFFERENT"
	CodeTypesHabitatDifferents  = "TYPES_HABITAT_DIFFERENTS"
	CodeRegroupementInterdit    = "REGROUPEMENT_INTERDIT"
	CodeFinancementEnDouble     = "FINANCEMENT_EN_DOUBLE"
	CodeDegroupementInterdit    = "DEGROUPEMENT_INTERDIT"
	CodeConventionRegroupee     = "CONVENTION_REGROUPEE"
)

// regroupementMax bounds what one command locks: an operation has fewer financements than that.
const regroupementMax = 50

// Transitions of the history that are not in the table of 02 §1.4: the statut stays PROJET.
const (
	Regrouper Code = "regrouper"
	Degrouper Code = "degrouper"
)

// Regroupement is a row of table regroupement: a convention absorbed by another one (MX-07).
type Regroupement struct {
	AbsorbeeID   int64     `gorm:"column:absorbee_id;primaryKey;autoIncrement:false"`
	SurvivanteID int64     `gorm:"column:survivante_id"`
	Libelle      string    `gorm:"column:libelle"` // financements it had
	RegroupeeLe  time.Time `gorm:"column:regroupee_le"`
}

// TableName returns the name of the table.
func (Regroupement) TableName() string { return "regroupement" }

// RegroupementOrigine is a row of table regroupement_origine: where a comment, an event or a file was before.
type RegroupementOrigine struct {
	ObjetUUID  uuid.UUID `gorm:"column:objet_uuid;type:uuid;primaryKey"`
	Nature     string    `gorm:"column:nature"`
	AbsorbeeID int64     `gorm:"column:absorbee_id"`
}

// TableName returns the name of the table.
func (RegroupementOrigine) TableName() string { return "regroupement_origine" }

// Mixte tells whether the convention has several lots.
func (d *Dossier) Mixte() bool { return len(d.Lots) > 1 }

// aUneDescendance tells whether other conventions rest on this one, or it on others (MX-05, SV-06, SV-10).
func (d *Dossier) aUneDescendance() string {
	switch {
	case d.EstAvenant():
		return "c’est un avenant"
	case d.AvenantsTotal > 0:
		return "elle a des avenants"
	case d.SecondeVieEnfants > 0:
		return "une convention seconde vie repose sur elle"
	case d.SecondeVieOrigines > 0:
		return "c’est une convention seconde vie"
	}
	return ""
}

// Regroupable tells whether the row may be ticked for a grouping or an ungrouping: a root in PROJET that nothing
// depends on (02 §8.1, SV-10).
func (d *Dossier) Regroupable() bool {
	return d.Convention.Statut == Projet && d.aUneDescendance() == ""
}

func pointeurUUID(i int) string { return fmt.Sprintf("/uuids/%d", i) }

// demandeRegroupement checks the list itself (MX-01).
func demandeRegroupement(ids []uuid.UUID) error {
	uniques := map[uuid.UUID]bool{}
	for _, id := range ids {
		uniques[id] = true
	}
	switch {
	case len(uniques) < 2:
		return fault.New(fault.Invalid, CodeRegroupementInsuffisant, "Choisissez au moins deux conventions à grouper.").
			WithFields(fault.Field{Pointer: "/uuids", Code: CodeRegroupementInsuffisant, Detail: "Deux conventions différentes au moins."})
	case len(uniques) < len(ids):
		return fault.New(fault.Invalid, CodeRegroupementInsuffisant, "La même convention est demandée deux fois.").
			WithFields(fault.Field{Pointer: "/uuids", Code: CodeRegroupementInsuffisant, Detail: "Chaque convention une seule fois."})
	case len(ids) > regroupementMax:
		return fault.Newf(fault.Invalid, CodeRegroupementInsuffisant, "Groupez au plus %d conventions à la fois.", regroupementMax).
			WithFields(fault.Field{Pointer: "/uuids", Code: CodeRegroupementInsuffisant, Detail: "Trop de conventions."})
	}
	return nil
}

// memeOperation is MX-02.
func memeOperation(dossiers []*Dossier) error {
	for i, d := range dossiers {
		if d.Operation.ID != dossiers[0].Operation.ID {
			return fault.New(fault.Invalid, CodeProgrammesDifferents, "Ces conventions ne sont pas de la même opération : elles ne peuvent pas être groupées.").
				WithFields(fault.Field{Pointer: pointeurUUID(i), Code: CodeProgrammesDifferents, Detail: d.Titre() + " : autre opération."})
		}
	}
	return nil
}

// regroupables lists every obstacle of a group of one operation at once (MX-03 to MX-06); nil when there is none.
// secondeVie accepts the links to origins that the same command has just written (SV-03).
func regroupables(dossiers []*Dossier, secondeVie bool) error {
	var points []fault.Field
	refuser := func(i int, code, detail string) {
		points = append(points, fault.Field{Pointer: pointeurUUID(i), Code: code, Detail: detail})
	}
	habitat, porteur := TypeHabitat(""), map[Financement]string{}
	for i, d := range dossiers {
		if s := d.Convention.Statut; s != Projet {
			refuser(i, CodeStatutDifferent, fmt.Sprintf("%s n’est plus en projet (%s).", d.Titre(), s.Libelle(false, d.Genre())))
		}
		if raison := d.aUneDescendance(); raison != "" && !(secondeVie && !d.EstAvenant() && d.AvenantsTotal == 0 && d.SecondeVieEnfants == 0) {
			refuser(i, CodeRegroupementInterdit, d.Titre()+" : "+raison+".")
		}
		for _, l := range d.Lots {
			if habitat == "" {
				habitat = l.TypeHabitat
			}
			if l.TypeHabitat != habitat {
				refuser(i, CodeTypesHabitatDifferents, fmt.Sprintf("%s est %s alors que le premier lot est %s.", l.Financement.Libelle(), libelleHabitat(l.TypeHabitat), libelleHabitat(habitat)))
			}
			if porteur[l.Financement] != "" {
				refuser(i, CodeFinancementEnDouble, fmt.Sprintf("Deux lots portent le financement %s : regroupement impossible.", l.Financement.Libelle()))
			}
			porteur[l.Financement] = d.Titre()
		}
	}
	if len(points) == 0 {
		return nil
	}
	return refusRegroupement(points[0]).WithFields(points...)
}

// refusRegroupement has the code of the first obstacle.
func refusRegroupement(premier fault.Field) *fault.Error {
	message := "Ces conventions ne peuvent pas être groupées : " + premier.Detail
	switch premier.Code {
	case CodeStatutDifferent:
		return fault.New(fault.Invalid, CodeStatutDifferent, message)
	case CodeTypesHabitatDifferents:
		return fault.New(fault.Invalid, CodeTypesHabitatDifferents, message)
	case CodeFinancementEnDouble:
		return fault.New(fault.Invalid, CodeFinancementEnDouble, message)
	}
	return fault.New(fault.Invalid, CodeRegroupementInterdit, message)
}

func libelleHabitat(t TypeHabitat) string {
	switch t {
	case "INDIVIDUEL":
		return "individuel"
	case "COLLECTIF":
		return "collectif"
	}
	return "mixte (individuel et collectif)"
}

// degroupable is MX-10.
func (d *Dossier) degroupable() error {
	refus := func(detail string) error {
		return fault.New(fault.Invalid, CodeDegroupementInterdit, "Cette convention ne peut pas être dégroupée : "+detail+".")
	}
	if raison := d.aUneDescendance(); raison != "" {
		return refus(raison)
	}
	if !d.Mixte() {
		return refus("elle n’a qu’un seul financement")
	}
	if s := d.Convention.Statut; s != Projet {
		return fault.Newf(fault.Invalid, CodeStatutDifferent, "Cette convention n’est plus en projet (%s) : elle ne peut pas être dégroupée.", s.Libelle(false, d.Genre()))
	}
	return nil
}

// parAnciennete puts the survivor first: the oldest, then the smallest uuid (MX-07).
func parAnciennete(dossiers []*Dossier) {
	slices.SortFunc(dossiers, func(a, b *Dossier) int {
		return cmp.Or(a.Convention.CreeLe.Compare(b.Convention.CreeLe), strings.Compare(a.Convention.UUID.String(), b.Convention.UUID.String()))
	})
}

// lotsParCreation puts first the lot that stays (MX-11).
func (d *Dossier) lotsParCreation() []Lot {
	lots := slices.Clone(d.Lots)
	slices.SortFunc(lots, func(a, b Lot) int {
		return cmp.Or(a.CreeLe.Compare(b.CreeLe), cmp.Compare(a.ID, b.ID))
	})
	return lots
}

// libelleLots names the financements of the lots, "PLUS, PLAI".
func (d *Dossier) libelleLots() string {
	out := make([]string, 0, len(d.Lots))
	for _, l := range d.Lots {
		out = append(out, l.Financement.Libelle())
	}
	return cmp.Or(strings.Join(out, ", "), "sans lot")
}
