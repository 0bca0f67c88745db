package auth

import (
	"context"
	"slices"
)

// Typologie is the kind of role an active habilitation gives (02 §2.1).
type Typologie string

// Role types.
const (
	Bailleur       Typologie = "BAILLEUR"
	Instructeur    Typologie = "INSTRUCTEUR"
	Administrateur Typologie = "ADMINISTRATEUR"
)

// ModeDetournement is the mode of an impersonation (05 C.5).
type ModeDetournement string

// Modes of impersonation.
const (
	DetournementLecture ModeDetournement = "lecture"
	DetournementComplet ModeDetournement = "complet"
)

// Principal is who acts, under which habilitation and within which perimeter. It is rebuilt for each
// request from the session and the signed token; rights are never read from anywhere else (02 §2.2).
type Principal struct {
	UtilisateurID   int64
	UtilisateurUUID string
	Login           string // CERBERE login, sent to SIAP as user-login; empty for a local account
	Prenom, Nom     string
	Email           string
	SessionID       string

	HabilitationID int64 // SIAP id of the active habilitation, 0 for a local account
	Typologie      Typologie
	LectureSeule   bool
	Profil         string // SIAP profile code, MO_PERS_MORALE, SER_GEST…
	CodeRole       string // SIAP role code
	Entite         string // label of the bailleur or administration, for the history

	// Perimeter (02 §2.3). National is true only for the profiles of PE-16.
	BailleurIDs        []int64 // own bailleur and its children, BAILLEUR only
	AdministrationID   int64   // INSTRUCTEUR: limits visibility; ADMINISTRATEUR: display only
	Region             string
	Departement        string
	National           bool
	FiltreDepartements []string // personal filter of a bailleur

	Staff     bool
	Superuser bool

	// Client is set when a program acts and not a person (00 decision 33): it is never staff, and may do what
	// both its role and its scopes allow.
	Client *Client

	// Impersonation: the staff member behind the principal.
	DetourneParID int64
	Mode          ModeDetournement

	// Expert: this request asks to correct a convention in force (header X-Mode-Edition, 02 PE-34). It opens nothing to
	// those who may not validate.
	Expert bool

	// Of the request, for the journal.
	RequeteID string
	IP        string // truncated
}

// NomComplet returns the name shown to others.
func (p Principal) NomComplet() string {
	switch {
	case p.Prenom == "":
		return p.Nom
	case p.Nom == "":
		return p.Prenom
	}
	return p.Prenom + " " + p.Nom
}

// CoteInstructeur tells whether p acts on the side of the service (instructeur or administrateur).
func (p Principal) CoteInstructeur() bool {
	return p.Typologie == Instructeur || p.Typologie == Administrateur
}

// EnLecture tells whether p may write nothing: read-only role or impersonation in mode lecture.
func (p Principal) EnLecture() bool {
	return p.LectureSeule || (p.DetourneParID != 0 && p.Mode != DetournementComplet)
}

// APropreBailleur tells whether id is the bailleur of p or one of its children.
func (p Principal) APropreBailleur(id int64) bool { return slices.Contains(p.BailleurIDs, id) }

type key struct{}

// With returns a context that carries p.
func With(ctx context.Context, p Principal) context.Context { return context.WithValue(ctx, key{}, p) }

// From returns the principal of ctx; ok is false for an anonymous request.
func From(ctx context.Context) (p Principal, ok bool) {
	p, ok = ctx.Value(key{}).(Principal)
	return p, ok
}
