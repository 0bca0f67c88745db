package bal

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"
)

// portion is a part of the file made of whole records.
type portion struct {
	donnees  []byte
	dernier  bool
	tropLong bool // the file goes on, but its last record is longer than maxEnregistrement
}

// maxEnregistrement is how long a record may be. A longer one is a quote never closed, or not a table of addresses: the
// file is refused without being held in memory.
const maxEnregistrement = 16 << 20

// bloc is a portion and what becomes of it.
type bloc[R any] struct {
	portion
	fait     chan struct{} // closed when resultat is there
	resultat R
}

// decoupeur cuts a decoded file into blocks on the boundaries of records, quotes understood.
type decoupeur struct {
	lecture  io.Reader
	dialecte dialecte
	tampon   []byte // of the block being filled
	rempli   int
	fini     bool
	tropLong bool // see portion
	taille   int
}

// suivant reads the next block. Its bytes belong to the caller, who may give them back with the argument libre.
func (d *decoupeur) suivant(libre []byte) ([]byte, bool, error) {
	if d.tampon == nil {
		d.tampon = make([]byte, d.taille)
	}
	for {
		for d.rempli < len(d.tampon) && !d.fini {
			n, err := d.lecture.Read(d.tampon[d.rempli:])
			d.rempli += n
			if err == io.EOF {
				d.fini = true
			} else if err != nil {
				return nil, false, fmt.Errorf("read the file: %w", err)
			}
		}
		if d.fini {
			return d.tampon[:d.rempli], true, nil
		}
		if coupe := d.couper(d.tampon[:d.rempli]); coupe > 0 {
			plein := d.tampon[:coupe]
			reste := d.tampon[coupe:d.rempli]
			if cap(libre) < d.taille || cap(libre) < len(reste) {
				libre = make([]byte, max(d.taille, len(reste)))
			}
			d.tampon = libre[:cap(libre)]
			d.rempli = copy(d.tampon, reste)
			return plein, false, nil
		}
		if len(d.tampon) >= maxEnregistrement {
			d.tropLong = true
			return d.tampon[:d.rempli], true, nil
		}
		agrandi := make([]byte, 2*len(d.tampon)) // one record larger than the block
		copy(agrandi, d.tampon[:d.rempli])
		d.tampon = agrandi
	}
}

// couper gives the end of the last whole record, 0 when there is none.
func (d *decoupeur) couper(donnees []byte) int {
	if bytes.IndexByte(donnees, '"') < 0 {
		fin := []byte(d.dialecte.finLigne)
		i := bytes.LastIndex(donnees, fin)
		if i < 0 {
			return 0
		}
		return i + len(fin)
	}
	l := lexeur{donnees: donnees, dialecte: d.dialecte, sansCopie: true}
	for l.suivant() {
	}
	return l.pos
}

// traitement is what a pass over the file does with each block: traiter is called by several goroutines, one state per
// goroutine, and recevoir by one, in the order of the file.
type traitement[E, R any] struct {
	etat     func() E
	traiter  func(ctx context.Context, etat E, p portion) (R, error)
	recevoir func(R) error
}

// parcourirBlocs reads the file block by block with a number of workers. At most travailleurs+2 blocks are in memory.
func parcourirBlocs[E, R any](ctx context.Context, d *decoupeur, travailleurs int, t traitement[E, R]) error {
	groupe, ctx := errgroup.WithContext(ctx)
	aTraiter := make(chan *bloc[R])
	enOrdre := make(chan *bloc[R], travailleurs)
	libres := make(chan []byte, travailleurs+3)

	groupe.Go(func() error {
		defer close(aTraiter)
		defer close(enOrdre)
		for {
			var libre []byte
			select {
			case libre = <-libres:
			default:
			}
			donnees, dernier, err := d.suivant(libre)
			if err != nil {
				return err
			}
			b := &bloc[R]{portion: portion{donnees, dernier, d.tropLong}, fait: make(chan struct{})}
			for _, file := range [...]chan *bloc[R]{enOrdre, aTraiter} {
				select {
				case file <- b:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			if dernier {
				return nil
			}
		}
	})
	for range travailleurs {
		groupe.Go(func() error {
			etat := t.etat()
			for b := range aTraiter {
				resultat, err := t.traiter(ctx, etat, b.portion)
				if err != nil {
					return err
				}
				b.resultat = resultat
				close(b.fait)
				select {
				case libres <- b.donnees:
				default:
				}
			}
			return nil
		})
	}
	groupe.Go(func() error {
		for b := range enOrdre {
			select {
			case <-b.fait:
			case <-ctx.Done():
				return ctx.Err()
			}
			if err := t.recevoir(b.resultat); err != nil {
				return err
			}
		}
		return nil
	})
	return groupe.Wait()
}
