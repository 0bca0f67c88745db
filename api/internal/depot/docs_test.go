package depot_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"apilos/api/config"
)

func TestReadmeShowsEverySettingAsItIs(t *testing.T) {
	t.Parallel()
	_, rest, found := strings.Cut(read(t, "README.md"), "<!-- réglages : début, écrit par scripts/generate -->\n\n")
	require.True(t, found)
	table, _, found := strings.Cut(rest, "\n<!-- réglages : fin -->")
	require.True(t, found)
	require.Equal(t, config.Reference(), table, "run ./scripts/generate")
}

func TestPagesLinkToWhatExists(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	quoted := regexp.MustCompile("`((?:api|frontend|scripts|migrations|openapi|\\.ci|\\./scripts)/[A-Za-z0-9_./-]*[A-Za-z0-9_-])`")
	for _, page := range []string{"README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			content := read(t, page)
			var targets []string
			for _, match := range link.FindAllStringSubmatch(content, -1) {
				target, _, _ := strings.Cut(match[1], "#")
				if target != "" && !strings.Contains(target, "://") {
					targets = append(targets, target)
				}
			}
			for _, match := range quoted.FindAllStringSubmatch(content, -1) {
				targets = append(targets, match[1])
			}
			var absent []string
			for _, target := range targets {
				if _, err := os.Stat(filepath.Join(root, target)); err != nil && !strings.Contains(target, "NNNN") && target != "frontend/dist" {
					absent = append(absent, target)
				}
			}
			require.Empty(t, absent, "%s names what does not exist", page)
		})
	}
}

func TestChangelogKeepsItsShape(t *testing.T) {
	t.Parallel()
	content := read(t, "CHANGELOG.md")
	require.Contains(t, content, "## [Non publié]")
	for _, line := range regexp.MustCompile(`(?m)^### (.+)$`).FindAllStringSubmatch(content, -1) {
		require.Contains(t, []string{"Ajouté", "Modifié", "Obsolète", "Supprimé", "Corrigé", "Sécurité"}, line[1])
	}
}

// TestReadmeNamesPeopleAndOperationsOfTheDemonstration: what a newcomer is told to click on exists.
func TestReadmeNamesPeopleAndOperationsOfTheDemonstration(t *testing.T) {
	t.Parallel()
	scenario := read(t, "api/sim/scenarios/demo.yaml")
	readme := read(t, "README.md")
	logins := regexp.MustCompile("`([a-z.]+@example\\.org)`").FindAllStringSubmatch(readme, -1)
	require.NotEmpty(t, logins)
	for _, match := range logins {
		require.Contains(t, scenario, "\n  "+match[1]+":\n", "person of the scenario")
	}
	operations := regexp.MustCompile("`(20\\d{9})`").FindAllStringSubmatch(readme, -1)
	require.NotEmpty(t, operations)
	for _, match := range operations {
		require.Contains(t, scenario, `"`+match[1]+`":`, "operation of the scenario")
	}
}
