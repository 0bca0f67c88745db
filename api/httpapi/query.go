package httpapi

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/date"
	"apilos/api/fault"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

const maxQueryValue = 1000 // characters of one value

// Params are the query parameters of a request, all of them known by name. The typed readers remember
// what is wrong and go on, so that Err lists every mistake at once.
type Params struct {
	values url.Values
	fields []fault.Field
}

// Query reads the query string of c. A parameter that is not in allowed is 400 parametre_inconnu, text
// that no column can hold is 400 parametre_invalide: a typing error must not return everything (05 E.1).
func Query(c echo.Context, allowed ...string) (*Params, error) {
	values, err := url.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return nil, fault.New(fault.BadRequest, "parametre_invalide", "Les paramètres de l’adresse sont mal formés. Vérifiez les caractères « % », « & » et « ; ».").Because(err)
	}
	common, _ := c.Get(keyCommon).([]string)
	known := append(slices.Clone(allowed), common...)
	renameAliases(c, values)
	p := &Params{values: values}
	names := slices.Sorted(maps.Keys(values))
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, unknownParam(name, known)
		}
		for _, v := range values[name] {
			switch {
			case !utf8.ValidString(v), strings.ContainsRune(v, 0):
				p.bad(name, "contient un caractère interdit")
			case utf8.RuneCountInString(v) > maxQueryValue:
				p.bad(name, fmt.Sprintf("dépasse %d caractères", maxQueryValue))
			}
		}
	}
	return p, p.Err()
}

// renameAliases moves the values of deprecated parameters to those that replace them.
func renameAliases(c echo.Context, values url.Values) {
	aliases, _ := c.Get(keyAliases).(map[string]string)
	for old, name := range aliases {
		if given, ok := values[old]; ok {
			values[name] = append(values[name], given...)
			delete(values, old)
		}
	}
}

func unknownParam(name string, allowed []string) error {
	if !utf8.ValidString(name) || utf8.RuneCountInString(name) > 50 || strings.ContainsRune(name, 0) {
		name = "…"
	}
	detail := fmt.Sprintf("Le paramètre « %s » n’existe pas pour cette adresse.", name)
	if len(allowed) > 0 {
		detail += " Paramètres acceptés : " + strings.Join(allowed, ", ") + "."
	}
	return fault.New(fault.BadRequest, "parametre_inconnu", detail).
		WithFields(fault.Field{Pointer: name, Code: "parametre_inconnu", Detail: detail})
}

func (p *Params) bad(name, why string) {
	p.fields = append(p.fields, fault.Field{Pointer: name, Code: "parametre_invalide",
		Detail: fmt.Sprintf("Le paramètre « %s » %s.", name, why)})
}

// Err returns 400 parametre_invalide with one entry per mistake found so far, or nil.
func (p *Params) Err() error {
	if len(p.fields) == 0 {
		return nil
	}
	return fault.New(fault.BadRequest, "parametre_invalide", p.fields[0].Detail).WithFields(p.fields...)
}

// Has tells whether the parameter is given, even empty.
func (p *Params) Has(name string) bool { return p.values.Has(name) }

// one returns the single value of name; giving it twice is a mistake.
func (p *Params) one(name string) string {
	if len(p.values[name]) > 1 {
		p.bad(name, "ne peut être donné qu’une fois")
		return ""
	}
	return p.values.Get(name)
}

// Text returns the value without spaces around it, empty when absent.
func (p *Params) Text(name string) string { return strings.TrimSpace(p.one(name)) }

// TextMax is Text of at most max characters.
func (p *Params) TextMax(name string, max int) string {
	v := p.Text(name)
	if utf8.RuneCountInString(v) > max {
		p.bad(name, fmt.Sprintf("ne doit pas dépasser %d caractères", max))
	}
	return v
}

// List returns the values of a parameter that may be repeated or separated by commas (they add up as
// OR). With values, anything else is a mistake.
func (p *Params) List(name string, values ...string) []string {
	var out []string
	for _, group := range p.values[name] {
		for _, v := range strings.Split(group, ",") {
			v = strings.TrimSpace(v)
			switch {
			case v == "" || slices.Contains(out, v):
			case len(values) > 0 && !slices.Contains(values, v):
				p.bad(name, "n’accepte que : "+strings.Join(values, ", "))
				return nil
			default:
				out = append(out, v)
			}
		}
	}
	return out
}

// Choice returns one of values, or def when absent.
func (p *Params) Choice(name, def string, values ...string) string {
	v := p.Text(name)
	if v == "" {
		return def
	}
	if !slices.Contains(values, v) {
		p.bad(name, "n’accepte que : "+strings.Join(values, ", "))
		return def
	}
	return v
}

// Int returns an integer between min and max, or def when absent.
func (p *Params) Int(name string, def, min, max int) int {
	v := p.Text(name)
	if v == "" {
		return def
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < min || n > max {
		p.bad(name, fmt.Sprintf("doit être un nombre entier entre %d et %d", min, max))
		return def
	}
	return n
}

// Bool returns true or false, or nil when absent.
func (p *Params) Bool(name string) *bool {
	switch v := p.Text(name); v {
	case "":
		return nil
	case "true", "1", "oui":
		b := true
		return &b
	case "false", "0", "non":
		b := false
		return &b
	}
	p.bad(name, "doit être true ou false")
	return nil
}

// UUID returns an identifier, or nil when absent.
func (p *Params) UUID(name string) *uuid.UUID {
	v := p.Text(name)
	if v == "" {
		return nil
	}
	id, err := uuid.Parse(v)
	if err != nil || len(v) != 36 {
		p.bad(name, "doit être un identifiant (uuid)")
		return nil
	}
	return &id
}

// Day returns a civil day, or nil when absent.
func (p *Params) Day(name string) *date.Date {
	v := p.Text(name)
	if v == "" {
		return nil
	}
	d, err := date.Parse(v)
	if err != nil {
		p.bad(name, "doit être un jour, sous la forme AAAA-MM-JJ")
		return nil
	}
	return &d
}

// Instant returns an instant, or nil when absent.
func (p *Params) Instant(name string) *time.Time {
	v := p.Text(name)
	if v == "" {
		return nil
	}
	t, err := time.Parse(time.RFC3339, v)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		p.bad(name, "doit être un instant, par exemple 2026-04-15T08:00:00Z")
		return nil
	}
	t = t.UTC()
	return &t
}

// Tri is one key of a sort order.
type Tri struct {
	Cle         string
	Decroissant bool
}

// Sort reads the parameter tri, "-cree_le,ville": keys of the allow-list, a dash for descending. The
// caller adds the identifier at the end so that the order is stable.
func (p *Params) Sort(allowed ...string) []Tri {
	var out []Tri
	for _, k := range p.List("tri") {
		t := Tri{Cle: strings.TrimPrefix(k, "-"), Decroissant: strings.HasPrefix(k, "-")}
		if !slices.Contains(allowed, t.Cle) {
			p.bad("tri", "n’accepte que : "+strings.Join(allowed, ", ")+" (précédé de « - » pour l’ordre décroissant)")
			return nil
		}
		out = append(out, t)
	}
	return out
}
