// Package frontend carries the single-page application inside the binary. scripts/build fills dist; in a clone where it
// has not run, dist holds a placeholder only, so that the Go code builds alone.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist returns the built application: index.html, hashed files and, beside those that gain from it, the same file
// compressed with the suffix .gz.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the name above is a valid path: this cannot happen
	}
	return sub
}

// Built reports whether the application was built before the binary.
func Built() bool {
	_, err := fs.Stat(Dist(), "index.html")
	return err == nil
}
