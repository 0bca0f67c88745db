package depot

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"fmt"
	"io"
	"math/big"
	"strings"
	"time"
)

// Life of a code (07 section 7, routes 26 and 27).
const (
	dureePIN     = 24 * time.Hour
	delaiRenvoi  = 5 * time.Minute
	essaisPIN    = 10
	pinDemo      = "000000"
	erreurEssais = "Trop de tentative de code raté"
)

// EnvoyerCode draws a code and sends it to an address of the mairie. The rule of five minutes counts what
// was queued: a failure of the mail server blocks nobody.
func (s *Service) EnvoyerCode(ctx context.Context, a Acteur, id, courriel string) error {
	h, err := s.Habilitation(ctx, id)
	if err != nil {
		return err
	}
	if err := h.encorePossible(); err != nil {
		return err
	}
	connus, err := s.CourrielsCommune(ctx, h.CodeCommune)
	if err != nil {
		return err
	}
	courriel, ok := parmi(connus, courriel)
	if !ok {
		return errCourrielEtranger()
	}
	code, err := tirerPIN(s.c.Alea)
	if err != nil {
		return err
	}
	client, err := s.c.Store.Client(ctx, h.ClientID)
	if err != nil {
		return err
	}
	return s.c.Store.InTx(ctx, func(ctx context.Context) error {
		h, err := s.verrouiller(ctx, id)
		if err != nil {
			return err
		}
		if err := h.encorePossible(); err != nil {
			return err
		}
		le := s.maintenant()
		if h.PinEnvoyeLe != nil && le.Sub(*h.PinEnvoyeLe) < delaiRenvoi {
			return errCourrielRecent()
		}
		if err := s.c.Store.ModifierHabilitation(ctx, h.ID, map[string]any{
			"email_commune": courriel, "strategie": jsonDe(Preuve{Type: PreuveCourriel, CreeLe: &le}), "pin_empreinte": s.c.Sceau.empreintePIN(h.ID, code),
			"pin_expire_le": le.Add(dureePIN), "pin_envoye_le": le, "essais_restants": essaisPIN, "mis_a_jour_le": le,
		}); err != nil {
			return err
		}
		if err := s.journaliser(ctx, a, "depot_habilitation", "depot.habilitation.code", h.ID, "~", map[string]string{"email_commune": courriel}); err != nil {
			return err
		}
		return s.envoyerPIN(ctx, h, client, courriel, code, le)
	})
}

func (s *Service) envoyerPIN(ctx context.Context, h *Habilitation, client *ClientDetail, courriel, code string, le time.Time) error {
	if s.c.Reglages.Demo {
		return nil
	}
	return s.c.Messages.Envoyer(ctx, Message{
		Canal: CanalCourriel, Type: TypeCode, Destinataire: courriel, CleUnicite: fmt.Sprintf("depot.code:%s:%d", h.ID, le.UnixMilli()),
		Charge: ChargeCode{HabilitationID: h.ID, CodeCommune: h.CodeCommune, Commune: s.nomCommune(h.CodeCommune), Client: client.Nom, CodeScelle: s.c.Sceau.Sceller(code), ExpireLe: le.Add(dureePIN)},
	})
}

// ValiderCode compares a code. A wrong one costs an attempt, counted even though the answer is a refusal:
// the transaction commits, then the refusal is returned.
func (s *Service) ValiderCode(ctx context.Context, a Acteur, id, code string) error {
	var refus error
	err := s.c.Store.InTx(ctx, func(ctx context.Context) error {
		refus = nil // the transaction may be tried again
		h, err := s.verrouiller(ctx, id)
		if err != nil {
			return err
		}
		if err := h.encorePossible(); err != nil {
			return err
		}
		if s.c.Reglages.Demo && code == pinDemo {
			_, err := s.accepter(ctx, a, h, preuveCourriel(h))
			return err
		}
		if h.PinEmpreinte == nil || h.PinExpireLe == nil {
			return errAucunCode()
		}
		if !hmac.Equal([]byte(*h.PinEmpreinte), []byte(s.c.Sceau.empreintePIN(h.ID, code))) {
			refus, err = s.essaiPerdu(ctx, a, h)
			return err
		}
		if !s.maintenant().Before(*h.PinExpireLe) {
			return errCodeExpire()
		}
		_, err = s.accepter(ctx, a, h, preuveCourriel(h))
		return err
	})
	if err != nil {
		return err
	}
	return refus
}

// essaiPerdu counts a wrong code and rejects the habilitation after the last one.
func (s *Service) essaiPerdu(ctx context.Context, a Acteur, h *Habilitation) (refus, err error) {
	reste, ok, err := s.c.Store.ConsommerEssai(ctx, h.ID, s.maintenant())
	if err != nil {
		return nil, err
	}
	if ok && reste > 0 {
		return errCodeFaux(reste), nil
	}
	p := preuveCourriel(h)
	p.ErreurIdentification = erreurEssais
	if _, err := s.rejeter(ctx, a, h, p); err != nil {
		return nil, err
	}
	return errCodeRejete(), nil
}

func preuveCourriel(h *Habilitation) Preuve {
	if p := h.Preuve(); p != nil && p.Type == PreuveCourriel {
		return *p
	}
	return Preuve{Type: PreuveCourriel}
}

// tirerPIN draws six digits, zero padded.
func tirerPIN(alea io.Reader) (string, error) {
	n, err := rand.Int(alea, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("draw code: %w", err)
	}
	return fmt.Sprintf("%06d", n), nil
}

// parmi finds an address in a list, whatever the case of its letters.
func parmi(liste []string, courriel string) (string, bool) {
	for _, c := range liste {
		if strings.EqualFold(c, strings.TrimSpace(courriel)) {
			return c, true
		}
	}
	return "", false
}
