package store

import (
	"encoding/binary"
	"io"
	"math"
	"time"

	"apilos/api/date"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// ligneBinaire writes a row in the binary format of COPY. Each method adds a column: its type must be the one of the
// column, since PostgreSQL converts nothing in this format. Measured on 200 000 conventions, it takes a fifth of
// the time that pgx needs to find out how to encode values of any type.
type ligneBinaire struct{ octets []byte }

func (l *ligneBinaire) null() { l.octets = binary.BigEndian.AppendUint32(l.octets, math.MaxUint32) }

func (l *ligneBinaire) taille(n int) { l.octets = binary.BigEndian.AppendUint32(l.octets, uint32(n)) }

func (l *ligneBinaire) bigint(v int64) {
	l.taille(8)
	l.octets = binary.BigEndian.AppendUint64(l.octets, uint64(v))
}

func (l *ligneBinaire) integer(v int) {
	l.taille(4)
	l.octets = binary.BigEndian.AppendUint32(l.octets, uint32(int32(v)))
}

func (l *ligneBinaire) texte(s string) {
	l.taille(len(s))
	l.octets = append(l.octets, s...)
}

func (l *ligneBinaire) booleen(v bool) {
	l.taille(1)
	if v {
		l.octets = append(l.octets, 1)
	} else {
		l.octets = append(l.octets, 0)
	}
}

func (l *ligneBinaire) uuid(id uuid.UUID) {
	l.taille(16)
	l.octets = append(l.octets, id[:]...)
}

// PostgreSQL counts days and microseconds from the first day of 2000.
const (
	jour2000     = 10_957
	micros2000   = jour2000 * 86_400 * 1_000_000
	secondesJour = 86_400
)

func (l *ligneBinaire) jour(d date.Date) { l.integer(int(d.Time().Unix()/secondesJour) - jour2000) }

func (l *ligneBinaire) instant(t time.Time) { l.bigint(t.UnixMicro() - micros2000) }

// nombre writes a decimal of at most four decimals and 18 digits, like all those of the generated rows.
func (l *ligneBinaire) nombre(d decimal.Decimal) {
	const base = 10_000 // PostgreSQL cuts numbers in groups of four digits
	v := d.Shift(4).IntPart()
	signe := uint16(0)
	if v < 0 {
		v, signe = -v, 0x4000
	}
	chiffres := make([]uint16, 0, 6)
	for reste := v; reste > 0; reste /= base {
		chiffres = append(chiffres, uint16(reste%base))
	}
	l.taille(8 + 2*len(chiffres))
	l.octets = binary.BigEndian.AppendUint16(l.octets, uint16(len(chiffres)))
	l.octets = binary.BigEndian.AppendUint16(l.octets, uint16(int16(len(chiffres)-2))) // weight of the first group; the last one is 10^-4
	l.octets = binary.BigEndian.AppendUint16(l.octets, signe)
	l.octets = binary.BigEndian.AppendUint16(l.octets, uint16(max(-d.Exponent(), 0)))
	for i := len(chiffres) - 1; i >= 0; i-- {
		l.octets = binary.BigEndian.AppendUint16(l.octets, chiffres[i])
	}
}

func (l *ligneBinaire) nombreOuNull(d decimal.NullDecimal) {
	if !d.Valid {
		l.null()
		return
	}
	l.nombre(d.Decimal)
}

// textes writes an array of text.
func (l *ligneBinaire) textes(liste []string) {
	const oidText = 25
	taille := 12
	if len(liste) > 0 {
		taille += 8
	}
	for _, s := range liste {
		taille += 4 + len(s)
	}
	l.taille(taille)
	entete := []uint32{0, 0, oidText} // dimensions, nulls, type
	if len(liste) > 0 {
		entete = []uint32{1, 0, oidText, uint32(len(liste)), 1}
	}
	for _, n := range entete {
		l.octets = binary.BigEndian.AppendUint32(l.octets, n)
	}
	for _, s := range liste {
		l.texte(s)
	}
}

// ou writes the value of a pointer, or null.
func ou[T any](l *ligneBinaire, v *T, ecrire func(T)) {
	if v == nil {
		l.null()
		return
	}
	ecrire(*v)
}

// fluxBinaire implements io.Reader over rows: header, rows, trailer.
type fluxBinaire[T any] struct {
	copie   copie[T]
	lignes  []T
	tampon  ligneBinaire
	lu      int // of the buffer
	suivant int // row
	etat    etatFlux
}

type etatFlux int

const (
	fluxDebut etatFlux = iota
	fluxLignes
	fluxFini
)

// tailleTampon is how many bytes are prepared at a time.
const tailleTampon = 64 << 10

// Read implements io.Reader.
func (f *fluxBinaire[T]) Read(p []byte) (int, error) {
	if f.lu == len(f.tampon.octets) {
		if f.etat == fluxFini {
			return 0, io.EOF
		}
		f.preparer()
	}
	n := copy(p, f.tampon.octets[f.lu:])
	f.lu += n
	return n, nil
}

func (f *fluxBinaire[T]) preparer() {
	f.tampon.octets, f.lu = f.tampon.octets[:0], 0
	if f.etat == fluxDebut {
		f.tampon.octets = append(f.tampon.octets, "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"...)
		f.etat = fluxLignes
	}
	for f.suivant < len(f.lignes) && len(f.tampon.octets) < tailleTampon {
		f.tampon.octets = binary.BigEndian.AppendUint16(f.tampon.octets, uint16(len(f.copie.colonnes)))
		f.copie.ecrire(&f.tampon, &f.lignes[f.suivant])
		f.suivant++
	}
	if f.suivant == len(f.lignes) {
		f.tampon.octets = binary.BigEndian.AppendUint16(f.tampon.octets, math.MaxUint16)
		f.etat = fluxFini
	}
}
