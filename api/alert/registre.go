package alert

import (
	"context"
	"errors"
	"time"

	"apilos/api/auth"
	"apilos/api/fault"
	"apilos/api/siap"

	"github.com/google/uuid"
)

// PlafondTotal bounds the count of a list: beyond it, the total is this number.
const PlafondTotal = 10_000

// Orders of the register; the first one is the default.
const (
	TriCreeLe        = "cree_le"
	TriProchainEssai = "prochain_essai_le"
	TriTentatives    = "tentatives"
)

// FiltreRegistre selects messages. Zero members select everything.
type FiltreRegistre struct {
	UtilisateurID int64 // author
	// Perimetre keeps the conventions that this principal sees now; nil keeps all of them (staff).
	Perimetre     *auth.Principal
	ConventionID  int64
	Operation     string // number of an operation
	Canaux, Etats []string
	// Depuis and Jusqua bound the instant of creation: from the first, before the second.
	Depuis, Jusqua   *time.Time
	Tri              string
	Croissant        bool
	Decalage, Limite int
}

// Inscription is a message with what it is about.
type Inscription struct {
	MessageSortant
	ConventionUUID   *uuid.UUID
	ConventionNumero string
	NumeroOperation  string
	OperationNom     string
	AuteurNom        string
	// Etiquette is the label of an alert, as SIAP shows it.
	Etiquette string
}

// Fiche is a message with what it holds and every try of an alert, oldest first.
type Fiche struct {
	Inscription
	// Contenu is what is sent to SIAP; nil for other messages, which hold addresses and sealed codes, and once
	// the retention rule emptied it.
	Contenu *siap.AlerteCreation
	Essais  []AlerteSIAPLog
	// Relancable tells whether Relancer accepts it.
	Relancable bool
}

type storeRegistre interface {
	// Inscriptions lists the messages of a filter; total never exceeds PlafondTotal.
	Inscriptions(ctx context.Context, f FiltreRegistre) (liste []Inscription, total int, err error)
	// Inscription returns a message, nil when there is none.
	Inscription(ctx context.Context, id uuid.UUID) (*Inscription, error)
	// Essais lists the lines of log of a message, oldest first.
	Essais(ctx context.Context, messageID int64) ([]AlerteSIAPLog, error)
	// Compter counts the messages that are waiting or lost, by canal and état.
	Compter(ctx context.Context) ([]Compte, error)
}

// Compte is how many messages of a canal are in a état that is not an end, or is a loss.
type Compte struct {
	Canal, Etat  string
	Nombre       int
	PlusAncienne time.Time // creation of the oldest one
}

func equipe(p auth.Principal) bool { return p.Staff || p.Superuser }

func inconnu() error { return fault.Introuvable("Ce message") }

// Lister returns the messages of a filter: those of p about the conventions that p still sees (05 B.5.2), or all of
// them for staff (05 E.2).
func (s *Service) Lister(ctx context.Context, p auth.Principal, f FiltreRegistre) ([]Inscription, int, error) {
	switch {
	case equipe(p):
	case p.UtilisateurID == 0:
		return nil, 0, nil
	default:
		f.UtilisateurID, f.Perimetre = p.UtilisateurID, &p
	}
	return s.cfg.Store.Inscriptions(ctx, f)
}

// Lire returns a message with its tries, to staff; it does not exist for anybody else.
func (s *Service) Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*Fiche, error) {
	if !equipe(p) {
		return nil, inconnu()
	}
	i, err := s.cfg.Store.Inscription(ctx, id)
	if err != nil {
		return nil, err
	}
	if i == nil {
		return nil, inconnu()
	}
	fiche := &Fiche{Inscription: *i, Relancable: i.relancable(), Contenu: i.alerte().Creation}
	fiche.Essais, err = s.cfg.Store.Essais(ctx, i.ID)
	return fiche, err
}

// Compter tells the staff what waits and what is lost. Errors: PERMISSION_REFUSEE.
func (s *Service) Compter(ctx context.Context, p auth.Principal) ([]Compte, error) {
	if !equipe(p) {
		return nil, fault.PermissionRefusee()
	}
	return s.Bilan(ctx)
}

// Bilan is Compter for the metrics, which no user reads.
func (s *Service) Bilan(ctx context.Context) ([]Compte, error) {
	return s.cfg.Store.Compter(ctx)
}

// Reasons why the alerts of SIAP could not be read.
const (
	SIAPSansIdentifiants = "compte_local"
	SIAPIndisponible     = "indisponible"
)

// delaiLecture bounds what a page waits for SIAP.
const delaiLecture = 5 * time.Second

// AuSIAP lists the alerts that SIAP holds of a convention, with the credentials of the reader (or those of the
// technical account, for staff without any). raison says why they could not be read, "" when they were: the
// page then shows what the platform knows.
func (s *Service) AuSIAP(ctx context.Context, p auth.Principal, convention uuid.UUID) (liste []siap.AlerteDTO, raison string) {
	login, habilitation := p.Login, p.HabilitationID
	if login == "" || habilitation == 0 {
		if !equipe(p) || s.cfg.Technique.Login == "" {
			return nil, SIAPSansIdentifiants
		}
		login, habilitation = s.cfg.Technique.Login, s.cfg.Technique.HabilitationID
	}
	ctx, cancel := context.WithTimeout(ctx, delaiLecture)
	defer cancel()
	liste, err := s.cfg.SIAP.ListAlertes(ctx, login, habilitation, convention.String())
	switch {
	case err == nil:
		return liste, ""
	case errors.Is(err, siap.ErrNotFound): // it never heard of this convention
		return nil, ""
	}
	s.cfg.Journal.WarnContext(ctx, "alertes du SIAP illisibles", "convention", convention.String(), "error", err.Error())
	return nil, SIAPIndisponible
}

// EtatSIAP tells where an alert that left stands now: "PRESENTE" or "RETIREE" in SIAP, "" when nobody can tell.
func EtatSIAP(m MessageSortant, liste []siap.AlerteDTO) string {
	if m.Type != TypeCreer || m.Etat != Envoye || m.IdentifiantExterne == "" {
		return ""
	}
	for _, a := range liste {
		if texteID(a.ID) == m.IdentifiantExterne && !a.SupprimeeForUser {
			return "PRESENTE"
		}
	}
	return "RETIREE"
}
