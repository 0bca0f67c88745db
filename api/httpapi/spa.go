package httpapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"
)

// spaRoute names the files and the page of the application in logs and metrics.
const spaRoute = "/*"

// hashedName recognises the names that the bundler gives to contents: a name, a dot, eight hexadecimal
// characters, an extension. Their bytes never change.
var hashedName = regexp.MustCompile(`\.[0-9a-f]{8}\.[a-z0-9]+$`)

// SPA serves the single-page application: files of the bundle, and its page for every address that has
// no file (the browser does the routing).
type SPA struct {
	files  fs.FS
	policy PagePolicy
	page   []byte
	tag    string
}

// NewSPA reads the page of the bundle. It fails when there is none, so that a binary built without its
// interface says so at start.
func NewSPA(files fs.FS, policy PagePolicy) (*SPA, error) {
	page, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return nil, fmt.Errorf("read the page of the application: %w", err)
	}
	sum := sha256.Sum256(page)
	return &SPA{files: files, policy: policy, page: page, tag: `"` + hex.EncodeToString(sum[:8]) + `"`}, nil
}

// Mount makes the SPA answer what no route does. It looks at the failure of the router rather than
// declaring a catch-all route, which would hide « method not allowed » under « not found ».
func (s *SPA) Mount(e *echo.Echo) {
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			err := next(c)
			if !errors.Is(err, echo.ErrNotFound) || routeName(c) != unknownRoute {
				return err
			}
			return s.handle(c)
		}
	})
}

func (s *SPA) handle(c echo.Context) error {
	if m := c.Request().Method; m != http.MethodGet && m != http.MethodHead {
		return echo.ErrNotFound
	}
	p := c.Request().URL.Path
	if isReserved(p) {
		return echo.ErrNotFound
	}
	c.Set(keyRoute, spaRoute)
	if p == "/index.html" || path.Ext(p) == "" {
		return s.serveIndex(c)
	}
	err := s.serveFile(c, strings.TrimPrefix(p, "/"))
	if errors.Is(err, echo.ErrNotFound) && strings.Contains(c.Request().Header.Get(echo.HeaderAccept), echo.MIMETextHTML) {
		return s.serveIndex(c) // somebody opens a page whose address holds a dot: the number of an operation may
	}
	return err
}

// isReserved tells the paths that the application never answers with its page: those of the servers
// behind it, where a page would hide a mistake.
func isReserved(p string) bool {
	if strings.HasPrefix(p, "/__") {
		return true
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	switch first {
	case "api", "api-siap", "api-depot", "accounts", "sante", "healthz", "readyz", "version", "metrics", "problemes":
		return true
	}
	return false
}

func (s *SPA) serveIndex(c echo.Context) error {
	s.policy.SetHTML(c)
	h := c.Response().Header()
	h.Set("ETag", s.tag)
	h.Set("Vary", echo.HeaderAcceptEncoding)
	if c.Request().Header.Get("If-None-Match") == s.tag {
		return c.NoContent(http.StatusNotModified)
	}
	return c.HTMLBlob(http.StatusOK, s.page)
}

// serveFile sends a file of the bundle, compressed beforehand when the bundle holds name.gz and the
// browser takes it.
func (s *SPA) serveFile(c echo.Context, name string) error {
	if !fs.ValidPath(name) || strings.HasSuffix(name, ".gz") || strings.HasSuffix(name, ".map") {
		return echo.ErrNotFound
	}
	content, err := fs.ReadFile(s.files, name)
	if errors.Is(err, fs.ErrNotExist) || isDir(s.files, name) {
		return echo.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("read file of the application: %w", err)
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, mediaType(name))
	if hashedName.MatchString(name) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	h.Set("Vary", echo.HeaderAcceptEncoding)
	if strings.Contains(c.Request().Header.Get(echo.HeaderAcceptEncoding), "gzip") {
		if zipped, err := fs.ReadFile(s.files, name+".gz"); err == nil {
			h.Set(echo.HeaderContentEncoding, "gzip")
			return c.Blob(http.StatusOK, mediaType(name), zipped)
		}
	}
	sum := sha256.Sum256(content)
	h.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	http.ServeContent(c.Response(), c.Request(), name, noTime, bytes.NewReader(content))
	return nil
}

func isDir(files fs.FS, name string) bool {
	info, err := fs.Stat(files, name)
	return err == nil && info.IsDir()
}

// mediaType does not depend on the machine's own table for the types of a bundle.
func mediaType(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".woff":
		return "font/woff"
	case ".webmanifest":
		return "application/manifest+json"
	case ".json":
		return "application/json"
	case ".ico":
		return "image/x-icon"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}
