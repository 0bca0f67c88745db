package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"apilos/api/date"
	"apilos/api/httpapi"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

type lotCorps struct {
	NbLogements int              `json:"nb_logements"`
	Montant     *decimal.Decimal `json:"montant"`
}

type commun struct {
	Nom string `json:"nom"`
}

type corps struct {
	commun
	Commun   commun                     `json:"commun"`
	Jour     *date.Date                 `json:"jour"`
	ID       uuid.UUID                  `json:"id"`
	Lots     []lotCorps                 `json:"lots"`
	Libre    any                        `json:"libre"`
	Valeurs  map[string]any             `json:"valeurs"`
	Actif    *bool                      `json:"actif"`
	Petit    int8                       `json:"petit"`
	Statut   httpapi.Optional[string]   `json:"statut"`
	Effacer  httpapi.Optional[int]      `json:"effacer"`
	Absent   httpapi.Optional[lotCorps] `json:"absent"`
	Cache    string                     `json:"-"`
	Positifs uint                       `json:"positifs"`
}

func bindServer(t *testing.T, got *corps, method string) *site {
	return serve(t, setup{}, publicRoute(method, func(c echo.Context) error {
		if err := httpapi.BindJSON(c, got); err != nil {
			return err
		}
		return ok(c)
	}))
}

func TestBindJSONReadsWhatItKnows(t *testing.T) {
	var got corps
	s := bindServer(t, &got, http.MethodPost)
	r := s.post("/api/v1/x", `{"nom":"Été 𝔘","jour":"2026-04-15","id":"6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11",
		"lots":[{"nb_logements":3,"montant":"12.50"},{"nb_logements":0,"montant":7}],"libre":{"a":[1,null]},
		"valeurs":{"x":1},"actif":null,"petit":-128,"statut":"CLOS","effacer":null,"positifs":7}`)
	require.Equal(t, 200, r.StatusCode, r.body)
	require.Equal(t, "Été 𝔘", got.Nom)
	require.Equal(t, "2026-04-15", got.Jour.String())
	require.Equal(t, "12.5", got.Lots[0].Montant.String())
	require.Equal(t, "7", got.Lots[1].Montant.String())
	require.Nil(t, got.Actif)
	require.Equal(t, "CLOS", *got.Statut.Ptr())
	require.True(t, got.Effacer.Present && got.Effacer.Null)
	require.Nil(t, got.Effacer.Ptr())
	require.False(t, got.Absent.Present)
}

func TestBindJSONRefuses(t *testing.T) {
	deep := strings.Repeat(`{"libre":`, 40) + "1" + strings.Repeat("}", 40)
	cases := []struct{ name, body, code, pointer, fieldCode string }{
		{"empty", "", "json_invalide", "", ""},
		{"cut short", `{"nom":`, "json_invalide", "", ""},
		{"not JSON", `nom=x`, "json_invalide", "", ""},
		{"two values", `{} {}`, "json_invalide", "", ""},
		{"something after", `{}x`, "json_invalide", "", ""},
		{"trailing comma", `{"nom":"a",}`, "json_invalide", "", ""},
		{"byte order mark", "\ufeff{}", "json_invalide", "", ""},
		{"raw NUL", "{\"nom\":\"a\x00b\"}", "json_invalide", "", ""},
		{"invalid UTF-8", "{\"nom\":\"\xe9t\xe9\"}", "encodage_invalide", "", ""},
		{"array instead of object", `[]`, "json_invalide", "", "type_invalide"},
		{"text instead of object", `"x"`, "json_invalide", "", "type_invalide"},
		{"unknown field", `{"nom":"a","noms":"b"}`, "json_invalide", "/noms", "champ_inconnu"},
		{"unknown field deep down", `{"lots":[{"nb_logements":1},{"nb":1}]}`, "json_invalide", "/lots/1/nb", "champ_inconnu"},
		{"case matters", `{"Nom":"a"}`, "json_invalide", "/Nom", "champ_inconnu"},
		{"hidden by its tag", `{"Cache":"a"}`, "json_invalide", "/Cache", "champ_inconnu"},
		{"repeated", `{"nom":"a","nom":"b"}`, "json_invalide", "/nom", "champ_en_double"},
		{"repeated in free content", `{"libre":{"a":1,"a":2}}`, "json_invalide", "/libre/a", "champ_en_double"},
		{"repeated under an escape", `{"nom":"a","n\u006fm":"b"}`, "json_invalide", "/nom", "champ_en_double"},
		{"wrong type", `{"nom":3}`, "json_invalide", "/nom", "type_invalide"},
		{"text for a list", `{"lots":"x"}`, "json_invalide", "/lots", "type_invalide"},
		{"object for a list", `{"lots":{}}`, "json_invalide", "/lots", "type_invalide"},
		{"list for an object", `{"commun":[]}`, "json_invalide", "/commun", "type_invalide"},
		{"text for a boolean", `{"actif":"true"}`, "json_invalide", "/actif", "type_invalide"},
		{"fraction for an integer", `{"petit":1.5}`, "json_invalide", "/petit", "type_invalide"},
		{"integer too large", `{"petit":128}`, "json_invalide", "/petit", "type_invalide"},
		{"negative for a count", `{"positifs":-1}`, "json_invalide", "/positifs", "type_invalide"},
		{"null", `null`, "json_invalide", "", "type_invalide"},
		{"null for a text", `{"nom":null}`, "json_invalide", "/nom", "type_invalide"},
		{"null for a list", `{"lots":null}`, "json_invalide", "/lots", "type_invalide"},
		{"null for an object", `{"commun":null}`, "json_invalide", "/commun", "type_invalide"},
		{"null for a uuid", `{"id":null}`, "json_invalide", "/id", "type_invalide"},
		{"null in a list", `{"lots":[null]}`, "json_invalide", "/lots/0", "type_invalide"},
		{"endless number", `{"libre":` + strings.Repeat("9", 101) + `}`, "json_invalide", "/libre", "nombre_trop_long"},
		{"bad day", `{"jour":"2026-02-30"}`, "json_invalide", "/jour", "type_invalide"},
		{"bad uuid", `{"id":"x"}`, "json_invalide", "/id", "type_invalide"},
		{"bad decimal in a list", `{"lots":[{"montant":"douze"}]}`, "json_invalide", "/lots/0/montant", "type_invalide"},
		{"bad optional", `{"effacer":"x"}`, "json_invalide", "/effacer", "type_invalide"},
		{"NUL escaped", `{"nom":"a\u0000b"}`, "json_invalide", "/nom", "caractere_interdit"},
		{"NUL in free content", `{"valeurs":{"x":["\u0000"]}}`, "json_invalide", "/valeurs/x/0", "caractere_interdit"},
		{"NUL in an optional", `{"statut":"\u0000"}`, "json_invalide", "/statut", "caractere_interdit"},
		{"NUL in a name", `{"valeurs":{"\u0000":1}}`, "json_invalide", "/valeurs", "caractere_interdit"},
		{"half of a pair", `{"nom":"\ud800"}`, "caractere_interdit", "", ""},
		{"other half", `{"nom":"\udc00"}`, "caractere_interdit", "", ""},
		{"half then text", `{"nom":"\ud800\u0041"}`, "caractere_interdit", "", ""},
		{"too deep", deep, "json_trop_profond", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got corps
			s := bindServer(t, &got, http.MethodPost)
			r := s.post("/api/v1/x", c.body)
			require.Equal(t, 400, r.StatusCode, r.body)
			p := r.problem(t)
			require.Equal(t, c.code, p["code"], p["detail"])
			if c.fieldCode == "" {
				return
			}
			field := p["errors"].([]any)[0].(map[string]any)
			require.Equal(t, c.fieldCode, field["code"], r.body)
			require.Equal(t, c.pointer, field["pointer"])
			if c.pointer != "" {
				last := c.pointer[strings.LastIndex(c.pointer, "/")+1:]
				require.Contains(t, field["detail"], last, "the sentence names the field")
			}
			require.Equal(t, field["detail"], p["detail"])
		})
	}
}

func TestBindJSONAcceptsEscapesThatAreWhole(t *testing.T) {
	var got corps
	s := bindServer(t, &got, http.MethodPost)
	require.Equal(t, 200, s.post("/api/v1/x", `{"nom":"\ud835\udd18 \\ud800 \u00e9"}`).StatusCode)
	require.Equal(t, `𝔘 \ud800 é`, got.Nom)
}

func TestBindJSONListsEveryField(t *testing.T) {
	var got corps
	s := bindServer(t, &got, http.MethodPost)
	p := s.post("/api/v1/x", `{"a":1,"nom":2,"jour":"x"}`).problem(t)
	require.Len(t, p["errors"], 3)
	many := "{"
	for i := range 100 {
		many += `"champ` + string(rune('a'+i%26)) + strings.Repeat("x", i) + `":1,`
	}
	p = s.post("/api/v1/x", many+`"z":1}`).problem(t)
	require.Len(t, p["errors"], 20, "the list is bounded")
}

func TestBindJSONMediaTypes(t *testing.T) {
	for _, c := range []struct {
		method, contentType string
		status              int
	}{
		{http.MethodPost, "application/json", 200},
		{http.MethodPost, "application/json; charset=UTF-8", 200},
		{http.MethodPost, "application/json; charset=iso-8859-1", 415},
		{http.MethodPost, "text/plain", 415},
		{http.MethodPost, "application/x-www-form-urlencoded", 415},
		{http.MethodPost, "application/merge-patch+json", 415},
		{http.MethodPatch, "application/merge-patch+json", 200},
		{http.MethodPatch, "application/json", 200},
		{http.MethodPost, "", 415},
		{http.MethodPost, "json", 415},
	} {
		var got corps
		s := bindServer(t, &got, c.method)
		r := s.do(c.method, "/api/v1/x", "{}", "Content-Type", c.contentType)
		require.Equal(t, c.status, r.StatusCode, "%s %s", c.method, c.contentType)
		if c.status == 415 {
			require.Equal(t, "type_de_contenu", r.problem(t)["code"])
		}
	}
}

func TestBindOptionalJSON(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodPost, func(c echo.Context) error {
		got := commun{Nom: "défaut"}
		if err := httpapi.BindOptionalJSON(c, &got); err != nil {
			return err
		}
		return c.String(http.StatusOK, got.Nom)
	}))
	require.Equal(t, "défaut", s.do(http.MethodPost, "/api/v1/x", "").body)
	require.Equal(t, "a", s.post("/api/v1/x", `{"nom":"a"}`).body)
	require.Equal(t, 400, s.post("/api/v1/x", `{"autre":"a"}`).StatusCode)
	require.Equal(t, 415, s.do(http.MethodPost, "/api/v1/x", "a", "Content-Type", "text/plain").StatusCode)
}

func TestBodyLimit(t *testing.T) {
	var got corps
	route := publicRoute(http.MethodPost, func(c echo.Context) error { return httpapi.BindJSON(c, &got) })
	route.BodyLimit = 100
	s := serve(t, setup{}, route)
	announced := s.post("/api/v1/x", `{"nom":"`+strings.Repeat("a", 200)+`"}`)
	require.Equal(t, 413, announced.StatusCode)
	p := announced.problem(t)
	require.Equal(t, "corps_trop_volumineux", p["code"])
	require.EqualValues(t, 100, p["limite_octets"])

	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/api/v1/x", struct{ *strings.Reader }{strings.NewReader(`{"nom":"` + strings.Repeat("a", 200) + `"}`)})
	require.NoError(t, err)
	req.ContentLength = -1 // chunked: the size is only known while reading
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, 413, res.StatusCode)
}

func TestDefaultBodyLimitIsTwoMebibytes(t *testing.T) {
	var got corps
	s := bindServer(t, &got, http.MethodPost)
	require.Equal(t, 413, s.post("/api/v1/x", `{"nom":"`+strings.Repeat("a", 2<<20)+`"}`).StatusCode)
	require.Equal(t, 200, s.post("/api/v1/x", `{"nom":"`+strings.Repeat("a", 2<<20-20)+`"}`).StatusCode)
}

func TestPathParameters(t *testing.T) {
	s := serve(t, setup{},
		httpapi.Route{Method: http.MethodGet, Path: "/u/:uuid", Access: httpapi.Public(), Handler: func(c echo.Context) error {
			id, err := httpapi.UUIDParam(c, "uuid")
			if err != nil {
				return err
			}
			return c.String(http.StatusOK, id.String())
		}},
		httpapi.Route{Method: http.MethodGet, Path: "/n/:numero", Access: httpapi.Public(), Handler: func(c echo.Context) error {
			v, err := httpapi.TextParam(c, "numero", 20)
			if err != nil {
				return err
			}
			return c.String(http.StatusOK, v)
		}})
	id := "6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11"
	require.Equal(t, id, s.get("/api/v1/u/"+id).body)
	require.Equal(t, id, s.get("/api/v1/u/"+strings.ToUpper(id)).body)
	for _, bad := range []string{"x", "6f1c1d526a0b4c439a530c7a8f0c1a11", "%7B" + id + "%7D", "urn:uuid:" + id, "%00", "12"} {
		r := s.get("/api/v1/u/" + bad)
		require.Equal(t, 404, r.StatusCode, bad)
		require.Equal(t, "introuvable", r.problem(t)["code"])
	}
	require.Equal(t, "20/22 é", s.get("/api/v1/n/20%2F22%20%C3%A9").body)
	for _, bad := range []string{"%00", "%ff", strings.Repeat("a", 21)} {
		require.Equal(t, 404, s.get("/api/v1/n/"+bad).StatusCode, bad)
	}
}

func FuzzBindJSON(f *testing.F) {
	f.Add([]byte(`{"nom":"a","lots":[{"nb_logements":1,"montant":"1.2"}],"jour":"2026-04-15"}`))
	f.Add([]byte(`{"libre":{"a":[1,{"b":null}]},"nom":"\ud835\udd18"}`))
	f.Add([]byte(`[[[[{"a":1e999}]]]]`))
	e := echo.New()
	f.Fuzz(func(t *testing.T, raw []byte) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(string(raw)))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		var got corps
		if err := httpapi.BindJSON(e.NewContext(req, nil), &got); err == nil {
			require.NotContains(t, got.Nom, "\x00")
			require.NotContains(t, got.Nom, "\ufffd\ufffd\ufffd")
		}
	})
}
