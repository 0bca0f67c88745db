package httpapi

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"apilos/api/fault"
)

const (
	maxJSONDepth  = 32
	maxJSONErrors = 20
	maxJSONNumber = 100 // characters; a longer number is an attack on decimal arithmetic
)

// inspectJSON walks raw along the type of dst and lists what encoding/json would let pass or would
// report without a usable name: unknown, repeated or wrongly cased fields, wrong types, NUL characters.
// The error is for a document that cannot be walked at all.
func inspectJSON(raw []byte, dst any) ([]fault.Field, error) {
	if !surrogatesPaired(raw) {
		return nil, jsonProblem("caractere_interdit", "Le corps de la requête contient un caractère Unicode incomplet. Retirez-le et recommencez.")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	w := &jsonWalker{dec: dec, raw: raw}
	err := w.value(reflect.TypeOf(dst).Elem(), "", 0)
	switch {
	case errors.Is(err, errTooManyFields):
		return w.fields, nil
	case errors.Is(err, errTooDeep):
		return nil, jsonProblem("json_trop_profond", fmt.Sprintf("Le corps de la requête a plus de %d niveaux d’imbrication.", maxJSONDepth))
	case err != nil:
		return nil, jsonProblem("json_invalide", fmt.Sprintf("Le corps de la requête n’est pas du JSON valide (vers le caractère %d). Corrigez-le et recommencez.", dec.InputOffset())).Because(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, jsonProblem("json_invalide", "Le corps de la requête doit contenir un seul objet JSON : retirez ce qui le suit.")
	}
	return w.fields, nil
}

var (
	errTooDeep       = errors.New("json: too deep")
	errTooManyFields = errors.New("json: too many errors")
)

type jsonWalker struct {
	dec    *json.Decoder
	raw    []byte
	fields []fault.Field
}

func (w *jsonWalker) fault(pointer, code, format string, a ...any) error {
	w.fields = append(w.fields, fault.Field{Pointer: pointer, Code: code, Detail: fmt.Sprintf(format, a...)})
	if len(w.fields) >= maxJSONErrors {
		return errTooManyFields
	}
	return nil
}

// value walks the next value, expected to be a t; a nil t means anything.
func (w *jsonWalker) value(t reflect.Type, at string, depth int) error {
	if depth > maxJSONDepth {
		return errTooDeep
	}
	start := w.dec.InputOffset()
	before := len(w.fields)
	tok, err := w.dec.Token()
	if err != nil {
		return err
	}
	own := ownDecoder(t)
	inner := t
	if own != nil {
		inner = nil // its own method decides; the walk below only looks for NUL, depth and repeated names
	}
	for inner != nil && inner.Kind() == reflect.Pointer {
		inner = inner.Elem()
	}
	if tok == nil && !nullable(t) {
		return w.fault(at, "type_invalide", "%s ne peut pas être null : donnez %s.", named(at), expected(t))
	}
	switch tok := tok.(type) {
	case json.Delim:
		if tok == '{' {
			err = w.object(inner, at, depth)
		} else {
			err = w.array(inner, at, depth)
		}
	default:
		err = w.scalar(inner, tok, at)
	}
	if err != nil || own == nil || len(w.fields) > before {
		return err
	}
	text := bytes.TrimLeft(w.raw[start:w.dec.InputOffset()], " \t\r\n:,")
	if json.Unmarshal(text, reflect.New(own).Interface()) != nil {
		return w.fault(at, "type_invalide", "%s n’a pas la forme attendue.", named(at))
	}
	return nil
}

func (w *jsonWalker) object(t reflect.Type, at string, depth int) error {
	known, elem, err := w.members(t, at)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for w.dec.More() {
		tok, err := w.dec.Token()
		if err != nil {
			return err
		}
		name := tok.(string) // the decoder allows nothing else here
		child := at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		ft := elem
		switch {
		case strings.ContainsRune(name, 0):
			err = w.fault(at, "caractere_interdit", "%s contient un nom de champ avec un caractère interdit (NUL).", named(at))
		case seen[name]:
			err = w.fault(child, "champ_en_double", "%s est donné plusieurs fois.", named(child))
		case known != nil:
			var ok bool
			if ft, ok = known[name]; !ok {
				err = w.fault(child, "champ_inconnu", "%s n’existe pas dans cette requête. Vérifiez son orthographe.", named(child))
			}
		}
		if err != nil {
			return err
		}
		seen[name] = true
		if err := w.value(ft, child, depth+1); err != nil {
			return err
		}
	}
	_, err = w.dec.Token()
	return err
}

// members returns the fields of a struct type by JSON name, or the element type of a map.
func (w *jsonWalker) members(t reflect.Type, at string) (known map[string]reflect.Type, elem reflect.Type, err error) {
	switch {
	case t == nil || t.Kind() == reflect.Interface:
		return nil, nil, nil
	case t.Kind() == reflect.Struct:
		known = map[string]reflect.Type{}
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case name == "-" || !f.IsExported() || (f.Anonymous && name == ""):
			case name == "":
				known[f.Name] = f.Type
			default:
				known[name] = f.Type
			}
		}
		return known, nil, nil
	case t.Kind() == reflect.Map:
		return nil, t.Elem(), nil
	}
	return nil, nil, w.fault(at, "type_invalide", "%s doit être %s.", named(at), expected(t))
}

func (w *jsonWalker) array(t reflect.Type, at string, depth int) error {
	var elem reflect.Type
	switch {
	case t == nil || t.Kind() == reflect.Interface:
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		elem = t.Elem()
	default:
		if err := w.fault(at, "type_invalide", "%s doit être %s.", named(at), expected(t)); err != nil {
			return err
		}
	}
	for i := 0; w.dec.More(); i++ {
		if err := w.value(elem, at+"/"+strconv.Itoa(i), depth+1); err != nil {
			return err
		}
	}
	_, err := w.dec.Token()
	return err
}

func (w *jsonWalker) scalar(t reflect.Type, tok json.Token, at string) error {
	switch v := tok.(type) {
	case string:
		if strings.ContainsRune(v, 0) {
			return w.fault(at, "caractere_interdit", "%s contient un caractère interdit (NUL). Retirez-le.", named(at))
		}
	case json.Number:
		if len(v) > maxJSONNumber {
			return w.fault(at, "nombre_trop_long", "%s est un nombre trop long.", named(at))
		}
	}
	if t == nil || t.Kind() == reflect.Interface || fits(t, tok) {
		return nil
	}
	return w.fault(at, "type_invalide", "%s doit être %s.", named(at), expected(t))
}

// nullable tells whether a t can hold null and be told from an absent value or a zero: a pointer, an
// Optional, free content. Anywhere else encoding/json would silently keep a zero.
func nullable(t reflect.Type) bool {
	if t == nil || t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface || t == reflect.TypeFor[json.RawMessage]() {
		return true
	}
	_, optional := reflect.New(t).Interface().(interface{ acceptsNull() })
	return optional
}

// fits tells whether the scalar tok can be stored in a t.
func fits(t reflect.Type, tok json.Token) bool {
	switch v := tok.(type) {
	case nil:
		return true // refused before where it has no place
	case string:
		return t.Kind() == reflect.String
	case bool:
		return t.Kind() == reflect.Bool
	case json.Number:
		switch t.Kind() {
		case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
			_, err := strconv.ParseInt(string(v), 10, t.Bits())
			return err == nil
		case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
			_, err := strconv.ParseUint(string(v), 10, t.Bits())
			return err == nil
		case reflect.Float32, reflect.Float64:
			_, err := strconv.ParseFloat(string(v), t.Bits())
			return err == nil
		}
	}
	return false
}

// expected names the type t for people.
func expected(t reflect.Type) string {
	if ownDecoder(t) != nil {
		return "une valeur"
	}
	switch t.Kind() {
	case reflect.String:
		return "un texte"
	case reflect.Bool:
		return "vrai ou faux (true ou false)"
	case reflect.Slice, reflect.Array:
		return "une liste"
	case reflect.Struct, reflect.Map:
		return "un objet"
	case reflect.Float32, reflect.Float64:
		return "un nombre"
	case reflect.Pointer:
		return expected(t.Elem())
	}
	return "un nombre entier"
}

// named is how a sentence speaks of the value at a pointer.
func named(at string) string {
	if at == "" {
		return "Le corps de la requête"
	}
	return "Le champ « " + strings.NewReplacer("~1", "/", "~0", "~").Replace(strings.ReplaceAll(strings.TrimPrefix(at, "/"), "/", ".")) + " »"
}

// ownDecoder returns t (or what it points to) when the type reads its own JSON: decimals, days, uuids,
// optional fields. It returns nil for the others.
func ownDecoder(t reflect.Type) reflect.Type {
	if t == nil {
		return nil
	}
	base := t
	for base.Kind() == reflect.Pointer {
		base = base.Elem()
	}
	p := reflect.PointerTo(base)
	if p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return base
	}
	return nil
}

// surrogatesPaired tells whether every \uD800-\uDFFF escape of raw is half of a pair; encoding/json
// would silently replace the others.
func surrogatesPaired(raw []byte) bool {
	for i := 0; i+1 < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		if raw[i+1] != 'u' {
			i++
			continue
		}
		r, ok := escape(raw, i)
		if !ok {
			return true // broken JSON: the decoder says so better
		}
		i += 5
		if r < 0xD800 || r > 0xDFFF {
			continue
		}
		low, ok := escape(raw, i+1)
		if r >= 0xDC00 || !ok || low < 0xDC00 || low > 0xDFFF {
			return false
		}
		i += 6
	}
	return true
}

// escape reads the \uXXXX escape at raw[i:].
func escape(raw []byte, i int) (uint64, bool) {
	if i+6 > len(raw) || raw[i] != '\\' || raw[i+1] != 'u' {
		return 0, false
	}
	r, err := strconv.ParseUint(string(raw[i+2:i+6]), 16, 32)
	return r, err == nil
}
