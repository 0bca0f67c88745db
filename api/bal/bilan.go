package bal

import (
	"math/bits"
	"slices"
	"unicode/utf8"
)

const (
	// maxExemples is how many rows and values are kept for each code.
	maxExemples = 20
	// maxErreursLecture is how many reading errors are kept.
	maxErreursLecture = 100
	// maxCommunesListees is how many different communes a report lists.
	maxCommunesListees = 100
	// maxValeurExemple is the length of a value kept as an example, in bytes.
	maxValeurExemple = 120
)

// compteur counts the rows that have a code.
type compteur struct {
	nombre  int
	lignes  []int    // first rows, zero-based in the file
	valeurs []string // raw values of those rows, for the codes of columns
}

// bilan is what a block, then the file, gives. Blocks are merged in the order of the file, so that nothing depends on
// the number of workers.
type bilan struct {
	octets          int // length of the decoded text
	enregistrements int // records, header and empty lines included
	lignes          int // data rows
	compteurs       []*compteur
	invalides       [len(profils)]int // rows not valid in each profile

	guillemets, tailles     []ErreurLecture // first errors of quotes, then of number of fields
	nbGuillemets, nbTailles int
	fatal                   bool

	variantesLues  []bool // regional columns that have a value on some row
	communes       []CommuneDuFichier
	communesOmises int // rows whose commune is not listed
}

func nouveauBilan(e *entete) *bilan {
	return &bilan{compteurs: make([]*compteur, e.nbCodes()), variantesLues: make([]bool, len(e.variantes))}
}

// compter adds a row with its complete codes.
func (b *bilan) compter(e *entete, li *ligne, regles anomalies) {
	b.lignes++
	for i := range li.variantes {
		b.variantesLues[i] = b.variantesLues[i] || li.variantes[i].lue
	}
	if len(li.fautives) == 0 && regles == 0 {
		return
	}
	var invalide uint8
	for _, lue := range li.fautives {
		c := li.cellule(e, lue)
		for reste := c.codes &^ (1 << genreCasseDouble); reste != 0; {
			var g int
			g, reste = reste.suivante()
			rang := rangGenre(lue, genre(g))
			b.noter(rang, li.rang, c.brut)
			invalide |= e.invalidants[rang]
		}
	}
	for reste := regles; reste != 0; {
		var r int
		r, reste = reste.suivante()
		rang := e.rangRegle(regle(r))
		b.noter(rang, li.rang, nil)
		invalide |= e.invalidants[rang]
	}
	for ; invalide != 0; invalide &= invalide - 1 {
		b.invalides[bits.TrailingZeros8(invalide)]++
	}
}

// cellule is the cell of a known column of the file, by its place in entete.lues.
func (l *ligne) cellule(e *entete, lue int) *cellule {
	c := &e.colonnes[e.lues[lue]]
	if c.langue != "" {
		return &l.variantes[c.variante]
	}
	return &l.cellules[c.champ]
}

func (b *bilan) noter(rang, ligne int, brut []byte) {
	c := b.compteurs[rang]
	if c == nil {
		c = &compteur{}
		b.compteurs[rang] = c
	}
	c.nombre++
	if len(c.lignes) < maxExemples {
		c.lignes = append(c.lignes, ligne)
		if brut != nil {
			c.valeurs = append(c.valeurs, exemple(brut))
		}
	}
}

// exemple is a value short enough to be shown.
func exemple(brut []byte) string {
	if len(brut) <= maxValeurExemple {
		return string(brut)
	}
	n := maxValeurExemple
	for n > 0 && !utf8.RuneStart(brut[n]) {
		n--
	}
	return string(brut[:n]) + "…"
}

// compterCommune adds the row to those of its commune, empty when it has none.
func (b *bilan) compterCommune(code string, ligne int) {
	b.ajouterCommune(CommuneDuFichier{Code: code, Lignes: 1, PremiereLigne: ligne})
}

func (b *bilan) ajouterCommune(c CommuneDuFichier) {
	for i := len(b.communes) - 1; i >= 0; i-- {
		if b.communes[i].Code == c.Code {
			b.communes[i].Lignes += c.Lignes
			return
		}
	}
	if len(b.communes) < maxCommunesListees {
		b.communes = append(b.communes, c)
		return
	}
	b.communesOmises += c.Lignes
}

// ajouter merges the block that follows.
func (b *bilan) ajouter(suite *bilan) {
	for i, c := range suite.compteurs {
		switch {
		case c == nil:
		case b.compteurs[i] == nil:
			decaler(c.lignes, b.lignes)
			b.compteurs[i] = c
		default:
			b.compteurs[i].ajouter(c, b.lignes)
		}
	}
	for p, n := range suite.invalides {
		b.invalides[p] += n
	}
	for i := range suite.guillemets {
		suite.guillemets[i].Position += b.octets
	}
	b.guillemets = ajouterErreurs(b.guillemets, suite.guillemets, b.enregistrements)
	b.tailles = ajouterErreurs(b.tailles, suite.tailles, b.lignes)
	b.nbGuillemets += suite.nbGuillemets
	b.nbTailles += suite.nbTailles
	b.fatal = b.fatal || suite.fatal
	for i, lue := range suite.variantesLues {
		b.variantesLues[i] = b.variantesLues[i] || lue
	}
	for _, c := range suite.communes {
		c.PremiereLigne += b.lignes
		b.ajouterCommune(c)
	}
	b.communesOmises += suite.communesOmises
	b.octets += suite.octets
	b.enregistrements += suite.enregistrements
	b.lignes += suite.lignes
}

func (c *compteur) ajouter(suite *compteur, avant int) {
	c.nombre += suite.nombre
	place := min(maxExemples-len(c.lignes), len(suite.lignes))
	decaler(suite.lignes, avant)
	c.lignes = append(c.lignes, suite.lignes[:place]...)
	if len(suite.valeurs) > 0 {
		c.valeurs = append(c.valeurs, suite.valeurs[:place]...)
	}
}

func decaler(lignes []int, avant int) {
	for i := range lignes {
		lignes[i] += avant
	}
}

func ajouterErreurs(liste, suite []ErreurLecture, avant int) []ErreurLecture {
	for _, e := range suite {
		if len(liste) == maxErreursLecture {
			break
		}
		e.Ligne += avant
		liste = append(liste, e)
	}
	return liste
}

// rangsReleves are the codes of rows that the file has, in the order of their discovery.
func (b *bilan) rangsReleves() []int {
	var rangs []int
	for rang, c := range b.compteurs {
		if c != nil {
			rangs = append(rangs, rang)
		}
	}
	slices.SortStableFunc(rangs, func(x, y int) int { return b.compteurs[x].lignes[0] - b.compteurs[y].lignes[0] })
	return rangs
}
