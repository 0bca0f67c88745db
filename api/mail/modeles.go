package mail

import (
	"embed"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"strings"
	texttemplate "text/template"
)

//go:embed modele
var modeleFS embed.FS

// maxSubject is the length of a subject line, in characters; mailboxes show about half of it.
const maxSubject = 150

// ErrModele means that no template has this code.
var ErrModele = errors.New("mail: unknown template")

// MissingError lists the mandatory values a template did not get, by JSON name of Donnees.
type MissingError struct {
	Code   string
	Champs []string
}

// Error implements error.
func (e *MissingError) Error() string {
	return fmt.Sprintf("mail: template %s needs %s", e.Code, strings.Join(e.Champs, ", "))
}

// Rendered is a message ready for a Message.
type Rendered struct {
	Subject, Text, HTML string
}

// Modeles are the parsed templates. They may be used by several goroutines.
type Modeles struct {
	text map[string]*texttemplate.Template
	html map[string]*htmltemplate.Template
}

// page is what a body template sees: the data, and what the text template defines for both versions.
type page struct {
	Donnees
	Titre, Action string
}

// Codes lists the templates of 02 §6, in order; those of the deposit are apart (Depot). EM-18 is ours: both services
// learn that a convention has moved from one to the other (02 PE-42). EM-29 is ours too: the warning to the validator when EM-05 has no
// recipient.
func Codes() []string {
	return []string{"EM-01", "EM-02", "EM-03", "EM-04", "EM-05", "EM-06", "EM-11", "EM-12", "EM-13", "EM-14", "EM-15", "EM-16", "EM-17", "EM-18", "EM-29"}
}

// NewModeles parses every template: for each code a .txt, which defines "sujet", "titre" (the sentence
// that sums up the message), "action" (the words of the button) and "corps", and a .html, which defines
// "corps"; base.txt and base.html put them in a page. It fails on the first mistake.
func NewModeles() (*Modeles, error) {
	files, err := fs.Sub(modeleFS, "modele")
	if err != nil {
		return nil, err
	}
	m := &Modeles{text: map[string]*texttemplate.Template{}, html: map[string]*htmltemplate.Template{}}
	for _, code := range append(append(Codes(), codesDepot()...), CodeMotDePasse) {
		text, err := texttemplate.New(code).Funcs(texttemplate.FuncMap{"lignes": lignes}).
			Option("missingkey=error").ParseFS(files, "base.txt", code+".txt")
		if err != nil {
			return nil, fmt.Errorf("parse the text template %s: %w", code, err)
		}
		html, err := htmltemplate.New(code).Funcs(htmltemplate.FuncMap{"lignes": lignes}).
			Option("missingkey=error").ParseFS(files, "base.html", code+".html")
		if err != nil {
			return nil, fmt.Errorf("parse the HTML template %s: %w", code, err)
		}
		m.text[code], m.html[code] = text, html
	}
	return m, nil
}

// Render makes the message of code (EM-nn, DEP-nn). Errors: ErrModele, *MissingError.
func (m *Modeles) Render(code string, d Donnees) (Rendered, error) {
	text, known := m.text[code]
	if !known {
		return Rendered{}, fmt.Errorf("%w: %q", ErrModele, code)
	}
	if missing := d.missing(code); len(missing) > 0 {
		return Rendered{}, &MissingError{Code: code, Champs: missing}
	}
	p := page{Donnees: d}
	parts := map[string]string{}
	for _, name := range []string{"sujet", "titre", "action"} {
		var b strings.Builder
		if err := text.ExecuteTemplate(&b, name, p); err != nil {
			return Rendered{}, fmt.Errorf("render %s: %w", code, err)
		}
		parts[name] = oneLine(b.String())
	}
	p.Titre, p.Action = parts["titre"], parts["action"]
	var body, html strings.Builder
	if err := text.ExecuteTemplate(&body, "page", p); err != nil {
		return Rendered{}, fmt.Errorf("render %s: %w", code, err)
	}
	if err := m.html[code].ExecuteTemplate(&html, "page", p); err != nil {
		return Rendered{}, fmt.Errorf("render %s: %w", code, err)
	}
	return Rendered{Subject: truncate(finish(parts["sujet"]), maxSubject), Text: finish(tidy(body.String())), HTML: finish(html.String())}, nil
}

// lignes cuts a text written by someone into lines.
func lignes(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") }

// finish sets the non-breaking spaces of French typography, so that templates are written with plain
// ones, and removes the control characters that values may hold.
func finish(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.NewReplacer("« ", "«\u00a0", " »", "\u00a0»", " : ", "\u00a0: ", " :\n", "\u00a0:\n", " ; ", "\u00a0; ", " ? ", "\u00a0? ", "n° ", "n°\u00a0").Replace(s)
}

// tidy leaves at most one empty line between two paragraphs, which templates cannot easily do.
func tidy(s string) string {
	lines := strings.Split(s, "\n")
	var out []string
	for _, l := range lines {
		l = strings.TrimRight(l, " \t\r")
		if l == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, l)
	}
	return strings.TrimRight(strings.Join(out, "\n"), "\n") + "\n"
}

// truncate shortens s to n characters, the last one an ellipsis.
func truncate(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return strings.TrimRight(string(runes[:n-1]), " ") + "…"
}
