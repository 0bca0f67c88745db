package depot

import (
	"context"
	"encoding/json"

	"apilos/api/fault"
	"apilos/api/revision"
)

// PorteeCommune is the type of scope of the nature bal.
const PorteeCommune = "commune"

// TailleMax is the greatest size of an address file, in bytes.
func (s *Service) TailleMax() int64 { return s.c.Reglages.TailleMax }

// Creer is step 1. The actor is a client, or a person who acts for one (a.Client is then that client).
func (s *Service) Creer(ctx context.Context, a Acteur, code string, contexte json.RawMessage) (*RevisionLue, error) {
	if c, ok := s.c.Cog.Commune(code); ok && !s.c.Cog.ActuelleBAL(c.Code) {
		// Such a revision can be created, as the contract says, and can never become valid (07 section 2.4).
		s.c.Journal.WarnContext(ctx, "revision created for a commune that address files may not use", "commune", code)
	}
	r, err := s.c.Moteur.Creer(AvecClient(ctx, a.Client), a.Moteur(), revision.Creation{
		Nature: revision.Bal, PorteeType: PorteeCommune, PorteeCle: code, Contexte: contexte,
	})
	if err == nil {
		s.proprietaires.garder(r.ID, proprietaire{valeur(r.ClientID), code})
	}
	return s.lue(ctx, a, r, err)
}

// Deposer is step 2.
func (s *Service) Deposer(ctx context.Context, a Acteur, id string, d revision.Depot) (*revision.RevisionFichier, error) {
	d.Type = revision.FichierBal
	return s.c.Moteur.Deposer(AvecClient(ctx, a.Client), a.Moteur(), id, d)
}

// Calculer is step 3.
func (s *Service) Calculer(ctx context.Context, a Acteur, id string) (*RevisionLue, error) {
	r, err := s.c.Moteur.Calculer(AvecClient(ctx, a.Client), a.Moteur(), id)
	return s.lue(ctx, a, r, err)
}

// Publier is step 4.
func (s *Service) Publier(ctx context.Context, a Acteur, id string, p revision.Publication) (*RevisionLue, error) {
	r, err := s.c.Moteur.Publier(AvecClient(ctx, a.Client), a.Moteur(), id, p)
	return s.lue(ctx, a, r, err)
}

// lue completes what the engine returns with the client, which the actor usually is.
func (s *Service) lue(ctx context.Context, a Acteur, r *revision.Revision, err error) (*RevisionLue, error) {
	if err != nil {
		return nil, err
	}
	out := &RevisionLue{Revision: *r, Client: a.Client, Fichiers: r.Fichiers}
	if out.Client == nil || out.Client.ID != valeur(r.ClientID) {
		if out.Client, err = s.c.Store.Client(ctx, valeur(r.ClientID)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// PourClient lets a person of the platform deposit in the name of a client (00 decision 29).
func (s *Service) PourClient(ctx context.Context, a Acteur, clientID string) (Acteur, error) {
	if !PeutAdministrer(a.Principal) {
		return a, fault.PermissionRefusee()
	}
	c, err := s.LireClient(ctx, clientID)
	if err != nil {
		return a, err
	}
	if !c.Actif {
		return a, ErrClientDesactive()
	}
	a.Client = c
	return a, nil
}

// PourRevision is PourClient with the client of a revision.
func (s *Service) PourRevision(ctx context.Context, a Acteur, id string) (Acteur, error) {
	clientID, _, err := s.Proprietaire(ctx, id)
	if err != nil {
		return a, err
	}
	return s.PourClient(ctx, a, clientID)
}

// PeutDeposer answers 403 unless the revision is of the client who calls.
func PeutDeposer(a Acteur, clientID string) error {
	if a.Client != nil && a.Client.ID == clientID {
		return nil
	}
	return ErrPasProprietaire()
}
