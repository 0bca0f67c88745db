package bal

import (
	"math/bits"

	"github.com/cespare/xxhash/v2"
)

// empreinte stands for a text in the rules on the whole file: 8 bytes, never zero. The same text always gives the same
// one, so that a report does not depend on the run nor on the number of workers.
func empreinte(texte []byte) uint64 { return nonNulle(xxhash.Sum64(texte)) }

// joindre makes one empreinte of two; the order counts.
func joindre(a, b uint64) uint64 {
	haut, bas := bits.Mul64(a^0x9E3779B97F4A7C15, bits.RotateLeft64(b, 32)^0xD6E8FEB86659FD93)
	return nonNulle(haut ^ bas)
}

func nonNulle(h uint64) uint64 {
	if h == 0 {
		return 1
	}
	return h
}

// groupes maps a key to the only value it was seen with, and remembers the keys that were seen with several. It is an
// open-addressing table of 16 bytes per place: files have hundreds of thousands of keys.
type groupes struct {
	places   []groupe
	occupees int
	conflits int // keys seen with several values
}

// groupe is a key and its value; the lowest bit of the value says that there were several.
type groupe struct{ cle, valeur uint64 }

// ajouter records that cle, not zero, goes with valeur.
func (g *groupes) ajouter(cle, valeur uint64) {
	if 4*(g.occupees+1) > 3*len(g.places) {
		g.agrandir()
	}
	p := g.place(cle)
	if p.cle == 0 {
		p.cle, p.valeur = cle, valeur&^1
		g.occupees++
		return
	}
	if p.valeur&1 == 0 && p.valeur != valeur&^1 {
		p.valeur |= 1
		g.conflits++
	}
}

// ajouterSiConnue is ajouter for the keys already there.
func (g *groupes) ajouterSiConnue(cle, valeur uint64) {
	if g.occupees > 0 && g.place(cle).cle != 0 {
		g.ajouter(cle, valeur)
	}
}

// enConflit tells whether the key was seen with several values.
func (g *groupes) enConflit(cle uint64) bool {
	return g.conflits > 0 && g.place(cle).valeur&1 != 0
}

// place is where the key is, or would be. The table must not be empty.
func (g *groupes) place(cle uint64) *groupe {
	masque := uint64(len(g.places) - 1)
	for i := (cle ^ cle>>32) & masque; ; i = (i + 1) & masque {
		if p := &g.places[i]; p.cle == cle || p.cle == 0 {
			return p
		}
	}
}

func (g *groupes) agrandir() {
	anciennes := g.places
	g.places = make([]groupe, max(64, 2*len(anciennes)))
	for _, p := range anciennes {
		if p.cle != 0 {
			*g.place(p.cle) = p
		}
	}
}

// ensemble is a set of empreintes.
type ensemble struct {
	places   []uint64
	occupees int
}

func (e *ensemble) ajouter(cle uint64) {
	if 4*(e.occupees+1) > 3*len(e.places) {
		anciennes := e.places
		e.places = make([]uint64, max(64, 2*len(anciennes)))
		for _, c := range anciennes {
			if c != 0 {
				*e.place(c) = c
			}
		}
	}
	if p := e.place(cle); *p == 0 {
		*p = cle
		e.occupees++
	}
}

func (e *ensemble) contient(cle uint64) bool { return e.occupees > 0 && *e.place(cle) != 0 }

func (e *ensemble) place(cle uint64) *uint64 {
	masque := uint64(len(e.places) - 1)
	for i := (cle ^ cle>>32) & masque; ; i = (i + 1) & masque {
		if p := &e.places[i]; *p == cle || *p == 0 {
			return p
		}
	}
}
