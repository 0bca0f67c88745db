package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
)

// document is one audience: where its handlers are and where its document goes.
type document struct {
	name    string // openapi/<name>.json
	handler string // folder below api/httpapi, holding doc.go with the general comments
	types   string // TypeScript types, empty for none
}

// documents lists the three audiences; one whose folder does not exist yet is left out.
func documents() []document {
	return []document{
		{name: "apilos", handler: "web", types: "frontend/src/api/schema.d.ts"},
		{name: "siap", handler: "siapapi"},
		{name: "depot", handler: "depotapi", types: "frontend/src/api/depot.d.ts"},
	}
}

// file is one file to write, its path relative to the root of the repository.
type file struct {
	path    string
	content []byte
}

func generate(ctx context.Context, root string, sel selection) ([]file, error) {
	tmp, err := os.MkdirTemp("", "openapi-")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(tmp)
	var files []file
	for _, d := range documents() {
		if sel.only != "" && d.name != sel.only {
			continue
		}
		general := filepath.Join(root, "api", "httpapi", d.handler, "doc.go")
		if text, err := os.ReadFile(general); err != nil || !bytes.Contains(text, []byte("@title")) {
			continue
		}
		v2, err := swag(ctx, root, tmp, d)
		if err != nil {
			return nil, err
		}
		v3, err := convert(ctx, v2)
		if err != nil {
			return nil, fmt.Errorf("document %s: %w", d.name, err)
		}
		yaml, err := toYAML(v3)
		if err != nil {
			return nil, fmt.Errorf("document %s: %w", d.name, err)
		}
		files = append(files, file{"openapi/" + d.name + ".json", v3}, file{"openapi/" + d.name + ".yaml", yaml})
		if d.name == "apilos" {
			client, err := goClient(v3)
			if err != nil {
				return nil, err
			}
			files = append(files, file{goClientPath, client})
		}
		if sel.types && d.types != "" {
			ts, err := typescript(ctx, root, tmp, v3)
			if err != nil {
				return nil, err
			}
			files = append(files, file{d.types, ts})
		}
	}
	if len(files) == 0 {
		return nil, errors.New("no handler folder with general comments was found")
	}
	return files, nil
}

// swag runs the generator over the handlers of d and every package whose types they may show. The other
// audiences are left out, so that their routes do not mix.
func swag(ctx context.Context, root, tmp string, d document) ([]byte, error) {
	dirs := []string{"api/httpapi"}
	domain, err := os.ReadDir(filepath.Join(root, "api"))
	if err != nil {
		return nil, fmt.Errorf("list packages: %w", err)
	}
	for _, e := range domain {
		switch e.Name() {
		case "httpapi", "cmd", "app", "internal", "sim", "pgdev", "store":
		default:
			if e.IsDir() {
				dirs = append(dirs, "api/"+e.Name())
			}
		}
	}
	exclude := []string{"api/httpapi/contract"}
	for _, other := range documents() {
		if other.name != d.name {
			exclude = append(exclude, "api/httpapi/"+other.handler)
		}
	}
	out := filepath.Join(tmp, d.name)
	cmd := exec.CommandContext(ctx, "go", "tool", "swag", "init", "--quiet",
		"--generalInfo", d.handler+"/doc.go", "--dir", strings.Join(dirs, ","), "--exclude", strings.Join(exclude, ","),
		"--overridesFile", "scripts/openapi/types.swaggo", "--output", out, "--outputTypes", "json")
	cmd.Dir = root
	if text, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("swag for %s: %w\n%s", d.name, err, text)
	} else if len(bytes.TrimSpace(text)) > 0 {
		return nil, fmt.Errorf("swag for %s complains:\n%s", d.name, text)
	}
	return os.ReadFile(filepath.Join(out, "swagger.json"))
}

// typescript turns a document into types, with the tool that npm installed.
func typescript(ctx context.Context, root, tmp string, v3 []byte) ([]byte, error) {
	tool := filepath.Join(root, "node_modules", ".bin", "openapi-typescript")
	if _, err := os.Stat(tool); err != nil {
		return nil, errors.New("openapi-typescript is not installed: run npm ci, or pass --no-types")
	}
	tool, err := filepath.Abs(tool)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(tmp, "document.json"), v3, 0o600); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, tool, "document.json", "--output", "schema.d.ts")
	cmd.Dir = tmp
	if text, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("openapi-typescript: %w\n%s", err, text)
	}
	return os.ReadFile(filepath.Join(tmp, "schema.d.ts"))
}

// compare fails with the list of files that differ from what is committed.
func compare(root string, files []file) error {
	var stale []string
	for _, f := range files {
		committed, err := os.ReadFile(filepath.Join(root, f.path))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("read %s: %w", f.path, err)
		}
		if !bytes.Equal(committed, f.content) {
			stale = append(stale, f.path+firstDifference(committed, f.content))
		}
	}
	if len(stale) == 0 {
		return nil
	}
	sort.Strings(stale)
	return fmt.Errorf("not up to date with the code, run « go run ./scripts/openapi »:\n  %s", strings.Join(stale, "\n  "))
}

// firstDifference points at the first line that differs.
func firstDifference(a, b []byte) string {
	la, lb := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := 0; i < len(la) && i < len(lb); i++ {
		if !bytes.Equal(la[i], lb[i]) {
			return fmt.Sprintf(" (line %d: %q instead of %q)", i+1, bytes.TrimSpace(la[i]), bytes.TrimSpace(lb[i]))
		}
	}
	return fmt.Sprintf(" (%d lines instead of %d)", len(la), len(lb))
}
