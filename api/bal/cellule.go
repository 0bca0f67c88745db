package bal

import (
	"bytes"
	"unicode/utf8"
)

// cellule is one value of a row once read. The slices point into the block of the file being read, except when the
// parsed value had to be rewritten.
type cellule struct {
	brut   []byte    // as in the file, quotes removed
	valeur []byte    // parsed text, meaningful when lue
	nombre float64   // parsed number of numero, x, y, long, lat
	codes  anomalies // set of genre
	lue    bool      // there is a parsed value
}

// garder records the parsed value.
func (c *cellule) garder(valeur []byte) { c.valeur, c.lue = valeur, true }

func (c *cellule) relever(g genre) { c.codes = c.codes.avec(g) }

// lecteurCellule reads the values of columns (07 §10.6). It holds what the rules need besides the value.
type lecteurCellule struct {
	communes   *communes
	aujourdhui jour
}

// lire reads the raw value of a column. A regional column follows the rules of its base field and is never required.
func (l *lecteurCellule) lire(ch champ, regional bool, brut []byte) cellule {
	c := cellule{brut: brut}
	v := rogner(brut)
	if len(v) != len(brut) {
		c.relever(genreEspaces)
	}
	if len(v) == 0 {
		if champs[ch].requis && !regional {
			c.relever(genreValeurManquante)
		}
		return c
	}
	switch ch {
	case champCleInterop:
		l.lireCle(&c, v)
	case champUIDAdresse:
		if _, ok := lireMarques(v); ok {
			c.garder(v)
		} else {
			c.relever(genreTypeInvalide)
		}
	case champIDBanCommune, champIDBanToponyme, champIDBanAdresse:
		if estUUID4(v) {
			c.garder(v)
		} else {
			c.relever(genreTypeInvalide)
		}
	case champVoieNom, champToponyme:
		lireNomVoie(&c, v)
	case champNumero:
		lireNumero(&c, v)
	case champSuffixe:
		lireSuffixe(&c, v)
	case champCommuneInsee:
		l.lireCommune(&c, v)
	case champCommuneDelegueeInsee:
		l.lireCommuneDeleguee(&c, v)
	case champCommuneNom:
		lireNomCommune(&c, v)
	case champPosition:
		lirePosition(&c, v)
	case champX, champY, champLong, champLat:
		lireCoordonnee(&c, v)
	case champCadParcelles:
		lireParcelles(&c, v)
	case champDateDerMaj:
		l.lireDate(&c, v)
	case champCertificationCommune:
		if len(v) == 1 && (v[0] == '0' || v[0] == '1') {
			c.garder(v)
		} else {
			c.relever(genreValeurInvalide)
		}
	default: // lieudit_complement_nom, commune_deleguee_nom, source: anything
		c.garder(v)
	}
	return c
}

func lireNomVoie(c *cellule, v []byte) {
	n := longueur(v)
	switch {
	case n < 3:
		c.relever(genreTropCourt)
		return
	case n > 200:
		c.relever(genreTropLong)
		return
	case bytes.ContainsRune(v, utf8.RuneError):
		c.relever(genreCaractereInvalide)
		return
	}
	if bytes.IndexByte(v, '_') >= 0 {
		c.relever(genreTiretBas)
		v = bytes.ReplaceAll(v, []byte("_"), []byte(" "))
	}
	if toutEnCapitales(v) {
		c.relever(genreCasseIncorrecte)
	}
	c.garder(v)
}

func lireNomCommune(c *cellule, v []byte) {
	minuscules, capitales := toutEnMinuscules(v), toutEnCapitales(v)
	if minuscules || capitales {
		c.relever(genreCasseIncorrecte)
	}
	if minuscules && capitales {
		c.relever(genreCasseDouble)
	}
	c.garder(v)
}

// numeroToponyme is the number of the rows that name a place and are not an address.
const numeroToponyme = 99999

func lireNumero(c *cellule, v []byte) {
	if !estNombreEntier(v) {
		c.relever(genreTypeInvalide)
		return
	}
	n := 0
	for _, d := range v {
		if n = n*10 + int(d-'0'); n > numeroToponyme {
			c.relever(genreTropGrand)
			return
		}
	}
	switch {
	case n == 0:
		c.relever(genreZero)
	case v[0] == '0':
		c.relever(genrePrefixe)
	}
	c.nombre = float64(n)
	c.garder(v)
}

func lireSuffixe(c *cellule, v []byte) {
	if d := v[0]; !(d >= '0' && d <= '9' || d >= 'A' && d <= 'Z' || d >= 'a' && d <= 'z') {
		c.relever(genreDebutInvalide)
		return
	}
	if longueur(v) > 9 {
		c.relever(genreTropLong)
		return
	}
	for _, r := range string(v) {
		if !admisDansSuffixe(r) {
			c.relever(genreCaractereInvalide)
			break
		}
	}
	c.garder(v)
}

// admisDansSuffixe accepts digits, white space, unaccented letters and the accented letters of Latin-1 except ð, ø, þ
// and ß, in both cases.
func admisDansSuffixe(r rune) bool {
	switch {
	case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
		return true
	case r == 'ÿ' || r == 'Ÿ':
		return true
	case r >= 'À' && r <= 'Ý':
		return r != 'Ð' && r != '×' && r != 'Ø'
	case r >= 'à' && r <= 'ý':
		return r != 'ð' && r != '÷' && r != 'ø'
	}
	return estEspace(r)
}

func (l *lecteurCellule) lireCommune(c *cellule, v []byte) {
	commune := l.communes.trouver(v)
	if !commune.connue() {
		c.relever(genreCommuneInvalide)
		return
	}
	if commune.ancienne {
		c.relever(genreCommuneAncienne)
	}
	c.garder([]byte(commune.code))
}

func (l *lecteurCellule) lireCommuneDeleguee(c *cellule, v []byte) {
	commune := l.communes.trouver(v)
	if !commune.connue() {
		c.relever(genreCommuneInvalide)
	}
	c.garder([]byte(commune.code))
}

// longueurParcelle is that of a cadastral parcel; the older 15 character form has one more at the third place.
const longueurParcelle = 14

func lireParcelles(c *cellule, v []byte) {
	nette := bytes.Trim(v, "|")
	if len(nette) != len(v) {
		c.relever(genrePipe)
	}
	reecrite := false
	for reste, fini := nette, false; !fini; {
		var parcelle []byte
		parcelle, reste, fini = couperParcelle(reste)
		switch longueur(parcelle) {
		case longueurParcelle:
		case longueurParcelle + 1:
			reecrite = true
		default:
			c.relever(genreValeurInvalide)
			return
		}
	}
	if reecrite {
		nette = raccourcirParcelles(nette)
	}
	c.garder(nette)
}

// couperParcelle takes the first parcel of a list separated by "|".
func couperParcelle(liste []byte) (parcelle, reste []byte, fini bool) {
	parcelle, reste, suite := bytes.Cut(liste, []byte("|"))
	return parcelle, reste, !suite
}

// raccourcirParcelles takes the third character away from the parcels of 15.
func raccourcirParcelles(liste []byte) []byte {
	courte := make([]byte, 0, len(liste))
	for i, parcelle := range bytes.Split(liste, []byte("|")) {
		if i > 0 {
			courte = append(courte, '|')
		}
		if longueur(parcelle) == longueurParcelle {
			courte = append(courte, parcelle...)
			continue
		}
		rang := 0
		for _, r := range string(parcelle) {
			if rang != 2 {
				courte = utf8.AppendRune(courte, r)
			}
			rang++
		}
	}
	return courte
}
