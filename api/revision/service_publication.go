package revision

import (
	"context"
	"fmt"
	"time"

	"apilos/api/event"
	"apilos/api/fichier"
)

// Publier makes a ready revision the current one of its scope (07 §4.5), in one transaction that holds the
// lock of the scope. Errors: PUBLICATION_EN_COURS, PUBLICATION_IMPOSSIBLE, those of the nature. A revision
// computed against another current revision is marked not ready: it must be computed again.
func (s *Service) Publier(ctx context.Context, a Acteur, id string, p Publication) (*Revision, error) {
	r, g, err := s.charger(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := g.PeutPublier(ctx, a, r); err != nil {
		return nil, err
	}
	var publiee *Revision
	var perimee bool
	err = s.c.Store.InTx(ctx, func(ctx context.Context) error {
		publiee, perimee, err = s.basculer(ctx, a, g, r, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	if perimee {
		return nil, publicationImpossible()
	}
	return publiee, nil
}

// basculer is the transaction of publish. perimee is true when the revision was only marked not ready.
func (s *Service) basculer(ctx context.Context, a Acteur, g Genre, vue *Revision, p Publication) (publiee *Revision, perimee bool, err error) {
	verrou, r, courante, err := s.c.Store.VerrouillerPublication(ctx, Nature(vue.Nature), vue.PorteeCle, vue.ID)
	switch {
	case err != nil:
		return nil, false, fmt.Errorf("lock publication: %w", err)
	case !verrou:
		return nil, false, publicationEnCours()
	case r == nil:
		return nil, false, Inconnue(vue.ID)
	case r.Statut != EnAttente || r.Prete == nil || !*r.Prete:
		return nil, false, publicationImpossible()
	}
	le := s.maintenant()
	e := &EnPublication{Acteur: a, Publication: p, Revision: r, Precedente: courante, Fichiers: r.Fichiers, Le: le}
	if err := g.AvantPublier(ctx, e); err != nil {
		return nil, false, err
	}
	if !comparee(r, courante) {
		return nil, true, s.c.Store.Invalider(ctx, r.ID, le)
	}
	if !diffusable(g, r) {
		return nil, false, publicationImpossible()
	}
	t := traceDe(r)
	if courante != nil {
		t.Remplace = courante.ID
	}
	j, err := journal(a, event.Modification, commandePublication, t, le)
	if err != nil {
		return nil, false, err
	}
	r.Statut, r.Courante, r.Prete, r.PublieLe, r.MisAJourLe, r.Habilitation = Publiee, true, nil, &le, le, e.Habilitation
	if err := s.c.Store.Basculer(ctx, r, j); err != nil {
		return nil, false, fmt.Errorf("publish revision: %w", err)
	}
	if err := g.ApresPublier(ctx, e); err != nil || s.c.Publiee == nil {
		return r, false, err
	}
	if err := s.c.Publiee(ctx, e); err != nil {
		return nil, false, fmt.Errorf("tell of the publication: %w", err)
	}
	return r, false, nil
}

// comparee tells whether compute saw the revision that is current now.
func comparee(r, courante *Revision) bool {
	if r.CalculeeContreID == nil || courante == nil {
		return r.CalculeeContreID == nil && courante == nil
	}
	return *r.CalculeeContreID == courante.ID
}

// utilisable tells whether a file may be read by others (01 §9.3).
func utilisable(f RevisionFichier) bool {
	return f.Antivirus == fichier.Sain || f.Antivirus == fichier.NonAnalyse
}

// diffusable tells whether the antivirus lets the files be published. Natures scanned after publication
// only refuse a known virus: the file stays unusable until its verdict.
func diffusable(g Genre, r *Revision) bool {
	x, ok := g.(Analysable)
	apres := ok && x.Analyse() == AnalyseApresPublication
	for _, f := range r.Fichiers {
		if f.Antivirus == fichier.Infecte || !apres && !utilisable(f) {
			return false
		}
	}
	return true
}

// Supprimer deletes a pending revision with its objects: a competitor's leftover, a deposit in one call that
// failed. A published revision is never deleted.
func (s *Service) Supprimer(ctx context.Context, a Acteur, id string) error {
	r, err := s.c.Store.Charger(ctx, normal(id))
	if err != nil || r == nil {
		return err
	}
	if r.Statut != EnAttente {
		return nonModifiable()
	}
	return s.effacer(ctx, a, r, s.maintenant())
}

func (s *Service) effacer(ctx context.Context, a Acteur, r *Revision, le time.Time) error {
	j, err := journal(a, event.Retrait, commandeSuppression, traceDe(r), le)
	if err != nil {
		return err
	}
	cles, err := s.c.Store.Supprimer(ctx, r.ID, j)
	if err != nil {
		return fmt.Errorf("delete revision %s: %w", r.ID, err)
	}
	for _, c := range cles {
		if c.Compartiment != s.c.Coffre.Compartiment() {
			continue // of a store used before: its own sweep knows
		}
		if err := s.retirer(ctx, c.Objet); err != nil {
			return err
		}
	}
	return nil
}

// PurgerPerimees deletes the pending revisions created before an instant (07 §11), lot by lot, and tells
// how many.
func (s *Service) PurgerPerimees(ctx context.Context, avant time.Time) (int, error) {
	const lot = 200
	n := 0
	for {
		liste, err := s.c.Store.Perimees(ctx, avant, lot)
		if err != nil {
			return n, fmt.Errorf("old pending revisions: %w", err)
		}
		for i := range liste {
			if err := s.effacer(ctx, Acteur{Nom: "purge"}, &liste[i], s.maintenant()); err != nil {
				return n, err
			}
			n++
		}
		if len(liste) < lot {
			return n, ctx.Err()
		}
	}
}
