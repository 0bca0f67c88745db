package controle

import (
	"bytes"
	"errors"
	"io"
	"strconv"
)

// Objects of a PDF: nil, bool, float64, nom, chaine, []any, dict, ref, flux, motCle.
type (
	nom    string
	chaine string
	motCle string
	dict   map[nom]any
	ref    struct{ numero, generation int }
	flux   struct {
		d     dict
		debut int64 // of its bytes in the file
	}
)

var errPDF = errors.New("malformed PDF")

const (
	maxProfondeur = 64
	maxObjet      = 4 << 20 // bytes of one object without its stream
	// maxTravail bounds the bytes parsed and decoded for one document: one that refers to the same large
	// object again and again would keep a worker busy for hours.
	maxTravail = 1 << 30
)

// lexeur reads objects in a window of bytes. incomplet is set when the window ended in the middle: the
// caller tries again with a larger one.
type lexeur struct {
	b         []byte
	i         int
	fin       bool // the window reaches the end of its source
	incomplet bool
}

func blanc(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func delimiteur(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func (l *lexeur) manque() error {
	l.incomplet = !l.fin
	return errPDF
}

// sauter skips blanks and comments.
func (l *lexeur) sauter() {
	for l.i < len(l.b) {
		switch c := l.b[l.i]; {
		case blanc(c):
			l.i++
		case c == '%':
			for l.i < len(l.b) && l.b[l.i] != '\n' && l.b[l.i] != '\r' {
				l.i++
			}
		default:
			return
		}
	}
}

// objet reads one object; a reference "1 0 R" is one.
func (l *lexeur) objet(profondeur int) (any, error) {
	l.sauter()
	if l.i >= len(l.b) {
		return nil, l.manque()
	}
	if profondeur > maxProfondeur {
		return nil, errPDF
	}
	switch c := l.b[l.i]; {
	case c == '/':
		l.i++
		return l.nom(), nil
	case c == '(':
		return l.litterale()
	case c == '<' && l.i+1 < len(l.b) && l.b[l.i+1] == '<':
		l.i += 2
		return l.dict(profondeur)
	case c == '<':
		return l.hexadecimale()
	case c == '[':
		l.i++
		return l.tableau(profondeur)
	case c == ']' || c == '>' || c == '{' || c == '}' || c == ')':
		return nil, errPDF
	}
	return l.mot()
}

func (l *lexeur) brut() string {
	d := l.i
	for l.i < len(l.b) && !blanc(l.b[l.i]) && !delimiteur(l.b[l.i]) {
		l.i++
	}
	return string(l.b[d:l.i])
}

func (l *lexeur) nom() nom {
	s := l.brut()
	if !bytes.ContainsRune([]byte(s), '#') {
		return nom(s)
	}
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '#' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(n))
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return nom(out)
}

// litterale skips over a string: its value is of no use here.
func (l *lexeur) litterale() (any, error) {
	ouvertes := 0
	for ; l.i < len(l.b); l.i++ {
		switch l.b[l.i] {
		case '\\':
			l.i++
		case '(':
			ouvertes++
		case ')':
			if ouvertes--; ouvertes == 0 {
				l.i++
				return chaine(""), nil
			}
		}
	}
	return nil, l.manque()
}

func (l *lexeur) hexadecimale() (any, error) {
	n := bytes.IndexByte(l.b[l.i:], '>')
	if n < 0 {
		return nil, l.manque()
	}
	l.i += n + 1
	return chaine(""), nil
}

func (l *lexeur) tableau(profondeur int) (any, error) {
	out := []any{}
	for {
		l.sauter()
		if l.i >= len(l.b) {
			return nil, l.manque()
		}
		if l.b[l.i] == ']' {
			l.i++
			return out, nil
		}
		v, err := l.objet(profondeur + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

func (l *lexeur) dict(profondeur int) (any, error) {
	out := dict{}
	for {
		l.sauter()
		if l.i+1 >= len(l.b) {
			return nil, l.manque()
		}
		if l.b[l.i] == '>' && l.b[l.i+1] == '>' {
			l.i += 2
			return out, nil
		}
		if l.b[l.i] != '/' {
			return nil, errPDF
		}
		l.i++
		cle := l.nom()
		v, err := l.objet(profondeur + 1)
		if err != nil {
			return nil, err
		}
		out[cle] = v
	}
}

// mot reads a number, a reference or a keyword.
func (l *lexeur) mot() (any, error) {
	s := l.brut()
	if l.i >= len(l.b) && !l.fin {
		return nil, l.manque()
	}
	switch s {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	case "":
		return nil, errPDF
	}
	f, err := strconv.ParseFloat(s, 64)
	if nombre := err == nil; !nombre {
		return motCle(s), nil
	}
	if n, err := strconv.Atoi(s); err == nil && n >= 0 {
		return l.reference(n, f)
	}
	return f, nil
}

// reference looks ahead for "generation R" after a number.
func (l *lexeur) reference(n int, f float64) (any, error) {
	ici := l.i
	l.sauter()
	g := l.brut()
	l.sauter()
	if l.i >= len(l.b) && !l.fin {
		return nil, l.manque()
	}
	if gen, err := strconv.Atoi(g); err == nil && gen >= 0 && l.i < len(l.b) && l.b[l.i] == 'R' &&
		(l.i+1 >= len(l.b) || blanc(l.b[l.i+1]) || delimiteur(l.b[l.i+1])) {
		l.i++
		return ref{n, gen}, nil
	}
	l.i = ici
	return f, nil
}

// fenetre reads with f at an offset of the source, in a window that grows until f has enough.
func (s *source) fenetre(debut int64, f func(l *lexeur) error) error {
	if debut < 0 || debut >= s.taille {
		return errPDF
	}
	for n := int64(2 << 10); ; n *= 8 {
		n = min(n, maxObjet, s.taille-debut)
		if err := s.depenser(n); err != nil {
			return err
		}
		b := make([]byte, n)
		if _, err := s.ReadAt(b, debut); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		l := &lexeur{b: b, fin: debut+n >= s.taille}
		err := f(l)
		if err == nil || !l.incomplet || n == maxObjet {
			return err
		}
	}
}

// depenser counts the work done on a document.
func (s *source) depenser(octets int64) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if s.travail += octets; s.travail > maxTravail {
		return errPDF
	}
	return nil
}

// compteur counts what a decoder gives.
type compteur struct {
	s *source
	r io.Reader
}

// Read implements io.Reader.
func (c compteur) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if trop := c.s.depenser(int64(n)); trop != nil {
		return 0, trop
	}
	return n, err
}
