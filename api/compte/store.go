package compte

import (
	"context"
	"time"

	"apilos/api/administration"
	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/event"
	"apilos/api/siap"

	"github.com/google/uuid"
)

// SIAP is what is asked to SIAP about people (05 B.3, calls 1 to 3 and 5). Errors wrap the sentinels of
// package siap.
type SIAP interface {
	// RefreshHabilitations lists those of login, whatever their statut, without reading any cache; id is 0.
	RefreshHabilitations(ctx context.Context, login string, id int64) ([]siap.HabilitationDTO, error)
	Menu(ctx context.Context, login string, habilitationID int64) ([]siap.MenuItemDTO, error)
	Config(ctx context.Context) (siap.ConfigDTO, error)
}

// Store keeps accounts and sessions.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	storeUtilisateur
	storeSession
	storeJeton
	storeRole
	storeLocal
	storeTentative
	storeLien
	storeDetournement
	storeGestion
	storeInterrupteur
	storeDroits
	// Journaliser adds a row to the append-only journal, outside any family of conventions.
	Journaliser(ctx context.Context, j event.Journal) error
	// Interrupteurs returns every feature switch.
	Interrupteurs(ctx context.Context) ([]Interrupteur, error)
}

type storeUtilisateur interface {
	// VerrouillerParUsername returns and locks the account of a CERBERE identifier, nil when there is none.
	VerrouillerParUsername(ctx context.Context, username string) (*Utilisateur, error)
	// VerrouillerParLogin does the same for a CERBERE login.
	VerrouillerParLogin(ctx context.Context, login string) (*Utilisateur, error)
	// CreerUtilisateur inserts u unless its username or its login exists, and fills its generated columns.
	CreerUtilisateur(ctx context.Context, u *Utilisateur) (created bool, err error)
	// ModifierUtilisateur writes columns and raises the version when it is still the given one.
	ModifierUtilisateur(ctx context.Context, id int64, version int, colonnes map[string]any, le time.Time) (ok bool, err error)
	// NoterConnexion writes the date of the last sign-in, which is not a change of the account.
	NoterConnexion(ctx context.Context, id int64, le time.Time) error
	Utilisateur(ctx context.Context, id int64) (*Utilisateur, error)
	// CompteDuLogin returns the active account of a CERBERE login, 0 when there is none.
	CompteDuLogin(ctx context.Context, login string) (int64, error)
	// DejaConnecte tells whether the journal knows a sign-in of this account through CERBERE.
	DejaConnecte(ctx context.Context, id int64) (bool, error)
}

type storeSession interface {
	CreerSession(ctx context.Context, s Session, habs []Habilitation) error
	// Etat returns a session with its user, nil when there is none.
	Etat(ctx context.Context, id uuid.UUID) (*Etat, error)
	// VerrouillerEtat is Etat with the session locked until the end of the transaction.
	VerrouillerEtat(ctx context.Context, id uuid.UUID) (*Etat, error)
	EcrireHabilitations(ctx context.Context, id uuid.UUID, habs []Habilitation, verifieesLe time.Time) error
	EcrireDefaut(ctx context.Context, id uuid.UUID, habilitationID int64) error
	Prolonger(ctx context.Context, id uuid.UUID, vueLe, expireInactiviteLe time.Time) error
	// Revoquer ends a session that is still open, with the impersonations begun from it and their end; ok is false
	// when it was not.
	Revoquer(ctx context.Context, id uuid.UUID, le time.Time) (ok bool, err error)
	// RevoquerToutes ends the open sessions of a person but sauf ("" for none) and returns them.
	RevoquerToutes(ctx context.Context, utilisateurID int64, sauf string, le time.Time) ([]uuid.UUID, error)
	// RevoquerParTicket ends the session opened with this CAS ticket and returns it, nil when there is none.
	RevoquerParTicket(ctx context.Context, empreinte string, le time.Time) (*Session, error)
	// SessionsOuvertes lists the sessions of a person, impersonations left out, newest first.
	SessionsOuvertes(ctx context.Context, utilisateurID int64, le time.Time) ([]Session, error)
	// DernieresHabilitations returns the latest verified list of a person since an instant.
	DernieresHabilitations(ctx context.Context, utilisateurID int64, depuis time.Time) (habs []Habilitation, verifieesLe time.Time, ok bool, err error)
	// ARevalider lists open sessions seen since vueDepuis and not verified since verifieeAvant.
	ARevalider(ctx context.Context, vueDepuis, verifieeAvant, le time.Time, limite int) ([]uuid.UUID, error)
	// PurgerSessions deletes ended sessions whose habilitations are of no more use, and dead one-time tokens.
	PurgerSessions(ctx context.Context, avant, le time.Time) (int, error)
}

type storeJeton interface {
	// ConsommerTicket remembers the digest of a ticket; ok is false when it is already known.
	ConsommerTicket(ctx context.Context, empreinte string, expireLe time.Time) (ok bool, err error)
	AjouterJeton(ctx context.Context, j JetonRafraichissement) error
	// Jeton returns a refresh token by digest, nil when there is none; the second form locks it.
	Jeton(ctx context.Context, empreinte string) (*JetonRafraichissement, error)
	VerrouillerJeton(ctx context.Context, empreinte string) (*JetonRafraichissement, error)
	RemplacerJeton(ctx context.Context, empreinte string, le time.Time) error
}

type storeRole interface {
	// EnregistrerRole inserts or refreshes the row that remembers a role held by a person.
	EnregistrerRole(ctx context.Context, r Role, le time.Time) error
	// FinirRoles ends, the day before, the roles of a person that come from these habilitations.
	FinirRoles(ctx context.Context, utilisateurID int64, habilitations []int64, le time.Time) error
	// BailleurPriveDuRole returns the private bailleur this person already had under a habilitation.
	BailleurPriveDuRole(ctx context.Context, utilisateurID, habilitationID int64) (*bailleur.Bailleur, error)
	// Perimetre returns the rows a habilitation opens, nothing when its entity no longer exists.
	Perimetre(ctx context.Context, utilisateurID int64, h Habilitation) (Perimetre, error)
}

// Bailleurs finds and creates bailleurs (PE-13).
type Bailleurs interface {
	ParIdentifiant(ctx context.Context, identifiant string) (*bailleur.Bailleur, error)
	// CreerSiAbsent inserts b unless its identifiant exists, and fills b with the row that is there.
	CreerSiAbsent(ctx context.Context, b *bailleur.Bailleur) (created bool, err error)
	// ChangerIdentifiant gives a private bailleur the new e-mail of its owner.
	ChangerIdentifiant(ctx context.Context, id int64, identifiant string, le time.Time) error
}

// Administrations finds and creates administrations.
type Administrations interface {
	// CreerSiAbsente inserts a unless its code exists, and fills a with the row that is there.
	CreerSiAbsente(ctx context.Context, a *administration.Administration) (created bool, err error)
}

// Etat is a session as a request needs it: the row, its user, its habilitations. It is never changed once
// read, so that requests may share it.
type Etat struct {
	Session       Session
	Utilisateur   Utilisateur
	Habilitations []Habilitation

	// RoleLocal is the right that the platform itself gave to an account that CERBERE does not know, nil without one.
	RoleLocal *RoleLocal

	// Impersonation (05 C.5); empty for an ordinary session. DetournementFini also says that the staff member lost
	// the right to it.
	Detournement     *Detournement
	DetourneParNom   string
	Mode             auth.ModeDetournement
	DetourneParUUID  string
	DetournementFini bool
}

// Perimetre is the rows that a habilitation opens.
type Perimetre struct {
	EntiteUUID         uuid.UUID
	EntiteNom          string
	EntiteCode         string // SIREN or administration code, "" for a private bailleur
	BailleurIDs        []int64
	FiltreDepartements []string
}

// ouverte tells whether the session may be used at the instant now.
func (e *Etat) ouverte(now time.Time) bool {
	s := e.Session
	return s.RevoqueeLe == nil && now.Before(s.ExpireInactiviteLe) && now.Before(s.ExpireAbsolueLe) && !e.DetournementFini
}

// degradee tells whether the habilitations were read in an earlier session, because SIAP did not answer
// when this one began: the session then only reads (05 C.4).
func (e *Etat) degradee() bool {
	v := e.Session.HabilitationsVerifieesLe
	return len(e.Habilitations) > 0 && (v == nil || v.Before(e.Session.CreeLe))
}

// aVerifier tells whether SIAP must be asked again.
func (e *Etat) aVerifier(now time.Time) bool {
	v := e.Session.HabilitationsVerifieesLe
	return e.login() != "" && (v == nil || e.degradee() || now.Sub(*v) >= delaiVerification)
}

// siapDisponible tells whether the last verification due was made.
func (e *Etat) siapDisponible(now time.Time) bool {
	v := e.Session.HabilitationsVerifieesLe
	return e.login() == "" || (v != nil && !e.degradee() && now.Sub(*v) < delaiVerification+auth.AccessTokenLife)
}

func (e *Etat) login() string {
	if e.Utilisateur.CerbereLogin == nil {
		return ""
	}
	return *e.Utilisateur.CerbereLogin
}

func (e *Etat) defaut() int64 {
	if e.Session.HabilitationDefautID == nil {
		return 0
	}
	return int64(*e.Session.HabilitationDefautID)
}

// privilegie tells whether the account has rights of its own, without any habilitation (PE-02).
func (u Utilisateur) privilegie() bool { return u.EstStaff || u.EstSuperuser }

// LigneEntite is a bailleur or an administration in a list. Code is the SIREN or the administration code; ""
// for a private owner, whose e-mail never leaves the platform (00 decision 11).
type LigneEntite struct {
	UUID uuid.UUID
	Nom  string
	Code string
}
