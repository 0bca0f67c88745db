package depot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"apilos/api/bal"
	"apilos/api/fault"
	"apilos/api/revision"
)

// OptionsRapport says what a report holds besides its summary.
type OptionsRapport struct {
	Profil           string     // "" for the automatic choice
	Lignes           bool       // with rows
	Decalage, Limite int        // window of rows
	Niveau           bal.Niveau // only rows with a code of this level; 0 for all
	Code             string     // only rows with this code; "" for all
	Commune          string     // the only code that rows should have, "" for any
}

// Rapport is the report of an address file (07 section 10.11).
type Rapport struct {
	*bal.Rapport
	// Rows are those of the window, nil unless asked for.
	Rows []bal.Ligne `json:"rows,omitempty"`
	// RowsTotal is how many rows the window was cut from.
	RowsTotal *int `json:"rowsTotal,omitempty"`
}

// entrerAnalyse waits for a place among the reports and comparisons, which never take those of the
// publications.
func (s *Service) entrerAnalyse(ctx context.Context) (sortir func(), err error) {
	select {
	case s.analyses <- struct{}{}:
		return func() { <-s.analyses }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Rapport validates the file of a revision again, with the rows that are asked for.
func (s *Service) Rapport(ctx context.Context, id string, o OptionsRapport) (*Rapport, error) {
	r, err := s.Revision(ctx, id)
	if err != nil {
		return nil, err
	}
	f := r.FichierBAL()
	if f == nil {
		return nil, ErrFichierAbsent(r.ID)
	}
	o.Commune = r.PorteeCle
	return s.rapport(ctx, s.ouvreur(f), o)
}

// ValiderSansDepot reports on a file that is not kept.
func (s *Service) ValiderSansDepot(ctx context.Context, ouvrir Ouvreur, o OptionsRapport) (*Rapport, error) {
	return s.rapport(ctx, ouvrir, o)
}

func (s *Service) ouvreur(f *revision.RevisionFichier) Ouvreur {
	return func(ctx context.Context) (io.ReadCloser, error) { return s.Ouvrir(ctx, f, 0, 0) }
}

func (s *Service) rapport(ctx context.Context, ouvrir Ouvreur, o OptionsRapport) (*Rapport, error) {
	if _, ok := bal.ProfilDe(o.Profil); o.Profil != "" && !ok {
		return nil, Scalaire("Profil " + o.Profil + " inconnu")
	}
	sortir, err := s.entrerAnalyse(ctx)
	if err != nil {
		return nil, err
	}
	defer sortir()
	options := s.optionsBAL(s.maintenant())
	options.Profil, options.CommuneAttendue = o.Profil, o.Commune
	out, total := &Rapport{}, 0
	if o.Lignes {
		out.Rows, out.RowsTotal = []bal.Ligne{}, &total
		options.Ligne = func(l bal.Ligne) error {
			if o.Commune != "" && communeDe(l) != o.Commune {
				l.Erreurs = append(l.Erreurs, bal.ErreurLigne{Code: CodeAutreCommune, Champ: "commune_insee", Niveau: bal.Erreur})
			}
			if !retenue(l, o) {
				return nil
			}
			if total >= o.Decalage && len(out.Rows) < o.Limite {
				out.Rows = append(out.Rows, l)
			}
			total++
			return nil
		}
	}
	if out.Rapport, err = bal.Valider(ctx, bal.Source(ouvrir), options); err != nil {
		return nil, fmt.Errorf("report on address file: %w", err)
	}
	return out, nil
}

// communeDe is the commune of a row: commune_insee, else that of cle_interop, else "" (07 section 4.4).
func communeDe(l bal.Ligne) string {
	if code, ok := l.Valeurs["commune_insee"].(string); ok && code != "" {
		return code
	}
	cle, _ := l.Valeurs["cle_interop"].(string)
	code, _, _ := strings.Cut(cle, "_")
	return strings.ToUpper(code)
}

// retenue tells whether a row has a code of the level and of the name asked for.
func retenue(l bal.Ligne, o OptionsRapport) bool {
	if o.Niveau == 0 && o.Code == "" {
		return true
	}
	return slices.ContainsFunc(l.Erreurs, func(e bal.ErreurLigne) bool {
		return (o.Niveau == 0 || e.Niveau == o.Niveau) && (o.Code == "" || e.Code == o.Code)
	})
}

// OptionsDifferences says which differences are listed; all are counted.
type OptionsDifferences struct {
	Changement       bal.Changement // 0 for all
	Decalage, Limite int
}

// Differences is what a revision changes in the current one of its commune.
type Differences struct {
	*bal.Comparaison
	RevisionID string
	CouranteID string // "" when the commune has none: every address is then new
}

// Differences compares the file of a revision with the current one.
func (s *Service) Differences(ctx context.Context, id string, o OptionsDifferences) (*Differences, error) {
	r, err := s.Revision(ctx, id)
	if err != nil {
		return nil, err
	}
	f := r.FichierBAL()
	if f == nil {
		return nil, ErrFichierAbsent(r.ID)
	}
	courante, err := s.c.Store.Courante(ctx, r.PorteeCle)
	if err != nil {
		return nil, err
	}
	out := &Differences{RevisionID: r.ID}
	var avant bal.Source
	if courante != nil && courante.FichierBAL() != nil {
		avant, out.CouranteID = bal.Source(s.ouvreur(courante.FichierBAL())), courante.ID
	}
	sortir, err := s.entrerAnalyse(ctx)
	if err != nil {
		return nil, err
	}
	defer sortir()
	out.Comparaison, err = bal.Comparer(ctx, avant, bal.Source(s.ouvreur(f)), bal.OptionsComparaison{Changement: o.Changement, Debut: o.Decalage, Nombre: o.Limite})
	if errors.Is(err, bal.ErrIllisible) {
		return nil, fault.New(fault.Stale, "FICHIER_ILLISIBLE", "Le fichier ne peut pas être lu comme une Base Adresse Locale : la comparaison n’est pas possible").Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("compare address files: %w", err)
	}
	return out, nil
}

// Sante is what the health route tells.
type Sante struct {
	Millesime, SourceCog, Validateur string
	Demo                             bool
}

// Sante gives the vintage of the geographic code and the version of the validator.
func (s *Service) Sante() Sante {
	return Sante{Millesime: s.c.Cog.Millesime(), SourceCog: s.c.Cog.Source(), Validateur: bal.VersionValidateur, Demo: s.c.Reglages.Demo}
}

// Corriger writes a file corrected (07 section 10.12); nothing of it is kept. ecrite is false when the file
// cannot be read.
func (s *Service) Corriger(ctx context.Context, ouvrir Ouvreur, w io.Writer) (ecrite bool, err error) {
	sortir, err := s.entrerAnalyse(ctx)
	if err != nil {
		return false, err
	}
	defer sortir()
	c, err := bal.Corriger(ctx, bal.Source(ouvrir), w, s.optionsBAL(s.maintenant()))
	if err != nil {
		return false, fmt.Errorf("correct address file: %w", err)
	}
	return c.Ecrite, nil
}
