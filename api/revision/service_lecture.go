package revision

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"apilos/api/event"
)

// delaiRetrait bounds the cleaning after a failure.
const delaiRetrait = 10 * time.Second

// normal is the form under which ids are kept.
func normal(id string) string { return strings.ToLower(id) }

// charger loads a revision and finds its nature.
func (s *Service) charger(ctx context.Context, id string) (*Revision, Genre, error) {
	if !IDValide(id) {
		return nil, nil, idInvalide(id)
	}
	r, err := s.c.Store.Charger(ctx, normal(id))
	if err != nil {
		return nil, nil, fmt.Errorf("load revision: %w", err)
	}
	g, err := s.connue(r, id)
	return r, g, err
}

func (s *Service) connue(r *Revision, id string) (Genre, error) {
	if r == nil {
		return nil, Inconnue(id)
	}
	g, ok := s.genres[Nature(r.Nature)]
	if !ok {
		return nil, Inconnue(id)
	}
	return g, nil
}

func (s *Service) lire(ctx context.Context, a Acteur, id string) (*Revision, Genre, error) {
	r, g, err := s.charger(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	return r, g, g.PeutLire(ctx, a, r)
}

func (s *Service) ecrire(ctx context.Context, a Acteur, id string) (*Revision, Genre, error) {
	r, g, err := s.charger(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	return r, g, g.PeutEcrire(ctx, a, r)
}

// Lire returns a revision with its files.
func (s *Service) Lire(ctx context.Context, a Acteur, id string) (*Revision, error) {
	r, _, err := s.lire(ctx, a, id)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Courante returns the current revision of a scope with its files, REVISION_COURANTE_ABSENTE without any.
func (s *Service) Courante(ctx context.Context, a Acteur, n Nature, porteeCle string) (*Revision, error) {
	if err := s.peutLirePortee(ctx, a, n, porteeCle); err != nil {
		return nil, err
	}
	r, err := s.c.Store.Courante(ctx, n, porteeCle)
	if err != nil {
		return nil, fmt.Errorf("current revision: %w", err)
	}
	if r == nil {
		return nil, sansCourante()
	}
	return r, nil
}

// MaxListe is the greatest number of revisions that Lister returns.
const MaxListe = 100

// Lister returns the history of a scope, newest first, with files. suivant is the cursor of the next
// page, "" at the end.
func (s *Service) Lister(ctx context.Context, a Acteur, f Filtre) (liste []Revision, suivant string, err error) {
	if err := s.peutLirePortee(ctx, a, f.Nature, f.PorteeCle); err != nil {
		return nil, "", err
	}
	f.Apres = normal(f.Apres)
	if f.Apres != "" && !IDValide(f.Apres) {
		return nil, "", idInvalide(f.Apres)
	}
	f.Limite = min(max(f.Limite, 1), MaxListe)
	demande := f.Limite
	f.Limite++ // one more tells whether a page follows
	liste, err = s.c.Store.Lister(ctx, f)
	if err != nil {
		return nil, "", fmt.Errorf("list revisions: %w", err)
	}
	if len(liste) > demande {
		liste = liste[:demande]
		suivant = liste[demande-1].ID
	}
	return liste, suivant, nil
}

// peutLirePortee asks the nature about a revision that is only its scope.
func (s *Service) peutLirePortee(ctx context.Context, a Acteur, n Nature, porteeCle string) error {
	g, ok := s.genres[n]
	if !ok {
		return natureInconnue(n)
	}
	return g.PeutLire(ctx, a, &Revision{Nature: string(n), PorteeCle: porteeCle})
}

// Fichier returns a file of a revision that a may read, with its revision. Errors: FICHIER_ABSENT,
// FICHIER_NON_VERIFIE while the antivirus does not allow it.
func (s *Service) Fichier(ctx context.Context, a Acteur, id, typ string) (*Revision, RevisionFichier, error) {
	r, _, err := s.lire(ctx, a, id)
	if err != nil {
		return nil, RevisionFichier{}, err
	}
	for _, f := range r.Fichiers {
		if f.Type != typ {
			continue
		}
		if !utilisable(f) {
			return nil, RevisionFichier{}, fichierBloque(f.Antivirus)
		}
		return r, f, nil
	}
	return nil, RevisionFichier{}, fichierAbsent(typ, r.ID)
}

// Ouvrir opens the bytes of a file given by Fichier, from debut; longueur 0 means to the end. The caller
// closes the reader. Errors: OBJET_ABSENT, STOCKAGE_INDISPONIBLE.
func (s *Service) Ouvrir(ctx context.Context, f RevisionFichier, debut, longueur int64) (io.ReadCloser, error) {
	return s.c.Coffre.Ouvrir(ctx, f.CleObjet, debut, longueur)
}

// Telecharger is Ouvrir for the reader of a private nature: the journal keeps who read what (CC-33). It is
// written outside of any transaction of the request, which may be read-only.
func (s *Service) Telecharger(ctx context.Context, a Acteur, r *Revision, f RevisionFichier, debut, longueur int64) (io.ReadCloser, error) {
	corps, err := s.Ouvrir(ctx, f, debut, longueur)
	if err != nil || debut > 0 { // the rest of a download that began
		return corps, err
	}
	lu := traceDe(&Revision{ID: r.ID, Nature: r.Nature, PorteeCle: r.PorteeCle, ClientID: r.ClientID, Fichiers: []RevisionFichier{f}})
	j, err := journal(a, event.Lecture, commandeTelechargement, lu, s.maintenant())
	if err == nil {
		err = s.c.Store.JournaliserLecture(ctx, j)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("journal of the download: %w", err), corps.Close())
	}
	return corps, nil
}
