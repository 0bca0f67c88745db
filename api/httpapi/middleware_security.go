package httpapi

import (
	"fmt"
	"mime"
	"net"
	"net/http"
	"strings"

	"apilos/api/fault"
	"github.com/labstack/echo/v4"
)

const (
	cspAPI  = "default-src 'none'; frame-ancestors 'none'"
	cspFile = "sandbox; default-src 'none'"
	// CSPReportPath is where browsers send what the policy blocked.
	CSPReportPath = "/api/v1/csp-reports"
)

// HSTS is the Strict-Transport-Security of 05 D, sent only over TLS; zero seconds sends none.
type HSTS struct {
	Seconds           int
	IncludeSubdomains bool
	Preload           bool
}

func (h HSTS) header() string {
	if h.Seconds <= 0 {
		return ""
	}
	v := fmt.Sprintf("max-age=%d", h.Seconds)
	if h.IncludeSubdomains {
		v += "; includeSubDomains"
	}
	if h.Preload {
		v += "; preload"
	}
	return v
}

// baseHeaders sets the headers of an API answer on everything (05 D): the strictest policy, no cache.
// HTML, files and hashed assets replace what they must.
func baseHeaders(hsts HSTS) echo.MiddlewareFunc {
	sts := hsts.header()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			h := c.Response().Header()
			h.Set("Content-Security-Policy", cspAPI)
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("X-Frame-Options", "DENY")
			h.Set("Referrer-Policy", referrerPolicy(c.Request()))
			h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			h.Set("Cache-Control", "no-store")
			if sts != "" && c.Scheme() == "https" {
				h.Set("Strict-Transport-Security", sts)
			}
			return next(c)
		}
	}
}

// referrerPolicy tells nobody an address that holds a token, a ticket or a one-time code (05 D).
func referrerPolicy(r *http.Request) string {
	for _, prefix := range []string{"/api/v1/telechargements/", "/connexion/", "/accounts/"} {
		if strings.HasPrefix(r.URL.Path, prefix) {
			return "no-referrer"
		}
	}
	q := r.URL.Query()
	for _, name := range []string{"ticket", "jeton", "token", "code", "state"} {
		if q.Has(name) {
			return "no-referrer"
		}
	}
	return "strict-origin-when-cross-origin"
}

// PagePolicy makes the Content-Security-Policy of our HTML pages.
type PagePolicy struct {
	ScriptSrc, ConnectSrc, ImgSrc, FrameSrc []string // extra origins of CSP_*_SRC
	FormAction                              []string // origin of the single sign-on
}

// styleHashes are the two <style> elements that the DSFR start-up code injects (color-scheme light and
// dark); nothing else inline is allowed.
const styleHashes = "'sha256-HzhUjVBe6Oi2wcxUM7bmy2Rp9VdLMHYDdYr9MalNmOY=' 'sha256-xVQ4mcypV0CvOtZpQgVcKpcoNvdUkR9BrwZBrtBbU+w='"

// Header returns the policy; secure adds upgrade-insecure-requests, which would break plain HTTP on a
// developer's machine.
func (p PagePolicy) Header(secure bool) string {
	extra := func(base string, more []string) string { return strings.Join(append([]string{base}, more...), " ") }
	parts := []string{
		"default-src 'none'",
		extra("script-src 'self'", p.ScriptSrc),
		"style-src 'self' " + styleHashes,
		extra("img-src 'self' data: blob:", p.ImgSrc),
		"font-src 'self'",
		extra("connect-src 'self'", p.ConnectSrc),
		"manifest-src 'self'",
		"worker-src 'self'",
		extra("frame-src 'self'", p.FrameSrc),
		"object-src 'none'",
		"base-uri 'none'",
		extra("form-action 'self'", p.FormAction),
		"frame-ancestors 'none'",
	}
	if secure {
		parts = append(parts, "upgrade-insecure-requests")
	}
	return strings.Join(append(parts, "report-uri "+CSPReportPath), "; ")
}

// SetHTML prepares the headers of an HTML page of ours.
func (p PagePolicy) SetHTML(c echo.Context) {
	h := c.Response().Header()
	h.Set("Content-Security-Policy", p.Header(c.Scheme() == "https"))
	h.Set("Cache-Control", "no-cache")
	h.Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
}

// SetHTMLWithStyleNonce is SetHTML for a page whose script makes style sheets: those that carry the nonce, made for this
// answer alone, are let in. Such a page is not kept.
func (p PagePolicy) SetHTMLWithStyleNonce(c echo.Context, nonce string) {
	p.SetHTML(c)
	h := c.Response().Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "style-src 'self'", "style-src 'self' 'nonce-"+nonce+"'", 1))
	h.Set("Cache-Control", "no-store")
}

// SetFile prepares the headers of a file deposited by a user (05 D): sandboxed, and shown in the page
// only when asked for and of a type that a browser renders without running anything. Everything else
// is a download. The name keeps its accents.
func SetFile(c echo.Context, name, mediaType string, inline bool) {
	h := c.Response().Header()
	h.Set("Content-Security-Policy", cspFile)
	h.Set("Cache-Control", "private, no-store")
	h.Set("Referrer-Policy", "no-referrer") // the address holds a token
	h.Set(echo.HeaderContentType, mediaType)
	disposition := "attachment"
	if inline && inlineType(mediaType) {
		disposition = "inline"
		// The preview of the SPA puts the file in a frame of the same origin.
		h.Set("X-Frame-Options", "SAMEORIGIN")
	}
	h.Set(echo.HeaderContentDisposition, mime.FormatMediaType(disposition, map[string]string{"filename": name}))
}

func inlineType(mediaType string) bool {
	base, _, _ := strings.Cut(mediaType, ";")
	switch strings.TrimSpace(strings.ToLower(base)) {
	case "application/pdf", "image/png", "image/jpeg":
		return true
	}
	return false
}

// healthPath tells probes apart: they call by address, over plain HTTP.
func healthPath(path string) bool {
	switch path {
	case "/sante/vie", "/sante/pret", "/healthz", "/readyz":
		return true
	}
	return false
}

// allowHosts answers 400 to any other name than ours, which closes the attacks that poison links and
// caches through the Host header.
func allowHosts(hosts []string) echo.MiddlewareFunc {
	allowed := map[string]bool{}
	for _, h := range hosts {
		allowed[strings.ToLower(strings.Trim(h, "[]"))] = true
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if allowed["*"] || allowed[hostname(c.Request().Host)] || healthPath(c.Request().URL.Path) {
				return next(c)
			}
			return fault.New(fault.BadRequest, "hote_inconnu", "Ce nom d’hôte n’est pas servi ici. Utilisez l’adresse officielle du service.")
		}
	}
}

func hostname(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// redirectHTTPS sends plain HTTP to the same address over TLS, keeping the method (308). The host was
// checked before.
func redirectHTTPS() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if c.Scheme() == "https" || healthPath(r.URL.Path) {
				return next(c)
			}
			host := hostname(r.Host)
			if strings.Contains(host, ":") {
				host = "[" + host + "]"
			}
			return c.Redirect(http.StatusPermanentRedirect, "https://"+host+r.URL.RequestURI())
		}
	}
}
