package operation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// secondeVieEnAttente tells whether creation waits for a choice (02 §8.2): the operation is a seconde
// vie, and either the feature is off, or nobody has said yet which conventions it replaces.
func (y *synchronisation) secondeVieEnAttente(ctx context.Context) (bool, error) {
	if !y.web() || !y.plan.Operation.SecondeVie {
		return false, nil
	}
	m, err := y.s.attenteSecondeVie(ctx, y.numero)
	if err != nil || m == nil {
		return false, err
	}
	if m.Code == CodeSecondeVieChoix && (y.demande.JamaisConventionnee || y.demande.Suite != nil) {
		return false, nil // the choice is made; an answer does not open what the switch closes
	}
	y.res.Messages = append(y.res.Messages, *m)
	return true, nil
}

// attenteSecondeVie returns what holds back the conventions of a seconde vie operation, or nil.
func (s *Service) attenteSecondeVie(ctx context.Context, numero string) (*Message, error) {
	ouverte, err := s.store.SecondeVieOuverte(ctx)
	if err != nil {
		return nil, err
	}
	if ouverte {
		origines, err := s.store.ADesOrigines(ctx, numero)
		if err != nil || origines {
			return nil, err
		}
	}
	m := messageSecondeVie(ouverte)
	return &m, nil
}

// conventionsManquantes creates a convention for each financement that no active one covers (CR-01,
// CR-02, CR-05), and writes its history.
func (y *synchronisation) conventionsManquantes(ctx context.Context, o Operation) error {
	manquants := manquants(y.plan, y.conventions)
	if len(manquants) == 0 {
		return nil
	}
	var auteur *int64
	if y.web() && y.p.UtilisateurID != 0 {
		auteur = &y.p.UtilisateurID
	}
	creees, err := y.s.store.CreerConventions(ctx, o, manquants, auteur)
	if err != nil {
		return err
	}
	for _, c := range creees {
		if err := y.s.journal.ConventionCreee(ctx, c.ID, y.p, y.origine); err != nil {
			return fmt.Errorf("record the creation of convention %s: %w", c.UUID, err)
		}
		y.aRafraichir = append(y.aRafraichir, c.ID)
	}
	y.res.Creees = references(creees)
	return nil
}

// manquants lists the lots to have that no active convention covers; a convention with several lots
// covers all its financements (CR-05).
func manquants(plan Plan, conventions []ConventionOperation) []LotPrevu {
	var out []LotPrevu
	for _, l := range plan.Lots {
		if len(actives(l.Aide, conventions)) == 0 {
			out = append(out, l)
		}
	}
	return out
}

// actives returns the active roots with a lot of this financement (CR-01).
func actives(f CodeAide, conventions []ConventionOperation) []ConventionOperation {
	var out []ConventionOperation
	for _, c := range conventions {
		if !c.active() {
			continue
		}
		for _, g := range c.Financements {
			if f == g {
				out = append(out, c)
			}
		}
	}
	return out
}

// doubles warns about financements that several active conventions cover (CR-11).
func doubles(plan Plan, conventions []ConventionOperation) []Message {
	var out []Message
	for _, l := range plan.Lots {
		if a := actives(l.Aide, conventions); len(a) > 1 {
			out = append(out, messagePlusieurs(l.Aide, a))
		}
	}
	return out
}

// attribuerAuteur makes the web user the author of the conventions that SIAP created (CR-06).
func (y *synchronisation) attribuerAuteur(ctx context.Context) error {
	if !y.web() || y.p.UtilisateurID == 0 {
		return nil
	}
	var ids []int64
	for _, c := range y.conventions {
		if c.active() && c.CreeParID == nil && c.Source == SourceSIAP {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return y.s.store.AttribuerAuteur(ctx, ids, y.p.UtilisateurID)
}

// garderInstantane keeps what SIAP sent, once per content.
func (y *synchronisation) garderInstantane(ctx context.Context, operationID int64) error {
	brut := y.dto.Brut
	if brut == nil {
		var err error
		if brut, err = json.Marshal(y.dto); err != nil {
			return fmt.Errorf("keep the answer of SIAP: %w", err)
		}
	}
	charge, err := jsonCanonique(brut)
	if err != nil {
		return fmt.Errorf("keep the answer of SIAP: %w", err)
	}
	empreinte := sha256.Sum256(charge)
	return y.s.store.GarderInstantane(ctx, InstantaneSIAP{
		OperationID: operationID, Charge: charge, Empreinte: hex.EncodeToString(empreinte[:]), RecuLe: y.le,
	})
}

// jsonCanonique sorts the keys, removes spaces, and what a jsonb column refuses: NUL characters and
// numbers without bounds.
func jsonCanonique(brut json.RawMessage) (json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(brut))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return json.Marshal(stockable(v))
}

func stockable(v any) any {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(v, "\x00", "")
	case json.Number:
		if f, err := strconv.ParseFloat(v.String(), 64); err != nil || f > 1e30 || f < -1e30 || len(v) > 60 {
			return couper(v.String(), 60)
		}
		return v
	case []any:
		for i := range v {
			v[i] = stockable(v[i])
		}
		return v
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[strings.ReplaceAll(k, "\x00", "")] = stockable(e)
		}
		return out
	}
	return v
}
