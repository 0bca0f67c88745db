package httpapi_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"maps"
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

// codesByVariable lists the codes of the few calls that take theirs from a variable, by file.
var codesByVariable = map[string][]string{
	"httpapi/bind.go":        {"json_invalide", "encodage_invalide", "caractere_interdit", "json_trop_profond"},
	"compte/habilitation.go": {"habilitation_not_valid", "profil_not_supported", "PERIMETRE_ABSENT"},
	"operation/consulter.go": {"PROGRAMME_INTROUVABLE", "SIAP_NON_AUTORISE"},
	"siap/errors.go":         {"siap_bad_gateway", "siap_unavailable", "siap_forbidden", "siap_not_found", "siap_rejected"},
	"convention/effet.go":    {"NUMERO_PRIS", "NUMERO_EXISTANT"},
	"convention/avenant.go":  {"TYPE_AVENANT_INCONNU", "TYPE_AVENANT_EXCLUSIF", "TYPE_AVENANT_INADAPTE"},
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
	constants := map[string]map[string]string{} // by package name, then by constant
	for _, files := range packages {
		name := files[0].Name.Name
		if constants[name] == nil {
			constants[name] = map[string]string{}
		}
		maps.Copy(constants[name], textConstants(files))
	}
	for dir, files := range packages {
		for _, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) < 2 || !isFaultNew(call.Fun) {
					return true
				}
				code := ""
				switch arg := call.Args[1].(type) {
				case *ast.BasicLit:
					code, _ = strconv.Unquote(arg.Value)
				case *ast.Ident:
					code = constants[f.Name.Name][arg.Name]
				case *ast.SelectorExpr:
					if pkg, ok := arg.X.(*ast.Ident); ok {
						code = constants[pkg.Name][arg.Sel.Name]
					}
				}
				if code != "" {
					found[code] = true
					return true
				}
				at := fset.Position(call.Pos())
				file := filepath.ToSlash(strings.TrimPrefix(dir, "../")) + "/" + filepath.Base(at.Filename)
				if len(codesByVariable[file]) == 0 {
					t.Errorf("%s: the code of this error cannot be read: give it as a literal or a constant", at)
				}
				for _, c := range codesByVariable[file] {
					found[c] = true
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
