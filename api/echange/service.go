package echange

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/administration"
	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/compte"
	"apilos/api/convention"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/operation"

	"github.com/google/uuid"
)

// Store reads the operations and writes what SIAP says of them.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// Compter counts the conventions in the perimeter of p by statut, avenants left out, in one statement.
	Compter(ctx context.Context, p auth.Principal, statuts []convention.Statut) (map[convention.Statut]int, error)
	// Versions returns the root operations with exactly this number, and their versions, by date then id.
	Versions(ctx context.Context, numero string) ([]operation.Operation, error)
	// Acteurs returns the bailleur and the administration of a version.
	Acteurs(ctx context.Context, o operation.Operation) (bailleur.Bailleur, *administration.Administration, error)
	// Contenu returns what is attached to the versions, in a constant number of statements.
	Contenu(ctx context.Context, versionIDs []int64) (Contenu, error)
	// Visible tells whether p sees a root operation with this number.
	Visible(ctx context.Context, p auth.Principal, numero string) (bool, error)
	// VerrouillerNumero makes the calls about a number wait for one another until the end of the transaction.
	VerrouillerNumero(ctx context.Context, numero string) error
	// VerrouillerConventions locks the conventions of the versions, then reads them.
	VerrouillerConventions(ctx context.Context, versionIDs []int64) ([]convention.Convention, error)
	// FaitDepuis tells whether the journal holds this fact about an operation since an instant.
	FaitDepuis(ctx context.Context, operationID int64, commande string, depuis time.Time) (bool, error)
	Journaliser(ctx context.Context, j event.Journal) error
	// Parcourir reads every convention by uuid, some at a time, and hands each portion to fn (05 A.9).
	Parcourir(ctx context.Context, limite int, fn func(Portion) error) error
}

// Operations brings an operation of SIAP into the platform.
type Operations interface {
	SynchroniserDemandeSIAP(ctx context.Context, p auth.Principal, d operation.Demande) (operation.Resultat, error)
}

// Conventions cancels conventions in the transaction of ctx.
type Conventions interface {
	AnnulerPourSIAP(ctx context.Context, a convention.AnnulationSIAP) error
}

// Config is what New needs; everything is required but Strict.
type Config struct {
	Store       Store
	Operations  Operations
	Conventions Conventions
	Horloge     func() time.Time
	// Strict checks the perimeter of the habilitation on operations (SIAP_API_SCOPE).
	Strict bool
}

// Service answers the calls of SIAP. It is safe for concurrent use.
type Service struct{ cfg Config }

// New returns the service.
func New(c Config) (*Service, error) {
	if c.Store == nil || c.Operations == nil || c.Conventions == nil || c.Horloge == nil {
		return nil, errors.New("echange: a dependency is missing")
	}
	return &Service{cfg: c}, nil
}

// Codes of this package (05 A.2).
const (
	CodeOperationInconnue = "operation_not_found"
	CodeHorsPerimetre     = "out_of_scope"
)

// Facts about an operation in the journal.
const (
	FaitSynchronisation = "siap.synchronisation"
	FaitCloture         = "siap.cloture"
	FaitAnnulation      = "siap.annulation"
)

// longueurNumero is the longest number that can designate an operation, in characters (05 A.1).
const longueurNumero = 255

func inconnue(numero string) *fault.Error {
	return fault.Newf(fault.NotFound, CodeOperationInconnue,
		"L’opération « %s » n’est pas connue de la plateforme. Vérifiez son numéro.", numero)
}

func horsPerimetre(numero string) *fault.Error {
	return fault.Newf(fault.Forbidden, CodeHorsPerimetre,
		"L’opération « %s » n’est pas dans le périmètre de l’habilitation utilisée.", numero)
}

// Indicateurs counts the conventions of the habilitation (05 A.5); zero counts are kept.
func (s *Service) Indicateurs(ctx context.Context, a compte.AppelantSIAP) ([]Indicateur, error) {
	liste := indicateurs(a.ClasseKPI)
	var statuts []convention.Statut
	for _, i := range liste {
		statuts = append(statuts, i.Statuts...)
	}
	if len(statuts) == 0 {
		return liste, nil
	}
	nombres, err := s.cfg.Store.Compter(ctx, a.Principal, statuts)
	if err != nil {
		return nil, fmt.Errorf("count the indicators: %w", err)
	}
	for n, i := range liste {
		for _, statut := range i.Statuts {
			liste[n].Valeur += nombres[statut]
		}
	}
	return liste, nil
}

// Operation returns an operation described by its latest version. It fails with operation_not_found, and in
// mode strict with out_of_scope.
func (s *Service) Operation(ctx context.Context, a compte.AppelantSIAP, numero string) (*Famille, error) {
	versions, err := s.versions(ctx, a, numero)
	if err != nil {
		return nil, err
	}
	return s.famille(ctx, versions, versions[len(versions)-1])
}

// Synchroniser brings the operation from SIAP with what it lacks (05 A.6), and returns it described by its root.
// Doing it again, or at the same time, creates nothing more. It fails as Operation does, with the errors of
// 05 B.6.8 and with those of SIAP.
func (s *Service) Synchroniser(ctx context.Context, a compte.AppelantSIAP, numero string) (*Famille, error) {
	if !lisible(numero) {
		return nil, inconnue(numero)
	}
	surPlan, err := s.perimetreAVerifier(ctx, a, numero)
	if err != nil {
		return nil, err
	}
	res, err := s.cfg.Operations.SynchroniserDemandeSIAP(ctx, a.Principal, operation.Demande{Numero: numero, DansPerimetre: surPlan})
	if err != nil {
		return nil, traduire(err, numero)
	}
	if res.Cause != nil {
		return nil, traduire(res.Cause, numero)
	}
	versions, err := s.cfg.Store.Versions(ctx, res.Numero)
	if err != nil {
		return nil, fmt.Errorf("read operation %s: %w", numero, err)
	}
	racine, ok := trouver(versions, res.OperationID)
	if !ok {
		return nil, inconnue(numero)
	}
	if len(res.Creees) > 0 {
		if err := s.noter(ctx, a, racine, FaitSynchronisation, map[string]any{"conventions_creees": uuids(res.Creees)}); err != nil {
			return nil, err
		}
	}
	return s.famille(ctx, versions, racine)
}

// perimetreAVerifier checks, in mode strict, an operation known here; surPlan is true when only the answer of
// SIAP can tell whether a new one is in the perimeter.
func (s *Service) perimetreAVerifier(ctx context.Context, a compte.AppelantSIAP, numero string) (surPlan bool, err error) {
	if !s.cfg.Strict {
		return false, nil
	}
	versions, err := s.cfg.Store.Versions(ctx, numero)
	if err != nil {
		return false, fmt.Errorf("read operation %s: %w", numero, err)
	}
	if len(versions) == 0 {
		return true, nil
	}
	return false, s.exigerPerimetre(ctx, a, numero)
}

func (s *Service) exigerPerimetre(ctx context.Context, a compte.AppelantSIAP, numero string) error {
	if !s.cfg.Strict {
		return nil
	}
	visible, err := s.cfg.Store.Visible(ctx, a.Principal, numero)
	if err != nil {
		return fmt.Errorf("check the perimeter of operation %s: %w", numero, err)
	}
	if !visible {
		return horsPerimetre(numero)
	}
	return nil
}

// versions returns the versions of an operation that exists and that the caller may read.
func (s *Service) versions(ctx context.Context, a compte.AppelantSIAP, numero string) ([]operation.Operation, error) {
	if !lisible(numero) {
		return nil, inconnue(numero)
	}
	versions, err := s.cfg.Store.Versions(ctx, numero)
	if err != nil {
		return nil, fmt.Errorf("read operation %s: %w", numero, err)
	}
	if len(versions) == 0 {
		return nil, inconnue(numero)
	}
	return versions, s.exigerPerimetre(ctx, a, numero)
}

func (s *Service) famille(ctx context.Context, versions []operation.Operation, affichee operation.Operation) (*Famille, error) {
	f := &Famille{Affichee: affichee, Versions: map[int64]operation.Operation{}}
	for _, v := range versions {
		f.Versions[v.ID] = v
	}
	var err error
	if f.Bailleur, f.Administration, err = s.cfg.Store.Acteurs(ctx, affichee); err != nil {
		return nil, fmt.Errorf("read the actors of operation %s: %w", affichee.NumeroOperation, err)
	}
	if f.Contenu, err = s.cfg.Store.Contenu(ctx, identifiants(versions)); err != nil {
		return nil, fmt.Errorf("read the conventions of operation %s: %w", affichee.NumeroOperation, err)
	}
	return f, nil
}

// noter writes a fact about an operation in the journal: when, who, under which habilitation.
func (s *Service) noter(ctx context.Context, a compte.AppelantSIAP, o operation.Operation, fait string, effet map[string]any) error {
	j, err := ligneJournal(a, o, fait, effet, s.maintenant())
	if err != nil {
		return err
	}
	if err := s.cfg.Store.Journaliser(ctx, j); err != nil {
		return fmt.Errorf("note %s of operation %s: %w", fait, o.NumeroOperation, err)
	}
	return nil
}

func (s *Service) maintenant() time.Time { return s.cfg.Horloge().UTC().Truncate(time.Microsecond) }

// lisible tells whether a number can designate an operation; the empty one never does (05 A.6).
func lisible(numero string) bool {
	return numero != "" && utf8.ValidString(numero) && utf8.RuneCountInString(numero) <= longueurNumero && !strings.ContainsRune(numero, 0)
}

// traduire gives its code to a failed synchronisation; other errors stay as they are.
func traduire(err error, numero string) error {
	switch f := fault.As(err); {
	case f == nil:
		return err
	case f.Kind == fault.NotFound:
		return inconnue(numero).Because(err)
	case f.Code == operation.CodeOperationHorsPerimetre:
		return horsPerimetre(numero).Because(err)
	}
	return err
}

func trouver(versions []operation.Operation, id int64) (operation.Operation, bool) {
	for _, v := range versions {
		if v.ID == id {
			return v, true
		}
	}
	return operation.Operation{}, false
}

func identifiants(versions []operation.Operation) []int64 {
	ids := make([]int64, 0, len(versions))
	for _, v := range versions {
		ids = append(ids, v.ID)
	}
	return ids
}

func uuids(refs []operation.Reference) []uuid.UUID {
	var out []uuid.UUID
	for _, r := range refs {
		out = append(out, r.UUID)
	}
	return out
}
