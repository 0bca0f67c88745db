// Command configdoc writes the table of settings of README.md, between its two markers, from api/config.
//
// usage: go run ./scripts/configdoc [--check]
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"apilos/api/config"
)

const (
	path  = "README.md"
	begin = "<!-- réglages : début, écrit par scripts/generate -->"
	end   = "<!-- réglages : fin -->"
)

func main() {
	check := flag.Bool("check", false, "write nothing, fail if the page is not up to date")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "configdoc:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the page: %w", err)
	}
	before, rest, found := strings.Cut(string(content), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return errors.New(path + " has lost the markers of the table")
	}
	page := before + begin + "\n\n" + config.Reference() + "\n" + end + after
	if check {
		if page != string(content) {
			return errors.New("the table of settings of " + path + " is not up to date")
		}
		return nil
	}
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}
