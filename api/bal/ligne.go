package bal

import (
	"bytes"
	"math"
)

// ligne is a row being read: its cells, then what the rules of rows and of the whole file look at. One ligne is used
// again and again by each worker.
type ligne struct {
	rang      int               // zero-based among data rows of the block, then of the file
	cellules  [nbChamps]cellule // base columns; those that the file has not got stay empty
	variantes []cellule         // regional columns
	fautives  []int             // places in entete.lues of the columns that have an anomaly

	regles    anomalies // set of regle
	manqueIDs int       // how many times row.lack_of_id_ban is written, 0 to 3

	cle        cle
	ids        ids      // of the columns, else of uid_adresse
	commune    *commune // of commune_insee, else of cle_interop; nil when unknown
	voie       *nom
	complement *nom
}

// nomVoie is the parsed name of the street, empty when there is none.
func (l *ligne) nomVoie() []byte {
	if c := &l.cellules[champVoieNom]; c.lue {
		return c.valeur
	}
	return l.cellules[champToponyme].valeur
}

// estToponyme tells the rows that name a place and are not an address.
func (l *ligne) estToponyme() bool {
	c := &l.cellules[champNumero]
	return c.lue && c.nombre == numeroToponyme
}

// estAdresse tells the rows whose number was read and is that of an address.
func (l *ligne) estAdresse() bool {
	c := &l.cellules[champNumero]
	return c.lue && c.nombre != numeroToponyme
}

// utiliseIDs tells whether the row has all the identifiers it must have (07 §10.8).
func (l *ligne) utiliseIDs() bool {
	return l.ids.commune != nil && l.ids.toponyme != nil && (l.ids.adresse != nil || l.estToponyme())
}

// aDesIDs tells whether the row has at least one identifier.
func (l *ligne) aDesIDs() bool {
	return l.ids.commune != nil || l.ids.toponyme != nil || l.ids.adresse != nil
}

// lecteurLigne reads rows. One per goroutine.
type lecteurLigne struct {
	lecteurCellule
	entete *entete
	noms   noms
	// precedents is the last cell of each column: most columns repeat from one row to the next, and an equal text is
	// not read again. It points into the current block and is emptied with it.
	precedents []cellule
	ligne      ligne
}

func nouveauLecteurLigne(e *entete, l lecteurCellule) *lecteurLigne {
	return &lecteurLigne{
		lecteurCellule: l,
		entete:         e,
		noms:           nouveauxNoms(),
		precedents:     make([]cellule, len(e.lues)),
		ligne:          ligne{variantes: make([]cellule, len(e.variantes))},
	}
}

// oublier forgets the block that was read.
func (l *lecteurLigne) oublier() { clear(l.precedents) }

// lireLigne applies the rules of fields and of rows to a record that has as many fields as the header.
func (l *lecteurLigne) lireLigne(rang int, valeurs [][]byte) *ligne {
	li := &l.ligne
	li.rang = rang
	li.fautives = li.fautives[:0]
	for lue, i := range l.entete.lues {
		col := &l.entete.colonnes[i]
		c := &l.precedents[lue]
		if c.brut == nil || !bytes.Equal(c.brut, valeurs[i]) {
			*c = l.lire(col.champ, col.langue != "", valeurs[i])
		}
		if c.codes != 0 {
			li.fautives = append(li.fautives, lue)
		}
		if col.langue == "" {
			li.cellules[col.champ] = *c
		} else {
			li.variantes[col.variante] = *c
		}
	}
	l.rapprocher(li)
	l.appliquerRegles(li)
	return li
}

// rapprocher finds what the row is about: key, identifiers, commune, names.
func (l *lecteurLigne) rapprocher(li *ligne) {
	li.cle, li.commune = cle{}, nil
	if c := &li.cellules[champCleInterop]; c.lue {
		li.cle = l.decouperCle(c.brut)
		li.commune = li.cle.commune
	}
	if c := &li.cellules[champCommuneInsee]; c.lue {
		li.commune = l.communes.trouver(c.valeur)
	}
	li.ids = ids{
		commune:  li.cellules[champIDBanCommune].valeur,
		toponyme: li.cellules[champIDBanToponyme].valeur,
		adresse:  li.cellules[champIDBanAdresse].valeur,
	}
	if c := &li.cellules[champUIDAdresse]; c.lue {
		marques, _ := lireMarques(c.valeur)
		li.ids.completer(marques)
	}
	li.voie = l.noms.trouver(li.nomVoie())
	li.complement = l.noms.trouver(li.cellules[champLieuditComplementNom].valeur)
}

// completer takes from autres the identifiers that are missing.
func (i *ids) completer(autres ids) {
	if i.commune == nil {
		i.commune = autres.commune
	}
	if i.toponyme == nil {
		i.toponyme = autres.toponyme
	}
	if i.adresse == nil {
		i.adresse = autres.adresse
	}
}

// appliquerRegles applies the rules of 07 §10.7, in their order.
func (l *lecteurLigne) appliquerRegles(li *ligne) {
	li.regles, li.manqueIDs = 0, 0
	c := &li.cellules
	numero := &c[champNumero]

	if c[champCleInterop].lue && numero.lue && numero.nombre != 0 && !memeNumero(li.cle.numero, int(numero.nombre)) {
		li.regles.relever(regleIncoherenceNumero)
	}
	if !c[champCleInterop].lue && !c[champCommuneInsee].lue {
		li.regles.relever(regleCommuneManquante)
	}
	if nom := &c[champCommuneNom]; nom.lue && li.commune != nil && li.commune.actuelle && string(nom.valeur) != li.commune.nom {
		li.regles.relever(regleCommuneNomInvalide)
	}
	if li.voie == li.complement || li.voie.normalise == li.complement.normalise {
		li.regles.relever(regleVoieEgaleComplement)
	}
	if li.estAdresse() && len(c[champPosition].brut) == 0 {
		li.regles.relever(reglePositionManquante)
	}
	appliquerRegleLongLat(li)
	if !numero.lue || len(li.nomVoie()) == 0 {
		li.regles.relever(regleAdresseIncomplete)
	}
	if deleguee := &c[champCommuneDelegueeInsee]; deleguee.lue && deleguee.codes == 0 && c[champCommuneInsee].codes == 0 &&
		li.commune != nil && li.commune.actuelle && string(deleguee.valeur) != li.commune.code &&
		!l.communes.devenue(deleguee.valeur, li.commune.code) {
		li.regles.relever(regleChefLieuInvalide)
	}
	if li.aDesIDs() {
		if li.ids.commune == nil {
			li.manqueIDs++
		}
		if li.ids.toponyme == nil {
			li.manqueIDs++
		}
		if li.ids.adresse == nil && !li.estToponyme() {
			li.manqueIDs++
		}
		if li.manqueIDs > 0 {
			li.regles.relever(regleManqueIDBan)
		}
	}
}

// toleranceXY is the distance in metres from which long/lat and x/y contradict each other.
const toleranceXY = 10

func appliquerRegleLongLat(li *ligne) {
	c := &li.cellules
	long, lat := &c[champLong], &c[champLat]
	if li.estAdresse() && (len(long.brut) == 0 || len(lat.brut) == 0) {
		li.regles.relever(regleLongLatVides)
		return
	}
	if long.lue && lat.lue {
		if x, y, ok := projeter(long.nombre, lat.nombre); ok {
			if c[champX].lue && c[champY].lue && math.Hypot(x-c[champX].nombre, y-c[champY].nombre) > toleranceXY {
				li.regles.relever(regleLongLatXYIncoherents)
			}
			return
		}
	}
	if !li.estToponyme() {
		li.regles.relever(regleLongLatInvalides)
	}
}

// memeNumero compares the number of a key, without leading zeros, with a number that is not zero.
func memeNumero(chiffres []byte, numero int) bool {
	return len(chiffres) <= 5 && entier(chiffres) == numero
}
