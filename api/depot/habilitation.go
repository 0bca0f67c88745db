package depot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"apilos/api/fault"
)

// Kinds of proof of a habilitation.
const (
	PreuveCourriel   = "email"
	PreuveProConnect = "proconnect"
	PreuveInterne    = "internal"
)

// Preuve is the public part of how a commune agreed, as it is stored: never the PIN.
type Preuve struct {
	Type                 string     `json:"type"`
	CreeLe               *time.Time `json:"createdAt,omitempty"`
	ErreurIdentification string     `json:"authenticationError,omitempty"`
}

// Preuve returns how the commune agreed or was asked to, nil before.
func (h *Habilitation) Preuve() *Preuve {
	if len(h.Strategie) == 0 || string(h.Strategie) == "null" {
		return nil
	}
	var p Preuve
	if err := json.Unmarshal(h.Strategie, &p); err != nil || p.Type == "" {
		return nil
	}
	return &p
}

// ValideLe tells whether the habilitation lets its client publish at that instant.
func (h *Habilitation) ValideLe(le time.Time) bool {
	return h.Statut == HabilitationAcceptee && h.AccepteLe != nil && (h.ExpireLe == nil || le.Before(*h.ExpireLe))
}

// encorePossible answers 412 unless the habilitation is pending.
func (h *Habilitation) encorePossible() error {
	switch h.Statut {
	case HabilitationAcceptee:
		return errHabilitationValidee()
	case HabilitationRejetee:
		return errHabilitationRejetee()
	}
	return nil
}

// CommuneHabilitable answers the 404 of route 21 unless the code is current.
func (s *Service) CommuneHabilitable(code string) error {
	if _, ok := s.c.Cog.Commune(code); !ok {
		return errCommuneHabilitation()
	}
	return nil
}

// CreerHabilitation asks for the agreement of a commune, on behalf of a client.
func (s *Service) CreerHabilitation(ctx context.Context, a Acteur, code string) (*Habilitation, error) {
	if err := s.CommuneHabilitable(code); err != nil {
		return nil, err
	}
	if a.Client == nil {
		return nil, ErrAuthentificationRequise()
	}
	le := s.maintenant()
	h := &Habilitation{ID: s.c.Identifiants.Nouveau(), ClientID: a.Client.ID, CodeCommune: code, Statut: HabilitationEnAttente, CreeLe: le, MisAJourLe: le}
	err := s.c.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.c.Store.InsererHabilitation(ctx, h); err != nil {
			return err
		}
		return s.journaliser(ctx, a, "depot_habilitation", "depot.habilitation.creer", h.ID, "+", map[string]string{"code_commune": code, "client_id": h.ClientID})
	})
	return h, err
}

// Habilitation returns a habilitation without looking at who asks; the transport then calls Accessible, in
// the order of 07 section 2.2.
func (s *Service) Habilitation(ctx context.Context, id string) (*Habilitation, error) {
	propre, err := idPropre(ObjetHabilitation, id)
	if err != nil {
		return nil, err
	}
	h, err := s.c.Store.Habilitation(ctx, propre)
	if err == nil && h == nil {
		err = ErrAbsent(ObjetHabilitation, id)
	}
	return h, err
}

// Accessible answers 403 unless the actor owns the habilitation or is an administrator.
func (s *Service) Accessible(a Acteur, h *Habilitation) error {
	if a.administre() || (a.Client != nil && a.Client.ID == h.ClientID) {
		return nil
	}
	return errHabilitationAutreClient()
}

// Valides tells which of these habilitations let their client publish; unknown ones do not.
func (s *Service) Valides(ctx context.Context, ids []string) (map[string]bool, error) {
	propres := make([]string, 0, len(ids))
	for _, id := range ids {
		propres = append(propres, strings.ToLower(id))
	}
	rows, err := s.c.Store.Habilitations(ctx, propres)
	if err != nil {
		return nil, err
	}
	valides := map[string]bool{}
	le := s.maintenant()
	for n := range rows {
		valides[rows[n].ID] = rows[n].ValideLe(le)
	}
	out := make(map[string]bool, len(ids))
	for n, id := range ids {
		out[id] = valides[propres[n]]
	}
	return out, nil
}

// Accepter accepts a habilitation by an administrator (route 25).
func (s *Service) Accepter(ctx context.Context, a Acteur, id string) (*Habilitation, error) {
	if err := a.exigerAdmin(); err != nil {
		return nil, err
	}
	var out *Habilitation
	err := s.c.Store.InTx(ctx, func(ctx context.Context) error {
		h, err := s.verrouiller(ctx, id)
		if err != nil {
			return err
		}
		out, err = s.accepter(ctx, a, h, Preuve{Type: PreuveInterne})
		return err
	})
	return out, err
}

// accepter writes the agreement in the transaction of ctx, under the lock of the row.
func (s *Service) accepter(ctx context.Context, a Acteur, h *Habilitation, p Preuve) (*Habilitation, error) {
	le := s.maintenant()
	set := map[string]any{
		"statut": HabilitationAcceptee, "accepte_le": le, "rejete_le": nil, "mis_a_jour_le": le, "strategie": jsonDe(p),
		"pin_empreinte": nil, "pin_expire_le": nil, "essais_restants": nil, "expire_le": nil,
	}
	if ttl := s.c.Reglages.HabilitationTTL; ttl > 0 {
		set["expire_le"] = le.Add(ttl)
	}
	return s.conclure(ctx, a, h, "depot.habilitation.accepter", set, p)
}

// rejeter writes the refusal in the transaction of ctx, under the lock of the row.
func (s *Service) rejeter(ctx context.Context, a Acteur, h *Habilitation, p Preuve) (*Habilitation, error) {
	le := s.maintenant()
	return s.conclure(ctx, a, h, "depot.habilitation.rejeter", map[string]any{
		"statut": HabilitationRejetee, "rejete_le": le, "mis_a_jour_le": le, "strategie": jsonDe(p), "pin_empreinte": nil, "pin_expire_le": nil, "essais_restants": nil,
	}, p)
}

func (s *Service) conclure(ctx context.Context, a Acteur, h *Habilitation, commande string, set map[string]any, p Preuve) (*Habilitation, error) {
	if err := s.c.Store.ModifierHabilitation(ctx, h.ID, set); err != nil {
		return nil, err
	}
	if err := s.journaliser(ctx, a, "depot_habilitation", commande, h.ID, "~", p); err != nil {
		return nil, err
	}
	return s.c.Store.Habilitation(ctx, h.ID)
}

func (s *Service) verrouiller(ctx context.Context, id string) (*Habilitation, error) {
	propre, err := idPropre(ObjetHabilitation, id)
	if err != nil {
		return nil, err
	}
	h, err := s.c.Store.VerrouillerHabilitation(ctx, propre)
	if err == nil && h == nil {
		err = ErrAbsent(ObjetHabilitation, id)
	}
	return h, err
}

// CourrielsCommune lists the addresses of the mairie, empty on any failure (route 22). A code that no
// commune has is 404.
func (s *Service) CourrielsCommune(ctx context.Context, code string) ([]string, error) {
	if !s.c.Cog.Connue(code) {
		return nil, ErrCommuneInconnue()
	}
	courriels, _, err := s.mairie(ctx, code)
	if err != nil {
		s.c.Journal.WarnContext(ctx, "directory of administrations", "commune", code, "error", err.Error())
		return []string{}, nil
	}
	return slices.Clip(courriels), nil
}

func (s *Service) mairie(ctx context.Context, code string) (courriels, sirets []string, err error) {
	if s.c.Annuaire == nil {
		return []string{}, nil, nil
	}
	courriels, sirets, err = s.c.Annuaire.Mairie(ctx, code)
	if courriels == nil {
		courriels = []string{}
	}
	return courriels, sirets, err
}

// ListeHabilitations is for the staff: newest first, with their client.
func (s *Service) ListeHabilitations(ctx context.Context, a Acteur, f FiltreHabilitations) ([]HabilitationDetail, int, error) {
	if !a.Admin && !PeutVoir(a.Principal) {
		return nil, 0, fault.PermissionRefusee()
	}
	if f.Texte != "" {
		f.CodesCommune = s.codesCommunes(f.Texte, "")
	}
	return s.c.Store.ListeHabilitations(ctx, f)
}

// HabilitationsDuClient lists the habilitations of the client who calls for a commune, newest first.
func (s *Service) HabilitationsDuClient(ctx context.Context, a Acteur, code string) ([]Habilitation, error) {
	if a.Client == nil {
		return nil, ErrAuthentificationRequise()
	}
	return s.c.Store.HabilitationsDuClient(ctx, a.Client.ID, code)
}

// ListeClients, ListeMandataires and ListeChefs are pages for the staff.
func (s *Service) ListeClients(ctx context.Context, a Acteur, texte string, f Fenetre) ([]ClientDetail, int, error) {
	if !PeutVoir(a.Principal) {
		return nil, 0, fault.PermissionRefusee()
	}
	return s.c.Store.ListeClients(ctx, texte, f)
}

// ListeMandataires is ListeClients for mandataires.
func (s *Service) ListeMandataires(ctx context.Context, a Acteur, texte string, f Fenetre) ([]Mandataire, int, error) {
	if !PeutVoir(a.Principal) {
		return nil, 0, fault.PermissionRefusee()
	}
	return s.c.Store.ListeMandataires(ctx, texte, f)
}

// ListeChefs is ListeClients for chefs de file.
func (s *Service) ListeChefs(ctx context.Context, a Acteur, texte string, f Fenetre) ([]ChefDetail, int, error) {
	if !PeutVoir(a.Principal) {
		return nil, 0, fault.PermissionRefusee()
	}
	return s.c.Store.ListeChefs(ctx, texte, f)
}

func jsonDe(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("depot: %T is not JSON: %v", v, err)) // own types of strings and dates only
	}
	return b
}
