package depot_test

import (
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// layers orders the folders of frontend/src: a file imports from its own layer or a lower one. app, which surrounds the
// pages, also gives them and the features the session and the configuration.
var layers = []string{"lib", "api", "ui", "features", "pages", "app"}

var importLine = regexp.MustCompile(`(?m)(?:^|\s)(?:import|export)\b[^"';]*?\bfrom\s+["'](\.[^"']+)["']|\bimport\(\s*["'](\.[^"']+)["']\s*\)`)

// TestFrontendImportsGoOneWay: pages use features, features use ui, api and lib, and a feature never uses another.
func TestFrontendImportsGoOneWay(t *testing.T) {
	t.Parallel()
	const source = "frontend/src/"
	seen := 0
	for _, name := range files(t) {
		if !strings.HasPrefix(name, source) || !(strings.HasSuffix(name, ".ts") || strings.HasSuffix(name, ".tsx")) ||
			strings.Contains(name, ".test.") {
			continue
		}
		seen++
		for _, match := range importLine.FindAllStringSubmatch(read(t, name), -1) {
			target := path.Join(path.Dir(name), match[1]+match[2])
			if !strings.HasPrefix(target, source) {
				continue // the shims reach into node_modules
			}
			checkImport(t, strings.TrimPrefix(name, source), strings.TrimPrefix(target, source))
		}
	}
	require.NotZero(t, seen)
}

func checkImport(t *testing.T, from, to string) {
	t.Helper()
	fromParts, toParts := strings.Split(from, "/"), strings.Split(to, "/")
	fromLayer, toLayer := layerOf(fromParts[0]), layerOf(toParts[0])
	if fromLayer < 0 || toLayer < 0 {
		return // main.tsx, shims, styles, testing
	}
	if toParts[0] == "app" && (fromParts[0] == "features" || fromParts[0] == "pages") {
		return
	}
	require.GreaterOrEqual(t, fromLayer, toLayer, "%s imports %s, which is above it", from, to)
	if fromParts[0] == "features" && toParts[0] == "features" {
		require.Equal(t, fromParts[1], toParts[1], "%s imports another feature, %s", from, to)
	}
}

func layerOf(folder string) int {
	for i, layer := range layers {
		if layer == folder {
			return i
		}
	}
	return -1
}

// TestFrontendReachesNoOtherSite: everything the browser loads comes from the platform (content security policy).
func TestFrontendReachesNoOtherSite(t *testing.T) {
	t.Parallel()
	loaded := regexp.MustCompile(`(?:src|href|url|import)\s*[=(]?\s*["'(](?:https?:)?//[a-z]`)
	for _, name := range files(t) {
		if name == "frontend/index.html" || strings.HasSuffix(name, ".css") && strings.HasPrefix(name, "frontend/") {
			require.NotRegexp(t, loaded, read(t, name), name)
		}
	}
}
