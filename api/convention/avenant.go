package convention

import (
	"context"
	"fmt"
	"slices"
	"time"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// Refusals of the creation of an avenant (02 §3.1).
const (
	CodeConventionNonActive = "CONVENTION_NON_ACTIVE"
	CodeTypeInconnu         = "TYPE_AVENANT_INCONNU"
	CodeTypeExclusif        = "TYPE_AVENANT_EXCLUSIF"
	CodeTypeInadapte        = "TYPE_AVENANT_INADAPTE"
)

// Avenant is a row of the list of a family (AV-10).
type Avenant struct {
	UUID       uuid.UUID
	Statut     Statut
	Numero     *string
	Rang       *int
	Types      []string `gorm:"-"` // read apart
	SigneLe    *date.Date
	ValideLe   *date.Date
	CreeLe     time.Time
	MisAJourLe time.Time
	CreePar    string
	Bailleur   string // of this version

	PrecisionSignature string // of SigneLe: JOUR, or ANNEE for one that was signed on paper
}

// Genre returns what the row is called.
func (a Avenant) Genre() Genre {
	switch {
	case slices.Contains(a.Types, "denonciation"):
		return GenreDenonciation
	case slices.Contains(a.Types, "resiliation"):
		return GenreResiliation
	}
	return GenreAvenant
}

// NouvelAvenant is the row and the new version that the copy of a source gives.
type NouvelAvenant struct {
	UUID      uuid.UUID
	RacineID  int64
	SourceID  int64 // version copied (AV-05)
	CreeParID int64
	Types     []string
	Le        time.Time
}

type storeAvenant interface {
	// SourceAvenant returns the version to copy: the ACTIF avenant of highest rank, else the root (AV-05).
	SourceAvenant(ctx context.Context, racineID int64) (int64, error)
	// Cloner copies a version with all that it holds into a new avenant, in a number of statements that does not depend
	// on its size, and returns the id of its row. AVENANT_EN_COURS when the family has one in progress.
	Cloner(ctx context.Context, n NouvelAvenant) (int64, error)
	// Avenants lists those of a family that p sees: ranked ones in their order, then the others by creation (AV-10).
	Avenants(ctx context.Context, p auth.Principal, racineID int64) ([]Avenant, error)
}

// CreerAvenant starts an avenant on the family of id: a copy of its latest version in force, at the statut PROJET
// (02 §3.1, AV-01 to AV-09). Errors: not_found outside the perimeter, forbidden, AVENANT_EN_COURS with its uuid,
// CONVENTION_NON_ACTIVE, the refusals of the types.
func (s *Service) CreerAvenant(ctx context.Context, p auth.Principal, id uuid.UUID, types []string) (*Dossier, error) {
	return s.creerAvenant(ctx, p, id, types, event.OrigineWeb)
}

func (s *Service) creerAvenant(ctx context.Context, p auth.Principal, id uuid.UUID, types []string, origine string) (*Dossier, error) {
	var out *Dossier
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		racine, err := s.racineAAmender(ctx, p, id, types)
		if err != nil {
			return err
		}
		n := NouvelAvenant{UUID: uuid.Must(uuid.NewV7()), RacineID: racine.Convention.ID, CreeParID: p.UtilisateurID, Types: types}
		n.Le, _ = s.maintenant()
		if n.SourceID, err = s.store.SourceAvenant(ctx, n.RacineID); err != nil {
			return err
		}
		rowID, err := s.store.Cloner(ctx, n)
		if err != nil {
			return err
		}
		if err := s.inscrireCreation(ctx, p, creation{
			id: rowID, uuid: n.UUID, famille: n.RacineID, racine: &racine.Convention.UUID, origine: origine,
			faits: map[string]any{"types": types, "copie_de": n.SourceID}, le: n.Le,
		}); err != nil {
			return err
		}
		if err := s.store.RafraichirRecherche(ctx, n.RacineID); err != nil {
			return err
		}
		out, err = s.store.Charger(ctx, p, n.UUID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("create avenant: %w", err)
	}
	return out, nil
}

// racineAAmender locks the root of the family and checks that an avenant may be started.
func (s *Service) racineAAmender(ctx context.Context, p auth.Principal, id uuid.UUID, types []string) (*Dossier, error) {
	d, err := s.store.Verrouiller(ctx, p, id)
	if err != nil {
		return nil, err
	}
	if d.EstAvenant() { // creation from the page of an avenant means on its root (AV-03)
		if d, err = s.store.Verrouiller(ctx, p, d.Racine.UUID); err != nil {
			return nil, err
		}
	}
	if d.LectureSeule(p) || !p.Peut(auth.AddConvention) {
		return nil, fault.PermissionRefusee()
	}
	if a := d.AvenantEnCours; a != nil {
		return nil, fault.New(fault.Conflict, "AVENANT_EN_COURS", "Un avenant est déjà en cours. Terminez-le ou annulez-le avant d’en créer un autre.").
			With("avenant_uuid", a.String())
	}
	if s := d.Convention.Statut; !s.Actif() {
		return nil, fault.Newf(fault.Conflict, CodeConventionNonActive,
			"Un avenant se crée sur une convention signée : celle-ci est au statut « %s ».", s.Libelle(p.CoteInstructeur(), d.Genre())).
			With("statut_courant", string(s))
	}
	return d, d.typesAdmis(types)
}

// typesAdmis checks types asked together (AV-18, 02 §3.4).
func (d *Dossier) typesAdmis(types []string) error {
	connus := typesAvenant()
	for i, t := range types {
		pointeur := fmt.Sprintf("/types/%d", i)
		famille, connu := connus[t]
		switch {
		case !connu:
			return refusType(CodeTypeInconnu, pointeur, "Ce type d’avenant n’existe pas.")
		case slices.Contains(types[:i], t):
			return refusType(CodeTypeInconnu, pointeur, "Ce type d’avenant est demandé deux fois.")
		case famille == finDeConvention && len(types) > 1:
			return refusType(CodeTypeExclusif, pointeur, "Une dénonciation ou une résiliation ne se combine avec aucune autre modification.")
		case !famille.concerne(d):
			return refusType(CodeTypeInadapte, pointeur, "Ce type d’avenant ne concerne pas la nature de logements de cette convention.")
		}
	}
	return nil
}

func refusType(code, pointeur, detail string) error {
	return fault.New(fault.Invalid, code, detail).WithFields(fault.Field{Pointer: pointeur, Code: code, Detail: detail})
}

// familleType tells which conventions a type of avenant concerns.
type familleType int

const (
	toutes familleType = iota
	ordinaire
	foyer
	residence
	foyerOuResidence
	finDeConvention
)

func (f familleType) concerne(d *Dossier) bool {
	n := d.Operation.NatureLogement
	switch f {
	case ordinaire:
		return !n.FoyerOuResidence()
	case foyer:
		return n.Foyer()
	case residence:
		return n.FoyerOuResidence() && !n.Foyer()
	case foyerOuResidence:
		return n.FoyerOuResidence()
	}
	return true
}

// Avenants lists the avenants of the family of id that p sees: a future bailleur only sees its own (PE-22).
func (s *Service) Avenants(ctx context.Context, p auth.Principal, id uuid.UUID) ([]Avenant, error) {
	d, err := s.store.Charger(ctx, p, id)
	if err != nil {
		return nil, err
	}
	return s.store.Avenants(ctx, p, d.Racine.ID)
}
