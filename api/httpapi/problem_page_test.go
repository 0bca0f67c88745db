package httpapi_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"apilos/api/httpapi"
	"github.com/stretchr/testify/require"
)

func problemSite(t *testing.T) *site {
	l := &logs{}
	log := slog.New(slog.NewJSONHandler(l, nil))
	e, err := httpapi.New(httpapi.Config{Log: log, AllowedHosts: []string{"127.0.0.1"}})
	require.NoError(t, err)
	require.NoError(t, httpapi.Mount(e, "", httpapi.Chain{Log: log}, httpapi.ProblemPages{}))
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	return &site{t: t, url: srv.URL, logs: l, echo: e}
}

func TestProblemTypesLeadSomewhere(t *testing.T) {
	s := problemSite(t)
	for _, doc := range httpapi.Catalogue() {
		page := s.get("/problemes/" + doc.Code)
		require.Equal(t, 200, page.StatusCode, doc.Code)
		require.Contains(t, page.body, `<html lang="fr">`)
		require.Contains(t, page.body, "<code>"+doc.Code+"</code>")
		require.Contains(t, page.Header.Get("Content-Security-Policy"), "script-src 'self'")

		var got httpapi.CodeDoc
		require.NoError(t, json.Unmarshal([]byte(s.get("/problemes/"+doc.Code, "Accept", "application/json").body), &got))
		require.Equal(t, doc, got)
	}
	list := s.get("/problemes", "Accept", "text/html,application/json")
	require.Contains(t, list.body, `href="/problemes/introuvable"`)
	var all []httpapi.CodeDoc
	require.NoError(t, json.Unmarshal([]byte(s.get("/problemes", "Accept", "application/json").body), &all))
	require.Len(t, all, len(httpapi.Catalogue()))
	for _, bad := range []string{"INCONNU", "%3Cscript%3E", strings.Repeat("a", 100), "a/b"} {
		r := s.get("/problemes/" + bad)
		require.Equal(t, 404, r.StatusCode, bad)
		r.problem(t)
	}
}

func TestCatalogueIsCompleteAndWithoutDoubles(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range httpapi.Catalogue() {
		require.False(t, seen[d.Code], d.Code)
		seen[d.Code] = true
		require.NotEmpty(t, d.Titre, d.Code)
		require.NotEmpty(t, d.Explication, d.Code)
		require.NotEmpty(t, d.QueFaire, d.Code)
		require.GreaterOrEqual(t, d.Statut, 400, d.Code)
	}
	for _, code := range raised(t) {
		require.True(t, seen[code], "the code %s is raised but not documented: add it to catalogue_domain.go", code)
	}
}

// raised reads the sources of the product and returns the codes given to fault.New and fault.Newf, as
// literals or as constants of the same package.
func raised(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	packages := map[string][]*ast.File{}
	fset := token.NewFileSet()
	require.NoError(t, filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		packages[filepath.Dir(path)] = append(packages[filepath.Dir(path)], f)
		return nil
	}))
	for _, files := range packages {
		constants := textConstants(files)
		for _, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) < 2 || !isFaultNew(call.Fun) {
					return true
				}
				switch arg := call.Args[1].(type) {
				case *ast.BasicLit:
					code, err := strconv.Unquote(arg.Value)
					require.NoError(t, err)
					found[code] = true
				case *ast.Ident:
					if code, ok := constants[arg.Name]; ok {
						found[code] = true
					}
				}
				return true
			})
		}
	}
	require.Contains(t, found, "introuvable", "the scan finds what it must")
	out := make([]string, 0, len(found))
	for c := range found {
		out = append(out, c)
	}
	sort.Strings(out)
	return out
}

func isFaultNew(fun ast.Expr) bool {
	switch f := fun.(type) {
	case *ast.SelectorExpr:
		pkg, ok := f.X.(*ast.Ident)
		return ok && pkg.Name == "fault" && (f.Sel.Name == "New" || f.Sel.Name == "Newf")
	}
	return false
}

func textConstants(files []*ast.File) map[string]string {
	out := map[string]string{}
	for _, f := range files {
		for _, decl := range f.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.CONST {
				continue
			}
			for _, spec := range gen.Specs {
				v := spec.(*ast.ValueSpec)
				for i, name := range v.Names {
					if i >= len(v.Values) {
						continue
					}
					if lit, ok := v.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
						if text, err := strconv.Unquote(lit.Value); err == nil {
							out[name.Name] = text
						}
					}
				}
			}
		}
	}
	return out
}
