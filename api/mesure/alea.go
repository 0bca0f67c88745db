package mesure

import (
	"encoding/binary"
	"math/rand/v2"

	"github.com/google/uuid"
)

// alea is a source of chance that can be put back to a known state: each operation starts from its own, so
// that a change in one leaves the others as they were.
type alea struct {
	source *rand.PCG
	*rand.Rand
}

func nouvelAlea() alea {
	source := rand.NewPCG(0, 0)
	return alea{source, rand.New(source)}
}

func (a alea) semer(graine int64, rang int) { a.source.Seed(melanger(uint64(graine)), uint64(rang)) }

// entre draws an integer, both ends included.
func (a alea) entre(min, max int) int { return min + a.IntN(max-min+1) }

// chance is true in so many cases out of a thousand.
func (a alea) chance(surMille int) bool { return a.IntN(1000) < surMille }

// penche draws an index below n, small ones more often: the square of a uniform draw.
func (a alea) penche(n int) int {
	u := a.Float64()
	return int(u * u * float64(n))
}

func un[T any](a alea, liste []T) T { return liste[a.IntN(len(liste))] }

// poids is a value with its share.
type poids[T any] struct {
	valeur T
	part   int
}

func tirer[T any](a alea, liste []poids[T]) T {
	total := 0
	for _, p := range liste {
		total += p.part
	}
	n := a.IntN(total)
	for _, p := range liste {
		if n -= p.part; n < 0 {
			return p.valeur
		}
	}
	return liste[len(liste)-1].valeur
}

// genre tells apart the sequences of identifiers, one per table.
type genre uint64

const (
	genreBailleur genre = iota
	genreAdministration
	genreUtilisateur
	genreRole
	genreOperation
	genreConvention
	genreLot
	genreLogement
	genrePret
	genreCadastre
	genreHistorique
	genreCommentaire
	nbGenres
)

// identifiant gives the uuid of the rank-th row of a table: always the same, and as unlikely to be met twice as
// a random one, of which it has the form (version 4).
func identifiant(graine int64, g genre, rang int) uuid.UUID {
	serie := melanger(melanger(uint64(graine)+0x5851f42d4c957f2d) + uint64(g))
	haut := melanger(serie + uint64(rang)*0x9e3779b97f4a7c15)
	bas := melanger(haut ^ serie)
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], haut)
	binary.BigEndian.PutUint64(id[8:], bas)
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id
}

// melanger is the finaliser of splitmix64, a bijection.
func melanger(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
