package app_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

type paquet struct {
	ImportPath string
	Imports    []string
}

// paquets lists the packages of the product with their direct imports, tests left out.
func paquets(t *testing.T) []paquet {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "apilos/api/...").Output()
	require.NoError(t, err)
	var liste []paquet
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p paquet
		require.NoError(t, d.Decode(&p))
		liste = append(liste, p)
	}
	require.Greater(t, len(liste), 25)
	return liste
}

func court(chemin string) string { return strings.TrimPrefix(chemin, "apilos/api/") }

// domaine are the packages of rules: no HTTP, no SQL, no file store, no environment.
var domaine = []string{
	"administration", "bailleur", "comment", "compte", "convention", "date", "depot", "document", "echange", "event", "fault", "fichier",
	"operation", "reassignation", "revision", "search", "stats", "territoire", "admin", "auth",
}

// TestArchitectureImports enforces the direction of dependencies (CONTRIBUTING, "Architecture").
func TestArchitectureImports(t *testing.T) {
	interdits := []struct {
		regle   string
		vise    func(paquet string) bool
		imports []string
	}{
		{"only store knows GORM", func(p string) bool { return p != "store" }, []string{"gorm.io/"}},
		{"only storage knows the S3 client", func(p string) bool { return p != "storage" && !strings.HasPrefix(p, "internal/") }, []string{"github.com/minio/"}},
		{"Echo stays in httpapi and app", func(p string) bool { return !strings.HasPrefix(p, "httpapi") && p != "app" }, []string{"github.com/labstack/"}},
		{
			"rules know neither transport nor storage", func(p string) bool { return slices.Contains(domaine, p) },
			[]string{"apilos/api/store", "apilos/api/httpapi", "apilos/api/storage", "apilos/api/mail", "apilos/api/app", "apilos/api/config", "database/sql", "net/http", "os"},
		},
		{"handlers never reach the database", func(p string) bool { return strings.HasPrefix(p, "httpapi") }, []string{"apilos/api/store", "gorm.io/", "github.com/jackc/"}},
		{"store knows no transport", func(p string) bool { return p == "store" }, []string{"apilos/api/httpapi", "apilos/api/app"}},
		{"outside clients know no store", func(p string) bool {
			return slices.Contains([]string{"alert", "cerbere", "siap", "storage", "jobs", "document", "antivirus", "mail"}, p)
		}, []string{"apilos/api/store", "apilos/api/httpapi"}},
		{"the error model is standalone", func(p string) bool { return p == "fault" || p == "date" }, []string{"apilos/"}},
		{"auth is standalone", func(p string) bool { return p == "auth" }, []string{"apilos/api/c", "apilos/api/s"}},
		{"test support never ships", func(p string) bool { return !strings.HasPrefix(p, "internal/") && p != "httpapi/contract" }, []string{"apilos/api/internal/", "apilos/api/httpapi/contract", "github.com/stretchr/testify"}},
		{"only the command and app wire everything", func(p string) bool { return p != "cmd/apilos" }, []string{"apilos/api/app"}},
	}
	for _, p := range paquets(t) {
		for _, r := range interdits {
			if !r.vise(court(p.ImportPath)) {
				continue
			}
			for _, imp := range p.Imports {
				for _, x := range r.imports {
					require.False(t, imp == x || (strings.HasSuffix(x, "/") || strings.HasPrefix(x, "apilos/")) && strings.HasPrefix(imp, x),
						"%s imports %s: %s", p.ImportPath, imp, r.regle)
				}
			}
		}
	}
}

// TestArchitectureOrdre enforces the order of the domain packages: one above may import one below only.
func TestArchitectureOrdre(t *testing.T) {
	rang := map[string]int{
		"stats": 6, "search": 6, "admin": 6, "echange": 5, "document": 5, "convention": 4, "operation": 3,
		"compte": 3, "bailleur": 2, "administration": 2, "alert": 2, "event": 1, "comment": 1, "fichier": 1, "territoire": 1,
	}
	for _, p := range paquets(t) {
		moi, ok := rang[court(p.ImportPath)]
		if !ok {
			continue
		}
		for _, imp := range p.Imports {
			if autre, ok := rang[court(imp)]; ok {
				require.Less(t, autre, moi, "%s imports %s", p.ImportPath, imp)
			}
		}
	}
}
