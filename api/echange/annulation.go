package echange

import (
	"context"
	"fmt"
	"slices"

	"apilos/api/compte"
	"apilos/api/convention"
	"apilos/api/operation"

	"github.com/google/uuid"
)

// Annuler cancels the conventions and avenants in progress of an operation, all or none (05 A.8). bloquee is
// true, and nothing changes, when one of them is active. An unknown operation, or nothing to cancel, is a
// success; a number that can designate none fails with operation_not_found.
func (s *Service) Annuler(ctx context.Context, a compte.AppelantSIAP, numero string) (bloquee bool, err error) {
	if !lisible(numero) {
		return false, inconnue(numero)
	}
	err = s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		bloquee = false
		if err := s.cfg.Store.VerrouillerNumero(ctx, numero); err != nil {
			return err
		}
		versions, err := s.cfg.Store.Versions(ctx, numero)
		if err != nil || len(versions) == 0 {
			return err
		}
		if err := s.exigerPerimetre(ctx, a, numero); err != nil {
			return err
		}
		bloquee, err = s.annuler(ctx, a, versions)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("cancel operation %s: %w", numero, err)
	}
	return bloquee, nil
}

func (s *Service) annuler(ctx context.Context, a compte.AppelantSIAP, versions []operation.Operation) (bloquee bool, err error) {
	conventions, err := s.cfg.Store.VerrouillerConventions(ctx, identifiants(versions))
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(conventions, func(c convention.Convention) bool { return c.Statut.Actif() }) {
		return true, nil
	}
	aAnnuler := enCoursAvenantsDAbord(conventions)
	if len(aAnnuler) == 0 {
		return false, nil
	}
	err = s.cfg.Conventions.AnnulerPourSIAP(ctx, convention.AnnulationSIAP{
		Acteur: a.Principal, CompteID: a.UtilisateurID, Conventions: aAnnuler,
	})
	if err != nil {
		return false, err
	}
	return false, s.noter(ctx, a, racineDe(versions), FaitAnnulation, map[string]any{"conventions_annulees": aAnnuler})
}

// enCoursAvenantsDAbord lists what is in progress, avenants before roots (CR-30).
func enCoursAvenantsDAbord(conventions []convention.Convention) []uuid.UUID {
	var avenants, racines []uuid.UUID
	for _, c := range conventions {
		switch {
		case !enCours(c.Statut):
		case c.ParentID != nil:
			avenants = append(avenants, c.UUID)
		default:
			racines = append(racines, c.UUID)
		}
	}
	return append(avenants, racines...)
}

// racineDe returns the oldest root of the versions.
func racineDe(versions []operation.Operation) operation.Operation {
	for _, v := range versions {
		if v.OrigineID == nil {
			return v
		}
	}
	return versions[0]
}
