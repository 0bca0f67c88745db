package operation

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/administration"
	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/fault"
	"apilos/api/siap"
	"github.com/google/uuid"
)

// Source reads operations in SIAP with the rights of a person. Errors wrap the sentinels of package siap.
type Source interface {
	// Operation may give an answer a few seconds old.
	Operation(ctx context.Context, login string, habilitationID int64, numero string) (siap.OperationDTO, error)
	// RefreshOperation asks again: it is used before writing.
	RefreshOperation(ctx context.Context, login string, habilitationID int64, numero string) (siap.OperationDTO, error)
}

// Journal writes the history and the journal of a convention, in the transaction of ctx.
type Journal interface {
	// ConventionCreee records T01; origine is WEB or SIAP.
	ConventionCreee(ctx context.Context, conventionID int64, p auth.Principal, origine string) error
}

// Recherche keeps the read model of searches in step, in the transaction of ctx.
type Recherche interface {
	Rafraichir(ctx context.Context, conventionIDs ...int64) error
}

// Store keeps operations. Methods that take a principal apply the single perimeter predicate.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	storeLecture
	storeActeurs
	storeEcriture
}

type storeLecture interface {
	// Racines returns the root operations with this normalised number, the one with the most
	// conventions first.
	Racines(ctx context.Context, numero string) ([]Racine, error)
	// RacinesVisibles is Racines within the perimeter of p.
	RacinesVisibles(ctx context.Context, p auth.Principal, numero string) ([]Racine, error)
	// Conventions returns the conventions and avenants of every version of those roots, oldest first;
	// deleted ones are left out.
	Conventions(ctx context.Context, numero string) ([]ConventionOperation, error)
	// ConventionsVisibles is Conventions within the perimeter of p.
	ConventionsVisibles(ctx context.Context, p auth.Principal, numero string) ([]ConventionOperation, error)
	// DansPerimetre tells whether p would see a new convention of an operation with these actors there.
	DansPerimetre(ctx context.Context, p auth.Principal, s Situation) (bool, error)
	// ADesOrigines tells whether a convention of those roots replaces older ones (seconde vie).
	ADesOrigines(ctx context.Context, numero string) (bool, error)
	// SecondeVieOuverte tells whether the pages of seconde vie are on (02 §8.2).
	SecondeVieOuverte(ctx context.Context) (bool, error)
	// Proches returns at most limite roots of the perimeter whose number resembles, best first.
	Proches(ctx context.Context, p auth.Principal, numero string, limite int) ([]Racine, error)
}

type storeActeurs interface {
	// BailleurParIdentifiant returns nil when nobody has this key.
	BailleurParIdentifiant(ctx context.Context, identifiant string) (*bailleur.Bailleur, error)
	// TrouverOuCreerBailleur returns the bailleur with the key of b, created from b when there is none.
	// siretPris is true when the siret of b belonged to another one and was left out.
	TrouverOuCreerBailleur(ctx context.Context, b bailleur.Bailleur) (trouve bailleur.Bailleur, siretPris bool, err error)
	// RenommerBailleur writes name and nature and raises the version.
	RenommerBailleur(ctx context.Context, id int64, nom string, nature bailleur.Nature, le time.Time) error
	// AdministrationParCode returns nil when there is none.
	AdministrationParCode(ctx context.Context, code string) (*administration.Administration, error)
	TrouverOuCreerAdministration(ctx context.Context, a administration.Administration) (administration.Administration, error)
}

// storeEcriture writes inside a transaction. Creating fails with ErrDejaCree when another transaction
// created the same row without taking the lock, by hand or from paper (CR-12, CR-22).
type storeEcriture interface {
	// VerrouillerNumero makes the synchronisations of a normalised number wait for one another until
	// the end of the transaction.
	VerrouillerNumero(ctx context.Context, numero string) error
	// VerrouillerConventions locks the conventions of an operation, by id (CC-04).
	VerrouillerConventions(ctx context.Context, operationID int64) error
	CreerOperation(ctx context.Context, o *Operation) error
	// ModifierOperation writes columns, and raises the version of the operation and of its conventions (CC-05).
	ModifierOperation(ctx context.Context, operationID int64, colonnes map[string]any, le time.Time) error
	// CreerConventions inserts conventions in PROJET with their lot, prêts and stationnements, one per
	// lot and in the same order.
	CreerConventions(ctx context.Context, o Operation, lots []LotPrevu, auteurID *int64) ([]ConventionOperation, error)
	// AttribuerAuteur fills cree_par where it is null (CR-06).
	AttribuerAuteur(ctx context.Context, conventionIDs []int64, utilisateurID int64) error
	// GarderInstantane keeps an answer of SIAP, once per content, and the instant of the reading.
	GarderInstantane(ctx context.Context, i InstantaneSIAP) error
	// NoterAnomalies counts the anomalies of a number, and marks as resolved those no longer met.
	NoterAnomalies(ctx context.Context, numero string, liste []Anomalie, le time.Time) error
}

// Situation is what the perimeter looks at (02 §2.3); nil means not known here.
type Situation struct {
	BailleurID       *int64
	AdministrationID *int64
	Departement      *string
	Region           *string
}

// Racine is a root operation with the names of its actors.
type Racine struct {
	Operation
	BailleurUUID        uuid.UUID
	BailleurNom         string
	BailleurSiren       *string
	BailleurIdentifiant string
	BailleurNature      bailleur.Nature
	AdministrationNom   *string
	AdministrationCode  *string
	NbConventions       int
}

func (r Racine) situation() Situation {
	return Situation{&r.BailleurID, r.AdministrationID, r.CodeInseeDepartement, r.CodeInseeRegion}
}

// ConventionOperation is a convention or avenant of an operation, as far as synchronising looks at it.
type ConventionOperation struct {
	ID           int64
	UUID         uuid.UUID
	OperationID  int64
	ParentID     *int64
	Statut       string
	Source       SourceDonnee
	CreeParID    *int64
	Financements []CodeAide
	NbLogements  []int    // per financement, in the same order
	TypesHabitat []string // idem
}

// Statuts that rules of this package name; the others belong to package convention.
const (
	statutProjet  = "PROJET"
	statutAnnulee = "ANNULEE"
)

// active is CR-01: a root whose statut is not ANNULEE.
func (c ConventionOperation) active() bool { return c.ParentID == nil && c.Statut != statutAnnulee }

// instruite tells whether the convention went beyond PROJET, which stops refreshes (05 B.6.3).
func (c ConventionOperation) instruite() bool {
	return c.Statut != statutProjet && c.Statut != statutAnnulee
}

// Service holds the use cases of operations.
type Service struct {
	source    Source
	store     Store
	journal   Journal
	recherche Recherche
	horloge   func() time.Time
}

// NewService returns the service.
func NewService(source Source, store Store, journal Journal, recherche Recherche, horloge func() time.Time) *Service {
	return &Service{source, store, journal, recherche, horloge}
}

// numeroLisible cleans a number given by a person or a link; it fails with not_found for what can
// designate no operation, the empty number first of all (05 A.6).
func numeroLisible(numero string) (brut, normalise string, err error) {
	brut, normalise, ok := lireNumero(numero)
	if !ok {
		return "", "", fault.Introuvable("Cette opération")
	}
	return brut, normalise, nil
}

func lireNumero(numero string) (brut, normalise string, ok bool) {
	brut = nettoyer(numero)
	normalise = NormaliserNumero(brut)
	ok = normalise != "" && utf8.RuneCountInString(brut) <= longueurTexteCourt &&
		!strings.ContainsFunc(brut, func(r rune) bool { return r < ' ' })
	return brut, normalise, ok
}
