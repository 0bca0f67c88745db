package chronique

// The files of a fact of the journal de bord: each change of them is a new version of the fact (DO-07).

import (
	"context"
	"fmt"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/fichier"

	"github.com/google/uuid"
)

// PeutJoindre tells whether p may give files for a fact now.
func (s *Service) PeutJoindre(ctx context.Context, p auth.Principal, id uuid.UUID) error {
	d, e, err := s.Evenement(ctx, p, id)
	if err != nil {
		return err
	}
	if e.AnnuleLe != nil {
		return annule()
	}
	return exigerEcriture(p, d)
}

// VerifierJonction locks the family of a fact and checks that p may give files for it, from the version they read
// (0 when they do not say).
func (s *Service) VerifierJonction(ctx context.Context, p auth.Principal, id uuid.UUID, version int) error {
	if version == 0 {
		version = sansVersion
	}
	_, e, err := s.verrouiller(ctx, p, id, version)
	if err == nil && e.AnnuleLe != nil {
		return annule()
	}
	return err
}

// Joindre puts the files of a published revision in force for a fact, in the transaction of ctx: it is a new version
// of the fact, the previous files are archived (DO-07).
func (s *Service) Joindre(ctx context.Context, p auth.Principal, id uuid.UUID, revisionID string, fichiers []fichier.Fichier) error {
	d, e, err := s.verrouiller(ctx, p, id, sansVersion)
	if err != nil {
		return err
	}
	le, _ := s.maintenant()
	e.MisAJourLe = le
	if err := s.store.ModifierEvenement(ctx, &e.Evenement, auteur(p)); err != nil {
		return err
	}
	for i := range fichiers {
		f := &fichiers[i]
		f.NomReel = convention.NomDeFichier(f.NomReel)
		f.NomStockage = f.NomReel
		if f.ID == 0 {
			f.CreeLe, f.DeposeParID = le, auteur(p)
		}
	}
	if err := s.store.JoindreFichiers(ctx, e.ID, revisionID, fichiers, auteur(p), le); err != nil {
		return fmt.Errorf("attach files to event: %w", err)
	}
	var avant, apres []map[string]any
	for _, x := range e.Fichiers {
		avant = append(avant, trace(x.Fichier))
	}
	for _, f := range fichiers {
		apres = append(apres, trace(f))
	}
	return s.journaliser(ctx, p, d, e.Evenement, event.Modification, "evenement.pieces",
		map[string]any{"pieces": avant}, map[string]any{"pieces": apres}, le)
}

// RetirerPiece takes one file out of those in force for a fact: it is a new version of the fact, the file stays with
// the previous one and is archived, its bytes are kept (JO-11, DO-07). not_found for a file that is not in force.
func (s *Service) RetirerPiece(ctx context.Context, p auth.Principal, id uuid.UUID, version int, piece uuid.UUID) (*convention.Dossier, Evenement, error) {
	var d *convention.Dossier
	var e Evenement
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if d, e, err = s.verrouiller(ctx, p, id, version); err != nil {
			return err
		}
		if e.AnnuleLe != nil {
			return annule()
		}
		var avant, apres []map[string]any
		var retiree *convention.Document
		for i, x := range e.Fichiers {
			avant = append(avant, trace(x.Fichier))
			if x.Rattache.UUID == piece {
				retiree = &e.Fichiers[i]
				continue
			}
			apres = append(apres, trace(x.Fichier))
		}
		if retiree == nil {
			return fault.Introuvable("Cette pièce")
		}
		le, _ := s.maintenant()
		e.MisAJourLe = le
		if err := s.store.ModifierEvenement(ctx, &e.Evenement, auteur(p)); err != nil {
			return err
		}
		if err := s.store.RetirerFichier(ctx, retiree.Rattache.ID, auteur(p), le); err != nil {
			return err
		}
		err = s.journaliser(ctx, p, d, e.Evenement, event.Modification, "evenement.piece_retiree",
			map[string]any{"pieces": avant}, map[string]any{"pieces": apres}, le)
		if err != nil {
			return err
		}
		e, err = s.trouver(ctx, d, id)
		return err
	})
	return d, e, err
}

// trace is how the journal names a file (CC-31).
func trace(f fichier.Fichier) map[string]any {
	return map[string]any{"fichier": f.UUID, "nom": f.NomReel, "sha256": f.Sha256}
}

// Fichier finds a file of a fact for someone who may read it, with the root of its family: not_found for an unknown
// one, a hidden one, and for a bailleur.
func (s *Service) Fichier(ctx context.Context, p auth.Principal, document uuid.UUID) (*fichier.Fichier, int64, error) {
	absent := fault.Introuvable("Ce document")
	f, conv, err := s.store.FichierEvenement(ctx, document)
	if err != nil {
		return nil, 0, err
	}
	if f == nil || !service(p) {
		return nil, 0, absent
	}
	d, err := s.conventions.Lire(ctx, p, conv)
	switch {
	case fault.Is(err, fault.NotFound):
		return nil, 0, absent
	case err != nil:
		return nil, 0, err
	case !Ouvert(d):
		return nil, 0, absent
	}
	return f, d.Racine.ID, nil
}
