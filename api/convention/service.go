package convention

import (
	"context"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/comment"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"
	"github.com/google/uuid"
)

// Service holds the use cases of conventions. Each writing method is one transaction that locks the
// family's root row first.
type Service struct {
	store   Store
	sortant Sortant
	depots  Depots
	horloge func() time.Time
	// analyseur is nil when no antivirus is configured: files are then NON_ANALYSE and usable.
	analyseur Analyseur
	annonceur Annonceur // nil: nothing is told to programs
	// habilitations is nil in a program where nobody signs in.
	habilitations Habilitations
	siapJoignable func() bool // nil: SIAP is not looked at
}

// NewService returns the service. analyseur is nil when uploaded files are not scanned; depots is nil in a
// program that receives none.
func NewService(store Store, sortant Sortant, depots Depots, analyseur Analyseur, horloge func() time.Time, options ...Option) *Service {
	s := &Service{store: store, sortant: sortant, depots: depots, analyseur: analyseur, horloge: horloge}
	for _, o := range options {
		o(s)
	}
	return s
}

// Analyseur has a file scanned later, in the transaction of ctx.
type Analyseur interface {
	AnalyserFichier(ctx context.Context, fichierID int64) error
}

// Sortant turns an event into messages to SIAP and to people, in the transaction of ctx.
type Sortant interface {
	Emettre(ctx context.Context, e alert.Evenement) error
}

// Store keeps the aggregate. Every method that takes a principal applies the single perimeter
// predicate and answers not_found outside it.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// Charger loads a dossier in a constant number of statements.
	Charger(ctx context.Context, p auth.Principal, id uuid.UUID) (*Dossier, error)
	// Verrouiller locks the family's root, then the row, then loads the dossier.
	Verrouiller(ctx context.Context, p auth.Principal, id uuid.UUID) (*Dossier, error)
	// VerrouillerOperation does the same for a write that conventions of one operation share: it locks them
	// all, always in the same order, so that two siblings saved at once wait and never deadlock (CC-05).
	VerrouillerOperation(ctx context.Context, p auth.Principal, id uuid.UUID) (*Dossier, error)
	Lister(ctx context.Context, p auth.Principal, f Filtre) (Page, error)
	Onglets(ctx context.Context, p auth.Principal, f Filtre) (map[Statut]int, error)
	LotsDes(ctx context.Context, p auth.Principal, conventionIDs []int64) ([]LotResume, error)
	// Flux reads what changed after the cursor, up to what no running transaction can precede.
	Flux(ctx context.Context, p auth.Principal, f Filtre, apres *CurseurFlux) (PageFlux, error)

	storeEcriture
	storeNumero
	storeCommentaire
	storeBrouillon
	storeDocument
	storePublication
	storeAvenant
	storeMixte
	storeSecondeVie
	storeFin
	storeTypeAvenant
	storeLecture
	storeInitiale
	storePieceJointe
	storeEntites
	storeExpert
}

type storeEcriture interface {
	// Modifier writes columns of the convention and raises its version. A violated rule of the schema
	// comes back as a fault (CONVENTION_EXISTANTE, AVENANT_EN_COURS, NUMERO_PRIS…).
	Modifier(ctx context.Context, d *Dossier, colonnes map[string]any, le time.Time) error
	// Ecrire saves the columns changed by a step, raises the version of the convention, of the operation
	// when it changed and then of its sibling conventions (CC-05).
	Ecrire(ctx context.Context, d *Dossier, ecritures []Ecriture, le time.Time) error
	UUIDConvention(ctx context.Context, id int64) (uuid.UUID, error)
	InsererHistorique(ctx context.Context, h *event.Historique) error
	Journaliser(ctx context.Context, racineID int64, j event.Journal) error
	// ChampsModifies names the columns and fields that the last n writes of d changed, "documents" for a file, sorted.
	ChampsModifies(ctx context.Context, d *Dossier, n int) ([]string, error)
	// Figer stores the frozen copy of the data (DO-02).
	Figer(ctx context.Context, d *Dossier, motif string) error
	ClasserAvenant(ctx context.Context, d *Dossier, signature date.Date) error
	RecalculerBailleurEffectif(ctx context.Context, racineID int64) error
	RafraichirRecherche(ctx context.Context, conventionIDs ...int64) error
	Historique(ctx context.Context, conventionID int64, apres int64, limite int) ([]LigneHistorique, error)
	Contributeurs(ctx context.Context, conventionID int64) ([]Contributeur, error)
}

type storePublication interface {
	// OuvrirPublication records a sending to the land registry; envoi is nil when its day is not known.
	OuvrirPublication(ctx context.Context, conventionID int64, envoi *date.Date, le time.Time) error
	// ClorePublication writes the outcome of the sending in progress: publication, refusal or cancellation. A
	// convention that was imported during its publication has no sending yet: one is recorded.
	ClorePublication(ctx context.Context, conventionID int64, issue PublicationSPF, le time.Time) error
	// DaterPublication corrects the day of the last publication.
	DaterPublication(ctx context.Context, conventionID int64, jour date.Date, le time.Time) error
}

type storeNumero interface {
	DernierNumero(ctx context.Context, departement string, annee int) (int, error)
	// VerrouillerCompteur locks the sequence until the end of the transaction and returns its last rank.
	VerrouillerCompteur(ctx context.Context, departement string, annee int) (int, error)
	AvancerCompteur(ctx context.Context, departement string, annee, rang int) error
	PorteurDuNumero(ctx context.Context, p auth.Principal, saufID int64, numero string) (*Porteur, error)
	NumeroRessemblant(ctx context.Context, saufID int64, numero string) (string, error)
	ProposerNumeroAvenant(ctx context.Context, d *Dossier) (string, error)
}

type storeCommentaire interface {
	CloreCommentaires(ctx context.Context, d *Dossier, p auth.Principal, le time.Time) error
	// ConventionDuCommentaire returns the convention of a comment, not_found when there is none.
	ConventionDuCommentaire(ctx context.Context, id uuid.UUID) (uuid.UUID, error)
	InsererCommentaire(ctx context.Context, c *comment.Commentaire) error
	// ModifierCommentaire saves c if its version is still the given one; otherwise stale.
	ModifierCommentaire(ctx context.Context, c *comment.Commentaire, version int) error
	// LigneDuDossier tells whether a row (lot, logement, prêt…) belongs to the dossier (CO-03).
	LigneDuDossier(ctx context.Context, d *Dossier, id uuid.UUID) (bool, error)
}

type storeBrouillon interface {
	Brouillon(ctx context.Context, p auth.Principal, conventionID int64, etape CodeEtape) (*Brouillon, error)
	Brouillons(ctx context.Context, p auth.Principal) ([]BrouillonEnAttente, error)
	GarderBrouillon(ctx context.Context, b Brouillon) error
	JeterBrouillon(ctx context.Context, p auth.Principal, conventionID int64, etape CodeEtape) error
}

// maintenant returns the instant and the French day of a command.
func (s *Service) maintenant() (time.Time, date.Date) {
	le := s.horloge().UTC().Truncate(time.Microsecond)
	return le, date.InParis(le)
}

// Lire returns a dossier in the perimeter of p, or not_found.
func (s *Service) Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*Dossier, error) {
	if !p.Peut(auth.ViewConvention) {
		return nil, fault.PermissionRefusee()
	}
	return s.store.Charger(ctx, p, id)
}

// Lister returns a page of conventions and avenants in the perimeter of p.
func (s *Service) Lister(ctx context.Context, p auth.Principal, f Filtre) (Page, error) {
	if !p.Peut(auth.ViewConvention) {
		return Page{}, fault.PermissionRefusee()
	}
	_, f.jour = s.maintenant()
	return s.store.Lister(ctx, p, f)
}

// Historique returns changes of statut, newest first, after the cursor (0: from the start).
func (s *Service) Historique(ctx context.Context, p auth.Principal, id uuid.UUID, apres int64, limite int) ([]LigneHistorique, error) {
	d, err := s.Lire(ctx, p, id)
	if err != nil {
		return nil, err
	}
	return s.store.Historique(ctx, d.Convention.ID, apres, limite)
}

// Contributeurs lists who acted on the convention, by side, staff excluded (JO-01).
func (s *Service) Contributeurs(ctx context.Context, d *Dossier) ([]Contributeur, error) {
	return s.store.Contributeurs(ctx, d.Convention.ID)
}

// LigneHistorique is a row of history with the name of its actor.
type LigneHistorique struct {
	event.Historique
	ActeurNom string
	DetourNom string // staff member behind the actor, "" otherwise
	// OrigineLibelle names the convention that lived it before being absorbed (MX-07), "" for this one.
	OrigineLibelle string
}

// Contributeur is someone who acted on a convention.
type Contributeur struct {
	Nom             string
	CoteInstructeur bool
}

// perimee compares the version of a command with that of the row it changes (CC-01).
func perimee(d *Dossier, attendue int) error { return versionPerimee(d.Convention.Version, attendue) }

func versionPerimee(actuelle, attendue int) error {
	switch attendue {
	case actuelle:
		return nil
	case fault.VersionAbsente:
		return fault.VersionRequise()
	}
	return VersionPerimee(actuelle)
}

// versionsListees bounds how far back the refusal of an old version tells what changed.
const versionsListees = 100

// perimee is perimee with the names of the fields that changed since the version that was read (CC-01).
func (s *Service) perimee(ctx context.Context, d *Dossier, attendue int) error {
	err := perimee(d, attendue)
	if !fault.Is(err, fault.Stale) {
		return err
	}
	champs := []string{}
	if n := d.Convention.Version - attendue; n > 0 {
		lus, lecture := s.store.ChampsModifies(ctx, d, min(n, versionsListees))
		if lecture != nil {
			return lecture
		}
		champs = append(champs, lus...)
	}
	return fault.As(err).With("champs_modifies", champs)
}

// VersionPerimee is the answer to a write made from an old version (CC-01).
func VersionPerimee(actuelle int) *fault.Error {
	return fault.New(fault.Stale, "VERSION_PERIMEE",
		"Ce dossier a été modifié entre-temps. Relisez-le avant de recommencer : rien n’a été enregistré.").
		With("version", actuelle)
}
