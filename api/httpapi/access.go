package httpapi

import (
	"strings"

	"apilos/api/auth"
	"apilos/api/fault"
)

type accessKind int

const (
	undeclared accessKind = iota // the zero value, refused by Mount
	public
	cookieSession
	authenticated
)

// Access is who may call a route. Its zero value is no declaration at all and makes Mount fail, so
// that a route is never open by omission. The permission is checked before the handler; rights on one
// object (perimeter, statut, authorship) stay with the service that the handler calls.
type Access struct {
	kind          accessKind
	permissions   []auth.Permission
	write         bool
	readers       bool
	impersonation bool
	clients       bool        // open to API clients…
	portee        auth.Portee // …that have this scope, "" for any
}

// Public lets anybody in, without reading a token.
func Public() Access { return Access{kind: public} }

// CookieSession is for the routes that the refresh cookie drives (refresh, logout): no bearer, but the
// CSRF guard of 05 C.3. The handler checks the cookie.
func CookieSession() Access { return Access{kind: cookieSession} }

// Authenticated wants a valid bearer token and no permission: it also lets in a person without any
// usable habilitation, who must be able to read the session and leave it.
func Authenticated() Access { return Access{kind: authenticated} }

// Requires wants a valid bearer token and all the permissions (02 §2.1).
func Requires(p ...auth.Permission) Access {
	return Access{kind: authenticated, permissions: append([]auth.Permission(nil), p...)}
}

// Write marks a route that changes data: read-only principals get 403 PERMISSION_REFUSEE before the
// handler (ST-05, decision 3). An authenticated route other than GET must be marked Write or OpenToReaders.
func (a Access) Write() Access { a.write = true; return a }

// OpenToReaders marks a route other than GET that read-only profiles may call since it changes nothing
// but their own session or preferences: choice of the habilitation, theme, download link.
func (a Access) OpenToReaders() Access { a.readers = true; return a }

// DuringImpersonation marks a route other than GET that stays open in an impersonation of mode lecture,
// where every other one is refused (05 C.5): leaving the impersonation.
func (a Access) DuringImpersonation() Access { a.impersonation = true; return a }

// Clients opens the route to API clients that have a scope, "" for any client (00 decision 33). A route that does
// not say so is closed to them. The table of scopes of package web is the one place that calls it for /api/v1.
func (a Access) Clients(p auth.Portee) Access { a.clients, a.portee = true, p; return a }

// String describes a for the route table.
func (a Access) String() string {
	var b strings.Builder
	switch a.kind {
	case public:
		b.WriteString("public")
	case cookieSession:
		b.WriteString("cookie")
	case authenticated:
		b.WriteString("bearer")
	default:
		return "undeclared"
	}
	for _, p := range a.permissions {
		b.WriteString(" " + string(p))
	}
	if a.write {
		b.WriteString(" write")
	}
	if a.clients {
		b.WriteString(" client[" + string(a.portee) + "]")
	}
	return b.String()
}

// authorize tells whether p may call a route with this access. The order matters: a person without a
// role learns that the habilitation is the problem before learning that a permission is missing.
func (a Access) authorize(p auth.Principal, safe bool) error {
	if err := a.authorizeClient(p.Client); err != nil {
		return err
	}
	if !safe && !a.impersonation && p.DetourneParID != 0 && p.Mode != auth.DetournementComplet {
		return fault.New(fault.Forbidden, "detournement_lecture",
			"Vous consultez le compte d’une autre personne en lecture : aucune modification n’est possible. Arrêtez le détournement pour agir en votre nom.")
	}
	if len(a.permissions) > 0 && p.Typologie == "" && !p.Staff && !p.Superuser {
		return fault.New(fault.Forbidden, "habilitation_not_valid",
			"Vous n’avez pas d’habilitation utilisable. Choisissez une autre habilitation ou demandez-en une dans le SIAP.")
	}
	if a.write && p.EnLecture() {
		return fault.New(fault.Forbidden, "PERMISSION_REFUSEE",
			"Votre habilitation actuelle permet de consulter mais pas de modifier. Choisissez une autre habilitation pour agir.")
	}
	for _, perm := range a.permissions {
		if !p.Peut(perm) {
			return fault.PermissionRefusee()
		}
	}
	return nil
}

// authorizeClient tells whether an API client may call the route; nil is a person.
func (a Access) authorizeClient(c *auth.Client) error {
	switch {
	case c == nil:
		return nil
	case !a.clients:
		return fault.New(fault.Forbidden, "FERME_AUX_CLIENTS",
			"Cette adresse est réservée aux personnes connectées : un client d’API ne peut pas l’appeler.")
	case a.portee != "" && !c.A(a.portee):
		return fault.Newf(fault.Forbidden, "PORTEE_MANQUANTE",
			"Ce jeton n’a pas la portée « %s » (%s). Demandez-la à l’équipe de la plateforme.", a.portee, a.portee.Libelle()).With("portee", string(a.portee))
	}
	return nil
}
