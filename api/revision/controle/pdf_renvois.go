package controle

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
)

const (
	maxObjets   = 2_000_000
	maxSections = 1000     // of cross-references: one per saved change
	maxDecode   = 64 << 20 // bytes of a decoded stream that is read whole
)

// entree says where an object is: at an offset of the file, or at a rank of an object stream.
type entree struct {
	position int64
	flux     int32 // number of the object stream, 0 when the object is in the file
	connue   bool
}

// pdf is an open document.
type pdf struct {
	s        *source
	entrees  []entree
	trailer  dict
	decodes  map[int]*fluxObjets
	memoire  int // bytes of decodes
	sections map[int64]bool
}

// lirePDF reads the cross-references of a document, newest first.
func lirePDF(s *source) (*pdf, error) {
	p := &pdf{s: s, decodes: map[int]*fluxObjets{}, sections: map[int64]bool{}}
	debut, err := s.startxref()
	if err != nil {
		return nil, err
	}
	for a := []int64{debut}; len(a) > 0; {
		position := a[0]
		a = a[1:]
		if p.sections[position] {
			continue
		}
		if p.sections[position] = true; len(p.sections) > maxSections {
			return nil, errPDF
		}
		suite, err := p.section(position)
		if err != nil {
			return nil, err
		}
		a = append(suite, a...)
	}
	if p.trailer == nil {
		return nil, errPDF
	}
	return p, nil
}

// startxref finds the last one, in the last kilobytes.
func (s *source) startxref() (int64, error) {
	n := min(s.taille, 4096)
	b := make([]byte, n)
	if _, err := s.ReadAt(b, s.taille-n); err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	i := bytes.LastIndex(b, []byte("startxref"))
	if i < 0 {
		return 0, errPDF
	}
	champs := strings.Fields(string(b[i+len("startxref"):]))
	if len(champs) == 0 {
		return 0, errPDF
	}
	position, err := strconv.ParseInt(champs[0], 10, 64)
	if err != nil {
		return 0, errPDF
	}
	return position, nil
}

// section reads a table or a stream of cross-references, and returns where the previous ones are.
func (p *pdf) section(position int64) ([]int64, error) {
	var table bool
	err := p.s.fenetre(position, func(l *lexeur) error {
		l.sauter()
		table = bytes.HasPrefix(l.b[l.i:], []byte("xref"))
		return nil
	})
	if err != nil {
		return nil, err
	}
	var d dict
	if table {
		d, err = p.table(position)
	} else {
		d, err = p.fluxRenvois(position)
	}
	if err != nil {
		return nil, err
	}
	if p.trailer == nil {
		p.trailer = d
	}
	var suite []int64
	for _, cle := range []nom{"XRefStm", "Prev"} {
		if v, ok := d[cle].(float64); ok && v >= 0 {
			suite = append(suite, int64(v))
		}
	}
	return suite, nil
}

// noter keeps the first entry seen of an object: the newest.
func (p *pdf) noter(n int, e entree) error {
	if n < 0 || n >= maxObjets {
		return errPDF
	}
	if n >= len(p.entrees) {
		p.entrees = append(p.entrees, make([]entree, n-len(p.entrees)+1)...)
	}
	if !p.entrees[n].connue {
		e.connue = true
		p.entrees[n] = e
	}
	return nil
}

// table reads a classic table: it is walked line by line, whatever its length.
func (p *pdf) table(position int64) (dict, error) {
	r := io.NewSectionReader(p.s, position, p.s.taille-position)
	mots := &lecteurMots{r: newTampon(r)}
	if m, err := mots.suivant(); err != nil || m != "xref" {
		return nil, errPDF
	}
	for {
		m, err := mots.suivant()
		if err != nil {
			return nil, err
		}
		if m == "trailer" || strings.HasPrefix(m, "trailer<") {
			return p.dictA(position + mots.lus - int64(len(m)-len("trailer")))
		}
		debut, err1 := strconv.Atoi(m)
		m, err = mots.suivant()
		n, err2 := strconv.Atoi(m)
		if err != nil || err1 != nil || err2 != nil || n < 0 {
			return nil, errPDF
		}
		for i := range n {
			if err := p.ligne(mots, debut+i); err != nil {
				return nil, err
			}
		}
	}
}

func (p *pdf) ligne(mots *lecteurMots, n int) error {
	var champs [3]string
	for i := range champs {
		m, err := mots.suivant()
		if err != nil {
			return err
		}
		champs[i] = m
	}
	offset, err := strconv.ParseInt(champs[0], 10, 64)
	if err != nil || champs[2] != "n" && champs[2] != "f" {
		return errPDF
	}
	if champs[2] == "f" {
		offset = 0
	}
	return p.noter(n, entree{position: offset})
}

// dictA reads a dictionary at a position.
func (p *pdf) dictA(position int64) (d dict, err error) {
	err = p.s.fenetre(position, func(l *lexeur) error {
		v, err := l.objet(0)
		if err != nil {
			return err
		}
		var ok bool
		if d, ok = v.(dict); !ok {
			return errPDF
		}
		return nil
	})
	return d, err
}

// objetA reads "n g obj …" at a position.
func (p *pdf) objetA(position int64) (n int, v any, err error) {
	err = p.s.fenetre(position, func(l *lexeur) error {
		var entete [3]any
		for i := range entete {
			var err error
			if entete[i], err = l.objet(0); err != nil {
				return err
			}
		}
		num, ok := entete[0].(float64)
		if !ok || entete[2] != motCle("obj") {
			return errPDF
		}
		n = int(num)
		var err error
		if v, err = l.objet(0); err != nil {
			return err
		}
		d, ok := v.(dict)
		if !ok {
			return nil
		}
		l.sauter()
		if !l.fin && len(l.b)-l.i < len("stream\r\n") {
			return l.manque()
		}
		if rest, ok := bytes.CutPrefix(l.b[l.i:], []byte("stream")); ok {
			saut := 0
			if bytes.HasPrefix(rest, []byte("\r\n")) {
				saut = 2
			} else if len(rest) > 0 && (rest[0] == '\n' || rest[0] == '\r') {
				saut = 1
			}
			v = flux{d, position + int64(l.i+len("stream")+saut)}
		}
		return nil
	})
	return n, v, err
}

// fluxRenvois reads a stream of cross-references.
func (p *pdf) fluxRenvois(position int64) (dict, error) {
	_, v, err := p.objetA(position)
	if err != nil {
		return nil, err
	}
	f, ok := v.(flux)
	if !ok || f.d["Type"] != nom("XRef") {
		return nil, errPDF
	}
	largeurs, err := entiers(f.d["W"])
	if err != nil || len(largeurs) < 3 || largeurs[0] > 8 || largeurs[1] > 8 || largeurs[2] > 8 {
		return nil, errPDF
	}
	index := []int{0, entier(f.d["Size"])}
	if f.d["Index"] != nil {
		if index, err = entiers(f.d["Index"]); err != nil || len(index)%2 != 0 {
			return nil, errPDF
		}
	}
	r, err := p.decoder(f)
	if err != nil {
		return nil, err
	}
	ligne := make([]byte, largeurs[0]+largeurs[1]+largeurs[2])
	if len(ligne) == 0 {
		return nil, errPDF
	}
	for ; len(index) > 0; index = index[2:] {
		for i := range index[1] {
			if _, err := io.ReadFull(r, ligne); err != nil {
				return nil, errPDF
			}
			if err := p.noterLigne(index[0]+i, ligne, largeurs); err != nil {
				return nil, err
			}
		}
	}
	return f.d, nil
}

func (p *pdf) noterLigne(n int, ligne []byte, l []int) error {
	nombre := func(b []byte) (v int64) {
		for _, c := range b {
			v = v<<8 | int64(c)
		}
		return v
	}
	genre := int64(1)
	if l[0] > 0 {
		genre = nombre(ligne[:l[0]])
	}
	deux := nombre(ligne[l[0] : l[0]+l[1]])
	switch genre {
	case 0:
		return p.noter(n, entree{})
	case 1:
		return p.noter(n, entree{position: deux})
	case 2:
		if deux <= 0 || deux >= maxObjets {
			return errPDF
		}
		return p.noter(n, entree{flux: int32(deux)})
	}
	return nil // reserved for later versions: an absent object
}

func entier(v any) int {
	f, _ := v.(float64)
	if f < 0 || f > maxObjets {
		return 0
	}
	return int(f)
}

func entiers(v any) ([]int, error) {
	t, ok := v.([]any)
	if !ok {
		return nil, errPDF
	}
	out := make([]int, len(t))
	for i, x := range t {
		f, ok := x.(float64)
		if !ok || f < 0 || f > maxObjets {
			return nil, errPDF
		}
		out[i] = int(f)
	}
	return out, nil
}

// decoder opens the decoded bytes of a stream of the structure: plain or Flate, with PNG prediction.
func (p *pdf) decoder(f flux) (io.Reader, error) {
	longueur, ok := p.resoudre(f.d["Length"]).(float64)
	if !ok || longueur < 0 || f.debut+int64(longueur) > p.s.taille {
		return nil, errPDF
	}
	var r io.Reader = io.NewSectionReader(p.s, f.debut, int64(longueur))
	filtre, params := p.resoudre(f.d["Filter"]), p.resoudre(f.d["DecodeParms"])
	if t, ok := filtre.([]any); ok {
		if len(t) > 1 {
			return nil, errPDF
		}
		filtre = nil
		if len(t) == 1 {
			filtre = p.resoudre(t[0])
		}
		if q, ok := params.([]any); ok && len(q) == 1 {
			params = p.resoudre(q[0])
		}
	}
	switch filtre {
	case nil:
		return r, nil
	case nom("FlateDecode"):
		z, err := zlib.NewReader(r)
		if err != nil {
			if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
				return nil, err
			}
			return nil, errPDF
		}
		d, _ := params.(dict)
		return predire(compteur{p.s, io.LimitReader(z, maxDecode)}, d)
	}
	return nil, errPDF
}
