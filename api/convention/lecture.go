package convention

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"apilos/api/auth"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// CodeSansRepere answers a comparison with a moment that the convention did not live, or that was not kept.
const CodeSansRepere = "COMPARAISON_SANS_REPERE"

// Repere names what a convention is compared with.
type Repere string

// What a convention is compared with (ux §4).
const (
	RepereParent     Repere = "parent"     // the version that the avenant amends (AV-15)
	RepereSoumission Repere = "soumission" // what the bailleur sent
	RepereVisite     Repere = "visite"     // what the caller saw
	RepereVersion    Repere = "version"    // a version that was kept
)

// VersionGardee is a row of table convention_version: the content of a convention at a moment that somebody may compare
// with, a submission or a visit. It is written whole, in the transaction that proves that it is that version.
type VersionGardee struct {
	ID           int64           `gorm:"column:id;primaryKey;autoIncrement"`
	ConventionID int64           `gorm:"column:convention_id"`
	Version      int             `gorm:"column:version"`
	Empreinte    string          `gorm:"column:empreinte"`
	Donnees      json.RawMessage `gorm:"column:donnees;type:jsonb"`
	CreeLe       time.Time       `gorm:"column:cree_le;default:(-)"`
}

// TableName returns the name of the table.
func (VersionGardee) TableName() string { return "convention_version" }

// Soumission is a row of table convention_soumission: a convention went to the service (T02, T06).
type Soumission struct {
	ID           int64     `gorm:"column:id;primaryKey;autoIncrement"`
	ConventionID int64     `gorm:"column:convention_id"`
	GardeeID     int64     `gorm:"column:convention_version_id"`
	SoumiseLe    time.Time `gorm:"column:soumise_le;default:(-)"`
	Transition   string    `gorm:"column:transition"`
}

// TableName returns the name of the table.
func (Soumission) TableName() string { return "convention_soumission" }

// Lecture is a row of table lecture: what a person read of a convention, under one of its habilitations. Personal: it is not
// in the journal, and goes with the person.
type Lecture struct {
	UtilisateurID  int64     `gorm:"column:utilisateur_id;primaryKey;autoIncrement:false"`
	HabilitationID int       `gorm:"column:habilitation_id;primaryKey;autoIncrement:false"`
	ConventionID   int64     `gorm:"column:convention_id;primaryKey;autoIncrement:false"`
	GardeeID       int64     `gorm:"column:convention_version_id"`
	LuLe           time.Time `gorm:"column:lu_le;default:(-)"`
}

// TableName returns the name of the table.
func (Lecture) TableName() string { return "lecture" }

// Moment is a version of a convention with the instant that gives it its meaning.
type Moment struct {
	Repere  Repere
	Version int
	Le      time.Time
	Donnees json.RawMessage
}

type storeLecture interface {
	// VersionLue returns the version of a convention and keeps it as it is until the end of the transaction; not_found
	// outside of the perimeter of p.
	VersionLue(ctx context.Context, p auth.Principal, id uuid.UUID) (conventionID int64, version int, err error)
	// GarderVersion keeps a content once and returns its id.
	GarderVersion(ctx context.Context, v VersionGardee) (int64, error)
	GarderSoumission(ctx context.Context, s Soumission) error
	GarderLecture(ctx context.Context, l Lecture) error
	// DerniereLecture is what p read last of a convention, nil when p never did; with its content if it is wanted.
	DerniereLecture(ctx context.Context, p auth.Principal, conventionID int64, contenu bool) (*Moment, error)
	// Soumissions are the last ones, newest first; with their content if it is wanted.
	Soumissions(ctx context.Context, conventionID int64, limite int, contenu bool) ([]Moment, error)
	// VersionGardee is what was kept last of a version, nil when nothing was.
	VersionGardee(ctx context.Context, conventionID int64, version int) (*Moment, error)
	// ModifieesDepuisLecture tells, of the conventions that p read, those that have changed since.
	ModifieesDepuisLecture(ctx context.Context, p auth.Principal, ids []uuid.UUID) ([]uuid.UUID, error)
}

// MarquerLu remembers that p read this version of a convention. Errors: not_found, stale when it is no longer that one,
// forbidden during an impersonation — what somebody reads in the name of another was not read by that person.
func (s *Service) MarquerLu(ctx context.Context, p auth.Principal, id uuid.UUID, version int) error {
	if !p.Peut(auth.ViewConvention) || p.DetourneParID != 0 || p.UtilisateurID == 0 {
		return fault.PermissionRefusee()
	}
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		convention, actuelle, err := s.store.VersionLue(ctx, p, id)
		if err != nil {
			return err
		}
		if version != actuelle {
			return VersionPerimee(actuelle)
		}
		le, _ := s.maintenant()
		gardee, err := s.garder(ctx, convention, le)
		if err != nil {
			return err
		}
		return s.store.GarderLecture(ctx, Lecture{
			UtilisateurID: p.UtilisateurID, HabilitationID: int(p.HabilitationID), ConventionID: convention, GardeeID: gardee, LuLe: le,
		})
	})
	if err != nil {
		return fmt.Errorf("mark as read: %w", err)
	}
	return nil
}

// garder keeps a convention as it is now, under the lock of its version. All of it, whoever asks: what a reader may not see
// is removed when it is read.
func (s *Service) garder(ctx context.Context, conventionID int64, le time.Time) (int64, error) {
	v, err := s.store.VersionDe(ctx, conventionID)
	if err != nil {
		return 0, err
	}
	donnees, err := v.Contenu()
	if err != nil {
		return 0, err
	}
	return s.store.GarderVersion(ctx, VersionGardee{ConventionID: conventionID, Version: v.Convention.Version, Donnees: donnees, CreeLe: le})
}

// garderSoumission keeps what the bailleur sends to the service.
func (e *execution) garderSoumission(t transition, de, vers Statut) error {
	if vers != Instruction || de != Projet && de != Correction {
		return nil
	}
	gardee, err := e.s.garder(e.ctx, e.d.Convention.ID, e.le)
	if err != nil {
		return err
	}
	return e.s.store.GarderSoumission(e.ctx, Soumission{ConventionID: e.d.Convention.ID, GardeeID: gardee, SoumiseLe: e.le, Transition: string(t.code)})
}

// Reperes lists the moments that p may compare a convention with, without their content: the last visit, then the
// submission, then, for an avenant, the version that it amends.
func (s *Service) Reperes(ctx context.Context, p auth.Principal, id uuid.UUID) (*Dossier, []Moment, error) {
	d, err := s.Lire(ctx, p, id)
	if err != nil {
		return nil, nil, err
	}
	var out []Moment
	for _, r := range []Repere{RepereVisite, RepereSoumission} {
		m, err := s.moment(ctx, p, d, r, false)
		if err != nil {
			return nil, nil, err
		}
		if m != nil {
			out = append(out, *m)
		}
	}
	if d.EstAvenant() {
		out = append(out, Moment{Repere: RepereParent})
	}
	return d, out, nil
}

// moment finds what was kept of the last visit or submission; nil when nothing was.
func (s *Service) moment(ctx context.Context, p auth.Principal, d *Dossier, r Repere, contenu bool) (m *Moment, err error) {
	if r == RepereVisite {
		m, err = s.store.DerniereLecture(ctx, p, d.Convention.ID, contenu)
	} else {
		m, err = s.derniereSoumission(ctx, p, d, contenu)
	}
	if m != nil {
		m.Repere = r
	}
	return m, err
}

// derniereSoumission is what the bailleur sent last. To the service that has just received it, nothing differs from that: it
// is shown what was sent the time before.
func (s *Service) derniereSoumission(ctx context.Context, p auth.Principal, d *Dossier, contenu bool) (*Moment, error) {
	soumissions, err := s.store.Soumissions(ctx, d.Convention.ID, 2, contenu)
	if err != nil || len(soumissions) == 0 {
		return nil, err
	}
	chezBailleur := slices.Contains([]Statut{Projet, Correction}, d.Convention.Statut)
	if len(soumissions) == 2 && !chezBailleur && duService(p) {
		return &soumissions[1], nil
	}
	return &soumissions[0], nil
}

func duService(p auth.Principal) bool { return p.CoteInstructeur() || p.Superuser || p.Staff }

// ComparerAvec compares a convention with itself at a moment: the net differences, without author nor what came between. A
// given version is for the service: to the bailleur, only what it sent and what it saw. Errors: not_found, also when the
// moment was not kept (COMPARAISON_SANS_REPERE); forbidden.
func (s *Service) ComparerAvec(ctx context.Context, p auth.Principal, id uuid.UUID, r Repere, version int) (Comparaison, Moment, error) {
	d, err := s.Lire(ctx, p, id)
	if err != nil {
		return Comparaison{}, Moment{}, err
	}
	var m *Moment
	switch {
	case r != RepereVersion:
		m, err = s.moment(ctx, p, d, r, true)
	case duService(p):
		if m, err = s.store.VersionGardee(ctx, d.Convention.ID, version); m != nil {
			m.Repere = r
		}
	default:
		return Comparaison{}, Moment{}, fault.PermissionRefusee()
	}
	if err != nil {
		return Comparaison{}, Moment{}, err
	}
	if m == nil {
		return Comparaison{}, Moment{}, SansRepere(r)
	}
	avant, err := d.AvecContenu(m.Donnees)
	if err != nil {
		return Comparaison{}, Moment{}, err
	}
	avant.Masquer(p)
	apres, err := s.store.Completer(ctx, d)
	if err != nil {
		return Comparaison{}, Moment{}, err
	}
	m.Donnees = nil
	return Comparer(avant, apres, false), *m, nil
}

// SansRepere is the answer when there is nothing to compare with.
func SansRepere(r Repere) error {
	detail := map[Repere]string{
		RepereSoumission: "Cette convention n’a pas encore été soumise, ou l’a été avant que ses versions ne soient gardées.",
		RepereVisite:     "Vous n’avez pas encore lu cette convention.",
		RepereVersion:    "Cette version n’a pas été gardée : seules le sont celles qui ont été soumises ou lues.",
		RepereParent:     "Cette convention n’en modifie pas une autre.",
	}[r]
	return fault.New(fault.NotFound, CodeSansRepere, detail)
}

// ModifieesDepuisLecture tells which of these conventions have changed since p read them; those that p never read, or
// does not see, are not named.
func (s *Service) ModifieesDepuisLecture(ctx context.Context, p auth.Principal, ids []uuid.UUID) ([]uuid.UUID, error) {
	if !p.Peut(auth.ViewConvention) {
		return nil, fault.PermissionRefusee()
	}
	if p.UtilisateurID == 0 || len(ids) == 0 {
		return nil, nil
	}
	return s.store.ModifieesDepuisLecture(ctx, p, ids)
}
