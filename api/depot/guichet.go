package depot

import (
	"context"
	"fmt"
)

// Names of the client in whose name the staff deposits when no other is chosen.
const (
	nomGuichet        = "Formulaire de publication"
	nomPlateforme     = "Plateforme APiLos"
	commandeOuverture = "depot.guichet.ouvrir"
)

// ClientDesAgents is the client of deposits made by the staff with their session (00 decision 29). It is
// created the first time, internal and without usable token.
func (s *Service) ClientDesAgents(ctx context.Context, a Acteur) (*ClientDetail, error) {
	if err := a.exigerAdmin(); err != nil {
		return nil, err
	}
	c, err := s.c.Store.ClientParLegacy(ctx, legacyFormulaire)
	if err != nil || c != nil {
		return c, err
	}
	jeton, err := tirerJeton(s.c.Alea)
	if err != nil {
		return nil, err
	}
	le, legacy := s.maintenant(), legacyFormulaire
	err = s.c.Store.InTx(ctx, func(ctx context.Context) error {
		m := &Mandataire{ID: s.c.Identifiants.Nouveau(), Nom: nomPlateforme, Email: s.c.Reglages.Contact, CreeLe: le, MisAJourLe: le}
		if err := s.c.Store.InsererMandataire(ctx, m); err != nil {
			return err
		}
		n := &Client{
			ID: s.c.Identifiants.Nouveau(), MandataireID: m.ID, LegacyID: &legacy, Nom: nomGuichet, Actif: true, Strategie: StrategieInterne,
			JetonEmpreinte: empreinteJeton(jeton), JetonPrefixe: jeton[:longueurPrefixe], JetonCreeLe: le, CreeLe: le, MisAJourLe: le,
		}
		if err := s.c.Store.InsererClient(ctx, n); err != nil {
			return err
		}
		return s.journaliser(ctx, a, "depot_client", commandeOuverture, n.ID, "+", resumeClient(*n))
	})
	if err != nil { // perhaps somebody else just did
		if c, autre := s.c.Store.ClientParLegacy(ctx, legacyFormulaire); autre == nil && c != nil {
			return c, nil
		}
		return nil, fmt.Errorf("open the client of the staff: %w", err)
	}
	return s.c.Store.ClientParLegacy(ctx, legacyFormulaire)
}
