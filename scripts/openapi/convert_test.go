package main

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

func converted(t *testing.T) *openapi3.T {
	t.Helper()
	v2, err := os.ReadFile("testdata/swagger.json")
	require.NoError(t, err)
	text, err := convert(context.Background(), v2)
	require.NoError(t, err)
	doc, err := openapi3.NewLoader().LoadFromData(text)
	require.NoError(t, err)
	return doc
}

func TestConvertSaysWhatSwagger2CannotSay(t *testing.T) {
	doc := converted(t)
	require.Equal(t, "3.0.3", doc.OpenAPI)
	require.Equal(t, "/api/v1", doc.Servers[0].URL)

	scheme := doc.Components.SecuritySchemes["BearerAuth"].Value
	require.Equal(t, "http", scheme.Type)
	require.Equal(t, "bearer", scheme.Scheme)

	op := doc.Paths.Find("/x/{id}").Post
	require.Equal(t, "post-x-id", op.OperationID)
	require.Contains(t, op.Responses.Status(401).Value.Content, "application/problem+json")
	require.Contains(t, op.Responses.Status(200).Value.Content, "application/json")
	require.Contains(t, doc.Components.Schemas, "PageAutre", "names of packages are removed")
	form := doc.Paths.Find("/y").Post.RequestBody.Value.Content["multipart/form-data"]
	require.Equal(t, "binary", form.Schema.Value.Properties["fichier"].Value.Format)
}

func TestConvertedSchemaValidatesNulls(t *testing.T) {
	schema := converted(t).Components.Schemas["X"].Value
	base := func(change map[string]any) map[string]any {
		v := map[string]any{"l": nil, "p": nil, "r": map[string]any{"a": "x"}, "s": nil}
		for k, c := range change {
			v[k] = c
		}
		return v
	}
	require.NoError(t, schema.VisitJSON(base(nil)), "null is accepted where declared")
	require.NoError(t, schema.VisitJSON(base(map[string]any{"p": map[string]any{"a": "x"}, "e": nil})))
	require.NoError(t, schema.VisitJSON(base(map[string]any{"e": "A"})))
	require.Error(t, schema.VisitJSON(base(map[string]any{"r": nil})), "and nowhere else")
	require.Error(t, schema.VisitJSON(base(map[string]any{"p": map[string]any{}})), "the object keeps its own rules")
	require.Error(t, schema.VisitJSON(base(map[string]any{"e": "Z"})))
}

func TestGapsNameTheOperationsThatSayTooLittle(t *testing.T) {
	raw, err := os.ReadFile("testdata/swagger.json")
	require.NoError(t, err)
	for name, remove := range map[string]string{"summary": "summary", "tags": "tags", "failure": "responses"} {
		t.Run(name, func(t *testing.T) {
			var doc map[string]any
			require.NoError(t, json.Unmarshal(raw, &doc))
			op := doc["paths"].(map[string]any)["/y"].(map[string]any)["post"].(map[string]any)
			if remove == "responses" {
				delete(op[remove].(map[string]any), "500")
			} else {
				delete(op, remove)
			}
			v2, err := json.Marshal(doc)
			require.NoError(t, err)
			v3, err := convert(context.Background(), v2)
			require.NoError(t, err)
			missing, err := gaps(v3)
			require.NoError(t, err)
			require.Len(t, missing, 1)
			require.Contains(t, missing[0], "POST /y")
		})
	}
}

func TestConvertRefusesTwoTypesOfOneName(t *testing.T) {
	raw, err := os.ReadFile("testdata/swagger.json")
	require.NoError(t, err)
	var doc map[string]any
	require.NoError(t, json.Unmarshal(raw, &doc))
	doc["definitions"].(map[string]any)["autre.Autre"] = map[string]any{"type": "object"}
	v2, err := json.Marshal(doc)
	require.NoError(t, err)
	_, err = convert(context.Background(), v2)
	require.ErrorContains(t, err, "would both be called Autre")
}

func TestShortName(t *testing.T) {
	for name, want := range map[string]string{
		"web.Convention":                        "Convention",
		"httpapi.Page-web_ConventionLigne":      "PageConventionLigne",
		"httpapi.Page-apilos_api_httpapi_web_L": "PageL",
		"httpapi.ProblemField":                  "ProblemField",
	} {
		require.Equal(t, want, shortName(name), name)
	}
}

// The committed documents are those that the code gives; the TypeScript types are compared by
// « --check », which needs Node.
func TestDocumentsAreUpToDate(t *testing.T) {
	files, err := generate(context.Background(), "../..", selection{})
	require.NoError(t, err)
	missing, err := allGaps(files)
	require.NoError(t, err)
	require.Empty(t, missing, "annotations to complete")
	require.NoError(t, compare("../..", files))
}

func TestCompareNamesTheFirstDifference(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(dir+"/a.json", []byte("x\ny\n"), 0o600))
	err := compare(dir, []file{{"a.json", []byte("x\nz\n")}})
	require.ErrorContains(t, err, `a.json (line 2: "y" instead of "z")`)
	require.NoError(t, compare(dir, []file{{"a.json", []byte("x\ny\n")}}))
	require.Error(t, compare(dir, []file{{"missing.json", []byte("x")}}))
}
