package depot

import (
	"context"
	"strings"
)

// SaisieChef is what may be written of a chef de file. Perimetres replaces the whole list.
type SaisieChef struct {
	Nom, Email                    *string
	EmailPublic, SignataireCharte *bool
	Perimetres                    *[]SaisiePerimetre
}

// SaisiePerimetre is a perimetre to write; its type was checked by the transport.
type SaisiePerimetre struct{ Type, Code string }

// chef returns a chef de file without its perimetres.
func (s *Service) chef(ctx context.Context, id string) (*ChefDeFile, error) {
	propre, err := idPropre(ObjetChefDeFile, id)
	if err != nil {
		return nil, err
	}
	c, err := s.c.Store.ChefDeFile(ctx, propre)
	if err == nil && c == nil {
		err = ErrAbsent(ObjetChefDeFile, id)
	}
	return c, err
}

// LireChef returns a chef de file with its perimetres.
func (s *Service) LireChef(ctx context.Context, id string) (*ChefDetail, error) {
	c, err := s.chef(ctx, id)
	if err != nil {
		return nil, err
	}
	ps, err := s.c.Store.Perimetres(ctx, c.ID)
	return &ChefDetail{ChefDeFile: *c, Perimetres: ps}, err
}

// CreerChef adds a chef de file.
func (s *Service) CreerChef(ctx context.Context, a Acteur, in SaisieChef) (*ChefDetail, error) {
	if err := a.exigerAdmin(); err != nil {
		return nil, err
	}
	le := s.maintenant()
	c := ChefDeFile{
		ID: s.c.Identifiants.Nouveau(), Nom: strings.TrimSpace(valeur(in.Nom)), Email: strings.TrimSpace(valeur(in.Email)),
		EmailPublic: in.EmailPublic != nil && *in.EmailPublic, SignataireCharte: in.SignataireCharte != nil && *in.SignataireCharte, CreeLe: le, MisAJourLe: le,
	}
	var d *ChefDetail
	err := s.c.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.c.Store.InsererChef(ctx, &c); err != nil {
			return err
		}
		if in.Perimetres != nil {
			if err := s.remplacerPerimetres(ctx, c.ID, *in.Perimetres); err != nil {
				return err
			}
		}
		var err error
		if d, err = s.LireChef(ctx, c.ID); err != nil {
			return err
		}
		return s.journaliser(ctx, a, "depot_chef_de_file", "depot.chef.creer", c.ID, "+", resumeChef(d))
	})
	return d, err
}

// ModifierChef changes the given fields, and tells the partner directory of the clients concerned when the
// perimetres change.
func (s *Service) ModifierChef(ctx context.Context, a Acteur, id string, in SaisieChef) (*ChefDetail, error) {
	if err := a.exigerAdmin(); err != nil {
		return nil, err
	}
	var d *ChefDetail
	err := s.c.Store.InTx(ctx, func(ctx context.Context) error {
		avant, err := s.chef(ctx, id)
		if err != nil {
			return err
		}
		if err := s.c.Store.ModifierChef(ctx, avant.ID, s.changementsChef(in)); err != nil {
			return err
		}
		if in.Perimetres != nil {
			if err := s.remplacerPerimetres(ctx, avant.ID, *in.Perimetres); err != nil {
				return err
			}
		}
		if d, err = s.LireChef(ctx, avant.ID); err != nil {
			return err
		}
		if err := s.journaliser(ctx, a, "depot_chef_de_file", "depot.chef.modifier", d.ID, "~", resumeChef(d)); err != nil {
			return err
		}
		if in.Perimetres == nil {
			return nil
		}
		return s.annoncerPerimetres(ctx, d.ID)
	})
	return d, err
}

func (s *Service) changementsChef(in SaisieChef) map[string]any {
	set := map[string]any{"mis_a_jour_le": s.maintenant()}
	for colonne, v := range map[string]*string{"nom": in.Nom, "email": in.Email} {
		if v != nil {
			set[colonne] = strings.TrimSpace(*v)
		}
	}
	for colonne, v := range map[string]*bool{"email_public": in.EmailPublic, "signataire_charte": in.SignataireCharte} {
		if v != nil {
			set[colonne] = *v
		}
	}
	return set
}

// remplacerPerimetres writes the list once each. A code that no territory has is accepted and logged: the
// contract tests of clients use some (07 section 6.3).
func (s *Service) remplacerPerimetres(ctx context.Context, chefID string, ps []SaisiePerimetre) error {
	vus := map[SaisiePerimetre]bool{}
	rows := make([]Perimetre, 0, len(ps))
	for _, p := range ps {
		if vus[p] {
			continue
		}
		vus[p] = true
		if !s.perimetreConnu(p) {
			s.c.Journal.WarnContext(ctx, "unknown perimetre accepted", "chef_de_file", chefID, "type", p.Type, "code", p.Code)
		}
		rows = append(rows, Perimetre{ID: s.c.Identifiants.Nouveau(), ChefDeFileID: chefID, Type: p.Type, Code: p.Code})
	}
	return s.c.Store.RemplacerPerimetres(ctx, chefID, rows)
}

func (s *Service) perimetreConnu(p SaisiePerimetre) bool {
	switch p.Type {
	case PerimetreCommune:
		_, ok := s.c.Cog.Commune(p.Code)
		return ok
	case PerimetreEPCI:
		_, ok := s.c.Cog.EPCI(p.Code)
		return ok
	}
	for c := range s.c.Cog.Communes() {
		if c.Departement == p.Code {
			return true
		}
	}
	return false
}

func (s *Service) annoncerPerimetres(ctx context.Context, chefID string) error {
	if !s.c.Reglages.Partenaire {
		return nil
	}
	clients, err := s.c.Store.ClientsDuChef(ctx, chefID)
	if err != nil {
		return err
	}
	for n := range clients {
		messages, err := s.avisPartenaire(ctx, &clients[n], TypePartenaireModif)
		if err != nil {
			return err
		}
		if err := s.c.Messages.Envoyer(ctx, messages...); err != nil {
			return err
		}
	}
	return nil
}

// EtatChefs tells whether the list has changed.
func (s *Service) EtatChefs(ctx context.Context) (Etat, error) { return s.c.Store.EtatChefs(ctx) }

// ParcourirChefs reads the chefs de file with their perimetres, in the order of their creation.
func (s *Service) ParcourirChefs(ctx context.Context, f Fenetre, fn func(ChefDetail) error) error {
	return s.c.Store.ParcourirChefs(ctx, f, fn)
}

func resumeChef(d *ChefDetail) map[string]any {
	ps := make([]ChargePerimetre, 0, len(d.Perimetres))
	for _, p := range d.Perimetres {
		ps = append(ps, ChargePerimetre{p.Type, p.Code})
	}
	return map[string]any{"nom": d.Nom, "email": d.Email, "email_public": d.EmailPublic, "signataire_charte": d.SignataireCharte, "perimetres": ps}
}
