package controle

import (
	"errors"
	"io"
	"math"
)

const maxPages = 20_000

// inspecterPDF opens the structure of a document: cross-references, catalogue, every page and the place
// of its content. A document that readers open only after repairing it is refused.
func inspecterPDF(s *source) (Verdict, error) {
	p, err := lirePDF(s)
	if err == nil {
		if p.resoudre(p.trailer["Encrypt"]) != nil {
			return Verdict{Code: PDFChiffre}, nil
		}
		var v Verdict
		if v, err = p.pages(); err == nil {
			return v, nil
		}
	}
	if s.ctx.Err() != nil {
		return Verdict{}, s.ctx.Err()
	}
	if !errors.Is(err, errPDF) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Verdict{}, err
	}
	return Verdict{Code: PDFIllisible}, nil
}

// noeud is a node of the tree of pages, with what it inherits.
type noeud struct {
	v          any
	boite      any
	rotation   any
	profondeur int
}

// pages walks the tree of pages, each node once.
func (p *pdf) pages() (Verdict, error) {
	racine, ok := p.resoudre(p.trailer["Root"]).(dict)
	if !ok {
		return Verdict{}, errPDF
	}
	var v Verdict
	vus := map[ref]bool{}
	for pile := []noeud{{v: racine["Pages"]}}; len(pile) > 0; {
		n := pile[len(pile)-1]
		pile = pile[:len(pile)-1]
		if r, ok := n.v.(ref); ok {
			if vus[r] {
				return Verdict{}, errPDF
			}
			vus[r] = true
		}
		d, ok := p.resoudre(n.v).(dict)
		if !ok || n.profondeur > maxProfondeur {
			return Verdict{}, errPDF
		}
		n.heriter(d)
		if enfants, ok := p.resoudre(d["Kids"]).([]any); ok && d["Type"] != nom("Page") {
			for i := len(enfants) - 1; i >= 0; i-- {
				pile = append(pile, noeud{enfants[i], n.boite, n.rotation, n.profondeur + 1})
			}
			continue
		}
		if v.NbPages++; v.NbPages > maxPages {
			return Verdict{}, errPDF
		}
		if err := p.page(d, n, &v); err != nil {
			return Verdict{}, err
		}
	}
	if v.NbPages == 0 {
		v.Code = PDFSansPage
	}
	return v, p.s.ctx.Err()
}

func (n *noeud) heriter(d dict) {
	if b, ok := d["MediaBox"]; ok {
		n.boite = b
	}
	if r, ok := d["Rotate"]; ok {
		n.rotation = r
	}
}

// page checks that the content of a page lies in the file, and notes the size of the page.
func (p *pdf) page(d dict, n noeud, v *Verdict) error {
	contenus, ok := p.resoudre(d["Contents"]).([]any)
	if !ok {
		contenus = []any{d["Contents"]}
	}
	for _, c := range contenus {
		f, ok := p.resoudre(c).(flux)
		if !ok {
			continue // an empty page
		}
		longueur, ok := p.resoudre(f.d["Length"]).(float64)
		if !ok || longueur < 0 || f.debut+int64(longueur) > p.s.taille {
			return errPDF
		}
	}
	boite, ok := p.resoudre(n.boite).([]any)
	if !ok || len(boite) != 4 {
		return nil
	}
	var c [4]float64
	for i, x := range boite {
		c[i], _ = p.resoudre(x).(float64)
	}
	t := Page{math.Abs(c[2] - c[0]), math.Abs(c[3] - c[1])}
	if r, _ := p.resoudre(n.rotation).(float64); math.Mod(math.Abs(r), 180) == 90 {
		t.Largeur, t.Hauteur = t.Hauteur, t.Largeur
	}
	v.Pages = append(v.Pages, t)
	return nil
}

// resoudre follows a reference; what cannot be found or read is null, as the format wants.
func (p *pdf) resoudre(v any) any {
	for range maxProfondeur {
		r, ok := v.(ref)
		if !ok {
			return v
		}
		v = p.objet(r.numero)
	}
	return nil
}

func (p *pdf) objet(n int) any {
	if n <= 0 || n >= len(p.entrees) || !p.entrees[n].connue {
		return nil
	}
	e := p.entrees[n]
	if e.flux > 0 {
		return p.objetDeFlux(int(e.flux), n)
	}
	if e.position <= 0 {
		return nil
	}
	numero, v, err := p.objetA(e.position)
	if err != nil || numero != n {
		return nil
	}
	return v
}

// fluxObjets is a decoded object stream.
type fluxObjets struct {
	b     []byte
	rangs map[int]int // object → offset in b
}

// objetDeFlux reads an object of an object stream; decoded streams are kept up to maxDecode bytes in all.
func (p *pdf) objetDeFlux(numero, n int) any {
	o, ok := p.decodes[numero]
	if !ok {
		if o = p.ouvrirFlux(numero); o == nil {
			return nil
		}
		if p.memoire += len(o.b); p.memoire > maxDecode {
			clear(p.decodes)
			p.memoire = len(o.b)
		}
		p.decodes[numero] = o
	}
	debut, ok := o.rangs[n]
	if !ok {
		return nil
	}
	l := &lexeur{b: o.b, i: debut, fin: true}
	v, err := l.objet(0)
	if err != nil {
		return nil
	}
	return v
}

func (p *pdf) ouvrirFlux(numero int) *fluxObjets {
	// An object stream lies in the file itself, never in another one.
	if numero >= len(p.entrees) || p.entrees[numero].flux > 0 || p.entrees[numero].position <= 0 {
		return nil
	}
	f, ok := p.objet(numero).(flux)
	if !ok || f.d["Type"] != nom("ObjStm") {
		return nil
	}
	r, err := p.decoder(f)
	if err != nil {
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(r, maxDecode))
	if err != nil {
		return nil
	}
	o := &fluxObjets{b: b, rangs: map[int]int{}}
	premier, l := entier(p.resoudre(f.d["First"])), &lexeur{b: b, fin: true}
	for range entier(p.resoudre(f.d["N"])) {
		n, err1 := l.objet(0)
		position, err2 := l.objet(0)
		if err1 != nil || err2 != nil {
			return nil
		}
		if debut := premier + entier(position); debut < len(b) {
			o.rangs[entier(n)] = debut
		}
	}
	return o
}
