package bal

import (
	"context"
	"time"

	"apilos/api/cog"
)

// Options is what the validation of a file depends on besides the file.
type Options struct {
	Profil  string    // asked for; empty: chosen from the columns (07 §10.9)
	Horloge time.Time // dates are compared with its UTC day
	Cog     *cog.Cog
	// Districts gives the identifier of a commune in the Base Adresse Nationale; nil: none is known. It is asked only
	// for files that have identifiers, or when corrections are wanted.
	Districts    Districts
	Travailleurs int // goroutines that validate; 0: one per processor
	// CommuneAttendue is the only code that rows should have (07 §4.4). When set, the rows of other communes are counted
	// in the summary under commune_insee.valeur_inattendue.
	CommuneAttendue string
	// Ligne, when set, receives every row in the order of the file, by one goroutine, once the file is known to be
	// readable; an error stops the validation.
	Ligne func(Ligne) error
	// Progres, when set, is told how many bytes of the file were read. A file may be read again: the count then starts
	// from zero. It is called by one goroutine.
	Progres func(lu int64)
	// Graine makes the identifiers proposed by corrections predictable; zero: they are random.
	Graine [16]byte

	tailleBloc int // of tests; 0: tailleBloc
}

// Valider validates a file. The error is that of reading it, of Options.Ligne, or of a cancelled context; a file that
// is not valid, or not even text, is a report. The report does not depend on the number of workers.
func Valider(ctx context.Context, source Source, o Options) (*Rapport, error) {
	x, rapport, err := examiner(ctx, source, o)
	if x == nil {
		return rapport, err
	}
	if o.Ligne != nil {
		x.identifiants = nouveauxIdentifiants()
		x.emettre = func(s *sortieBloc) error {
			for i := range s.lignes {
				s.lignes[i].Numero += s.premiere
				if err := o.Ligne(s.lignes[i]); err != nil {
					return err
				}
			}
			return nil
		}
		x.preparer = func(ctx context.Context, _ *lecteurLigne, li *ligne, regles anomalies, id *identite, s *sortieBloc) {
			s.lignes = append(s.lignes, x.exporter(li, regles, x.remedier(ctx, li, id)))
		}
	}
	return x.derouler(ctx)
}
