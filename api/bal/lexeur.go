package bal

import (
	"bytes"
	"unicode/utf8"
)

// maxColonnes is how many fields of a record are kept. The format has 23 columns and 125 regional ones; a file with more
// than this is read, and its last columns are ignored.
const maxColonnes = 1000

// lexeur cuts a block of text into records and fields (07 §10.3). Fields point into the block; only those that have
// doubled quotes are copied. What it returns is valid as long as the block.
type lexeur struct {
	donnees   []byte
	dialecte  dialecte
	fin       bool // the block ends the file: what is left without line break is a record
	sansCopie bool // only the places matter: doubled quotes are left as they are

	pos    int      // beginning of the next record
	champs [][]byte // fields of the last record, the first maxColonnes ones
	nombre int      // how many fields it has

	// places are where the quoted fields at fault of the last record begin: once for each closing quote followed by
	// something else than a separator, then once if the quote is never closed.
	places []int
	ouvert bool // the last field is never closed
}

// suivant reads the next record. It returns false at the end of the block, or when the record is not complete and the
// block does not end the file; pos then stays at the beginning of that record.
func (l *lexeur) suivant() bool {
	l.champs, l.nombre, l.places, l.ouvert = l.champs[:0], 0, l.places[:0], false
	if l.pos >= len(l.donnees) {
		return false
	}
	pos := l.pos
	finLigne := l.finDeLigne(pos)
	for {
		if pos < len(l.donnees) && l.donnees[pos] == '"' {
			suite, etat := l.champEntreGuillemets(pos)
			switch etat {
			case suiteChamp:
				pos = suite
				if finLigne >= 0 && pos > finLigne {
					finLigne = l.finDeLigne(pos)
				}
				continue
			case suiteLigne:
				l.pos = suite
				return true
			default:
				if !l.fin {
					return false
				}
				l.pos = len(l.donnees)
				return true
			}
		}
		limite := finLigne
		if limite < 0 {
			if !l.fin {
				return false
			}
			limite = len(l.donnees)
		}
		i := bytes.IndexByte(l.donnees[pos:limite], l.dialecte.separateur)
		if i >= 0 {
			l.garder(l.donnees[pos : pos+i])
			pos += i + 1
			continue
		}
		l.garder(l.donnees[pos:limite])
		l.pos = limite
		if finLigne >= 0 {
			l.pos += len(l.dialecte.finLigne)
		}
		return true
	}
}

// vide tells whether the last record is a line without any character, skipped everywhere.
func (l *lexeur) vide() bool { return len(l.champs) == 1 && len(l.champs[0]) == 0 }

// finDeLigne is the place of the next line break, -1 when there is none in the block.
func (l *lexeur) finDeLigne(pos int) int {
	fin := l.dialecte.finLigne
	for i := pos; ; i++ {
		j := bytes.IndexByte(l.donnees[i:], fin[0])
		if j < 0 {
			return -1
		}
		i += j
		if len(fin) == 1 || i+1 < len(l.donnees) && l.donnees[i+1] == fin[1] {
			return i
		}
	}
}

// suite tells what follows a quoted field.
type suite byte

const (
	suiteChamp suite = iota // another field of the record
	suiteLigne              // another record
	suiteRien               // the end of the block
)

// champEntreGuillemets reads a quoted field that begins at pos. A closing quote may be followed by white space; followed
// by anything else it is counted and kept, and the field goes on.
func (l *lexeur) champEntreGuillemets(pos int) (int, suite) {
	debut := pos + 1
	doubles := false
	for i := debut; ; {
		j := bytes.IndexByte(l.donnees[i:], '"')
		if j < 0 {
			l.ouvert = true
			l.places = append(l.places, debut)
			l.garder(l.donnees[debut:])
			return len(l.donnees), suiteRien
		}
		guillemet := i + j
		if guillemet == len(l.donnees)-1 {
			l.ajouterChamp(debut, guillemet, doubles)
			return len(l.donnees), suiteRien
		}
		if l.donnees[guillemet+1] == '"' {
			doubles = true
			i = guillemet + 2
			continue
		}
		if apres, quoi := l.apresGuillemet(guillemet + 1); quoi != suiteRien {
			l.ajouterChamp(debut, guillemet, doubles)
			return apres, quoi
		}
		l.places = append(l.places, debut)
		i = guillemet + 1
	}
}

// apresGuillemet looks for a separator or a line break after white space.
func (l *lexeur) apresGuillemet(pos int) (int, suite) {
	for pos < len(l.donnees) {
		if l.donnees[pos] == l.dialecte.separateur {
			return pos + 1, suiteChamp
		}
		if fin := l.dialecte.finLigne; l.donnees[pos] == fin[0] && bytes.HasPrefix(l.donnees[pos:], []byte(fin)) {
			return pos + len(fin), suiteLigne
		}
		r, n := utf8.DecodeRune(l.donnees[pos:])
		if !estEspace(r) {
			break
		}
		pos += n
	}
	return pos, suiteRien
}

func (l *lexeur) ajouterChamp(debut, fin int, doubles bool) {
	champ := l.donnees[debut:fin]
	if doubles && !l.sansCopie {
		champ = bytes.ReplaceAll(champ, []byte(`""`), []byte(`"`))
	}
	l.garder(champ)
}

func (l *lexeur) garder(champ []byte) {
	if l.nombre++; l.nombre <= maxColonnes {
		l.champs = append(l.champs, champ)
	}
}
