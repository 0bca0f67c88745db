package convention

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/administration"
	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/operation"
	"apilos/api/territoire"

	"github.com/google/uuid"
)

// Refusals of what is recorded by hand (02 §3.6, §9.2 to §9.4).
const (
	CodeAjoutFerme              = "AJOUT_CONVENTION_FERME"
	CodeFichierImportInconnu    = "FICHIER_IMPORT_INCONNU"
	CodeFinancementConventionne = "FINANCEMENT_DEJA_CONVENTIONNE"
	CodeNumeroExistant          = "NUMERO_EXISTANT"
	CodeNumeroAvenantExistant   = "NUMERO_AVENANT_EXISTANT"
	CodeOperationExistante      = "OPERATION_EXISTANTE"
	CodeUtiliserAjout           = "UTILISER_AJOUT_EXISTANTE"
	CodeHorsPerimetre           = "CONVENTION_HORS_PERIMETRE"
	codeConventionExistante     = "CONVENTION_EXISTANTE"
	codeInvalide                = "invalide"
)

// InterrupteurAjout is the switch of 02 §9.4, global or per person.
const InterrupteurAjout = "ajout_convention"

// Source and precision of a convention that was already signed (CR-29, AV-22).
const (
	SourceImport   = "IMPORT"
	PrecisionAnnee = "ANNEE"
)

// premiereAnnee is the first year of signature accepted (CR-28).
const premiereAnnee = 1900

// maxTexteLibre bounds the free texts of an avenant, in characters (AV-22).
const maxTexteLibre = 5000

// PieceImport is a signed PDF received and checked before its convention exists.
type PieceImport struct {
	RevisionID string
	Reserve    uuid.UUID // uuid that the convention will have
	Nom        string
	Taille     int64
	Sha256     string
	Antivirus  string
	Publiee    bool // its convention is recorded
}

// DepotsImport receives signed PDFs before the transaction that records their convention (02 §10.3). What is never
// published goes away with the pending revisions.
type DepotsImport interface {
	// Recevoir keeps a PDF, checked, for its author alone. A refused or failed deposit leaves nothing behind.
	Recevoir(ctx context.Context, p auth.Principal, nom string, contenu io.Reader) (PieceImport, error)
	// Reservee reads what p gave; FICHIER_IMPORT_INCONNU when there is none, or when it is not p's.
	Reservee(ctx context.Context, p auth.Principal, revisionID string) (PieceImport, error)
	// Publier attaches it to the convention that has the reserved uuid, in the transaction of ctx.
	Publier(ctx context.Context, p auth.Principal, revisionID string) error
	// Abandonner removes what will not be used; nothing for a published one.
	Abandonner(ctx context.Context, p auth.Principal, revisionID string) error
}

// Operations finds or creates the operation of a convention signed elsewhere (operation.Service).
type Operations interface {
	Preparer(ctx context.Context, p auth.Principal, numero string) (operation.Preparee, error)
}

// Interrupteurs tells whether a switch is on for someone (02 §12).
type Interrupteurs interface {
	Ouvert(ctx context.Context, p auth.Principal, nom string) (bool, error)
}

// StoreImportation is what recording by hand needs beside Store. Its writes are in the transaction of ctx.
type StoreImportation interface {
	// BailleurChoisi returns the bailleur that p may give to a convention, nil otherwise: its own for a bailleur, any
	// for a service (CR-20). Unless sirens is nil, it or its parent has one of them (PE-40).
	BailleurChoisi(ctx context.Context, p auth.Principal, id uuid.UUID, sirens []string) (*bailleur.Bailleur, error)
	// AdministrationChoisie returns the State service that p may give: any for a bailleur, those of its list for a
	// service (CR-20); ANAH and ANRU never are.
	AdministrationChoisie(ctx context.Context, p auth.Principal, id uuid.UUID) (*administration.Administration, error)
	// Lieu returns the codes of a town, as far as they are known (CR-23).
	Lieu(ctx context.Context, codePostal, ville string) (commune, departement string, err error)

	VerrouillerNumero(ctx context.Context, numero string) error
	Racines(ctx context.Context, numero string) ([]operation.Racine, error)
	RacinesVisibles(ctx context.Context, p auth.Principal, numero string) ([]operation.Racine, error)
	DansPerimetre(ctx context.Context, p auth.Principal, s operation.Situation) (bool, error)
	CreerOperation(ctx context.Context, o *operation.Operation) error

	// VerrouillerNumeroConvention makes those who give the same number to a root wait for one another (FI-03).
	VerrouillerNumeroConvention(ctx context.Context, numero string) error
	// CreerRacine inserts a convention with its lot and returns the id of its row.
	CreerRacine(ctx context.Context, n NouvelleRacine) (int64, error)
	// DejaConventionnee returns the active root that has a financement of an operation, nil without any.
	DejaConventionnee(ctx context.Context, p auth.Principal, operationID int64, f Financement) (*Enregistree, error)
	// AvenantNumero returns the avenant of a family that has a number, ANNULEE ones excluded, nil without any (AV-12).
	AvenantNumero(ctx context.Context, p auth.Principal, racineID int64, numero string) (*Enregistree, error)
	// VersionAvant returns the version in force on a day: the ACTIF avenant signed last before or on it, else the root.
	VersionAvant(ctx context.Context, racineID int64, jour date.Date) (Version, error)
	// ChangerVersion writes on the own operation and lots of an avenant (AV-23); nil changes nothing.
	ChangerVersion(ctx context.Context, avenantID int64, bailleurID *int64, nbLogements map[Financement]int) error
	// ConventionsInitiales searches roots of the perimeter to be amended (02 §3.6, path B).
	ConventionsInitiales(ctx context.Context, p auth.Principal, r RechercheInitiale) ([]ConventionInitiale, error)
	// Bailleurs and Administrations list what p may choose, best name first; sirens as for BailleurChoisi.
	BailleursAuChoix(ctx context.Context, p auth.Principal, q string, sirens []string, limite int) ([]EntiteAuChoix, error)
	AdministrationsAuChoix(ctx context.Context, p auth.Principal, q string, limite int) ([]EntiteAuChoix, error)
}

// NouvelleRacine is a root convention to insert.
type NouvelleRacine struct {
	UUID        uuid.UUID
	Operation   operation.Operation
	Statut      Statut
	Numero      *string
	SigneLe     *date.Date
	Precision   string // of SigneLe; "" is the day
	Source      string
	CreeParID   int64
	Financement Financement
	TypeHabitat TypeHabitat
	NbLogements int
	Le          time.Time
}

// Enregistree is a convention or avenant that is already there, as far as an import looks at it.
type Enregistree struct {
	UUID        uuid.UUID
	Visible     bool
	Source      string
	Numero      string
	SigneLe     *date.Date
	NbLogements int
	Sha256      string // of its signed document in force, "" without any
}

// Version is what a new avenant is compared with.
type Version struct {
	ID         int64
	BailleurID int64
	Lots       []LotVersion
}

// LotVersion is a lot of a version.
type LotVersion struct {
	Financement Financement
	NbLogements *int
}

// EntiteAuChoix is a bailleur or an administration that a form proposes.
type EntiteAuChoix struct {
	UUID uuid.UUID
	Nom  string
	Code string
}

// Importation holds the use cases that record by hand: conventions without agreement of SIAP (02 §9.2), conventions and
// avenants signed outside the platform (T23).
type Importation struct {
	s             *Service
	store         StoreImportation
	operations    Operations
	depots        DepotsImport
	interrupteurs Interrupteurs
}

// NewImportation returns the use cases; they share the transactions, history and journal of s.
func NewImportation(s *Service, store StoreImportation, operations Operations, depots DepotsImport, interrupteurs Interrupteurs) *Importation {
	return &Importation{s, store, operations, depots, interrupteurs}
}

// ajoutOuvert refuses while the switch of 02 §9.4 is off for p.
func (i *Importation) ajoutOuvert(ctx context.Context, p auth.Principal) error {
	ouvert, err := i.interrupteurs.Ouvert(ctx, p, InterrupteurAjout)
	if err == nil && !ouvert {
		err = fault.New(fault.NotFound, CodeAjoutFerme, "L’ajout de conventions déjà signées n’est pas ouvert pour vous. Adressez-vous à l’assistance.")
	}
	return err
}

func peutAjouter(p auth.Principal) error {
	if !p.Peut(auth.AddConvention) {
		return fault.PermissionRefusee()
	}
	return nil
}

// RecevoirDocument keeps the signed PDF of a convention or avenant that is about to be recorded.
func (i *Importation) RecevoirDocument(ctx context.Context, p auth.Principal, nom string, contenu io.Reader) (PieceImport, error) {
	if err := peutAjouter(p); err != nil {
		return PieceImport{}, err
	}
	return i.depots.Recevoir(ctx, p, nom, contenu)
}

// Bounds of the lists of choices.
const auChoixMax = 20

// Bailleurs lists the bailleurs that p may give to a convention; codePostal, when it is known, is that of its place (PE-40).
func (i *Importation) Bailleurs(ctx context.Context, p auth.Principal, q, codePostal string) ([]EntiteAuChoix, error) {
	if err := peutAjouter(p); err != nil {
		return nil, err
	}
	sirens, err := i.sirensDeRegion(ctx, p, territoire.Codes{}.Completer(strings.TrimSpace(codePostal)).Region)
	if err != nil {
		return nil, err
	}
	return i.store.BailleursAuChoix(ctx, p, strings.TrimSpace(q), sirens, auChoixMax)
}

// Administrations lists the services that p may give to a convention.
func (i *Importation) Administrations(ctx context.Context, p auth.Principal, q string) ([]EntiteAuChoix, error) {
	if err := peutAjouter(p); err != nil {
		return nil, err
	}
	return i.store.AdministrationsAuChoix(ctx, p, strings.TrimSpace(q), auChoixMax)
}

// FinancementsSaisis are the financements that a form filled by hand proposes (CR-20, CR-28).
func FinancementsSaisis() []Financement {
	return []Financement{PLUS, PLUSCD, PLAI, PLS, SansFinancement}
}

// controles gathers what is wrong with a form, field by field.
type controles struct{ champs []fault.Field }

func (c *controles) refuser(pointeur, code, detail string) {
	c.champs = append(c.champs, fault.Field{Pointer: pointeur, Code: code, Detail: detail})
}

func (c *controles) texte(pointeur string, s *string, max int, vide string) {
	*s = strings.TrimSpace(*s)
	switch {
	case *s == "":
		c.refuser(pointeur, "required", vide)
	case utf8.RuneCountInString(*s) > max:
		c.refuser(pointeur, "max", "Ce texte est trop long.")
	}
}

func (c *controles) texteLibre(pointeur string, s *string) {
	*s = strings.TrimSpace(*s)
	if utf8.RuneCountInString(*s) > maxTexteLibre {
		c.refuser(pointeur, "max", "Ce texte dépasse 5 000 caractères.")
	}
}

// maxLogements is far above any operation and fits the column.
const maxLogements = 100_000

func (c *controles) logements(pointeur string, n int) {
	if n < 1 || n > maxLogements {
		c.refuser(pointeur, "min", "Indiquez un nombre de logements, à partir de 1.")
	}
}

func (c *controles) annee(pointeur string, annee int, jour date.Date) {
	if annee < premiereAnnee || annee > jour.Year() {
		c.refuser(pointeur, "annee", "Indiquez une année entre 1900 et l’année en cours.")
	}
}

func (c *controles) financement(pointeur string, f Financement) {
	if !slices.Contains(FinancementsSaisis(), f) {
		c.refuser(pointeur, "enum", "Choisissez un financement de la liste.")
	}
}

func (c *controles) erreur() error {
	if len(c.champs) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, codeInvalide, "Des champs sont à corriger : rien n’a été enregistré.").WithFields(c.champs...)
}

// premierJanvier is the day kept for a signature of which only the year is known.
func premierJanvier(annee int) date.Date { return date.New(annee, time.January, 1) }

// numeroLibre refuses a number held by another root (FI-03), and raises the sequence when the number belongs to it
// (FI-04). Those who want the same number wait for one another here.
func (i *Importation) numeroLibre(ctx context.Context, p auth.Principal, numero string) error {
	if err := i.store.VerrouillerNumeroConvention(ctx, strings.ToUpper(numero)); err != nil {
		return err
	}
	porteur, err := i.s.store.PorteurDuNumero(ctx, p, 0, numero)
	if err != nil || porteur == nil {
		return err
	}
	return numeroPris(porteur)
}

func numeroPris(porteur *Porteur) error {
	const message = "Ce numéro est déjà attribué à une autre convention."
	f := fault.New(fault.Invalid, CodeNumeroExistant, message).
		WithFields(fault.Field{Pointer: "/numero", Code: CodeNumeroExistant, Detail: message})
	if porteur != nil && porteur.Visible {
		f = f.With("convention_uuid", porteur.UUID.String())
	}
	return f
}

// conflitImport gives the words of a form to what a transition got first (a validation takes another lock).
func conflitImport(err error) error {
	if fault.HasCode(err, "NUMERO_PRIS") {
		return numeroPris(nil)
	}
	return err
}

// avancerCompteur raises the yearly sequence of a département when a number typed by hand belongs to it (FI-04).
func (i *Importation) avancerCompteur(ctx context.Context, d *Dossier, annee int) error {
	serie, ok := serieDe(d, premierJanvier(annee))
	if !ok || d.Convention.Numero == nil || annee < 1977 {
		return nil
	}
	rang, ok := serie.rang(*d.Convention.Numero)
	if !ok {
		return nil
	}
	dernier, err := i.s.store.VerrouillerCompteur(ctx, serie.departement, serie.annee)
	if err != nil || rang <= dernier {
		return err
	}
	return i.s.store.AvancerCompteur(ctx, serie.departement, serie.annee, rang)
}
