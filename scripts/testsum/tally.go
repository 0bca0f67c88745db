package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// tally is the sum of one or several reports.
type tally struct {
	passed  int
	failed  []string // what failed, one name each
	skipped []string // what was skipped, with its reason
}

func (t *tally) add(other tally) {
	t.passed += other.passed
	t.failed = append(t.failed, other.failed...)
	t.skipped = append(t.skipped, other.skipped...)
}

// total adds up the reports of directory: checks.tsv, go.json, vitest.json, playwright.json. A report is awaited when
// the file NAME.started exists: a runner that died without a report is a failure. Under continuous integration a skip
// counts as a failure.
func total(directory string, ci bool, w io.Writer) (int, error) {
	var sum tally
	for _, report := range []struct {
		file string
		read func(io.Reader) (tally, error)
	}{
		{"checks.tsv", readChecks}, {"go.json", readGo}, {"vitest.json", readVitest}, {"playwright.json", readPlaywright},
	} {
		part, err := readReport(filepath.Join(directory, report.file), report.read)
		if err != nil {
			return 0, err
		}
		sum.add(part)
	}
	if ci {
		for _, name := range sum.skipped {
			sum.failed = append(sum.failed, name+" (sauté, ce que l'intégration continue refuse)")
		}
		sum.skipped = nil
	}
	list(w, "Sauté", sum.skipped)
	list(w, "Échec", sum.failed)
	fmt.Fprintf(w, "%d passed, %d failed", sum.passed, len(sum.failed))
	if len(sum.skipped) > 0 {
		fmt.Fprintf(w, ", %d skipped", len(sum.skipped))
	}
	fmt.Fprintln(w)
	if len(sum.failed) > 0 || sum.passed == 0 {
		return 1, nil
	}
	return 0, nil
}

func list(w io.Writer, label string, names []string) {
	for _, name := range names {
		fmt.Fprintf(w, "%s : %s\n", label, name)
	}
}

// readReport reads one report; an absent or unreadable one is a failure only if its runner was started.
func readReport(path string, read func(io.Reader) (tally, error)) (tally, error) {
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	_, err := os.Stat(filepath.Join(filepath.Dir(path), name+".started"))
	started := err == nil
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		if started {
			return tally{failed: []string{name + " : aucun rapport, le lanceur de tests s'est arrêté avant la fin"}}, nil
		}
		return tally{}, nil
	}
	if err != nil {
		return tally{}, fmt.Errorf("open report: %w", err)
	}
	defer func() { _ = file.Close() }()
	part, err := read(file)
	if err != nil {
		return tally{failed: []string{fmt.Sprintf("%s : rapport illisible (%v)", name, err)}}, nil
	}
	if started && part.passed == 0 && len(part.failed) == 0 && len(part.skipped) == 0 {
		part.failed = append(part.failed, name+" : aucun test exécuté")
	}
	return part, nil
}

// readChecks reads the lines "pass|fail|skip <TAB> name <TAB> reason" of the scripts.
func readChecks(r io.Reader) (tally, error) {
	var sum tally
	scanner := bufio.NewScanner(r)
	for scanner.Scan() {
		fields := strings.SplitN(scanner.Text(), "\t", 3)
		if len(fields) < 2 {
			return tally{}, fmt.Errorf("line %q", scanner.Text())
		}
		switch fields[0] {
		case "pass":
			sum.passed++
		case "skip":
			sum.skipped = append(sum.skipped, strings.Join(fields[1:], " : "))
		default:
			sum.failed = append(sum.failed, strings.Join(fields[1:], " : "))
		}
	}
	return sum, scanner.Err()
}

// readVitest reads the JSON report of vitest. A file that could not be loaded has no test: it counts as one failure.
func readVitest(r io.Reader) (tally, error) {
	var report struct {
		TestResults []struct {
			Name             string `json:"name"`
			Status           string `json:"status"`
			AssertionResults []struct {
				FullName string `json:"fullName"`
				Status   string `json:"status"`
			} `json:"assertionResults"`
		} `json:"testResults"`
	}
	if err := json.NewDecoder(r).Decode(&report); err != nil {
		return tally{}, err
	}
	var sum tally
	for _, file := range report.TestResults {
		failedBefore := len(sum.failed)
		for _, test := range file.AssertionResults {
			name := "interface : " + test.FullName
			switch test.Status {
			case "passed":
				sum.passed++
			case "failed":
				sum.failed = append(sum.failed, name)
			default:
				sum.skipped = append(sum.skipped, name)
			}
		}
		if file.Status == "failed" && len(sum.failed) == failedBefore {
			sum.failed = append(sum.failed, "interface : "+filepath.Base(file.Name)+" ne se charge pas")
		}
	}
	return sum, nil
}

// playwrightSuite is the recursive part of the report of Playwright.
type playwrightSuite struct {
	Title  string            `json:"title"`
	Suites []playwrightSuite `json:"suites"`
	Specs  []struct {
		Title string `json:"title"`
		Tests []struct {
			Status      string `json:"status"` // expected, unexpected, flaky, skipped
			Annotations []struct {
				Type        string `json:"type"`
				Description string `json:"description"`
			} `json:"annotations"`
		} `json:"tests"`
	} `json:"specs"`
}

// readPlaywright reads the JSON report of Playwright. A test that needed a second try is a failure.
func readPlaywright(r io.Reader) (tally, error) {
	var report struct {
		Suites []playwrightSuite `json:"suites"`
		Errors []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	if err := json.NewDecoder(r).Decode(&report); err != nil {
		return tally{}, err
	}
	var sum tally
	for _, suite := range report.Suites {
		sum.addSuite("navigateur", suite)
	}
	for _, problem := range report.Errors {
		first, _, _ := strings.Cut(problem.Message, "\n")
		sum.failed = append(sum.failed, "navigateur : "+first)
	}
	return sum, nil
}

func (t *tally) addSuite(parent string, suite playwrightSuite) {
	name := parent + " : " + suite.Title
	for _, spec := range suite.Specs {
		for _, test := range spec.Tests {
			full := name + " : " + spec.Title
			switch test.Status {
			case "expected":
				t.passed++
			case "skipped":
				for _, note := range test.Annotations {
					if note.Description != "" {
						full += " (" + note.Description + ")"
					}
				}
				t.skipped = append(t.skipped, full)
			default:
				t.failed = append(t.failed, full)
			}
		}
	}
	for _, child := range suite.Suites {
		t.addSuite(name, child)
	}
}
