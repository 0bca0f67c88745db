package revision

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"apilos/api/event"
)

// maxContexte bounds the context of a revision, in bytes; a nature may want less.
const maxContexte = 64 << 10

// Creer opens a pending revision (07 §4.2). Errors: NATURE_INCONNUE, CONTEXTE_INVALIDE, those of Genre.Portee.
func (s *Service) Creer(ctx context.Context, a Acteur, c Creation) (*Revision, error) {
	g, ok := s.genres[c.Nature]
	if !ok {
		return nil, natureInconnue(c.Nature)
	}
	if err := g.Portee(ctx, a, c.PorteeType, c.PorteeCle); err != nil {
		return nil, err
	}
	contexte, err := normaliserContexte(c.Contexte)
	if err != nil {
		return nil, err
	}
	le, prete := s.maintenant(), false
	r := &Revision{
		ID: s.c.Identifiants.Nouveau(), Nature: string(c.Nature), PorteeType: c.PorteeType, PorteeCle: c.PorteeCle,
		ClientID: a.clientID(), AuteurID: a.auteurID(), Statut: EnAttente, Prete: &prete,
		Contexte: contexte, Validation: json.RawMessage("{}"), CreeLe: le, MisAJourLe: le,
	}
	j, err := journal(a, event.Ajout, commandeCreation, traceDe(r), le)
	if err != nil {
		return nil, err
	}
	if err := s.c.Store.Inserer(ctx, r, j); err != nil {
		return nil, fmt.Errorf("create revision: %w", err)
	}
	return r, nil
}

// normaliserContexte keeps a JSON object that a jsonb column can hold.
func normaliserContexte(brut json.RawMessage) (json.RawMessage, error) {
	brut = bytes.TrimSpace(brut)
	switch {
	case len(brut) == 0:
		return json.RawMessage("{}"), nil
	case brut[0] != '{':
		return nil, contexteInvalide("un objet JSON est attendu")
	case len(brut) > maxContexte:
		return nil, contexteInvalide(fmt.Sprintf("il dépasse %d octets", maxContexte))
	}
	d := json.NewDecoder(bytes.NewReader(brut))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		return nil, contexteInvalide("le JSON est mal formé")
	}
	if !conservable(v) {
		return nil, contexteInvalide("il contient un caractère nul ou un nombre trop grand")
	}
	out, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("context of the revision: %w", err)
	}
	return out, nil
}

// conservable refuses what jsonb cannot hold: the character NUL and numbers with a huge exponent.
func conservable(v any) bool {
	switch v := v.(type) {
	case string:
		return !strings.ContainsRune(v, 0)
	case json.Number:
		if len(v) > 200 {
			return false
		}
		_, e, exposant := strings.Cut(strings.ToLower(string(v)), "e")
		return !exposant || len(strings.TrimLeft(e, "+-0")) <= 3
	case []any:
		for _, x := range v {
			if !conservable(x) {
				return false
			}
		}
	case map[string]any:
		for k, x := range v {
			if !conservable(k) || !conservable(x) {
				return false
			}
		}
	}
	return true
}

// Restaurer opens a pending revision with the files of a published one: same objects, no copy. It is then
// computed and published like any other (07 §12).
func (s *Service) Restaurer(ctx context.Context, a Acteur, id string) (*Revision, error) {
	source, g, err := s.lire(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if err := g.Portee(ctx, a, source.PorteeType, source.PorteeCle); err != nil {
		return nil, err
	}
	if source.Statut != Publiee || len(source.Fichiers) == 0 {
		return nil, nonRestaurable()
	}
	le, prete := s.maintenant(), false
	r := &Revision{
		ID: s.c.Identifiants.Nouveau(), Nature: source.Nature, PorteeType: source.PorteeType, PorteeCle: source.PorteeCle,
		ClientID: a.clientID(), AuteurID: a.auteurID(), Statut: EnAttente, Prete: &prete,
		Contexte: source.Contexte, Validation: json.RawMessage("{}"), CreeLe: le, MisAJourLe: le,
	}
	for _, f := range source.Fichiers {
		if !utilisable(f) {
			return nil, nonRestaurable()
		}
		f.ID, f.RevisionID, f.CreeLe = s.c.Identifiants.Nouveau(), r.ID, le
		r.Fichiers = append(r.Fichiers, f)
	}
	t := traceDe(r)
	t.Origine = source.ID
	j, err := journal(a, event.Ajout, commandeRestauration, t, le)
	if err != nil {
		return nil, err
	}
	if err := s.c.Store.Inserer(ctx, r, j); err != nil {
		return nil, fmt.Errorf("restore revision: %w", err)
	}
	return r, nil
}
