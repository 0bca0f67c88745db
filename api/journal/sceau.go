package journal

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"
)

// format is the first line of a seal; another one is of another version of the platform.
const format = "apilos-sceau 1"

const (
	lignesEntete = 8
	maxLigne     = 64 << 10 // of a seal, in bytes
)

// Entete begins a seal.
type Entete struct {
	Numero    int64
	CreeLe    time.Time
	Precedent string // digest of the seal before it, "-" for the first one
	Depuis    int64  // families with rows of the journal after this id are listed
	// Every row up to Horizon was written by a transaction that was over, or is one of EnCours.
	Horizon int64
	EnCours []string
	// Acquis is where the next seal begins: no row up to it will appear any more.
	Acquis int64
}

// Fin is the end of a chain: Chaine is the root of a family, or the number of a chain of readings.
type Fin struct {
	Lectures  bool
	Chaine    int64
	Lignes    int64
	DernierID int64
	Empreinte string
}

// Cle is a key of seals. The first one of a ring signs, all verify.
type Cle struct {
	ID     string
	Secret []byte
}

// ErrSceauAltere means that an object is no seal that one of our keys signed.
var ErrSceauAltere = errors.New("sceau altéré, incomplet ou signé par une clé inconnue")

// ecrivainSceau writes a seal line by line and digests what it writes.
type ecrivainSceau struct {
	w      io.Writer
	somme  hash.Hash
	tampon *bufio.Writer
}

func nouvelEcrivain(w io.Writer, e Entete) (*ecrivainSceau, error) {
	s := &ecrivainSceau{somme: sha256.New()}
	s.w = w
	s.tampon = bufio.NewWriterSize(io.MultiWriter(w, s.somme), 64<<10)
	_, err := fmt.Fprintf(s.tampon, "%s\nnumero %d\ncree_le %s\nprecedent %s\ndepuis %d\nhorizon %d\nen_cours [%s]\nacquis %d\n",
		format, e.Numero, e.CreeLe.UTC().Format(time.RFC3339Nano), e.Precedent, e.Depuis, e.Horizon, strings.Join(e.EnCours, ","), e.Acquis)
	return s, err
}

func (s *ecrivainSceau) ecrire(f Fin) error {
	genre := "famille"
	if f.Lectures {
		genre = "lecture"
	}
	_, err := fmt.Fprintf(s.tampon, "%s %d %d %d %s\n", genre, f.Chaine, f.Lignes, f.DernierID, f.Empreinte)
	return err
}

// finir signs the seal and returns its digest: sha256 of all that comes before the signature.
func (s *ecrivainSceau) finir(c Cle) (string, error) {
	if err := s.tampon.Flush(); err != nil {
		return "", err
	}
	somme := s.somme.Sum(nil)
	empreinte := hex.EncodeToString(somme)
	_, err := fmt.Fprintf(s.w, "fin %s %s %s\n", empreinte, c.ID, parapher(c, "sceau "+empreinte))
	return empreinte, err
}

// lireSceau reads a seal, gives each end to fn, and returns its beginning and its digest. What fn was given proves nothing
// when the error is ErrSceauAltere. An error of fn stops it.
func lireSceau(r io.Reader, cles []Cle, fn func(Fin) error) (e Entete, empreinte string, err error) {
	lignes := bufio.NewScanner(r)
	lignes.Buffer(make([]byte, 0, 4096), maxLigne)
	somme := sha256.New()
	suivante := func() (string, bool) {
		if !lignes.Scan() {
			return "", false
		}
		return lignes.Text(), true
	}
	var debut strings.Builder
	for range lignesEntete {
		l, _ := suivante()
		debut.WriteString(l + "\n")
	}
	_, _ = io.WriteString(somme, debut.String())
	var creeLe, enCours string
	if _, err := fmt.Sscanf(debut.String(), format+"\nnumero %d\ncree_le %s\nprecedent %s\ndepuis %d\nhorizon %d\nen_cours %s\nacquis %d\n",
		&e.Numero, &creeLe, &e.Precedent, &e.Depuis, &e.Horizon, &enCours, &e.Acquis); err != nil {
		return e, "", errors.Join(ErrSceauAltere, lignes.Err())
	}
	if e.CreeLe, err = time.Parse(time.RFC3339Nano, creeLe); err != nil {
		return e, "", ErrSceauAltere
	}
	if enCours = strings.Trim(enCours, "[]"); enCours != "" {
		e.EnCours = strings.Split(enCours, ",")
	}
	for {
		l, ok := suivante()
		if !ok {
			return e, "", errors.Join(ErrSceauAltere, lignes.Err())
		}
		if reste, ok := strings.CutPrefix(l, "fin "); ok {
			empreinte = hex.EncodeToString(somme.Sum(nil))
			if _, encore := suivante(); encore || !signatureValable(cles, reste, empreinte) {
				return e, empreinte, ErrSceauAltere
			}
			return e, empreinte, nil
		}
		_, _ = io.WriteString(somme, l+"\n")
		f, ok := lireFin(l)
		if !ok {
			return e, "", ErrSceauAltere
		}
		if err := fn(f); err != nil {
			return e, "", err
		}
	}
}

func lireFin(l string) (f Fin, ok bool) {
	var genre string
	n, err := fmt.Sscanf(l, "%s %d %d %d %s", &genre, &f.Chaine, &f.Lignes, &f.DernierID, &f.Empreinte)
	f.Lectures = genre == "lecture"
	return f, err == nil && n == 5 && (f.Lectures || genre == "famille")
}

func signatureValable(cles []Cle, fin, empreinte string) bool {
	champs := strings.Fields(fin)
	return len(champs) == 3 && champs[0] == empreinte && paraphe(cles, champs[1], champs[2], "sceau "+empreinte)
}

// parapher is the HMAC-SHA256 of a text, in hexadecimal.
func parapher(c Cle, texte string) string {
	m := hmac.New(sha256.New, c.Secret)
	_, _ = io.WriteString(m, texte)
	return hex.EncodeToString(m.Sum(nil))
}

// paraphe tells whether the key of that id signed a text.
func paraphe(cles []Cle, id, signature, texte string) bool {
	for _, c := range cles {
		if c.ID == id && hmac.Equal([]byte(parapher(c, texte)), []byte(signature)) {
			return true
		}
	}
	return false
}
