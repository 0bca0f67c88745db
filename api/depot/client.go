package depot

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Option is a field of a partial change: absent, given, or given as null to erase.
type Option struct {
	Present bool
	Valeur  *string
}

// SaisieClient is what may be written of a client: the allow-list of 07 section 2.1.
type SaisieClient struct {
	Nom          *string
	MandataireID *string
	ChefDeFileID Option
	Email        Option
	Actif        *bool
	Strategie    *string
	// LegacyID is for the staff of the platform only: it decides of notifications and statistics.
	LegacyID Option
}

// LireClient returns a client with the names around it.
func (s *Service) LireClient(ctx context.Context, id string) (*ClientDetail, error) {
	propre, err := idPropre(ObjetClient, id)
	if err != nil {
		return nil, err
	}
	c, err := s.c.Store.Client(ctx, propre)
	if err == nil && c == nil {
		err = ErrAbsent(ObjetClient, id)
	}
	return c, err
}

// CreerClient adds a client and returns its token, shown this once (07 section 6.1). The mandataire gets
// it by e-mail.
func (s *Service) CreerClient(ctx context.Context, a Acteur, in SaisieClient) (*ClientDetail, string, error) {
	if err := a.exigerAdmin(); err != nil {
		return nil, "", err
	}
	jeton, err := tirerJeton(s.c.Alea)
	if err != nil {
		return nil, "", err
	}
	le := s.maintenant()
	c := Client{
		ID: s.c.Identifiants.Nouveau(), Nom: strings.TrimSpace(valeur(in.Nom)), Email: vide(in.Email.Valeur), Actif: in.Actif != nil && *in.Actif,
		LegacyID: vide(in.LegacyID.Valeur), ChefDeFileID: vide(in.ChefDeFileID.Valeur), JetonEmpreinte: empreinteJeton(jeton), JetonPrefixe: jeton[:longueurPrefixe],
		JetonCreeLe: le, CreeLe: le, MisAJourLe: le, Strategie: StrategieHabilitation,
	}
	if c.ChefDeFileID != nil {
		c.Strategie = StrategieChefDeFile
	}
	var d *ClientDetail
	err = s.c.Store.InTx(ctx, func(ctx context.Context) error {
		m, err := s.LireMandataire(ctx, valeur(in.MandataireID))
		if err != nil {
			return err
		}
		c.MandataireID = m.ID
		if c.ChefDeFileID != nil {
			chef, err := s.chef(ctx, *c.ChefDeFileID)
			if err != nil {
				return err
			}
			c.ChefDeFileID = &chef.ID
		}
		if err := s.c.Store.InsererClient(ctx, &c); err != nil {
			return err
		}
		if err := s.journaliser(ctx, a, "depot_client", "depot.client.creer", c.ID, "+", resumeClient(c)); err != nil {
			return err
		}
		if d, err = s.c.Store.Client(ctx, c.ID); err != nil {
			return err
		}
		messages, err := s.annoncerClient(ctx, d, jeton)
		if err != nil {
			return err
		}
		return s.c.Messages.Envoyer(ctx, messages...)
	})
	if err != nil {
		return nil, "", err
	}
	return d, jeton, nil
}

// annoncerClient makes the e-mail with the token and the notice to the partner directory.
func (s *Service) annoncerClient(ctx context.Context, d *ClientDetail, jeton string) ([]Message, error) {
	var out []Message
	if !s.c.Reglages.Demo {
		out = append(out, Message{
			Canal: CanalCourriel, Type: TypeJeton, Destinataire: d.MandataireEmail, CleUnicite: "depot.jeton:" + d.ID,
			Charge: ChargeJeton{
				ClientID: d.ID, Client: d.Nom, Mandataire: d.MandataireNom, ChefDeFile: valeur(d.ChefNom), JetonScelle: s.c.Sceau.Sceller(jeton),
				URLAPI: s.c.Reglages.URLAPI, URLDocumentation: s.c.Reglages.URLDocumentation,
			},
		})
	}
	m, err := s.avisPartenaire(ctx, &d.Client, TypePartenaireCreer)
	return append(out, m...), err
}

// avisPartenaire tells the partner directory of a client, when there is one.
func (s *Service) avisPartenaire(ctx context.Context, c *Client, typ string) ([]Message, error) {
	if !s.c.Reglages.Partenaire {
		return nil, nil
	}
	charge := ChargePartenaire{ClientID: c.ID, Nom: c.Nom, Perimetres: []ChargePerimetre{}}
	if c.ChefDeFileID != nil {
		ps, err := s.c.Store.Perimetres(ctx, *c.ChefDeFileID)
		if err != nil {
			return nil, err
		}
		for _, p := range ps {
			charge.Perimetres = append(charge.Perimetres, ChargePerimetre{p.Type, p.Code})
		}
	}
	return []Message{{Canal: CanalPartenaire, Type: typ, CleUnicite: fmt.Sprintf("%s:%s:%s", typ, c.ID, s.c.Identifiants.Nouveau()), Charge: charge}}, nil
}

// ModifierClient changes the given fields. The strategy follows the chef de file unless it is internal or
// given.
func (s *Service) ModifierClient(ctx context.Context, a Acteur, id string, in SaisieClient) (*ClientDetail, error) {
	if err := a.exigerAdmin(); err != nil {
		return nil, err
	}
	var d *ClientDetail
	err := s.c.Store.InTx(ctx, func(ctx context.Context) error {
		avant, err := s.LireClient(ctx, id)
		if err != nil {
			return err
		}
		set, err := s.changementsClient(ctx, avant, in)
		if err != nil {
			return err
		}
		if err := s.c.Store.ModifierClient(ctx, avant.ID, set); err != nil {
			return err
		}
		if d, err = s.c.Store.Client(ctx, avant.ID); err != nil {
			return err
		}
		if err := s.journaliser(ctx, a, "depot_client", "depot.client.modifier", d.ID, "~", resumeClient(d.Client)); err != nil {
			return err
		}
		messages, err := s.suivreClient(ctx, avant, d)
		if err != nil {
			return err
		}
		return s.c.Messages.Envoyer(ctx, messages...)
	})
	return d, err
}

func (s *Service) changementsClient(ctx context.Context, avant *ClientDetail, in SaisieClient) (map[string]any, error) {
	set := map[string]any{"mis_a_jour_le": s.maintenant()}
	if in.Nom != nil {
		set["nom"] = strings.TrimSpace(*in.Nom)
	}
	if in.Actif != nil {
		set["actif"] = *in.Actif
	}
	if in.Email.Present {
		set["email"] = vide(in.Email.Valeur)
	}
	if in.LegacyID.Present {
		set["legacy_id"] = vide(in.LegacyID.Valeur)
	}
	if in.MandataireID != nil {
		m, err := s.LireMandataire(ctx, *in.MandataireID)
		if err != nil {
			return nil, err
		}
		set["mandataire_id"] = m.ID
	}
	chefID := avant.ChefDeFileID
	if in.ChefDeFileID.Present {
		if chefID = vide(in.ChefDeFileID.Valeur); chefID != nil {
			chef, err := s.chef(ctx, *chefID)
			if err != nil {
				return nil, err
			}
			chefID = &chef.ID
		}
		set["chef_de_file_id"] = chefID
	}
	switch {
	case in.Strategie != nil:
		set["strategie"] = *in.Strategie
	case avant.Strategie == StrategieInterne || !in.ChefDeFileID.Present:
	case chefID != nil:
		set["strategie"] = StrategieChefDeFile
	default:
		set["strategie"] = StrategieHabilitation
	}
	return set, nil
}

// suivreClient tells the partner directory what changed, if anything that it knows did.
func (s *Service) suivreClient(ctx context.Context, avant, apres *ClientDetail) ([]Message, error) {
	switch {
	case avant.Actif && !apres.Actif:
		return s.avisPartenaire(ctx, &apres.Client, TypePartenaireArret)
	case !avant.Actif && apres.Actif:
		return s.avisPartenaire(ctx, &apres.Client, TypePartenaireReprise)
	case avant.Nom != apres.Nom, valeur(avant.ChefDeFileID) != valeur(apres.ChefDeFileID):
		return s.avisPartenaire(ctx, &apres.Client, TypePartenaireModif)
	}
	return nil, nil
}

// RenouvelerJeton replaces the token of a client: the old one no longer works (07 section 2.2).
func (s *Service) RenouvelerJeton(ctx context.Context, a Acteur, id string) (*ClientDetail, string, error) {
	if err := a.exigerAdmin(); err != nil {
		return nil, "", err
	}
	jeton, err := tirerJeton(s.c.Alea)
	if err != nil {
		return nil, "", err
	}
	var d *ClientDetail
	err = s.c.Store.InTx(ctx, func(ctx context.Context) error {
		avant, err := s.LireClient(ctx, id)
		if err != nil {
			return err
		}
		le := s.maintenant()
		if err := s.c.Store.ModifierClient(ctx, avant.ID, map[string]any{
			"jeton_empreinte": empreinteJeton(jeton), "jeton_prefixe": jeton[:longueurPrefixe], "jeton_cree_le": le, "mis_a_jour_le": le,
		}); err != nil {
			return err
		}
		if d, err = s.c.Store.Client(ctx, avant.ID); err != nil {
			return err
		}
		return s.journaliser(ctx, a, "depot_client", "depot.client.jeton", d.ID, "~", map[string]string{"jeton_prefixe": d.JetonPrefixe})
	})
	if err != nil {
		return nil, "", err
	}
	return d, jeton, nil
}

// PerimetresDuClient replaces the perimetres of the chef de file of a client (07 section 6.1).
func (s *Service) PerimetresDuClient(ctx context.Context, a Acteur, id string, ps []SaisiePerimetre) (*ChefDetail, error) {
	if err := a.exigerAdmin(); err != nil {
		return nil, err
	}
	c, err := s.LireClient(ctx, id)
	if err != nil {
		return nil, err
	}
	if c.ChefDeFileID == nil {
		return nil, errSansChef()
	}
	return s.ModifierChef(ctx, a, *c.ChefDeFileID, SaisieChef{Perimetres: &ps})
}

// EtatClients tells whether the list of clients has changed.
func (s *Service) EtatClients(ctx context.Context) (Etat, error) { return s.c.Store.EtatClients(ctx) }

// ParcourirClients reads the clients in the order of their creation.
func (s *Service) ParcourirClients(ctx context.Context, f Fenetre, fn func(ClientDetail) error) error {
	return s.c.Store.ParcourirClients(ctx, f, fn)
}

// resumeClient is what the journal keeps of a client: everything but the digest of its token.
func resumeClient(c Client) map[string]any {
	return map[string]any{
		"nom": c.Nom, "mandataire_id": c.MandataireID, "chef_de_file_id": c.ChefDeFileID, "email": c.Email, "actif": c.Actif,
		"strategie": c.Strategie, "legacy_id": c.LegacyID, "jeton_prefixe": c.JetonPrefixe, "jeton_cree_le": c.JetonCreeLe.Format(time.RFC3339),
	}
}

func valeur(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// vide turns an empty text into no text.
func vide(p *string) *string {
	if p == nil || strings.TrimSpace(*p) == "" {
		return nil
	}
	t := strings.TrimSpace(*p)
	return &t
}
