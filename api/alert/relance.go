package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// lotRelances is how many messages one transaction sends again, maxRelances how many one request does.
const (
	lotRelances = 200
	maxRelances = 2000
)

// Reason given for sending a set of messages again (06 §3.3).
const (
	motifMin = 5
	motifMax = 500
)

type storeRelance interface {
	// Relancer puts a lost message back in the queue with a fresh count of tries and etat; false when it is not
	// lost, or when its content is gone.
	Relancer(ctx context.Context, id int64, etat string, charge json.RawMessage, le time.Time) (bool, error)
	// Perdues lists lost messages, oldest of each convention first, and locks them; those that somebody else
	// is sending again are left out.
	Perdues(ctx context.Context, f FiltreRegistre) ([]Inscription, error)
	// CompterPerdues counts what Perdues would give without limit.
	CompterPerdues(ctx context.Context, f FiltreRegistre) (int, error)
	// Complements reads again what an alert must carry of its convention.
	Complements(ctx context.Context, conventionID int64) (Complements, error)
	Journaliser(ctx context.Context, j event.Journal) error
}

// Complements is what an alert must carry and may have lacked when it was written (05 B.8).
type Complements struct {
	Numero           *string
	CodeInseeCommune string
	CodeGestion      string
	Siren            string
}

// relancable tells whether a message can be sent again: lost, and its content still there.
func (m MessageSortant) relancable() bool {
	return perdu(m.Etat) && (len(m.Charge) > 0 || m.Type == TypePurger)
}

func perdu(etat string) bool { return etat == Echec || etat == Abandon }

// RelancerPerdu has a lost message sent again, with a new day of tries, for staff. It keeps its place: a later
// alert of the convention that is still waiting goes on waiting. A message that somebody just sent again is
// returned as it is. Errors: not found, PERMISSION_REFUSEE, MESSAGE_NON_RELANCABLE, motif_invalide.
func (s *Service) RelancerPerdu(ctx context.Context, p auth.Principal, id uuid.UUID, motif string) (*Fiche, error) {
	motif, err := s.pourRelancer(p, motif, false)
	if err != nil {
		return nil, err
	}
	err = s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		i, err := s.cfg.Store.Inscription(ctx, id)
		if err != nil {
			return err
		}
		if i == nil {
			return inconnu()
		}
		fait, err := s.relancer(ctx, p, i, motif)
		if err != nil || fait || i.Relances > 0 {
			return err
		}
		if i, err = s.cfg.Store.Inscription(ctx, id); err != nil || (i != nil && i.Relances > 0) {
			return err // somebody else was faster
		}
		return fault.New(fault.Conflict, "MESSAGE_NON_RELANCABLE",
			"Ce message n’est pas en échec, ou son contenu n’est plus conservé : il ne peut pas être relancé.")
	})
	if err != nil {
		return nil, err
	}
	return s.Lire(ctx, p, id)
}

// Relances is the outcome of RelancerPerdus.
type Relances struct {
	Concernes int // what the filter matched before
	Relances  int
	Restants  int
}

// RelancerPerdus does RelancerPerdu for the lost messages of a filter, 2 000 at most in one call; simulation
// only counts. Errors: PERMISSION_REFUSEE, motif_invalide.
func (s *Service) RelancerPerdus(ctx context.Context, p auth.Principal, f FiltreRegistre, motif string, simulation bool) (Relances, error) {
	var out Relances
	motif, err := s.pourRelancer(p, motif, !simulation)
	if err != nil {
		return out, err
	}
	if out.Concernes, err = s.cfg.Store.CompterPerdues(ctx, f); err != nil || simulation {
		out.Restants = out.Concernes
		return out, err
	}
	for f.Limite = lotRelances; out.Relances < maxRelances; {
		n, err := s.relancerLot(ctx, p, f, motif)
		out.Relances += n
		if err != nil {
			return out, err
		}
		if n < lotRelances {
			break
		}
	}
	out.Restants, err = s.cfg.Store.CompterPerdues(ctx, f)
	return out, err
}

func (s *Service) relancerLot(ctx context.Context, p auth.Principal, f FiltreRegistre, motif string) (int, error) {
	var faits int
	err := s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		faits = 0
		perdues, err := s.cfg.Store.Perdues(ctx, f)
		if err != nil {
			return err
		}
		for i := range perdues {
			fait, err := s.relancer(ctx, p, &perdues[i], motif)
			if err != nil {
				return err
			}
			if fait {
				faits++
			}
		}
		return nil
	})
	return faits, err
}

func (s *Service) pourRelancer(p auth.Principal, motif string, obligatoire bool) (string, error) {
	if !equipe(p) || p.EnLecture() {
		return "", fault.PermissionRefusee()
	}
	motif = strings.TrimSpace(motif)
	n := utf8.RuneCountInString(motif)
	if (n == 0 && !obligatoire) || (n >= motifMin && n <= motifMax) {
		return motif, nil
	}
	detail := fmt.Sprintf("Donnez la raison de la relance, de %d à %d caractères.", motifMin, motifMax)
	return "", fault.New(fault.Invalid, "motif_invalide", detail).WithFields(fault.Field{Pointer: "/motif", Code: "motif_invalide", Detail: detail})
}

// relancer writes the row, its job and its line of audit, in the transaction of ctx; false when the row is not
// lost any more.
func (s *Service) relancer(ctx context.Context, p auth.Principal, i *Inscription, motif string) (bool, error) {
	charge, err := s.completer(ctx, i)
	if err != nil {
		return false, err
	}
	le := s.maintenant()
	fait, err := s.cfg.Store.Relancer(ctx, i.ID, etatRelance(i), charge, le)
	if err != nil || !fait {
		return false, err
	}
	if err := s.Relancer(ctx, &i.MessageSortant); err != nil {
		return false, err
	}
	j := event.Journal{NomTable: i.TableName(), LigneID: &i.ID, ObjetUUID: &i.UUID, Action: event.Fait, Commande: "message.relancer", Motif: motif, CreeLe: le}
	j.Signer(p)
	return true, s.cfg.Store.Journaliser(ctx, j)
}

// etatRelance: an alert that was given up may have reached SIAP, which is looked at before it is sent (AL-23).
func etatRelance(i *Inscription) string {
	if i.Type == TypeCreer {
		return EnCours
	}
	return AEnvoyer
}

// completer fills what an alert lacked with what the convention says now, else somebody who completed the
// data would be refused for ever. What the alert already said of the change does not move.
func (s *Service) completer(ctx context.Context, i *Inscription) (json.RawMessage, error) {
	charge := i.alerte()
	if i.ConventionID == nil || charge.Creation == nil || len(charge.Creation.Missing()) == 0 {
		return i.Charge, nil
	}
	c, err := s.cfg.Store.Complements(ctx, *i.ConventionID)
	if err != nil {
		return nil, err
	}
	a := charge.Creation
	a.CodeCommune, a.CodeGestion, a.Siren = premier(a.CodeCommune, c.CodeInseeCommune), premier(a.CodeGestion, c.CodeGestion), premier(a.Siren, c.Siren)
	if a.NumConvention == nil {
		a.NumConvention = c.Numero
	}
	return json.Marshal(charge)
}

// alerte reads the content of an alert; it is empty for another message, and once it is no longer kept.
func (m MessageSortant) alerte() chargeAlerte {
	var charge chargeAlerte
	if m.Type != TypeCreer || json.Unmarshal(m.Charge, &charge) != nil {
		return chargeAlerte{}
	}
	return charge
}

func premier(a, b string) string {
	if strings.TrimSpace(a) != "" {
		return a
	}
	return b
}
