package chronique

import (
	"context"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/event"

	"github.com/google/uuid"
)

// Nature is what an element of the chronologie tells.
type Nature string

// Natures, in the order in which they follow each other within a day.
const (
	Signature    Nature = "SIGNATURE"
	Avenant      Nature = "AVENANT"
	Refus        Nature = "REFUS"
	Publication  Nature = "PUBLICATION"
	Fait         Nature = "EVENEMENT"
	Denonciation Nature = "DENONCIATION"
	Resiliation  Nature = "RESILIATION"
)

// Element is one thing that happened to a family of conventions (JO-13).
type Element struct {
	Nature Nature
	// Jour is nil when it is not known (what was taken over without its date).
	Jour *date.Date
	// AnneeSeule: only the year of Jour is known (AV-22).
	AnneeSeule bool
	// The row of the family it concerns.
	ConventionID   int64
	ConventionUUID uuid.UUID
	EstAvenant     bool
	Numero         *string
	// Reference and Motif are those of a publication and of a refusal.
	Reference, Motif string
	// Of a fact only.
	EvenementID   *int64
	EvenementUUID *uuid.UUID
	Type          string
	Description   string
	// Documents in force that show it.
	Documents []convention.Document `gorm:"-"`
}

// Titre says in words what happened.
func (e Element) Titre() string {
	objet := "la convention"
	if e.EstAvenant {
		objet = "l’avenant"
	}
	numero := ""
	if e.Numero != nil && *e.Numero != "" {
		numero = " n° " + *e.Numero
	}
	switch e.Nature {
	case Signature:
		return "Signature de la convention" + numero
	case Avenant:
		return "Signature de l’avenant" + numero
	case Refus:
		return "Publication de " + objet + numero + " refusée"
	case Publication:
		return "Publication de " + objet + numero
	case Denonciation:
		return "Dénonciation de la convention"
	case Resiliation:
		return "Résiliation de la convention"
	case Fait:
		return event.TypeEvenement(e.Type).Libelle()
	}
	return ""
}

// Detail adds what the title does not say.
func (e Element) Detail() string {
	switch {
	case e.Nature == Publication && e.Reference != "":
		return "Référence : " + e.Reference
	case e.Nature == Refus:
		return "Motif : " + e.Motif
	case e.Nature == Fait:
		return e.Description
	}
	return ""
}

// AVenir tells whether the day of e is still to come: the end of a convention may be.
func (e Element) AVenir(jour date.Date) bool { return e.Jour != nil && e.Jour.After(jour) }

// Chronologie is a page of the line of a family.
type Chronologie struct {
	Elements []Element
	Total    int
	Jour     date.Date // today
}

// Chronologie reads the line of the family of id, the latest first: signatures, avenants by rank, publications,
// refusals, ends, and for the service the facts of the journal de bord (JO-13). A future bailleur only reads its own
// avenant (PE-22).
func (s *Service) Chronologie(ctx context.Context, p auth.Principal, id uuid.UUID, page Page) (Chronologie, error) {
	d, err := s.conventions.Lire(ctx, p, id)
	if err != nil {
		return Chronologie{}, err
	}
	_, jour := s.maintenant()
	elements, total, err := s.store.Chronologie(ctx, p, d.Racine.ID, service(p), page)
	return Chronologie{Elements: elements, Total: total, Jour: jour}, err
}

// Curseur is where a reader of the history stopped.
type Curseur struct {
	Le      time.Time
	Journal bool // a line of the journal, rather than a change of statut
	ID      int64
}
