package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
)

// copyUI compresses the two files of Swagger UI into the folder that the program embeds.
func copyUI(root string) error {
	for _, name := range []string{"swagger-ui.css", "swagger-ui-bundle.js"} {
		content, err := os.ReadFile(filepath.Join(root, "node_modules", "swagger-ui-dist", name))
		if err != nil {
			return fmt.Errorf("read Swagger UI (run npm ci first): %w", err)
		}
		var out bytes.Buffer
		w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
		if err != nil {
			return err
		}
		if _, err := w.Write(content); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		target := filepath.Join(root, "api", "httpapi", "docs", "ui", name+".gz")
		if err := os.WriteFile(target, out.Bytes(), 0o644); err != nil {
			return fmt.Errorf("write %s: %w", target, err)
		}
		fmt.Printf("written %s (%d kB)\n", target, out.Len()/1000)
	}
	return nil
}
