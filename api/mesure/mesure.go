package mesure

import (
	"errors"
	"fmt"

	"apilos/api/comment"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/operation"

	"github.com/google/uuid"
)

// Options decide the data.
type Options struct {
	Conventions int   // rows to invent, avenants included
	Graine      int64 // seed
}

// Fin is the last day of the data. It is fixed, so that the same seed gives the same data any day.
func Fin() date.Date { return date.New(2025, 12, 31) }

// TailleTranche is the number of conventions and avenants of a Tranche, the last one excepted.
const TailleTranche = 5_000

// Referentiel is what the database holds before the generation. Slices are sorted by code, since their order
// is part of what decides the data.
type Referentiel struct {
	Communes     []Commune
	Departements []Departement
	Sirens       []string            // identifiers of bailleurs already taken
	Numeros      map[SerieNumero]int // last rank given to a convention
	Operations   map[int]int         // last rank of SIAP operation numbers, by AAAAMM
	Premiers     Premiers            // first free internal identifiers
}

// SerieNumero is a yearly sequence of convention numbers (01 §4.3).
type SerieNumero struct {
	Departement string
	Annee       int
}

// Premiers are the first internal identifiers that the generator may use.
type Premiers struct{ Operation, Convention, Lot int64 }

// Reserver says how many identifiers, from the first ones, the options may use at most.
func (o Options) Reserver() Premiers {
	n := int64(o.Conventions)
	return Premiers{Operation: n, Convention: n, Lot: n * lotsMax}
}

// Tranche is a set of rows that refer to one another and to Acteurs only. Identifiers of operations,
// conventions and lots are given; those of other rows, to which nothing refers, are left to the database.
type Tranche struct {
	Rang          int
	Operations    []operation.Operation
	Cadastre      []operation.ReferenceCadastrale
	Conventions   []convention.Convention
	Foyers        []convention.FoyerResidence
	TypesAvenant  []convention.ConventionTypeAvenant
	Publications  []convention.PublicationSPF
	Lots          []convention.Lot
	Logements     []convention.Logement
	Prets         []convention.Pret
	Historiques   []event.Historique
	Commentaires  []comment.Commentaire
	Compteurs     []convention.CompteurNumero // sorted; ranks reached in the sequences of numbers
	DernierNumero map[SerieNumero]int         // the same, while the Tranche is written
}

// Generateur gives the Tranches one after the other. It is not safe for concurrent use.
type Generateur struct {
	o                Options
	ref              Referentiel
	r                alea
	mots             []string
	lieux            lieux
	acteurs          Acteurs
	bailleursDe      map[string][]int // ranks, by département
	administrationDe map[string]int   // rank, by code
	sirensPris       map[string]bool
	imports          map[string]jour // day Ecoloweb was imported, by département

	t          *Tranche
	suivants   Premiers
	rangs      [nbGenres]int
	numeros    map[SerieNumero]int
	anciens    map[string]int // last rank of the former numbers, by département
	operations map[int]int
	fin        jour
}

// Nouveau prepares a generator. It fails when the options or the Referentiel cannot give anything.
func Nouveau(o Options, ref Referentiel) (*Generateur, error) {
	switch {
	case o.Conventions < 1:
		return nil, fmt.Errorf("generate %d conventions: at least one is needed", o.Conventions)
	case len(ref.Communes) == 0 || len(ref.Departements) == 0:
		return nil, errors.New("generate conventions: no commune or no departement in the database")
	}
	g := &Generateur{
		o: o, ref: ref, r: nouvelAlea(), mots: mots(), lieux: nouveauxLieux(ref.Communes), bailleursDe: map[string][]int{}, administrationDe: map[string]int{},
		sirensPris: map[string]bool{}, imports: map[string]jour{}, suivants: ref.Premiers,
		numeros: map[SerieNumero]int{}, anciens: map[string]int{}, operations: map[int]int{}, fin: jourDe(Fin()),
	}
	for _, s := range ref.Sirens {
		g.sirensPris[s] = true
	}
	for k, v := range ref.Numeros {
		g.numeros[k] = v
	}
	for k, v := range ref.Operations {
		g.operations[k] = v
	}
	for _, d := range ref.Departements {
		// Départements came from Ecoloweb one after the other, from September 2021 to the beginning of 2023.
		g.imports[d.Code] = jourDe(date.New(2021, 9, 1)) + jour(brouiller(d.Code)%520)
	}
	g.inventerActeurs()
	return g, nil
}

// Acteurs returns the actors, to be loaded before the first Tranche.
func (g *Generateur) Acteurs() *Acteurs { return &g.acteurs }

// Tranches is the number of Tranches.
func (o Options) Tranches() int { return (o.Conventions + TailleTranche - 1) / TailleTranche }

// Taille is the number of conventions of a Tranche.
func (o Options) Taille(rang int) int { return min(TailleTranche, o.Conventions-rang*TailleTranche) }

// Bornes returns the uuids of the first and of the last convention of a Tranche: both are in the database when
// the Tranche is, and only the first when fewer conventions were generated from the same seed.
func (o Options) Bornes(rang int) (premiere, derniere uuid.UUID) {
	debut := rang * TailleTranche
	return identifiant(o.Graine, genreConvention, debut), identifiant(o.Graine, genreConvention, debut+o.Taille(rang)-1)
}

// Apres returns the uuid that follows the last one: it is in the database when more conventions were generated
// from the same seed.
func (o Options) Apres() uuid.UUID { return identifiant(o.Graine, genreConvention, o.Conventions) }

// Suivante returns the next Tranche, nil after the last one.
func (g *Generateur) Suivante() *Tranche {
	faites := g.rangs[genreConvention]
	if faites >= g.o.Conventions {
		return nil
	}
	taille := g.o.Taille(faites / TailleTranche)
	g.t = &Tranche{
		Rang: faites / TailleTranche, DernierNumero: map[SerieNumero]int{},
		Operations: make([]operation.Operation, 0, taille), Conventions: make([]convention.Convention, 0, taille),
		Lots: make([]convention.Lot, 0, taille+taille/8), Historiques: make([]event.Historique, 0, 6*taille),
		Publications: make([]convention.PublicationSPF, 0, taille),
	}
	for len(g.t.Conventions) < taille {
		g.dossier(taille - len(g.t.Conventions))
	}
	g.t.relever()
	return g.t
}

// uuid gives the next identifier of a table.
func (g *Generateur) uuid(k genre) uuid.UUID {
	id := identifiant(g.o.Graine, k, g.rangs[k])
	g.rangs[k]++
	return id
}
