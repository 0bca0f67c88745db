package compte

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Hacheur digests passwords and compares them. Its work is the same whatever the outcome.
type Hacheur interface {
	Hacher(ctx context.Context, motDePasse string) (string, error)
	// Verifier tells whether motDePasse gives empreinte. aRefaire says that the digest was made with former, weaker
	// parameters. An unreadable digest costs the same and matches nothing.
	Verifier(ctx context.Context, motDePasse, empreinte string) (ok, aRefaire bool, err error)
}

// parametres of Argon2id (RFC 9106): memory in KiB, passes, lanes.
type parametres struct {
	memoire, passes uint32
	voies           uint8
}

const (
	octetsSel   = 16
	octetsHache = 32
)

// parametresArgon2 cost about 60 ms and 46 MiB on one core of today.
var parametresArgon2 = parametres{memoire: 46 << 10, passes: 1, voies: 1}

// memoireArgon2 bounds how many passwords are digested together, hence the memory that visitors can claim: one per
// core and one more.
var memoireArgon2 = runtime.NumCPU() + 1

// Argon2 digests passwords with Argon2id, in the text form of the reference implementation:
// $argon2id$v=19$m=47104,t=1,p=1$salt$digest. It is safe for concurrent use.
type Argon2 struct {
	p     parametres
	place chan struct{}
}

// NouveauArgon2 returns a digester that works on at most places passwords at the same time.
func NouveauArgon2(p parametres, places int) *Argon2 {
	return &Argon2{p: p, place: make(chan struct{}, max(1, places))}
}

// Hacher implements Hacheur.
func (h *Argon2) Hacher(ctx context.Context, motDePasse string) (string, error) {
	sel := make([]byte, octetsSel)
	_, _ = rand.Read(sel) // never fails (crypto/rand)
	hache, err := h.deriver(ctx, motDePasse, sel, h.p)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.p.memoire, h.p.passes, h.p.voies,
		b64.EncodeToString(sel), b64.EncodeToString(hache)), nil
}

// Verifier implements Hacheur.
func (h *Argon2) Verifier(ctx context.Context, motDePasse, empreinte string) (bool, bool, error) {
	p, sel, voulu, err := lireArgon2(empreinte)
	lisible := err == nil
	if !lisible { // the same work, to learn nothing from the time
		p, sel, voulu = h.p, make([]byte, octetsSel), make([]byte, octetsHache)
	}
	hache, err := h.deriver(ctx, motDePasse, sel, p)
	if err != nil {
		return false, false, err
	}
	ok := subtle.ConstantTimeCompare(hache, voulu) == 1
	return ok && lisible, p != h.p, nil
}

func (h *Argon2) deriver(ctx context.Context, motDePasse string, sel []byte, p parametres) ([]byte, error) {
	select {
	case h.place <- struct{}{}:
		defer func() { <-h.place }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(motDePasse), sel, p.passes, p.memoire, p.voies, octetsHache), nil
}

var errEmpreinte = errors.New("unreadable password digest")

// maxMemoire and maxPasses refuse a stored digest that would ask for an absurd amount of work.
const maxMemoire, maxPasses = 256 << 10, 10

func lireArgon2(empreinte string) (p parametres, sel, hache []byte, err error) {
	parts := strings.Split(empreinte, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, errEmpreinte
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memoire, &p.passes, &p.voies); err != nil {
		return p, nil, nil, errEmpreinte
	}
	b64 := base64.RawStdEncoding
	sel, errSel := b64.DecodeString(parts[4])
	hache, errHache := b64.DecodeString(parts[5])
	switch {
	case errSel != nil, errHache != nil, len(sel) < 8, len(hache) != octetsHache,
		p.memoire == 0 || p.memoire > maxMemoire, p.passes == 0 || p.passes > maxPasses, p.voies == 0:
		return p, nil, nil, errEmpreinte
	}
	return p, sel, hache, nil
}

// hacherLeurre digests a password that nobody has.
func hacherLeurre(h Hacheur) string {
	b := make([]byte, octetsJeton)
	_, _ = rand.Read(b)
	empreinte, err := h.Hacher(context.Background(), base64.RawURLEncoding.EncodeToString(b))
	if err != nil {
		return "" // read as an unreadable digest: same work, no match
	}
	return empreinte
}

// composer gives one form to a password typed on any keyboard: é may be one character or two.
func composer(motDePasse string) string { return norm.NFKC.String(motDePasse) }
