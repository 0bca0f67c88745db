package bal

import "bytes"

// cle is what a valid cle_interop says besides its text.
type cle struct {
	commune *commune // even when its code is not that of a commune; nil without a parsed key
	voie    []byte   // code of the street, as written; nil when missing or not valid
	numero  []byte   // digits without leading zeros: empty for zero
	suite   []byte   // suffixes, as written, separated by "_"
}

// decouperCle reads the parts of a key whose structure was accepted by lireCle.
func (l *lecteurCellule) decouperCle(brut []byte) cle {
	partCommune, reste, _ := bytes.Cut(rogner(brut), []byte("_"))
	voie, reste, _ := bytes.Cut(reste, []byte("_"))
	numero, suite, _ := bytes.Cut(reste, []byte("_"))
	k := cle{commune: l.communes.trouver(partCommune), numero: bytes.TrimLeft(numero, "0"), suite: suite}
	if longueur(voie) == 4 && !voieNonRenseignee(voie) {
		k.voie = voie
	}
	return k
}

func voieNonRenseignee(voie []byte) bool {
	return bytes.EqualFold(voie, []byte("xxxx")) || string(voie) == "0000"
}

// lireCle reads an interoperability key: commune_street_number[_suffix…].
func (l *lecteurCellule) lireCle(c *cellule, v []byte) {
	minuscules := toutEnMinuscules(v)
	if !minuscules {
		c.relever(genreCasseInvalide)
	}
	partCommune, reste, _ := bytes.Cut(v, []byte("_"))
	voie, reste, _ := bytes.Cut(reste, []byte("_"))
	numero, suite, avecSuite := bytes.Cut(reste, []byte("_"))
	if len(partCommune) == 0 || len(voie) == 0 || len(numero) == 0 || avecSuite && partieVide(suite) {
		c.relever(genreStructureInvalide)
		return
	}
	switch commune := l.communes.trouver(partCommune); {
	case !commune.connue():
		c.relever(genreCommuneInvalide)
	case commune.ancienne:
		c.relever(genreCommuneAncienne)
	}
	switch {
	case longueur(voie) != 4:
		c.relever(genreVoieInvalide)
	case voieNonRenseignee(voie):
		c.relever(genreVoieNonRenseignee)
	}
	if !estNombreEntier(numero) {
		c.relever(genreNumeroInvalide)
		return
	}
	if len(numero) != 5 {
		c.relever(genreNumeroPrefixeManquant)
	}
	if minuscules && len(numero) >= 5 && estASCII(partCommune) {
		c.garder(v) // written as it should be
		return
	}
	nette := bytes.Clone(enMinuscules(enCapitales(partCommune)))
	nette = append(append(nette, '_'), enMinuscules(voie)...)
	nette = append(nette, '_')
	for i := len(numero); i < 5; i++ {
		nette = append(nette, '0')
	}
	c.garder(append(nette, enMinuscules(reste)...))
}

// partieVide tells whether one of the parts separated by "_" is empty.
func partieVide(v []byte) bool {
	return len(v) == 0 || v[0] == '_' || v[len(v)-1] == '_' || bytes.Contains(v, []byte("__"))
}

// ids are the identifiers of the Base Adresse Nationale that a row carries.
type ids struct{ commune, toponyme, adresse []byte }

// lireMarques finds the identifiers written in uid_adresse after @c:, @v: and @a:. ok is false when one of them is not
// a UUID of version 4. A text without marks is accepted and gives nothing.
func lireMarques(v []byte) (trouves ids, ok bool) {
	trouves = ids{commune: marque(v, 'c'), toponyme: marque(v, 'v'), adresse: marque(v, 'a')}
	for _, id := range [...][]byte{trouves.commune, trouves.toponyme, trouves.adresse} {
		if id != nil && !estUUID4(id) {
			return ids{}, false
		}
	}
	return trouves, true
}

// marque returns the text that follows the first "@lettre:" followed by something else than white space.
func marque(v []byte, lettre byte) []byte {
	for {
		i := bytes.IndexByte(v, '@')
		if i < 0 || len(v)-i < 4 {
			return nil
		}
		v = v[i+1:]
		if v[0]|0x20 != lettre || v[1] != ':' {
			continue
		}
		if mot := premierMot(v[2:]); len(mot) > 0 {
			return mot
		}
	}
}

// premierMot is the beginning of v up to white space.
func premierMot(v []byte) []byte {
	for i, r := range string(v) {
		if estEspace(r) {
			return v[:i]
		}
	}
	return v
}
