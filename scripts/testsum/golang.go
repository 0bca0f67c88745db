package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// event is one line of `go test -json`.
type event struct {
	Action      string
	ImportPath  string // of a build failure
	Package     string
	Test        string
	Output      string
	Elapsed     float64
	FailedBuild string
}

// stream copies the lines of `go test -json` to a file and shows, as they come, one line per package and the output of
// what fails. Lines that are not JSON (an error of the go command itself) are shown as they are.
func stream(r io.Reader, path string, w io.Writer) error {
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("create report: %w", err)
	}
	defer func() { _ = file.Close() }()
	outputs := map[string][]string{} // what a test or package wrote, until it ends
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		line := scanner.Bytes()
		if _, err := file.Write(append(line, '\n')); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
		var ev event
		if json.Unmarshal(line, &ev) != nil {
			fmt.Fprintln(w, scanner.Text())
			continue
		}
		show(w, outputs, ev)
	}
	return scanner.Err()
}

// show prints what one event brings. Output is kept per test so that lines of parallel tests are not mixed.
func show(w io.Writer, outputs map[string][]string, ev event) {
	key := ev.Package + " " + ev.Test
	switch ev.Action {
	case "output":
		outputs[key] = append(outputs[key], ev.Output)
	case "build-output":
		fmt.Fprint(w, ev.Output)
	case "fail":
		fmt.Fprint(w, strings.Join(outputs[key], ""))
		delete(outputs, key)
	case "pass", "skip":
		if ev.Test == "" && ev.Action == "pass" {
			fmt.Fprintf(w, "ok   %s (%.1fs)\n", ev.Package, ev.Elapsed)
		}
		if ev.Action == "pass" {
			delete(outputs, key)
		}
	}
}

// readGo counts the leaves: a test with subtests stands for them, unless it failed on its own account.
func readGo(r io.Reader) (tally, error) {
	results := map[string]string{}    // "package test" -> action
	reasons := map[string]string{}    // "package test" -> last line written
	hasChildren := map[string]bool{}  // "package test"
	childFailed := map[string]bool{}  // "package test", and "package" for any test of it
	packageEnd := map[string]string{} // package -> action
	var order []string

	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 16<<20)
	var sum tally
	for scanner.Scan() {
		var ev event
		if json.Unmarshal(scanner.Bytes(), &ev) != nil {
			continue // an error of the go command; its exit code is looked at by scripts/test
		}
		key := ev.Package + " " + ev.Test
		switch ev.Action {
		case "output":
			if text := strings.TrimSpace(ev.Output); text != "" && !strings.HasPrefix(text, "---") && !strings.HasPrefix(text, "===") {
				reasons[key] = text
			}
		case "pass", "fail", "skip":
			if ev.Test == "" {
				packageEnd[ev.Package] = ev.Action
				continue
			}
			results[key] = ev.Action
			order = append(order, key)
			for parent := ev.Test; strings.Contains(parent, "/"); {
				parent = parent[:strings.LastIndex(parent, "/")]
				hasChildren[ev.Package+" "+parent] = true
				if ev.Action == "fail" {
					childFailed[ev.Package+" "+parent] = true
				}
			}
			if ev.Action == "fail" {
				childFailed[ev.Package] = true
			}
		}
	}
	if err := scanner.Err(); err != nil {
		return tally{}, err
	}
	for _, key := range order {
		switch {
		case results[key] == "fail" && !childFailed[key]:
			sum.failed = append(sum.failed, key)
		case hasChildren[key]:
		case results[key] == "pass":
			sum.passed++
		case results[key] == "skip":
			sum.skipped = append(sum.skipped, key+" : "+reasons[key])
		}
	}
	// A package that fails without a failing test did not compile, panicked, raced or ran out of time.
	for name, action := range packageEnd {
		if action == "fail" && !childFailed[name] {
			sum.failed = append(sum.failed, name+" : ne se compile pas ou s'est arrêté avant la fin")
		}
	}
	slices.Sort(sum.failed)
	return sum, nil
}
