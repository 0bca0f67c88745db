package revision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"apilos/api/fault"
)

// PublierEnUnAppel runs the four steps for an interactive form: the files are read one after the other as
// they come. When a step fails, what was created is removed and the error of that step is returned; files
// that are not valid are FICHIER_REFUSE, one field per code.
func (s *Service) PublierEnUnAppel(ctx context.Context, a Acteur, c Creation, depots iter.Seq2[Depot, error], p Publication) (*Revision, error) {
	r, err := s.Creer(ctx, a, c)
	if err != nil {
		return nil, err
	}
	publiee, err := s.derouler(ctx, a, r.ID, depots, p)
	if err != nil {
		return nil, errors.Join(err, s.abandonner(ctx, a, r.ID))
	}
	return publiee, nil
}

// Recevoir creates a revision with one file and computes it: what is left is its publication. A refused or failed deposit
// leaves nothing behind.
func (s *Service) Recevoir(ctx context.Context, a Acteur, c Creation, d Depot) (*Revision, error) {
	r, err := s.Creer(ctx, a, c)
	if err != nil {
		return nil, err
	}
	recue, err := s.recevoir(ctx, a, r.ID, d)
	if err != nil {
		return nil, errors.Join(err, s.abandonner(ctx, a, r.ID))
	}
	return recue, nil
}

func (s *Service) recevoir(ctx context.Context, a Acteur, id string, d Depot) (*Revision, error) {
	if _, err := s.Deposer(ctx, a, id, d); err != nil {
		return nil, err
	}
	r, err := s.Calculer(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if r.Prete == nil || !*r.Prete {
		return nil, s.refus(r)
	}
	return r, nil
}

func (s *Service) derouler(ctx context.Context, a Acteur, id string, depots iter.Seq2[Depot, error], p Publication) (*Revision, error) {
	for d, err := range depots {
		if err != nil {
			return nil, err
		}
		if _, err := s.Deposer(ctx, a, id, d); err != nil {
			return nil, err
		}
	}
	r, err := s.Calculer(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if r.Prete == nil || !*r.Prete {
		return nil, s.refus(r)
	}
	return s.Publier(ctx, a, id, p)
}

// abandonner removes what a failed deposit in one call created. A publication whose answer was lost is kept.
func (s *Service) abandonner(ctx context.Context, a Acteur, id string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), delaiRetrait)
	defer cancel()
	err := s.Supprimer(ctx, a, id)
	if err == nil || fault.HasCode(err, CodeNonModifiable) {
		return nil
	}
	return fmt.Errorf("abandon revision %s: %w", id, err)
}

// Libelleur is a Genre that says in words what its codes mean.
type Libelleur interface{ LibelleCode(code string) string }

// refus lists why files are not valid.
func (s *Service) refus(r *Revision) error {
	var v Validation
	if err := json.Unmarshal(r.Validation, &v); err != nil {
		return fmt.Errorf("result of revision %s: %w", r.ID, err)
	}
	libelle := func(code string) string { return code }
	if l, ok := s.genres[Nature(r.Nature)].(Libelleur); ok {
		libelle = l.LibelleCode
	}
	var champs []fault.Field
	for _, code := range v.Errors {
		champs = append(champs, fault.Field{Pointer: "/fichier", Code: code, Detail: libelle(code)})
	}
	for _, e := range v.ParseErrors {
		champs = append(champs, fault.Field{Pointer: "/fichier", Code: e.Code, Detail: e.Message})
	}
	message := "Le fichier n’est pas valable : rien n’a été publié."
	if len(champs) > 0 {
		message = champs[0].Detail + " Rien n’a été publié."
	}
	return fault.New(fault.Invalid, CodeRefuse, message).WithFields(champs...)
}
