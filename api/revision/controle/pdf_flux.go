package controle

import (
	"bufio"
	"errors"
	"io"
)

// lecteurMots gives the words of a table one after the other and counts the bytes it read.
type lecteurMots struct {
	r   *bufio.Reader
	lus int64
}

func newTampon(r io.Reader) *bufio.Reader { return bufio.NewReaderSize(r, 32<<10) }

// maxMot is more than a word of a table may have.
const maxMot = 64

// suivant returns the next word, without reading what follows it.
func (m *lecteurMots) suivant() (string, error) {
	var mot []byte
	for {
		c, err := m.r.ReadByte()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = errPDF
			}
			return "", err
		}
		m.lus++
		if !blanc(c) {
			if mot = append(mot, c); len(mot) > maxMot {
				return "", errPDF
			}
			if string(mot) == "trailer" { // its dictionary may follow without space
				return "trailer", nil
			}
			continue
		}
		if len(mot) > 0 {
			return string(mot), nil
		}
	}
}

// predire undoes the prediction of a decoded stream. Only those of PNG are used by structures.
func predire(r io.Reader, params dict) (io.Reader, error) {
	p := entier(params["Predictor"])
	if p <= 1 {
		return r, nil
	}
	colonnes, couleurs, bits := entier(params["Columns"]), entier(params["Colors"]), entier(params["BitsPerComponent"])
	if colonnes == 0 {
		colonnes = 1
	}
	if couleurs == 0 {
		couleurs = 1
	}
	if bits == 0 {
		bits = 8
	}
	if p < 10 || colonnes > 1<<16 || couleurs > 4 || bits > 16 {
		return nil, errPDF
	}
	largeur := (colonnes*couleurs*bits + 7) / 8
	return &prediction{r: r, pas: max(1, couleurs*bits/8), ligne: make([]byte, largeur), haut: make([]byte, largeur), entree: make([]byte, largeur+1)}, nil
}

// prediction is the reverse of the filters of PNG, line by line.
type prediction struct {
	r                   io.Reader
	pas                 int
	ligne, haut, entree []byte
	reste               []byte
}

// Read implements io.Reader.
func (p *prediction) Read(b []byte) (int, error) {
	if len(p.reste) == 0 {
		if _, err := io.ReadFull(p.r, p.entree); err != nil {
			return 0, err
		}
		p.haut, p.ligne = p.ligne, p.haut
		p.defiltrer(p.entree[0], p.entree[1:])
		p.reste = p.ligne
	}
	n := copy(b, p.reste)
	p.reste = p.reste[n:]
	return n, nil
}

func (p *prediction) defiltrer(filtre byte, brut []byte) {
	for i, c := range brut {
		var gauche, coin byte
		if i >= p.pas {
			gauche, coin = p.ligne[i-p.pas], p.haut[i-p.pas]
		}
		haut := p.haut[i]
		switch filtre {
		case 1:
			c += gauche
		case 2:
			c += haut
		case 3:
			c += byte((int(gauche) + int(haut)) / 2)
		case 4:
			c += paeth(gauche, haut, coin)
		}
		p.ligne[i] = c
	}
}

// paeth chooses the neighbour nearest to gauche + haut - coin.
func paeth(gauche, haut, coin byte) byte {
	p := int(gauche) + int(haut) - int(coin)
	a, b, c := ecart(p, gauche), ecart(p, haut), ecart(p, coin)
	switch {
	case a <= b && a <= c:
		return gauche
	case b <= c:
		return haut
	}
	return coin
}

func ecart(p int, c byte) int {
	if d := p - int(c); d > 0 {
		return d
	}
	return int(c) - p
}
