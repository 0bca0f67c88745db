// Command openapi writes the OpenAPI documents of the product from the comments of its handlers, the
// TypeScript types of the application from these documents, and the files of the documentation page.
//
//	go run ./scripts/openapi            write openapi/*.json, openapi/*.yaml and the TypeScript types
//	go run ./scripts/openapi --check    fail if what is committed differs from what the code says
//	go run ./scripts/openapi --document depot  only that document
//	go run ./scripts/openapi --no-types leave the TypeScript types alone (Node not installed)
//
// It runs from the root of the repository. swag writes Swagger 2.0; the conversion to OpenAPI 3.0 and
// what Swagger 2.0 cannot say are in convert.go.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	check := flag.Bool("check", false, "compare with the committed files, write nothing")
	noTypes := flag.Bool("no-types", false, "do not write the TypeScript types")
	only := flag.String("document", "", "only this document: apilos, siap or depot")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(context.Background(), ".", selection{check: *check, types: !*noTypes, only: *only}); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

// selection says what is written or compared.
type selection struct {
	check, types bool
	only         string // name of a document, "" for all
}

func run(ctx context.Context, root string, sel selection) error {
	check := sel.check
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		return fmt.Errorf("run from the root of the repository: %w", err)
	}
	files, err := generate(ctx, root, sel)
	if err != nil {
		return err
	}
	missing, err := allGaps(files)
	if err != nil {
		return err
	}
	if check && len(missing) > 0 {
		return fmt.Errorf("incomplete annotations:\n  %s", strings.Join(missing, "\n  "))
	}
	if check {
		return compare(root, files)
	}
	for _, m := range missing {
		fmt.Fprintln(os.Stderr, "openapi: warning:", m)
	}
	for _, f := range files {
		path := filepath.Join(root, f.path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("write %s: %w", f.path, err)
		}
		if err := os.WriteFile(path, f.content, 0o644); err != nil {
			return fmt.Errorf("write %s: %w", f.path, err)
		}
		fmt.Println("written", f.path)
	}
	return nil
}

// allGaps returns the gaps of every document among files.
func allGaps(files []file) ([]string, error) {
	var out []string
	for _, f := range files {
		if filepath.Ext(f.path) != ".json" {
			continue
		}
		missing, err := gaps(f.content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.path, err)
		}
		out = append(out, missing...)
	}
	return out, nil
}
