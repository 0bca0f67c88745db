package depot

import (
	"context"
	"io"
	"slices"
	"time"

	"apilos/api/cog"
	"apilos/api/revision"
)

// Proprietaire finds whose revision it is, for the order of checks of 07 section 2.2: id (400, 404), then
// the caller, then ownership.
func (s *Service) Proprietaire(ctx context.Context, id string) (clientID, codeCommune string, err error) {
	propre, err := idPropre(ObjetRevision, id)
	if err != nil {
		return "", "", err
	}
	if p, ok := s.proprietaires.lire(propre); ok {
		return p.client, p.commune, nil
	}
	clientID, codeCommune, ok, err := s.c.Store.Proprietaire(ctx, propre)
	if err != nil {
		return "", "", err
	}
	if !ok {
		return "", "", ErrAbsent(ObjetRevision, id)
	}
	s.proprietaires.garder(propre, proprietaire{clientID, codeCommune})
	return clientID, codeCommune, nil
}

// Revision returns a revision with its client and files.
func (s *Service) Revision(ctx context.Context, id string) (*RevisionLue, error) {
	propre, err := idPropre(ObjetRevision, id)
	if err != nil {
		return nil, err
	}
	r, err := s.c.Store.Revision(ctx, propre)
	if err == nil && r == nil {
		err = ErrAbsent(ObjetRevision, id)
	}
	return r, err
}

// Courante returns the current revision of a commune, whose code was checked.
func (s *Service) Courante(ctx context.Context, code string) (*RevisionLue, error) {
	r, err := s.c.Store.Courante(ctx, code)
	if err == nil && r == nil {
		err = ErrSansCourante(code)
	}
	return r, err
}

// EtatRevisions tells whether a list has changed. National lists leave out the communes that are no more.
func (s *Service) EtatRevisions(ctx context.Context, f FiltreRevisions) (Etat, error) {
	return s.c.Store.EtatRevisions(ctx, s.completer(f))
}

// ParcourirRevisions reads revisions with their client, without files.
func (s *Service) ParcourirRevisions(ctx context.Context, f FiltreRevisions, fn func(*RevisionLue) error) error {
	return s.c.Store.ParcourirRevisions(ctx, s.completer(f), fn)
}

func (s *Service) completer(f FiltreRevisions) FiltreRevisions {
	if f.Courantes && f.CodeCommune == "" {
		f.SansCommunes = s.anciennes
		if codes := s.codesCommunes(f.Texte, f.Departement); codes != nil {
			f.CodesCommune = croiser(f.CodesCommune, codes)
		}
	}
	return f
}

// croiser keeps the codes that are in both lists; a nil list is all of them.
func croiser(a, b []string) []string {
	if a == nil {
		return b
	}
	return slices.DeleteFunc(a, func(code string) bool { return !slices.Contains(b, code) })
}

// anciennesDe lists the former codes: the only ones a revision may have that are not current.
func anciennesDe(c *cog.Cog) []string {
	var out []string
	for commune := range c.Communes() {
		out = append(out, commune.AnciensCodes...)
	}
	return out
}

// EtatDernieres tells whether a list of last revisions has changed.
func (s *Service) EtatDernieres(ctx context.Context, clientID string) (Etat, error) {
	return s.c.Store.EtatDernieres(ctx, clientID)
}

// ParcourirDernieres reads the last revision of each commune, of one client or of all ("").
func (s *Service) ParcourirDernieres(ctx context.Context, clientID string, f Fenetre, fn func(*RevisionLue) error) error {
	return s.c.Store.ParcourirDernieres(ctx, clientID, f, fn)
}

// CommuneConnue tells whether a code is current or former.
func (s *Service) CommuneConnue(code string) bool { return s.c.Cog.Connue(code) }

// Ouvrir opens a part of an address file; longueur 0 means to its end.
func (s *Service) Ouvrir(ctx context.Context, f *revision.RevisionFichier, debut, longueur int64) (io.ReadCloser, error) {
	return s.c.Moteur.Ouvrir(ctx, *f, debut, longueur)
}

// PremieresPublications and the two next are the statistics of 07 section 9.
func (s *Service) PremieresPublications(ctx context.Context, du, au time.Time) ([]JourPremieres, error) {
	return s.c.Store.PremieresPublications(ctx, du, au)
}

// Publications gives the publications by day and commune.
func (s *Service) Publications(ctx context.Context, du, au time.Time) ([]JourPublications, error) {
	return s.c.Store.Publications(ctx, du, au)
}

// DernieresPublications gives the last publication of each commune, and how many communes there are.
func (s *Service) DernieresPublications(ctx context.Context, f Fenetre) ([]DernierePublication, int, error) {
	return s.c.Store.DernieresPublications(ctx, f)
}

// Maintenant is the clock of the service.
func (s *Service) Maintenant() time.Time { return s.maintenant() }
