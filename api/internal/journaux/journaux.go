// Package journaux watches what tests log: a token, a ticket, a one-time code or a password written at any level
// fails the test (05 D, 06 §7.3).
//
// Invariants:
//   - everything is watched from the debug level, whatever the level that the settings ask for;
//   - a secret registered after it was logged is found too: lines are looked at when the test ends;
//   - a failure names the kind of secret and the message of the line, never the secret.
//
// What it does not do: it knows secrets without a shape (one-time codes, passwords) only when a test registers them.
package journaux

import (
	"bytes"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
)

// T is the part of testing.TB that this package needs.
type T interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
}

// formes are the secrets that can be told by their shape.
var formes = []struct {
	nom    string
	modele *regexp.Regexp
}{
	{"JWT", regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`)},
	{"jeton de client de l’API", regexp.MustCompile(`\bapl_[A-Za-z0-9]+_[A-Za-z0-9_-]{8,}`)},
	{"secret de webhook", regexp.MustCompile(`\bapwh_[A-Za-z0-9_-]{8,}`)},
	{"ticket CAS", regexp.MustCompile(`\b(?:ST|PT|PGT|TGT)-[A-Za-z0-9._-]{12,}`)},
	{"en-tête d’autorisation", regexp.MustCompile(`(?i)\b(?:bearer|basic) [A-Za-z0-9+/._~=-]{16,}`)},
	{"jeton de dépôt", regexp.MustCompile(`(?i)\btoken [0-9a-f]{24,}`)},
	{"mot de passe dans une adresse", regexp.MustCompile(`[a-z]+://[^/\s:@"\\]+:[^/\s@"\\*]+@`)},
	{"mot de passe", regexp.MustCompile(`(?i)"(?:mot_de_passe|password|motdepasse|secret)\\?":\s*\\?"[^"*\\]+`)},
}

// Gardien gathers what is logged.
type Gardien struct {
	mu      sync.Mutex
	texte   bytes.Buffer
	secrets map[string]bool
}

// Nouveau returns a watch whose lines are checked when t ends.
func Nouveau(t T) *Gardien {
	g := &Gardien{secrets: map[string]bool{}}
	t.Cleanup(func() {
		t.Helper()
		for _, faute := range g.Fautes() {
			t.Errorf("secret in the log: %s", faute)
		}
	})
	return g
}

// Logger writes to the watch, at every level.
func (g *Gardien) Logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(g, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// Write implements io.Writer, for what is logged elsewhere than through Logger.
func (g *Gardien) Write(b []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.texte.Write(b)
}

// Interdire registers secrets that must not be logged; what is too short to be told from a word is left out.
func (g *Gardien) Interdire(secrets ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range secrets {
		if len(s) >= 6 {
			g.secrets[s] = true
		}
	}
}

// Texte is what was logged so far.
func (g *Gardien) Texte() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.texte.String()
}

// Fautes describes the secrets found so far.
func (g *Gardien) Fautes() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	texte := g.texte.String()
	out := Reconnus(texte)
	for s := range g.secrets {
		if i := position(texte, s); i >= 0 {
			out = append(out, fmt.Sprintf("registered secret of %d characters in %s", len(s), ligne(texte, i, len(s))))
		}
	}
	return out
}

// Reconnus describes the secrets of a text that their shape tells.
func Reconnus(texte string) []string {
	var out []string
	for _, f := range formes {
		if i := f.modele.FindStringIndex(texte); i != nil {
			out = append(out, f.nom+" in "+ligne(texte, i[0], i[1]-i[0]))
		}
	}
	return out
}

// position finds a secret; one made of digits only counts when it stands alone, since numbers are everywhere.
func position(texte, secret string) int {
	if strings.Trim(secret, "0123456789") != "" {
		return strings.Index(texte, secret)
	}
	seul := regexp.MustCompile(`(?:^|[^0-9A-Za-z.-])(` + secret + `)(?:$|[^0-9A-Za-z.-])`)
	if i := seul.FindStringSubmatchIndex(texte); i != nil {
		return i[2]
	}
	return -1
}

// ligne is the line around a secret, which is masked.
func ligne(texte string, i, longueur int) string {
	debut := strings.LastIndexByte(texte[:i], '\n') + 1
	fin := strings.IndexByte(texte[i:], '\n')
	if fin < 0 {
		fin = len(texte) - i
	}
	return texte[debut:i] + "•••" + texte[min(i+longueur, i+fin):i+fin]
}
