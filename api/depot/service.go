package depot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"apilos/api/cog"
	"apilos/api/event"
	"apilos/api/revision"

	"github.com/google/uuid"
)

// Moteur runs the four steps (revision.Service).
type Moteur interface {
	Creer(ctx context.Context, a revision.Acteur, c revision.Creation) (*revision.Revision, error)
	Deposer(ctx context.Context, a revision.Acteur, id string, d revision.Depot) (*revision.RevisionFichier, error)
	Calculer(ctx context.Context, a revision.Acteur, id string) (*revision.Revision, error)
	Publier(ctx context.Context, a revision.Acteur, id string, p revision.Publication) (*revision.Revision, error)
	// Ouvrir opens a file from a byte; longueur 0 means to its end.
	Ouvrir(ctx context.Context, f revision.RevisionFichier, debut, longueur int64) (io.ReadCloser, error)
	// Supprimer deletes a pending revision with its objects.
	Supprimer(ctx context.Context, a revision.Acteur, id string) error
}

// Reglages are the settings of 07 section 13 that the rules look at.
type Reglages struct {
	URLAPI, URLDocumentation string // shown in e-mails
	Demo                     bool   // PIN 000000 accepted, no e-mail (DEMO_MODE)
	HabilitationTTL          time.Duration
	NotifierBAN              bool     // NOTIFY_BAN
	Messagerie               bool     // MATTERMOST_WEBHOOK_URL is set
	Partenaire               bool     // API_BAL_ADMIN_URL is set
	OriginesRetour           []string // PC_REDIRECT_ALLOWED_ORIGINS
	Contact                  string   // address of the mandataire of the staff (CONTACT_EMAIL)
	TailleMax                int64    // DEPOT_MAX_FILE_BYTES
	// Analyses is how many reports and comparisons run at the same time, beside the validations of the
	// engine; 0 means 1.
	Analyses int
}

// Config is what the service is made of. Annuaire, BAN and ProConnect may be nil: no address is known, the
// lookup gives 0, the sign-in answers that it is not configured.
type Config struct {
	Store        Store
	Cog          *cog.Cog
	Identifiants *revision.Identifiants
	Moteur       Moteur // or Brancher
	Messages     Messages
	Annuaire     Annuaire
	BAN          BAN
	ProConnect   ProConnect
	Sceau        *Sceau
	Alea         io.Reader // tokens and codes
	Horloge      func() time.Time
	Journal      *slog.Logger
	Reglages     Reglages
}

// Service is the deposit.
type Service struct {
	c         Config
	analyses  chan struct{}
	anciennes []string // former codes of communes

	proprietaires proprietaires
}

// TailleMaxBAL is the default of DEPOT_MAX_FILE_BYTES.
const TailleMaxBAL = 50_000_000

// New checks that nothing is missing.
func New(c Config) (*Service, error) {
	if c.Store == nil || c.Cog == nil || c.Identifiants == nil || c.Messages == nil || c.Sceau == nil || c.Alea == nil || c.Horloge == nil || c.Journal == nil {
		return nil, errors.New("depot: a dependency is missing")
	}
	if c.Reglages.TailleMax == 0 {
		c.Reglages.TailleMax = TailleMaxBAL
	}
	return &Service{c: c, analyses: make(chan struct{}, max(1, c.Reglages.Analyses)), anciennes: anciennesDe(c.Cog)}, nil
}

// Brancher gives the engine, which itself needs the Genre of this service. It is called while the program
// is wired.
func (s *Service) Brancher(m Moteur) { s.c.Moteur = m }

func (s *Service) maintenant() time.Time { return s.c.Horloge().UTC().Truncate(time.Millisecond) }

// Demo tells whether the service accepts the demonstration code.
func (s *Service) Demo() bool { return s.c.Reglages.Demo }

// Cog is the geographic code in use.
func (s *Service) Cog() *cog.Cog { return s.c.Cog }

// Authentifier finds the client of a token. A stopped client is refused after it was recognised.
func (s *Service) Authentifier(ctx context.Context, jeton string) (*ClientDetail, error) {
	c, err := s.c.Store.ClientParJeton(ctx, empreinteJeton(jeton))
	switch {
	case err != nil:
		return nil, err
	case c == nil:
		return nil, ErrJetonInconnu()
	case !c.Actif:
		return nil, ErrClientDesactive()
	}
	return c, nil
}

// journaliser writes what an administrator or a client did; ids are text, so they lie in the content.
func (s *Service) journaliser(ctx context.Context, a Acteur, table, commande, id, action string, apres any) error {
	contenu, err := json.Marshal(map[string]any{"id": id, "valeurs": apres})
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	j := event.Journal{NomTable: table, Action: action, Commande: commande, Apres: contenu, Acteur: a.Nom(), IP: a.IP, CreeLe: s.maintenant()}
	if a.Principal.UtilisateurID != 0 {
		j.UtilisateurID = &a.Principal.UtilisateurID
		if h := int(a.Principal.HabilitationID); h != 0 {
			j.HabilitationID = &h
		}
		if a.Principal.DetourneParID != 0 {
			j.DetourneParID = &a.Principal.DetourneParID
		}
	}
	if r, err := uuid.Parse(a.RequeteID); err == nil {
		j.RequeteID = &r
	}
	return s.c.Store.Journaliser(ctx, j)
}

// idPropre gives an identifier as it is stored: letters in lower case.
func idPropre(o Objet, valeur string) (string, error) {
	if !revision.IDValide(valeur) {
		return "", ErrID(o, valeur)
	}
	return strings.ToLower(valeur), nil
}

// CommuneActuelle answers the 404 of the revision routes unless the code is current; a former one passes
// when ancienne is true (07 section 2.4).
func (s *Service) CommuneActuelle(code string, ancienne bool) error {
	if _, ok := s.c.Cog.Commune(code); ok || (ancienne && s.c.Cog.Connue(code)) {
		return nil
	}
	return ErrCommuneInconnue()
}

// nomCommune is the name of a commune, current or former, else its code.
func (s *Service) nomCommune(code string) string {
	if c, ok := s.c.Cog.Commune(code); ok {
		return c.Nom
	}
	if actuelle, ok := s.c.Cog.Ancienne(code); ok {
		if c, ok := s.c.Cog.Commune(actuelle); ok {
			return c.Nom
		}
	}
	return code
}

// dansPerimetre tells whether a commune is in one of the perimetres (07 section 4.4). For a municipal
// arrondissement the mother commune is tried as well.
func (s *Service) dansPerimetre(code string, perimetres []Perimetre) bool {
	c, ok := s.c.Cog.Commune(code)
	if !ok {
		// A former code has neither département nor EPCI: only its own perimetre can hold it.
		c.Code = code
	}
	mere := c
	if c.Mere != "" {
		mere, _ = s.c.Cog.Commune(c.Mere)
	}
	for _, p := range perimetres {
		switch p.Type {
		case PerimetreCommune:
			if p.Code == c.Code || p.Code == mere.Code {
				return true
			}
		case PerimetreDepartement:
			if ok && (p.Code == c.Departement || p.Code == mere.Departement) {
				return true
			}
		case PerimetreEPCI:
			if ok && p.Code != "" && (p.Code == c.EPCI || p.Code == mere.EPCI) {
				return true
			}
		}
	}
	return false
}
