package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"mime/multipart"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
)

// tooLarge is more than any body of JSON may hold (05 D).
const tooLarge = 2<<20 + 1

// hostile are texts that break programs.
var hostile = []string{
	"", " ", "a", "null", "true", "-1", "0", "1e400", "NaN", "9223372036854775808", "99999999999999999999", "1.5", "é", "a\x00b", "\x01\x1f", "'; DROP TABLE x; --",
	"%", "%25", "${7*7}", "<script>alert(1)</script>", "𝔘𝔫𝔦", "\u202egauche", "🏠🏠", "\ufeffx", "a,b,,c", "2026-02-30", "0000-00-00", "2026-13-01T99:99:99Z", "\\", "{}", "[]",
	"00000000-0000-0000-0000-000000000000", "../../etc/passwd", "é\xff\xfe", `"1"`, "*", "W/\"1\"",
}

// body draws the body of the request and its type.
func (f fuzzer) body() ([]byte, string) {
	if f.op.RequestBody == nil {
		if f.chance(1, 10) {
			return []byte(`{"inattendu":true}`), "application/json"
		}
		return nil, ""
	}
	content := f.op.RequestBody.Value.Content
	types := slices.Sorted(maps.Keys(content))
	mediaType := types[f.r.IntN(len(types))]
	schema := content[mediaType].Schema
	switch {
	case f.chance(1, 12):
		return nil, mediaType
	case f.chance(1, 40):
		return bytes.Repeat([]byte(" "), tooLarge), mediaType
	case f.chance(1, 15):
		return []byte(hostile[f.r.IntN(len(hostile))]), mediaType
	case f.chance(1, 15):
		return []byte(`{"a":1}`), []string{"text/plain", "application/xml", "application/json; charset=latin1", "x", "multipart/form-data"}[f.r.IntN(5)]
	case strings.HasPrefix(mediaType, "multipart/"):
		return f.form(schema)
	case !strings.HasSuffix(mediaType, "json"):
		return []byte(f.lines()), mediaType
	}
	text, err := json.Marshal(f.value("", schema, 0))
	if err != nil {
		return []byte("{"), mediaType
	}
	if f.chance(1, 20) {
		text = text[:len(text)/2]
	}
	return text, mediaType
}

// lines are those of a small file, more or less one of addresses.
func (f fuzzer) lines() string {
	return []string{
		"cle_interop;numero;voie_nom;commune_insee;commune_nom\n87085_0001_00001;1;rue A;87085;Limoges\n", "a;b\n1\n2;3;4\n", "\x00\x01\x02", "\xff\xfea\x00", "é;à\n", "a,\"b\n",
		strings.Repeat("x;", 5000),
	}[f.r.IntN(7)]
}

func (f fuzzer) form(schema *openapi3.SchemaRef) ([]byte, string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if schema != nil && schema.Value != nil {
		for _, name := range slices.Sorted(maps.Keys(schema.Value.Properties)) {
			p := schema.Value.Properties[name]
			if f.chance(1, 6) {
				continue
			}
			if p.Value.Format == "binary" || f.chance(1, 10) {
				part, err := w.CreateFormFile(name, []string{"a.pdf", "é.exe", "..", strings.Repeat("n", 300) + ".pdf"}[f.r.IntN(4)])
				if err == nil {
					_, _ = io.WriteString(part, []string{"%PDF-1.7\n", "", "MZ", f.lines()}[f.r.IntN(4)])
				}
				continue
			}
			_ = w.WriteField(name, f.text(name, p))
		}
	}
	if f.chance(9, 10) {
		_ = w.Close()
	}
	return b.Bytes(), w.FormDataContentType()
}

// text draws the value of a parameter: known, allowed, at a limit, or hostile.
func (f fuzzer) text(name string, schema *openapi3.SchemaRef) string {
	if known := f.target.Known[name]; len(known) > 0 && f.chance(3, 4) {
		return known[f.r.IntN(len(known))]
	}
	if f.chance(1, 3) {
		return hostile[f.r.IntN(len(hostile))]
	}
	switch v := f.value(name, schema, 0).(type) {
	case string:
		return v
	case nil:
		return ""
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, fmt.Sprint(x))
		}
		return strings.Join(parts, ",")
	default:
		return fmt.Sprint(v)
	}
}

// value draws a value for a schema, one out of eight of another type.
func (f fuzzer) value(name string, ref *openapi3.SchemaRef, depth int) any {
	if ref == nil || ref.Value == nil || depth > 6 {
		return map[string]any{}
	}
	s := ref.Value
	if depth > 0 && f.chance(1, 8) {
		return f.wrong()
	}
	switch {
	case s.Nullable && f.chance(1, 6):
		return nil
	case len(s.Enum) > 0:
		return s.Enum[f.r.IntN(len(s.Enum))]
	case len(s.OneOf) > 0:
		return f.value(name, s.OneOf[f.r.IntN(len(s.OneOf))], depth)
	case len(s.AllOf) > 0:
		out := map[string]any{}
		for _, part := range s.AllOf {
			if m, ok := f.value(name, part, depth).(map[string]any); ok {
				maps.Copy(out, m)
			}
		}
		return out
	case s.Type.Is("array"):
		out := make([]any, 0, 3)
		for range f.r.IntN(4) {
			out = append(out, f.value(name, s.Items, depth+1))
		}
		return out
	case s.Type.Is("integer"), s.Type.Is("number"):
		return f.number(s)
	case s.Type.Is("boolean"):
		return f.chance(1, 2)
	case s.Type.Is("string"):
		return f.string(name, s)
	}
	return f.object(s, depth)
}

func (f fuzzer) object(s *openapi3.Schema, depth int) any {
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if f.chance(1, 10) || !slices.Contains(s.Required, name) && f.chance(1, 3) {
			continue
		}
		out[name] = f.value(name, s.Properties[name], depth+1)
	}
	if f.chance(1, 15) {
		out["champ_inconnu"] = f.wrong()
	}
	return out
}

func (f fuzzer) number(s *openapi3.Schema) any {
	values := []float64{0, 1, -1, 2, 100, math.MaxInt32, -math.MaxInt32, math.MaxInt64}
	if s.Min != nil {
		values = append(values, *s.Min, *s.Min, *s.Min-1)
	}
	if s.Max != nil {
		values = append(values, *s.Max, *s.Max, *s.Max+1)
	}
	v := values[f.r.IntN(len(values))]
	if s.Type.Is("integer") {
		return json.Number(strconv.FormatFloat(v, 'f', 0, 64))
	}
	return v
}

func (f fuzzer) string(name string, s *openapi3.Schema) string {
	if known := f.target.Known[name]; len(known) > 0 && f.chance(1, 2) {
		return known[f.r.IntN(len(known))]
	}
	switch s.Format {
	case "uuid":
		return uuid.UUID{byte(f.r.IntN(256)), 6: 0x40, 8: 0x80, 15: byte(f.r.IntN(256))}.String()
	case "date":
		return []string{"2026-04-15", "1977-01-01", "0001-01-01", "9999-12-31", "2024-02-29"}[f.r.IntN(5)]
	case "date-time":
		return []string{"2026-04-15T08:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999+14:00"}[f.r.IntN(3)]
	case "email":
		return []string{"a@example.org", "é@exemple.fr", "a@b", "a@" + strings.Repeat("b", 250) + ".fr"}[f.r.IntN(4)]
	}
	lengths := []uint64{s.MinLength, s.MinLength + 1, 12}
	if s.MaxLength != nil {
		lengths = append(lengths, *s.MaxLength, *s.MaxLength+1)
	}
	if s.MinLength > 0 {
		lengths = append(lengths, s.MinLength-1)
	}
	letter := []string{"a", "é", "7", "字", "x "}[f.r.IntN(5)] // in the basic plane: the checker counts lengths in UTF-16
	return strings.Repeat(letter, int(min(lengths[f.r.IntN(len(lengths))], 20_000)))
}

func (f fuzzer) wrong() any {
	values := []any{
		nil, true, -1, json.Number("1e400"), json.Number("99999999999999999999999"), 1.5, []any{}, []any{nil}, map[string]any{}, map[string]any{"a": []any{1}},
		strings.Repeat("a", 7000), hostile[f.r.IntN(len(hostile))],
	}
	return values[f.r.IntN(len(values))]
}

func readAgain(b []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(b)) }
