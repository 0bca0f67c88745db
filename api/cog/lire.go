package cog

import (
	"bytes"
	"cmp"
	"compress/gzip"
	_ "embed" // the data of the geographic code
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// donnees is written by scripts/cog. Lines, separated by tabs:
//
//	millesime  2026
//	source     text
//	C          code  nom  departement  region  mere  former codes separated by spaces
//	E          siren  type  nom  codes of members separated by spaces
//
//go:embed cog.tsv.gz
var donnees []byte

// lire reads the compressed file. Every string of the result is a part of one text, so that the whole costs
// few allocations.
func lire(comprime []byte) (*Cog, error) {
	gz, err := gzip.NewReader(bytes.NewReader(comprime))
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	var texte strings.Builder
	texte.Grow(2 << 20)
	if _, err := io.Copy(&texte, gz); err != nil {
		return nil, fmt.Errorf("uncompress: %w", err)
	}
	c := &Cog{
		communes: make([]Commune, 0, 36_000),
		epci:     make([]EPCI, 0, 1_400),
		rangs:    make([]uint16, nbRangs),
		anciens:  make([]uint16, nbRangs),
	}
	for ligne := range strings.Lines(texte.String()) {
		if err := c.ajouter(strings.TrimSuffix(ligne, "\n")); err != nil {
			return nil, fmt.Errorf("line %.60q: %w", ligne, err)
		}
	}
	return c, c.relier()
}

func (c *Cog) ajouter(ligne string) error {
	genre, reste, _ := strings.Cut(ligne, "\t")
	switch genre {
	case "millesime":
		c.millesime = reste
	case "source":
		c.source = reste
	case "C":
		var co Commune
		var anciens string
		for _, champ := range []*string{&co.Code, &co.Nom, &co.Departement, &co.Region, &co.Mere, &anciens} {
			*champ, reste, _ = strings.Cut(reste, "\t")
		}
		co.AnciensCodes = strings.Fields(anciens)
		c.communes = append(c.communes, co)
		if len(c.communes) > math.MaxUint16 {
			return errors.New("too many communes")
		}
		for i, code := range append([]string{co.Code}, co.AnciensCodes...) {
			r := rang(code)
			if r < 0 || c.rangs[r] != 0 || c.anciens[r] != 0 {
				return fmt.Errorf("code %q is malformed or there twice", code)
			}
			table := c.anciens
			if i == 0 {
				table = c.rangs
			}
			table[r] = uint16(len(c.communes))
		}
	case "E":
		var e EPCI
		var membres string
		for _, champ := range []*string{&e.Siren, &e.Type, &e.Nom, &membres} {
			*champ, reste, _ = strings.Cut(reste, "\t")
		}
		e.Membres = strings.Fields(membres)
		c.epci = append(c.epci, e)
	default:
		return errors.New("unknown kind of line")
	}
	return nil
}

// relier gives each commune its EPCI and checks what the lookups rely on.
func (c *Cog) relier() error {
	if c.millesime == "" || c.source == "" || len(c.communes) == 0 || len(c.epci) == 0 {
		return errors.New("no vintage, source, communes or EPCI")
	}
	if !slices.IsSortedFunc(c.epci, func(a, b EPCI) int { return cmp.Compare(a.Siren, b.Siren) }) {
		return errors.New("EPCI are not sorted")
	}
	for _, e := range c.epci {
		for _, code := range e.Membres {
			i := indice(c.rangs, code)
			if i < 0 {
				return fmt.Errorf("EPCI %s: unknown member %q", e.Siren, code)
			}
			c.communes[i].EPCI = e.Siren
		}
	}
	for _, co := range c.communes {
		if co.Mere != "" && !c.Actuelle(co.Mere) {
			return fmt.Errorf("arrondissement %s: unknown commune %q", co.Code, co.Mere)
		}
	}
	return nil
}
