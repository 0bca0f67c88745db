package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/mail"
	"apilos/api/siap"
)

// SIAP is what is asked of the SIAP client. Errors wrap the sentinels of package siap; a creation makes
// one attempt only.
type SIAP interface {
	ListAlertes(ctx context.Context, login string, habilitationID int64, conventionUUID string) ([]siap.AlerteDTO, error)
	CreateAlerte(ctx context.Context, login string, habilitationID int64, a siap.AlerteCreation) (int64, error)
	DeleteAlerte(ctx context.Context, login string, habilitationID, id int64) error
	Operation(ctx context.Context, login string, habilitationID int64, numero string) (siap.OperationDTO, error)
	UsersAdministration(ctx context.Context, login string, habilitationID int64, code string) ([]siap.UtilisateurGroupeDTO, error)
	State() siap.State
}

// Envoi is a row whose delivery must be enqueued.
type Envoi struct {
	MessageID int64
	Type      string // decides the kind of job, hence its queue
}

// File enqueues deliveries in the transaction of ctx (02 AL-20).
type File interface {
	LivrerMessages(ctx context.Context, envois ...Envoi) error
}

// Gabarits renders the e-mails.
type Gabarits interface {
	Render(code string, d mail.Donnees) (mail.Rendered, error)
}

// Metriques counts the messages that reached their end, by canal and état.
type Metriques interface {
	MessageTraite(canal, etat string)
}

type sansMetriques struct{}

func (sansMetriques) MessageTraite(string, string) {}

// CompteTechnique calls SIAP for those who have no SIAP credentials: local accounts, batches, the
// antivirus (AL-08). Its zero value means that there is none.
type CompteTechnique struct {
	Login          string
	HabilitationID int64
}

// Config is what NewService needs. All fields are required but those that say otherwise.
type Config struct {
	Store    Store
	File     File
	SIAP     SIAP
	Courrier mail.Sender
	Gabarits Gabarits
	Horloge  func() time.Time
	Alea     func() float64 // in [0, 1), jitter of the pauses
	Journal  *slog.Logger

	BaseURL string // PUBLIC_BASE_URL, without final slash: links of e-mails
	Domaine string // domain of the sender, for Message-ID

	Technique CompteTechnique // optional
	// Addresses of the satisfaction questionnaires; "" sends none (EM-11, EM-12).
	QuestionnaireBailleur, QuestionnaireInstructeur string
	// Bail is how long a worker may hold a row without a sign of life; 0 means 45 s. It must exceed the
	// longest call (10 s).
	Bail      time.Duration
	Metriques Metriques // optional
	// Transports deliver the rows that other packages write, by type or by canal; optional.
	Transports map[string]Transport
}

// Service plans, keeps and delivers messages. It is safe for concurrent use, by several processes.
type Service struct{ cfg Config }

// NewService returns the service, or an error when a dependency is missing.
func NewService(c Config) (*Service, error) {
	if c.Store == nil || c.File == nil || c.SIAP == nil || c.Courrier == nil || c.Gabarits == nil || c.Horloge == nil ||
		c.Alea == nil || c.Journal == nil || c.BaseURL == "" || c.Domaine == "" {
		return nil, errors.New("alert: a dependency is missing")
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	if c.Bail <= 0 {
		c.Bail = defautBail
	}
	if c.Metriques == nil {
		c.Metriques = sansMetriques{}
	}
	return &Service{cfg: c}, nil
}

// Bail is the length of a claim: a row in EN_COURS past it belongs to a worker that died.
func (s *Service) Bail() time.Duration { return s.cfg.Bail }

func (s *Service) maintenant() time.Time { return s.cfg.Horloge().UTC().Truncate(time.Microsecond) }

// Emettre writes the messages of an event and enqueues their delivery, in the transaction of ctx: neither
// exists if it rolls back (AL-20). The caller holds the lock of the family. Emitting the same event twice
// writes nothing the second time.
func (s *Service) Emettre(ctx context.Context, e Evenement) error {
	i, err := s.interrupteurs(ctx, e)
	if err != nil {
		return fmt.Errorf("messages of %s: %w", e.Transition, err)
	}
	var envois []Envoi
	for _, m := range s.voulus(ctx, Planifier(e, i)) {
		ligne, err := s.ecrire(ctx, e, m)
		if err != nil {
			return fmt.Errorf("message %s of %s: %w", m.Type, e.Transition, err)
		}
		if ligne.ID != 0 && !m.Ignoree {
			envois = append(envois, Envoi{ligne.ID, ligne.Type})
		}
	}
	if len(envois) == 0 {
		return nil
	}
	if err := s.cfg.File.LivrerMessages(ctx, envois...); err != nil {
		return fmt.Errorf("enqueue messages of %s: %w", e.Transition, err)
	}
	return nil
}

func (s *Service) interrupteurs(ctx context.Context, e Evenement) (Interrupteurs, error) {
	var i Interrupteurs
	var err error
	if i.Alertes, err = s.cfg.Store.InterrupteurActif(ctx, InterrupteurAlertes, e.Acteur, e.CodeGestion); err != nil {
		return i, err
	}
	i.CourrielsCoupes, err = s.cfg.Store.InterrupteurActif(ctx, InterrupteurCourriels, e.Acteur, e.CodeGestion)
	return i, err
}

// voulus leaves out the questionnaires that have no address.
func (s *Service) voulus(ctx context.Context, plan []Message) []Message {
	out := plan[:0]
	for _, m := range plan {
		if p, ok := m.Charge.(chargePreparation); ok && s.sansQuestionnaire(p.Code) {
			s.cfg.Journal.InfoContext(ctx, "questionnaire sans adresse, courriel non envoyé", "courriel", p.Code)
			continue
		}
		out = append(out, m)
	}
	return out
}

func (s *Service) sansQuestionnaire(code string) bool {
	return (code == "EM-11" && s.cfg.QuestionnaireBailleur == "") || (code == "EM-12" && s.cfg.QuestionnaireInstructeur == "")
}

// ecrire adds the row of a planned message, and its line of log when it is switched off (AL-05).
func (s *Service) ecrire(ctx context.Context, e Evenement, m Message) (*MessageSortant, error) {
	le := e.Le.UTC().Truncate(time.Microsecond)
	ligne := &MessageSortant{
		Canal: m.Canal, Type: m.Type, ConventionID: &e.ConventionID, HistoriqueID: optID(e.HistoriqueID),
		Destinataire: m.Destinataire, CleUnicite: m.CleUnicite, UtilisateurID: optID(e.Acteur.UtilisateurID),
		HabilitationID: optHabilitation(e.Acteur), Etat: AEnvoyer, ProchainEssaiLe: le, CreeLe: le,
	}
	if m.Charge != nil {
		charge, err := json.Marshal(m.Charge)
		if err != nil {
			return nil, err
		}
		ligne.Charge = charge
	}
	if m.Ignoree {
		ligne.Etat, ligne.TraiteLe, ligne.Erreur = Ignoree, &le, "interrupteur fermé"
	}
	if err := s.cfg.Store.InsererMessage(ctx, ligne); err != nil || ligne.ID == 0 {
		return ligne, err
	}
	if m.Ignoree && m.Canal == CanalAlerte {
		return ligne, s.cfg.Store.InsererLog(ctx, logDe(&Ligne{MessageSortant: *ligne, Login: e.Acteur.Login}, Ignoree, ligne.Erreur, le))
	}
	return ligne, nil
}

// Attente counts the messages that are due and gives the age of the oldest, 0 when there is none; for the
// health page and the metrics (AL-26).
func (s *Service) Attente(ctx context.Context) (int, time.Duration, error) {
	le := s.maintenant()
	n, depuis, err := s.cfg.Store.Attente(ctx, le)
	if err != nil || n == 0 {
		return 0, 0, err
	}
	return n, max(0, le.Sub(depuis)), nil
}

// SIAPJoignable tells, without calling it, whether SIAP answered the last call. A submission made while it does not
// carries the warning OPERATION_SIAP_INDISPONIBLE: its gestionnaires may not all be told (EM-24).
func (s *Service) SIAPJoignable() bool {
	etat := s.cfg.SIAP.State()
	return etat.Breaker == siap.Closed && etat.ConsecutiveFailures == 0
}

func optID(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

func optHabilitation(p auth.Principal) *int {
	if p.HabilitationID == 0 {
		return nil
	}
	n := int(p.HabilitationID)
	return &n
}
