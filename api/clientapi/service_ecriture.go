package clientapi

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// GraceParDefaut is how long the previous token works after a rotation, unless said otherwise; GraceMax is the most.
const (
	GraceParDefaut = 24 * time.Hour
	GraceMax       = 30 * 24 * time.Hour
)

// maxClients bounds what one event can cost: each client may listen to it.
const maxClients = 500

// Commands of the journal and of the security log.
const (
	faitCreation   = "client_api.creer"
	faitModif      = "client_api.modifier"
	faitRotation   = "client_api.jeton"
	faitRevocation = "client_api.revoquer"
)

// Creer makes a client and returns its token, which is never shown again. Errors: PERMISSION_REFUSEE,
// client_api_invalide, NOM_CLIENT_PRIS, CLIENTS_TROP_NOMBREUX.
func (s *Service) Creer(ctx context.Context, p auth.Principal, d Demande) (*Fiche, string, error) {
	if err := reserve(p, true); err != nil {
		return nil, "", err
	}
	prefixe, jeton, err := tirerJeton(s.c.Alea)
	if err != nil {
		return nil, "", err
	}
	le := s.maintenant()
	c := &Client{UUID: s.c.NouvelID(), Prefixe: prefixe, Empreinte: empreinte(jeton), CreeLe: le, MisAJourLe: le, Version: 1}
	if p.UtilisateurID != 0 {
		c.CreeParID = &p.UtilisateurID
	}
	var k controle
	k.appliquer(c, Reglage{
		Nom: &d.Nom, Description: &d.Description, Portees: &d.Portees, ExpireLe: &d.ExpireLe, DebitParMinute: &d.DebitParMinute,
		LoginSIAP: &d.LoginSIAP, HabilitationSIAP: &d.HabilitationSIAP,
	}, le)
	bailleurs, err := s.perimetre(ctx, &k, c, d.Perimetre)
	if err != nil {
		return nil, "", err
	}
	if err := k.erreur(); err != nil {
		return nil, "", err
	}
	err = s.c.Store.InTx(ctx, func(ctx context.Context) error {
		n, err := s.c.Store.EnService(ctx)
		if err != nil {
			return err
		}
		if n >= maxClients {
			return fault.Newf(fault.Conflict, "CLIENTS_TROP_NOMBREUX", "Il y a déjà %d clients d’API en service. Révoquez ceux qui ne servent plus.", n)
		}
		if err := s.c.Store.Inserer(ctx, c, bailleurs); err != nil {
			return err
		}
		apres, err := trace(c, bailleurs)
		if err != nil {
			return err
		}
		return s.tracer(ctx, p, event.Ajout, faitCreation, c, nil, apres)
	})
	if err != nil {
		return nil, "", err
	}
	s.securite(ctx, faitCreation, p, c)
	f, err := s.fiche(ctx, c.UUID)
	return f, jeton, err
}

// Modifier changes a client; at once in this process, within five seconds in the others. Errors:
// PERMISSION_REFUSEE, not found, client_api_invalide, NOM_CLIENT_PRIS, CLIENT_REVOQUE, VERSION_PERIMEE.
func (s *Service) Modifier(ctx context.Context, p auth.Principal, id uuid.UUID, version int, r Reglage) (*Fiche, error) {
	return s.changer(ctx, p, id, version, faitModif, func(c *Client, le time.Time) error {
		var k controle
		k.appliquer(c, r, le)
		return k.erreur()
	})
}

// Tourner gives a client a new token. The one in force until then works for grace more, 0 not at all; the one
// before it, if any, ends now. Errors: as Modifier.
func (s *Service) Tourner(ctx context.Context, p auth.Principal, id uuid.UUID, version int, grace time.Duration) (*Fiche, string, error) {
	if grace < 0 || grace > GraceMax {
		if err := reserve(p, true); err != nil {
			return nil, "", err
		}
		k := controle{}
		k.refuser("grace_heures", "hors_bornes", "Choisissez de 0 à 720 heures.")
		return nil, "", k.erreur()
	}
	prefixe, jeton, err := tirerJeton(s.c.Alea)
	if err != nil {
		return nil, "", err
	}
	f, err := s.changer(ctx, p, id, version, faitRotation, func(c *Client, le time.Time) error {
		c.AncienPrefixe, c.AncienneEmpreinte, c.AncienExpireLe = nil, nil, nil
		if grace > 0 {
			prefixe, empreinte, fin := c.Prefixe, c.Empreinte, le.Add(grace)
			c.AncienPrefixe, c.AncienneEmpreinte, c.AncienExpireLe = &prefixe, &empreinte, &fin
		}
		c.Prefixe, c.Empreinte, c.TourneLe = prefixe, empreinte(jeton), &le
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	return f, jeton, nil
}

// Revoquer ends a client for good: its tokens are refused and its webhooks receive nothing more. Errors: as Modifier.
func (s *Service) Revoquer(ctx context.Context, p auth.Principal, id uuid.UUID, version int) error {
	_, err := s.changer(ctx, p, id, version, faitRevocation, func(c *Client, le time.Time) error {
		c.RevoqueLe = &le
		c.AncienPrefixe, c.AncienneEmpreinte, c.AncienExpireLe = nil, nil, nil
		return nil
	})
	return err
}

func (s *Service) changer(ctx context.Context, p auth.Principal, id uuid.UUID, version int, commande string, fn func(*Client, time.Time) error) (*Fiche, error) {
	var change Client
	err := s.c.Store.InTx(ctx, func(ctx context.Context) error {
		f, err := s.Lire(ctx, p, id)
		if err != nil {
			return err
		}
		if err := reserve(p, true); err != nil {
			return err
		}
		c := f.Client
		switch {
		case c.Version != version:
			return perimee(c.Version)
		case c.RevoqueLe != nil:
			return fault.New(fault.Conflict, "CLIENT_REVOQUE", "Ce client est révoqué : il ne se modifie plus. Créez-en un nouveau.")
		}
		le := s.maintenant()
		if err := fn(&c, le); err != nil {
			return err
		}
		c.MisAJourLe = le
		ok, err := s.c.Store.Modifier(ctx, &c, version)
		if err != nil {
			return err
		}
		if !ok { // somebody else wrote between our reading and our writing
			return perimee(version + 1)
		}
		change = c
		return s.tracerChangement(ctx, p, commande, f, &c)
	})
	if err != nil {
		return nil, err
	}
	s.memoire.oublier(change.ID)
	s.securite(ctx, commande, p, &change)
	return s.fiche(ctx, id)
}

func (s *Service) tracerChangement(ctx context.Context, p auth.Principal, commande string, f *Fiche, c *Client) error {
	var bailleurs []int64
	for _, b := range f.Bailleurs {
		bailleurs = append(bailleurs, b.ID)
	}
	slices.Sort(bailleurs)
	avant, err := trace(&f.Client, bailleurs)
	if err != nil {
		return err
	}
	apres, err := trace(c, bailleurs)
	if err != nil {
		return err
	}
	return s.tracer(ctx, p, event.Modification, commande, c, avant, apres)
}

func perimee(actuelle int) error {
	return fault.New(fault.Stale, "VERSION_PERIMEE", "Ce client a été modifié entre-temps. Relisez-le avant de recommencer.").With("version", actuelle)
}

// trace is what the journal keeps of a client: everything that decides its rights, no digest.
func trace(c *Client, bailleurs []int64) ([]byte, error) {
	return json.Marshal(map[string]any{
		"nom": c.Nom, "description": c.Description, "portees": []string(c.Portees), "perimetre": c.Perimetre, "region": c.Region, "departement": c.Departement,
		"administration_id": c.AdministrationID, "bailleurs": bailleurs, "login_siap": c.LoginSiap, "habilitation_id": c.HabilitationID,
		"debit_par_minute": c.DebitParMinute, "prefixe": c.Prefixe, "ancien_prefixe": c.AncienPrefixe, "ancien_expire_le": c.AncienExpireLe,
		"expire_le": c.ExpireLe, "revoque_le": c.RevoqueLe, "version": c.Version,
	})
}
