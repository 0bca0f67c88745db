package revision

import (
	"encoding/binary"
	"encoding/hex"
	"io"
	"sync/atomic"
	"time"
)

// Identifiants makes the ids of revisions, files and of the objects of the deposit: 24 lower-case
// hexadecimal characters ordered by time, 4 bytes of seconds, 5 random bytes, 3 of counter (07 §2.1).
type Identifiants struct {
	alea     [5]byte
	compteur atomic.Uint32
	horloge  func() time.Time
}

// NewIdentifiants draws the random part, once per process, and the start of the counter.
func NewIdentifiants(horloge func() time.Time, alea io.Reader) (*Identifiants, error) {
	var b [8]byte
	if _, err := io.ReadFull(alea, b[:]); err != nil {
		return nil, err
	}
	i := &Identifiants{horloge: horloge}
	copy(i.alea[:], b[:5])
	i.compteur.Store(uint32(b[5])<<16 | uint32(b[6])<<8 | uint32(b[7]))
	return i, nil
}

// Nouveau returns the next id.
func (i *Identifiants) Nouveau() string {
	var id [12]byte
	binary.BigEndian.PutUint32(id[:4], uint32(i.horloge().Unix()))
	copy(id[4:9], i.alea[:])
	n := i.compteur.Add(1)
	id[9], id[10], id[11] = byte(n>>16), byte(n>>8), byte(n)
	return hex.EncodeToString(id[:])
}

// NouvelID returns one id whose counter and random parts are both drawn from alea.
func NouvelID(le time.Time, alea io.Reader) (string, error) {
	var id [12]byte
	binary.BigEndian.PutUint32(id[:4], uint32(le.Unix()))
	if _, err := io.ReadFull(alea, id[4:]); err != nil {
		return "", err
	}
	return hex.EncodeToString(id[:]), nil
}

// IDValide tells whether s looks like an id, whatever the case of its letters (07 §2.1).
func IDValide(s string) bool {
	if len(s) != 24 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F') {
			return false
		}
	}
	return true
}
