package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const goReport = `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestA/one"}
{"Action":"pass","Package":"p","Test":"TestA/one"}
{"Action":"output","Package":"p","Test":"TestA/two","Output":"    a_test.go:3: wrong\n"}
{"Action":"fail","Package":"p","Test":"TestA/two"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestB"}
{"Action":"output","Package":"p","Test":"TestC","Output":"    c_test.go:1: clamd is absent\n"}
{"Action":"output","Package":"p","Test":"TestC","Output":"--- SKIP: TestC (0.00s)\n"}
{"Action":"skip","Package":"p","Test":"TestC"}
{"Action":"pass","Package":"p","Test":"TestD/only"}
{"Action":"fail","Package":"p","Test":"TestD"}
{"Action":"fail","Package":"p"}
{"Action":"build-output","ImportPath":"q","Output":"q.go:1: syntax error\n"}
{"Action":"fail","Package":"q","FailedBuild":"q"}
{"Action":"skip","Package":"notests"}
not json
`

func TestReadGoCountsLeavesAndWhatFailsWithoutATest(t *testing.T) {
	t.Parallel()
	sum, err := readGo(strings.NewReader(goReport))
	require.NoError(t, err)
	require.Equal(t, 3, sum.passed, "TestA/one, TestB, TestD/only")
	require.Equal(t, []string{"p TestA/two", "p TestD", "q : ne se compile pas ou s'est arrêté avant la fin"}, sum.failed)
	require.Equal(t, []string{"p TestC : c_test.go:1: clamd is absent"}, sum.skipped)
}

func TestStreamShowsFailuresAndKeepsTheReport(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "go.json")
	var shown bytes.Buffer
	require.NoError(t, stream(strings.NewReader(goReport), path, &shown))
	require.Contains(t, shown.String(), "a_test.go:3: wrong")
	require.Contains(t, shown.String(), "q.go:1: syntax error")
	require.Contains(t, shown.String(), "not json")
	require.NotContains(t, shown.String(), "clamd is absent", "shown once, at the end")
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, goReport, string(kept))
}

func TestReadVitest(t *testing.T) {
	t.Parallel()
	sum, err := readVitest(strings.NewReader(`{"testResults":[
		{"name":"/x/a.test.ts","status":"failed","assertionResults":[
			{"fullName":"a one","status":"passed"},{"fullName":"a two","status":"failed"},{"fullName":"a three","status":"pending"}]},
		{"name":"/x/broken.test.ts","status":"failed","assertionResults":[]}]}`))
	require.NoError(t, err)
	require.Equal(t, 1, sum.passed)
	require.Equal(t, []string{"interface : a two", "interface : broken.test.ts ne se charge pas"}, sum.failed)
	require.Equal(t, []string{"interface : a three"}, sum.skipped)
}

func TestReadPlaywright(t *testing.T) {
	t.Parallel()
	sum, err := readPlaywright(strings.NewReader(`{"errors":[{"message":"no server\nat x"}],"suites":[{"title":"a.spec.ts",
		"specs":[{"title":"one","tests":[{"status":"expected"}]},{"title":"two","tests":[{"status":"flaky"}]}],
		"suites":[{"title":"inner","specs":[{"title":"three","tests":[{"status":"skipped","annotations":[{"type":"skip","description":"no browser"}]}]}]}]}]}`))
	require.NoError(t, err)
	require.Equal(t, 1, sum.passed)
	require.Equal(t, []string{"navigateur : a.spec.ts : two", "navigateur : no server"}, sum.failed)
	require.Equal(t, []string{"navigateur : a.spec.ts : inner : three (no browser)"}, sum.skipped)
}

func TestTotalClosesWithOneLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		files map[string]string
		ci    bool
		want  string
		code  int
	}{
		{"all well", map[string]string{"checks.tsv": "pass\tgofmt\t\npass\tvet\t\n"}, false, "2 passed, 0 failed", 0},
		{"a skip", map[string]string{"checks.tsv": "pass\tgofmt\t\nskip\tshellcheck\tabsent\n"}, false, "1 passed, 0 failed, 1 skipped", 0},
		{"a skip in CI", map[string]string{"checks.tsv": "pass\tgofmt\t\nskip\tshellcheck\tabsent\n"}, true, "1 passed, 1 failed", 1},
		{"a failure", map[string]string{"checks.tsv": "pass\tgofmt\t\nfail\tvet\t\n"}, false, "1 passed, 1 failed", 1},
		{"nothing ran", map[string]string{}, false, "0 passed, 0 failed", 1},
		{"a runner died", map[string]string{"checks.tsv": "pass\tgofmt\t\n", "go.started": ""}, false, "1 passed, 1 failed", 1},
		{"a runner ran nothing", map[string]string{"checks.tsv": "pass\tgofmt\t\n", "go.started": "", "go.json": ""}, false, "1 passed, 1 failed", 1},
		{"a broken report", map[string]string{"checks.tsv": "pass\tgofmt\t\n", "vitest.json": "{"}, false, "1 passed, 1 failed", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for name, content := range test.files {
				require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
			}
			var out bytes.Buffer
			code, err := total(dir, test.ci, &out)
			require.NoError(t, err)
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			require.Equal(t, test.want, lines[len(lines)-1])
			require.Equal(t, test.code, code)
		})
	}
}
