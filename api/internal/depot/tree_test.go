package depot_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// root is the top of the repository, seen from this folder.
const root = "../../.."

// files lists what the repository holds: what git follows, and what it would follow after `git add`. In a copy without
// git (a source archive) it is everything but what the scripts produce.
func files(t *testing.T) []string {
	t.Helper()
	list := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
	list.Dir = root
	output, err := list.Output()
	if err != nil {
		return walk(t)
	}
	var found []string
	for name := range strings.SplitSeq(strings.TrimRight(string(output), "\x00"), "\x00") {
		if _, err := os.Stat(filepath.Join(root, name)); err == nil { // deleted files are still listed until committed
			found = append(found, name)
		}
	}
	require.NotEmpty(t, found)
	return found
}

func walk(t *testing.T) []string {
	t.Helper()
	produced := []string{".git", ".build", ".data", ".parcel-cache", "node_modules", "frontend/dist"}
	found := []string{"frontend/dist/.gitkeep"}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains(produced, name):
			return fs.SkipDir
		case !entry.IsDir():
			found = append(found, name)
		}
		return nil
	})
	require.NoError(t, err)
	return found
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, name))
	require.NoError(t, err)
	return string(content)
}

func TestTopLevelKeepsItsAgreedList(t *testing.T) {
	t.Parallel()
	allowed := []string{
		"api", "frontend", "openapi", "migrations", "scripts",
		"go.mod", "go.sum", "package.json", "package-lock.json",
		"Dockerfile", "docker-compose.yml",
		"README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSE", "publiccode.yml",
	}
	present := map[string]bool{}
	for _, name := range files(t) {
		top, _, _ := strings.Cut(name, "/")
		present[top] = true
		require.True(t, strings.HasPrefix(top, ".") || slices.Contains(allowed, top), "%s does not belong at the top level", top)
	}
	for _, name := range allowed {
		require.True(t, present[name], "%s is missing", name)
	}
}

func TestNoFileDependsOnOneMachine(t *testing.T) {
	t.Parallel()
	forbidden := map[string]*regexp.Regexp{
		"a path of one machine": regexp.MustCompile(`(?:^|[\s"'=(:\x60])/(?:root|work|home/[a-z][a-z0-9_-]*|Users/[A-Za-z]+)(?:/|\b)`),
		"a download address":    regexp.MustCompile(`registry\.npmjs|npm\.pkg\.github|proxy\.golang|deb\.debian\.org|pypi\.org|"resolved":\s*"http`),
	}
	accepted := map[string][]string{
		"api/pgdev/binaires.go":                 {"/home/linuxbrew/"}, // where Homebrew installs on every Linux machine
		"api/httpapi/contract/contract_test.go": {"/root/"},           // the same, as an example
		"api/httpapi/contract/language.go":      {"/root/"},           // what an answer must never show
	}
	self := "api/internal/depot/tree_test.go"
	for _, name := range files(t) {
		if name == self {
			continue
		}
		content, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		if bytes.IndexByte(content, 0) >= 0 {
			continue // not text
		}
		for what, pattern := range forbidden {
			for _, match := range pattern.FindAllString(string(content), -1) {
				if slices.Contains(accepted[name], strings.Trim(match, " \t\n\"'=(:`")) {
					continue
				}
				require.Fail(t, "a file depends on one machine", "%s holds %s: %s", name, what, match)
			}
		}
	}
}

func TestNothingGeneratedOrHeavyIsCommitted(t *testing.T) {
	t.Parallel()
	const heavy = 3 << 20
	for _, name := range files(t) {
		if strings.HasPrefix(name, "frontend/dist/") {
			require.Equal(t, "frontend/dist/.gitkeep", name, "the built interface is not committed")
		}
		require.NotContains(t, name, "node_modules/")
		info, err := os.Stat(filepath.Join(root, name))
		require.NoError(t, err)
		require.Less(t, info.Size(), int64(heavy), name)
	}
}

func TestScriptsHaveAUsageLineAndStopOnErrors(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Abs(filepath.Join(root, "scripts"))
	require.NoError(t, err)
	for _, name := range []string{"start", "build", "test", "lint", "generate", "setup-ci", "tools.sh"} {
		path := filepath.Join(scripts, name)
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.NotZero(t, info.Mode()&0o111, "%s is executable", name)
		content := read(t, "scripts/"+name)
		require.True(t, strings.HasPrefix(content, "#!/usr/bin/env bash\n"), name)
		require.Contains(t, content, "set -euo pipefail", name)
		require.Contains(t, content, "usage: ./scripts/"+name, name)

		help := exec.Command(path, "--help")
		help.Dir = os.TempDir() // from any folder
		output, err := help.CombinedOutput()
		require.NoError(t, err, "%s --help: %s", name, output)
		require.Contains(t, string(output), "usage: ./scripts/"+name)

		wrong := exec.Command(path, "--cette-option-n-existe-pas")
		wrong.Dir = os.TempDir()
		require.Error(t, wrong.Run(), name)
		require.Equal(t, 2, wrong.ProcessState.ExitCode(), "%s: wrong usage", name)
	}
}
