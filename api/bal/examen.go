package bal

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"sync/atomic"

	"apilos/api/cog"
)

// examen is the validation of one file.
type examen struct {
	options     Options
	texte       *texte
	dialecte    dialecte
	entete      *entete
	debutLignes int   // place of the first record after the header, in the decoded text
	avant       bilan // what was read before it

	aujourdhui jour
	districts  *resolveurDistricts
	// preparer turns a row into what emettre writes, in the order of the file. Both are nil when only the report counts.
	preparer preparation
	emettre  func(s *sortieBloc) error
	// avantLignes, when not nil, is told what the first reading found.
	avantLignes func(*bilan)
	// identifiants remembers the identifiers already in the file, for corrections.
	identifiants *identifiants
	illisible    atomic.Bool // a fatal error was met: records are only counted
}

// examiner reads the beginning of a file. Without examen, the report is final.
func examiner(ctx context.Context, source Source, o Options) (*examen, *Rapport, error) {
	if o.Profil != "" && rangProfil(o.Profil) < 0 {
		return nil, nil, fmt.Errorf("unknown profile %q", o.Profil)
	}
	t, err := reconnaitre(ctx, source.suivre(o.Progres))
	if err != nil {
		return nil, nil, err
	}
	if t.refus != "" {
		return nil, rapportRefuse(t.refus), nil
	}
	if o.Cog == nil {
		o.Cog = cog.Charger()
	}
	if o.Travailleurs <= 0 {
		o.Travailleurs = runtime.GOMAXPROCS(0)
	}
	if o.tailleBloc == 0 {
		o.tailleBloc = tailleBloc
	}
	if o.Graine == ([16]byte{}) {
		_, _ = rand.Read(o.Graine[:]) // never fails
	}
	x := &examen{
		options: o, texte: t, dialecte: devinerDialecte(t.debut), aujourdhui: jourUTC(o.Horloge),
		districts: nouveauResolveur(o.Districts),
	}
	if !x.lireEntete() {
		rapport, err := x.rapportEntete(ctx)
		return nil, rapport, err
	}
	x.entete.juger(o.Profil)
	return x, nil, nil
}

// lireEntete reads the first line that has something. It returns false when that line is longer than what is kept of
// the beginning of the file, which no table of addresses has.
func (x *examen) lireEntete() bool {
	l := lexeur{donnees: x.texte.debut, dialecte: x.dialecte, fin: x.texte.entier}
	x.entete = lireEntete(nil, 0)
	for l.suivant() {
		x.avant.releverGuillemets(&l, x.avant.enregistrements)
		x.avant.enregistrements++
		x.debutLignes, x.avant.octets = l.pos, l.pos
		if !l.vide() {
			x.entete = lireEntete(l.champs, l.nombre)
			return true
		}
	}
	return x.texte.entier
}

// rapportEntete is the report of a file whose header is not one.
func (x *examen) rapportEntete(ctx context.Context) (*Rapport, error) {
	x.dialecte.introuvable = true
	x.avant.fatal = true
	if err := x.situer(ctx, x.avant.guillemets); err != nil {
		return nil, err
	}
	return x.rapport(&x.avant, nil), nil
}

// derouler reads the rows: once to know the file, and again when a rule on the whole file designates rows or when rows
// are wanted.
func (x *examen) derouler(ctx context.Context) (*Rapport, error) {
	ensemble := nouvelEnsemble(x.entete)
	bilan, err := x.passer(ctx, func(s *sortieBloc) error {
		for i := range s.identites {
			ensemble.ajouter(&s.identites[i])
		}
		if len(s.identites) == 0 {
			ensemble.lignes += s.bilan.lignes
		}
		return nil
	}, passe{collecter: ensemble.suitIDs || ensemble.suitComplements, identifiants: x.identifiants})
	if err != nil {
		return nil, err
	}
	if err := x.situer(ctx, bilan.guillemets); err != nil {
		return nil, err
	}
	if bilan.fatal || x.dialecte.introuvable {
		return x.rapport(bilan, ensemble), nil
	}
	if ensemble.resteLieux() {
		_, err := x.passer(ctx, func(s *sortieBloc) error {
			for i := range s.identites {
				ensemble.ajouterLieu(&s.identites[i])
			}
			return nil
		}, passe{collecter: true})
		if err != nil {
			return nil, err
		}
	}
	if ensemble.designeDesLignes() || x.preparer != nil {
		if x.avantLignes != nil {
			x.avantLignes(bilan)
		}
		emettre := x.emettre
		if emettre == nil {
			emettre = func(*sortieBloc) error { return nil }
		}
		guillemets := bilan.guillemets
		if bilan, err = x.passer(ctx, emettre, passe{ensemble: ensemble, preparer: x.preparer}); err != nil {
			return nil, err
		}
		bilan.guillemets = guillemets // the same, and their places are known
	}
	return x.rapport(bilan, ensemble), nil
}
