package depot

import (
	"context"
	"strings"
)

// SaisieMandataire is what may be written of a mandataire.
type SaisieMandataire struct{ Nom, Email *string }

// LireMandataire returns a mandataire.
func (s *Service) LireMandataire(ctx context.Context, id string) (*Mandataire, error) {
	propre, err := idPropre(ObjetMandataire, id)
	if err != nil {
		return nil, err
	}
	m, err := s.c.Store.Mandataire(ctx, propre)
	if err == nil && m == nil {
		err = ErrAbsent(ObjetMandataire, id)
	}
	return m, err
}

// CreerMandataire adds a mandataire.
func (s *Service) CreerMandataire(ctx context.Context, a Acteur, in SaisieMandataire) (*Mandataire, error) {
	if err := a.exigerAdmin(); err != nil {
		return nil, err
	}
	le := s.maintenant()
	m := &Mandataire{ID: s.c.Identifiants.Nouveau(), Nom: strings.TrimSpace(valeur(in.Nom)), Email: strings.TrimSpace(valeur(in.Email)), CreeLe: le, MisAJourLe: le}
	err := s.c.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.c.Store.InsererMandataire(ctx, m); err != nil {
			return err
		}
		return s.journaliser(ctx, a, "depot_mandataire", "depot.mandataire.creer", m.ID, "+", map[string]string{"nom": m.Nom, "email": m.Email})
	})
	return m, err
}

// ModifierMandataire changes the given fields.
func (s *Service) ModifierMandataire(ctx context.Context, a Acteur, id string, in SaisieMandataire) (*Mandataire, error) {
	if err := a.exigerAdmin(); err != nil {
		return nil, err
	}
	var m *Mandataire
	err := s.c.Store.InTx(ctx, func(ctx context.Context) error {
		avant, err := s.LireMandataire(ctx, id)
		if err != nil {
			return err
		}
		set := map[string]any{"mis_a_jour_le": s.maintenant()}
		if in.Nom != nil {
			set["nom"] = strings.TrimSpace(*in.Nom)
		}
		if in.Email != nil {
			set["email"] = strings.TrimSpace(*in.Email)
		}
		if err := s.c.Store.ModifierMandataire(ctx, avant.ID, set); err != nil {
			return err
		}
		if m, err = s.c.Store.Mandataire(ctx, avant.ID); err != nil {
			return err
		}
		return s.journaliser(ctx, a, "depot_mandataire", "depot.mandataire.modifier", m.ID, "~", map[string]string{"nom": m.Nom, "email": m.Email})
	})
	return m, err
}

// EtatMandataires tells whether the list has changed.
func (s *Service) EtatMandataires(ctx context.Context) (Etat, error) {
	return s.c.Store.EtatMandataires(ctx)
}

// ParcourirMandataires reads the mandataires in the order of their creation.
func (s *Service) ParcourirMandataires(ctx context.Context, f Fenetre, fn func(Mandataire) error) error {
	return s.c.Store.ParcourirMandataires(ctx, f, fn)
}
