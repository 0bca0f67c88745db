package bal

import (
	"bytes"
	"strconv"
)

// colonne is a column of the file.
type colonne struct {
	nom      string // after renaming of duplicates
	connue   bool   // champ is meaningful
	champ    champ  // base field of a regional column
	langue   string // empty for a base column
	variante int    // rank among the regional columns of the file
}

// entete is the header of a file and all that depends on it alone.
type entete struct {
	colonnes  []colonne
	nombre    int   // fields that each record must have
	lues      []int // indexes of the known columns
	presents  [nbChamps]bool
	variantes []int // indexes of the regional columns, which are also in lues
	profil    int   // index of the profile chosen
	// invalidants says, for each anomaly of a row (see rangCode), in which profiles it makes the row not valid: one
	// bit per profile.
	invalidants []uint8
}

// lireEntete recognises the columns of a header (07 §10.4): exact names, no alias.
func lireEntete(noms [][]byte, nombre int) *entete {
	e := &entete{colonnes: make([]colonne, len(noms)), nombre: nombre}
	for i, nom := range sansDoublons(noms) {
		c := &e.colonnes[i]
		c.nom = nom
		if c.champ, c.connue = champDe(nom); c.connue {
			e.presents[c.champ] = true
		}
	}
	for i := range e.colonnes {
		c := &e.colonnes[i]
		if base, langue, ok := couperRegional(c.nom); !c.connue && ok && e.presents[base] {
			c.champ, c.langue, c.connue, c.variante = base, langue, true, len(e.variantes)
			e.variantes = append(e.variantes, i)
		}
		if c.connue {
			e.lues = append(e.lues, i)
		}
	}
	return e
}

// sansDoublons renames the second column of a name <nom>_1, the third <nom>_2…, without taking a name that exists.
func sansDoublons(noms [][]byte) []string {
	pris := make(map[string]bool, len(noms))
	for _, nom := range noms {
		pris[string(nom)] = true
	}
	uniques := make([]string, len(noms))
	vus := make(map[string]int, len(noms))
	for i, brut := range noms {
		nom := string(bytes.TrimPrefix(brut, bom)) // files joined or converted twice have some left
		n, repete := vus[nom]
		if !repete {
			uniques[i], vus[nom] = nom, 0
			continue
		}
		suivant := ""
		for suivant = ""; suivant == "" || pris[suivant]; {
			n++
			suivant = nom + "_" + strconv.Itoa(n)
		}
		vus[nom] = n
		pris[suivant] = true
		uniques[i] = suivant
	}
	return uniques
}

// choisirProfil is the automatic choice (07 §10.9).
func (e *entete) choisirProfil() string {
	if !e.presents[champIDBanCommune] || !e.presents[champIDBanToponyme] || !e.presents[champIDBanAdresse] {
		return "1.3"
	}
	if e.presents[champToponyme] {
		return "1.5"
	}
	return "1.4"
}

// juger prepares the levels for the profile asked, or chosen when none is asked.
func (e *entete) juger(profil string) {
	if profil == "" {
		profil = e.choisirProfil()
	}
	e.profil = max(rangProfil(profil), 0)
	e.invalidants = make([]uint8, e.nbCodes())
	for lue, i := range e.lues {
		c := e.colonnes[i]
		if c.langue == "" {
			copy(e.invalidants[lue*nbGenres:], invalidantsDesChamps()[c.champ][:])
			continue
		}
		for g := range genre(nbGenres) {
			e.invalidants[rangGenre(lue, g)] = invalidant(c.nom + "." + nomsGenre[g])
		}
	}
	copy(e.invalidants[e.rangRegle(0):], invalidantsDesRegles())
}

// nbCodes is the number of different anomalies that the rows of this file may have. They are numbered: those of the
// known columns in the order of the file, then the rules.
func (e *entete) nbCodes() int           { return e.rangRegle(nbRegles) }
func rangGenre(lue int, g genre) int     { return lue*nbGenres + int(g) }
func (e *entete) rangRegle(r regle) int  { return len(e.lues)*nbGenres + int(r) }
func (e *entete) estRegle(rang int) bool { return rang >= len(e.lues)*nbGenres }

// code is the name of an anomaly.
func (e *entete) code(rang int) string {
	if e.estRegle(rang) {
		return codesRegle[rang-e.rangRegle(0)]
	}
	return e.colonnes[e.lues[rang/nbGenres]].nom + "." + nomsGenre[rang%nbGenres]
}

// manquants are the fields of the format that the file has not got, in the order of the schema.
func (e *entete) manquants() (absents []champ) {
	for c, present := range e.presents {
		if !present {
			absents = append(absents, champ(c))
		}
	}
	return absents
}
