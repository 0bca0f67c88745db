package depotapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"apilos/api/depot"
	"apilos/api/fault"
	"apilos/api/revision"

	"github.com/labstack/echo/v4"
)

// maxCorps is the greatest JSON body: lists of perimetres are the longest ones.
const maxCorps = 1 << 20

// corps is a JSON body being checked: what breaks a rule is remembered, so that one answer says it all
// (07 section 2.3). Keys that nobody asks for are ignored.
type corps struct {
	champs  map[string]any
	prefixe string
	phrases *[]string
	octets  []byte
}

// lireCorps reads the body, whatever its Content-Type says. Nothing and an empty list are an empty object.
func lireCorps(c echo.Context) (*corps, error) {
	brut, err := io.ReadAll(io.LimitReader(c.Request().Body, maxCorps+1))
	switch {
	case err != nil:
		return nil, depot.Scalaire("request aborted").Because(err)
	case len(brut) > maxCorps:
		return nil, fault.New(fault.TooLarge, "CORPS_TROP_GROS", tropGros)
	}
	out := &corps{champs: map[string]any{}, phrases: new([]string), octets: brut}
	if len(bytes.TrimSpace(brut)) == 0 {
		return out, nil
	}
	d := json.NewDecoder(bytes.NewReader(brut))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || !utf8.Valid(brut) {
		return nil, depot.Scalaire("Le corps de la requête n’est pas du JSON valide")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, depot.Scalaire("Le corps de la requête n’est pas du JSON valide")
	}
	switch v := v.(type) {
	case map[string]any:
		out.champs = v
	case []any:
	default:
		return nil, depot.Scalaire("Le corps de la requête n’est pas un objet JSON")
	}
	return out, nil
}

func (b *corps) refuser(nom, regle string) { *b.phrases = append(*b.phrases, b.prefixe+nom+" "+regle) }

// erreur returns the 400 with every sentence, nil when every rule holds.
func (b *corps) erreur() error {
	if len(*b.phrases) == 0 {
		return nil
	}
	return depot.Invalides(*b.phrases...)
}

// present returns a value that is there and not null.
func (b *corps) present(nom string) (any, bool) {
	v, ok := b.champs[nom]
	return v, ok && v != nil
}

// regleTexte bounds a text.
type regleTexte struct {
	requis   bool
	min, max int
}

func (b *corps) texte(nom string, r regleTexte) *string {
	v, ok := b.present(nom)
	if !ok && !r.requis {
		return nil
	}
	s, estTexte := v.(string)
	switch n := utf8.RuneCountInString(s); {
	case r.requis && (!ok || estTexte && strings.TrimSpace(s) == ""):
		b.refuser(nom, "should not be empty")
		if !ok {
			b.refuser(nom, "must be a string")
		}
	case !estTexte:
		b.refuser(nom, "must be a string")
	case strings.ContainsRune(s, 0):
		b.refuser(nom, "must not contain null characters")
	case n < r.min:
		b.refuser(nom, fmt.Sprintf("must be longer than or equal to %d characters", r.min))
	case r.max > 0 && n > r.max:
		b.refuser(nom, fmt.Sprintf("must be shorter than or equal to %d characters", r.max))
	default:
		return &s
	}
	return nil
}

// nonVide is for a text that may be absent but not empty.
func (b *corps) nonVide(nom string, max int) *string {
	if _, ok := b.present(nom); !ok {
		return nil
	}
	return b.texte(nom, regleTexte{requis: true, max: max})
}

func (b *corps) email(nom string, requis bool) *string {
	v, ok := b.present(nom)
	if !ok && !requis {
		return nil
	}
	s, _ := v.(string)
	if !estEmail(s) {
		b.refuser(nom, "must be an email")
		return nil
	}
	return &s
}

func estEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > 254 || strings.ContainsAny(s, "\x00\r\n ") {
		return false
	}
	domaine := s[strings.LastIndexByte(s, '@')+1:]
	return strings.Contains(domaine, ".") && !strings.HasPrefix(domaine, ".") && !strings.HasSuffix(domaine, ".") && !strings.Contains(domaine, "..")
}

func (b *corps) id(nom string, requis bool) *string {
	v, ok := b.present(nom)
	if !ok && !requis {
		return nil
	}
	s, _ := v.(string)
	if !revision.IDValide(s) {
		b.refuser(nom, "must be a mongodb id")
		return nil
	}
	return &s
}

func (b *corps) bool(nom string, requis bool) *bool {
	v, ok := b.present(nom)
	if !ok && !requis {
		return nil
	}
	x, estBool := v.(bool)
	if !estBool {
		b.refuser(nom, "must be a boolean value")
		return nil
	}
	return &x
}

func (b *corps) choix(nom string, requis bool, valeurs ...string) *string {
	v, ok := b.present(nom)
	if !ok && !requis {
		return nil
	}
	s, estTexte := v.(string)
	if !estTexte || !slices.Contains(valeurs, s) {
		b.refuser(nom, "must be one of the following values: "+strings.Join(valeurs, ", "))
		return nil
	}
	return &s
}

// option reads a field that null erases.
func (b *corps) option(nom string, lire func(nom string, requis bool) *string) depot.Option {
	v, ok := b.champs[nom]
	if !ok {
		return depot.Option{}
	}
	if v == nil {
		return depot.Option{Present: true}
	}
	return depot.Option{Present: true, Valeur: lire(nom, false)}
}

// objet reads an object; required and absent, or of another kind, it breaks a rule.
func (b *corps) objet(nom string, requis bool) (*corps, bool) {
	v, ok := b.present(nom)
	if !ok && !requis {
		return nil, false
	}
	o, estObjet := v.(map[string]any)
	if !estObjet {
		b.refuser(nom, "must be an object")
		return nil, false
	}
	return &corps{champs: o, prefixe: b.prefixe + nom + ".", phrases: b.phrases}, true
}

// perimetres reads the list of perimetres, nil when absent.
func (b *corps) perimetres(nom string, requis bool) *[]depot.SaisiePerimetre {
	v, ok := b.present(nom)
	if !ok && !requis {
		return nil
	}
	liste, estListe := v.([]any)
	if !estListe {
		b.refuser(nom, "must be an array")
		return nil
	}
	out := make([]depot.SaisiePerimetre, 0, len(liste))
	for n, e := range liste {
		o, _ := e.(map[string]any)
		p := &corps{champs: o, prefixe: fmt.Sprintf("%s%s.%d.", b.prefixe, nom, n), phrases: b.phrases}
		typ := p.choix("type", true, depot.PerimetreCommune, depot.PerimetreDepartement, depot.PerimetreEPCI)
		code := p.texte("code", regleTexte{requis: true, max: 20})
		if typ != nil && code != nil {
			out = append(out, depot.SaisiePerimetre{Type: *typ, Code: *code})
		}
	}
	return &out
}

// ids reads a required list of identifiers, at most max.
func (b *corps) ids(nom string, max int) []string {
	v, _ := b.present(nom)
	liste, estListe := v.([]any)
	switch {
	case !estListe:
		b.refuser(nom, "must be an array")
		return nil
	case len(liste) > max:
		b.refuser(nom, fmt.Sprintf("must contain no more than %d elements", max))
		return nil
	}
	out := make([]string, 0, len(liste))
	for _, e := range liste {
		s, _ := e.(string)
		if !revision.IDValide(s) {
			*b.phrases = append(*b.phrases, "each value in "+b.prefixe+nom+" must be a mongodb id")
			return nil
		}
		out = append(out, s)
	}
	return out
}
