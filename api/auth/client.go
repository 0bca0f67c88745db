package auth

import "slices"

// Portee is what an API client may ask for (00 decision 33).
type Portee string

// Scopes.
const (
	ConventionsLire   Portee = "conventions:lire"
	ConventionsEcrire Portee = "conventions:ecrire"
	OperationsLire    Portee = "operations:lire"
	StatistiquesLire  Portee = "statistiques:lire"
	WebhooksGerer     Portee = "webhooks:gerer"
)

// Portees lists the scopes, in the order people read them.
func Portees() []Portee {
	return []Portee{ConventionsLire, ConventionsEcrire, OperationsLire, StatistiquesLire, WebhooksGerer}
}

// Libelle tells people what a scope opens.
func (p Portee) Libelle() string {
	switch p {
	case ConventionsLire:
		return "lire les conventions"
	case ConventionsEcrire:
		return "créer et modifier les conventions"
	case OperationsLire:
		return "lire les opérations"
	case StatistiquesLire:
		return "lire les statistiques"
	case WebhooksGerer:
		return "gérer ses webhooks"
	}
	return string(p)
}

// accorde tells whether a scope gives a permission. A permission that no scope gives is never a client's:
// it changes neither bailleurs nor administrations.
func (p Portee) accorde(perm Permission) bool {
	switch p {
	case ConventionsLire:
		return lecture(perm)
	case ConventionsEcrire:
		return slices.Contains([]Permission{AddConvention, ChangeConvention, DeleteConvention, ValidateConvention, AddComment, ChangeComment}, perm)
	case OperationsLire, StatistiquesLire: // their services look at the same perimeter of conventions
		return perm == ViewConvention
	case WebhooksGerer:
	}
	return false
}

// Client is the program behind a principal that is not a person: a token given by the staff, with scopes.
// Its perimeter is that of the principal.
type Client struct {
	ID      int64
	UUID    string
	Portees []Portee
	// DebitParMinute is its own rate limit, 0 for that of a session.
	DebitParMinute int
}

// A tells whether the client has a scope.
func (c *Client) A(p Portee) bool { return c != nil && slices.Contains(c.Portees, p) }

// accorde tells whether one of its scopes gives a permission.
func (c *Client) accorde(perm Permission) bool {
	return slices.ContainsFunc(c.Portees, func(p Portee) bool { return p.accorde(perm) })
}
