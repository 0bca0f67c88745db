package revision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"apilos/api/event"
	"apilos/api/fichier"
)

// ErreurInfecte is the code of a file refused by the antivirus.
const ErreurInfecte = "file.infected"

// Calculer validates the files of a pending revision and keeps the result (07 §4.4); it may be called
// again. The current revision that it compared with is remembered, for publish. Errors:
// REVISION_NON_MODIFIABLE, FICHIER_ABSENT, OBJET_ABSENT, VALIDATION_TROP_LONGUE, ANTIVIRUS_INDISPONIBLE,
// REVISION_CHANGEE; the state is then unchanged.
func (s *Service) Calculer(ctx context.Context, a Acteur, id string) (*Revision, error) {
	if !IDValide(id) {
		return nil, idInvalide(id)
	}
	r, courante, err := s.c.Store.ChargerAvecCourante(ctx, normal(id))
	if err != nil {
		return nil, fmt.Errorf("load revision: %w", err)
	}
	g, err := s.connue(r, id)
	if err != nil {
		return nil, err
	}
	if err := g.PeutEcrire(ctx, a, r); err != nil {
		return nil, err
	}
	if r.Statut != EnAttente {
		return nil, nonModifiable()
	}
	if err := complet(g, r); err != nil {
		return nil, err
	}
	connus := infectes(r)
	v, err := s.valider(ctx, g, r, courante)
	if err != nil {
		return nil, err
	}
	return s.garder(ctx, a, g, r, courante, v, connus)
}

// complet refuses a revision without one of its required files.
func complet(g Genre, r *Revision) error {
	types := g.Fichiers()
	for i, t := range types {
		if !t.Obligatoire && (i > 0 || len(r.Fichiers) > 0) {
			continue
		}
		if !slices.ContainsFunc(r.Fichiers, func(f RevisionFichier) bool { return t.accepte(f.Type) }) {
			return fichierAbsent(t.Type, r.ID)
		}
	}
	return nil
}

// valider runs the validator within the pool and the deadline.
func (s *Service) valider(ctx context.Context, g Genre, r, courante *Revision) (Validation, error) {
	var octets int64
	for _, f := range r.Fichiers {
		octets += f.Taille
	}
	calcul, cancel := context.WithTimeout(ctx, s.c.DelaiCalcul)
	defer cancel()
	sortir, err := s.bassin.entrer(calcul, octets)
	if err != nil {
		return Validation{}, s.interrompu(ctx, err)
	}
	defer sortir()
	v, err := s.juger(calcul, g, r, courante)
	if err != nil {
		return Validation{}, s.interrompu(ctx, err)
	}
	return v, nil
}

// interrompu tells our deadline from the departure of the caller.
func (s *Service) interrompu(ctx context.Context, err error) error {
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return validationTropLongue(err)
	}
	return err
}

func (s *Service) juger(ctx context.Context, g Genre, r, courante *Revision) (Validation, error) {
	infecte, err := s.analyser(ctx, g, r)
	if err != nil {
		return Validation{}, err
	}
	if infecte {
		return Validation{ValidatorVersion: "1", Errors: []string{ErreurInfecte}}, nil
	}
	e := Entree{Revision: r, Courante: courante, Horloge: s.maintenant()}
	for _, f := range r.Fichiers {
		e.Fichiers = append(e.Fichiers, Contenu{RevisionFichier: f, Ouvrir: s.ouvreur(f)})
	}
	v, err := g.Valider(ctx, e)
	if err != nil {
		return Validation{}, fmt.Errorf("validate revision %s: %w", r.ID, err)
	}
	if Nature(r.Nature) != Bal && identique(r, courante) {
		v.Infos = append(v.Infos, InfoIdentique)
	}
	return v, nil
}

func (s *Service) ouvreur(f RevisionFichier) func(ctx context.Context) (io.ReadCloser, error) {
	return func(ctx context.Context) (io.ReadCloser, error) { return s.c.Coffre.Ouvrir(ctx, f.CleObjet, 0, 0) }
}

// analyser scans the files that wait for it, and writes their state in r.
func (s *Service) analyser(ctx context.Context, g Genre, r *Revision) (infecte bool, err error) {
	x, ok := g.(Analysable)
	for i := range r.Fichiers {
		f := &r.Fichiers[i]
		attend := f.Antivirus == fichier.EnAttente || f.Antivirus == fichier.Echec
		if ok && attend && s.c.Scanner != nil && x.Analyse() == AnalyseAuCalcul {
			if f.Antivirus, err = s.scanner(ctx, *f); err != nil {
				return false, err
			}
		}
		infecte = infecte || f.Antivirus == fichier.Infecte
	}
	return infecte, nil
}

func (s *Service) scanner(ctx context.Context, f RevisionFichier) (string, error) {
	contenu, err := s.c.Coffre.Ouvrir(ctx, f.CleObjet, 0, 0)
	if err != nil {
		return "", err
	}
	defer contenu.Close()
	infecte, err := s.c.Scanner.Analyser(ctx, contenu)
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "", AntivirusMuet(err)
	case infecte:
		return fichier.Infecte, nil
	}
	return fichier.Sain, nil
}

// identique tells whether every file of r is that of the current revision.
func identique(r, courante *Revision) bool {
	if courante == nil || len(r.Fichiers) != len(courante.Fichiers) {
		return false
	}
	for i, f := range r.Fichiers {
		if c := courante.Fichiers[i]; c.Type != f.Type || c.Sha256 != f.Sha256 {
			return false
		}
	}
	return true
}

// infectes are the files of r that the antivirus refused.
func infectes(r *Revision) map[string]RevisionFichier {
	out := map[string]RevisionFichier{}
	for _, f := range r.Fichiers {
		if f.Antivirus == fichier.Infecte {
			out[f.ID] = f
		}
	}
	return out
}

// garder writes the result, if the revision did not change meanwhile, and tells of the infected files that were
// not known yet.
func (s *Service) garder(ctx context.Context, a Acteur, g Genre, r, courante *Revision, v Validation, connus map[string]RevisionFichier) (*Revision, error) {
	brut, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("result of revision %s: %w", r.ID, err)
	}
	r.Validation, r.Prete, r.MisAJourLe, r.CalculeeContreID = brut, &v.Valid, s.maintenant(), nil
	if courante != nil {
		r.CalculeeContreID = &courante.ID
	}
	t := traceDe(r)
	t.Valide = &v.Valid
	j, err := journal(a, event.Modification, commandeCalcul, t, r.MisAJourLe)
	if err != nil {
		return nil, err
	}
	nouveaux := infectes(r)
	maps.DeleteFunc(nouveaux, func(id string, _ RevisionFichier) bool { _, connu := connus[id]; return connu })
	if len(nouveaux) == 0 {
		err = s.ecrireCalcul(ctx, r, j)
	} else {
		err = s.c.Store.InTx(ctx, func(ctx context.Context) error {
			if err := s.ecrireCalcul(ctx, r, j); err != nil {
				return err
			}
			return signaler(ctx, a, g, r, nouveaux)
		})
	}
	if err != nil {
		return nil, err
	}
	s.retirerInfectes(ctx, r)
	return r, nil
}

func (s *Service) ecrireCalcul(ctx context.Context, r *Revision, j event.Journal) error {
	issue, err := s.c.Store.EcrireValidation(ctx, r, j)
	switch {
	case err != nil:
		return fmt.Errorf("keep validation: %w", err)
	case issue == CalculNonModifiable:
		return nonModifiable()
	case issue == CalculPerime:
		return changeePendant()
	}
	return nil
}

func signaler(ctx context.Context, a Acteur, g Genre, r *Revision, nouveaux map[string]RevisionFichier) error {
	signalant, ok := g.(Signalant)
	if !ok {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(nouveaux)) {
		if err := signalant.SignalerInfection(ctx, a, r, nouveaux[id]); err != nil {
			return fmt.Errorf("tell of an infected file: %w", err)
		}
	}
	return nil
}

// retirerInfectes removes the bytes of what the antivirus refused (DO-06); the sweep does what fails here.
func (s *Service) retirerInfectes(ctx context.Context, r *Revision) {
	for _, f := range r.Fichiers {
		if f.Antivirus == fichier.Infecte {
			_ = s.retirer(ctx, f.CleObjet)
		}
	}
}
