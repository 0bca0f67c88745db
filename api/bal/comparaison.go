package bal

import (
	"context"
	"errors"
)

// Changement is how an address differs between two files.
type Changement byte

const (
	// Ajout is an address that only the new file has.
	Ajout Changement = iota + 1
	// Retrait is an address that only the old file had.
	Retrait
	// Modification is an address of both files that is not described in the same way.
	Modification
)

// What the addresses of two files are recognised by.
const (
	CleIDBan   = "id_ban_adresse" // identifiers of the BAN, of addresses and of places
	CleInterop = "cle_interop"
	CleAdresse = "adresse" // commune, normalised name of the street, number, suffix
)

// ErrIllisible is returned by Comparer when a file is not text, or has no separator.
var ErrIllisible = errors.New("le fichier ne peut pas être lu comme une base adresse locale")

// OptionsComparaison says which differences are listed; all of them are counted.
type OptionsComparaison struct {
	Changement Changement // only these; zero for all
	Debut      int        // how many to skip
	Nombre     int        // how many to list at most; zero for none
}

// Comparaison is what changes from a file to another, in rows: a file may describe several positions of an
// address.
type Comparaison struct {
	Cle                                       string // CleIDBan, CleInterop or CleAdresse
	Ajoutees, Retirees, Modifiees, Inchangees int
	LignesAvant, LignesApres                  int
	// Elements are the page asked for: additions and modifications in the order of the new file, then withdrawals
	// in the order of the old one.
	Elements []Difference
}

// Difference is an address that changes.
type Difference struct {
	Changement Changement
	Ligne      int // line in the new file, in the old one for a Retrait; the header is line 1
	Avant      *AdresseComparee
	Apres      *AdresseComparee
	Champs     []ChampModifie // of a Modification
	// Deplacement is how far the position moves, in metres; zero when it does not or when either is unknown.
	Deplacement float64
}

// AdresseComparee is what a row says of an address, as written there without the spaces around.
type AdresseComparee struct {
	Numero, Suffixe, Voie, Complement string
	CommuneInsee, CommuneNom          string
	Position, Long, Lat               string
	Certifiee                         bool
}

// ChampModifie is a value that changes.
type ChampModifie struct {
	Champ        string // name of the column; voie_nom also for toponyme
	Avant, Apres string
}

// Comparer compares two files. Addresses are recognised by the identifiers of the BAN when every row of both
// files has them, else by the interoperability key when every row has one, else by what they say.
//
// The date and the source of a row do not make it a modification, but are listed with one. A nil avant is an
// empty file. Memory is bounded by 64 bytes per row of the old file and by the page; both files are read
// several times. Errors: ErrIllisible, reading, cancellation.
func Comparer(ctx context.Context, avant, apres Source, o OptionsComparaison) (*Comparaison, error) {
	nouveau, err := ouvrirCompare(ctx, apres)
	if err != nil {
		return nil, err
	}
	ancien := &fichierCompare{}
	if avant != nil {
		if ancien, err = ouvrirCompare(ctx, avant); err != nil {
			return nil, err
		}
	}
	c := comparateur{options: o, index: make(map[empreinteLongue]*rapprochement)}
	if c.resultat.Cle, err = choisirCle(ctx, ancien, nouveau); err != nil {
		return nil, err
	}
	for _, passe := range []struct {
		fichier *fichierCompare
		suivre  func(*ligneComparee)
	}{
		{ancien, c.retenir},
		{nouveau, c.rapprocher},
		{ancien, c.completer},
	} {
		if err := passe.fichier.parcourir(ctx, c.resultat.Cle, passe.suivre); err != nil {
			return nil, err
		}
	}
	c.resultat.Retirees = c.resultat.LignesAvant - c.resultat.Modifiees - c.resultat.Inchangees
	return &c.resultat, nil
}

// rapprochement is a row of the old file.
type rapprochement struct {
	contenu uint64
	// A key may be written several times in a file: its rows are matched in their order. The first one counts
	// how many the old file has, how many the new one has asked for, and how many were read again.
	occurrences, demandees, relues uint32
	apparie                        bool
	element                        int32 // 1 + rank in Elements of the modification to complete
}

type comparateur struct {
	options  OptionsComparaison
	index    map[empreinteLongue]*rapprochement
	resultat Comparaison
	passes   int // differences of the kind asked for seen so far
}

// retenir keeps a row of the old file.
func (c *comparateur) retenir(l *ligneComparee) {
	c.resultat.LignesAvant++
	cle := l.cle
	if premiere := c.index[cle]; premiere != nil {
		premiere.occurrences++
		cle = cle.occurrence(premiere.occurrences)
	}
	c.index[cle] = &rapprochement{contenu: l.contenu(), occurrences: 1}
}

// rapprocher classifies a row of the new file.
func (c *comparateur) rapprocher(l *ligneComparee) {
	c.resultat.LignesApres++
	r := c.index[l.cle]
	if r != nil {
		r.demandees++
		if r.demandees > 1 {
			r = c.index[l.cle.occurrence(r.demandees)]
		}
	}
	switch {
	case r == nil:
		c.resultat.Ajoutees++
		if c.dansLaPage(Ajout) {
			c.resultat.Elements = append(c.resultat.Elements, Difference{Changement: Ajout, Ligne: l.numero, Apres: l.adresse()})
		}
	case r.contenu == l.contenu():
		r.apparie = true
		c.resultat.Inchangees++
	default:
		r.apparie = true
		c.resultat.Modifiees++
		if c.dansLaPage(Modification) {
			c.resultat.Elements = append(c.resultat.Elements, Difference{
				Changement: Modification, Ligne: l.numero, Apres: l.adresse(), Champs: l.champs()})
			r.element = int32(len(c.resultat.Elements))
		}
	}
}

// completer reads the old file again: what modified addresses were, and those that are withdrawn.
func (c *comparateur) completer(l *ligneComparee) {
	premiere := c.index[l.cle]
	premiere.relues++
	r := premiere
	if premiere.relues > 1 {
		r = c.index[l.cle.occurrence(premiere.relues)]
	}
	switch {
	case r.element > 0:
		d := &c.resultat.Elements[r.element-1]
		anciens := l.champs()
		d.Avant = l.adresse()
		d.Deplacement = deplacement(anciens, d.Champs)
		d.Champs = champsModifies(anciens, d.Champs)
	case !r.apparie && c.dansLaPage(Retrait):
		c.resultat.Elements = append(c.resultat.Elements, Difference{Changement: Retrait, Ligne: l.numero, Avant: l.adresse()})
	}
}

// dansLaPage counts a difference and says whether to list it.
func (c *comparateur) dansLaPage(genre Changement) bool {
	if c.options.Changement != 0 && c.options.Changement != genre {
		return false
	}
	c.passes++
	return c.passes > c.options.Debut && c.passes <= c.options.Debut+c.options.Nombre
}
