package docs

import (
	"fmt"
	"html"
	"html/template"
	"regexp"
	"strings"
	"unicode"
)

// renderMarkdown turns our own texts (guide, changes) into HTML. It knows what they use and nothing else:
// headings, paragraphs, lists of one level, fenced blocks, tables, code, bold and links. All text is escaped,
// so that a text can hold no markup of its own.
func renderMarkdown(text string) (title string, body template.HTML) {
	w := &markdown{lines: strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")}
	for w.next() {
	}
	return w.title, template.HTML(w.out.String()) //nolint:gosec // every text is escaped where it is written
}

type markdown struct {
	lines []string
	out   strings.Builder
	title string
	// section is the last heading: it names the tables below it.
	section string
}

var ordered = regexp.MustCompile(`^\d+\. `)

// next writes one block and tells whether there may be another.
func (w *markdown) next() bool {
	for len(w.lines) > 0 && strings.TrimSpace(w.lines[0]) == "" {
		w.lines = w.lines[1:]
	}
	if len(w.lines) == 0 {
		return false
	}
	switch line := w.lines[0]; {
	case strings.HasPrefix(line, "```"):
		w.fence()
	case strings.HasPrefix(line, "#"):
		w.heading()
	case strings.HasPrefix(line, "- "):
		w.list("ul", func(s string) (string, bool) { return strings.CutPrefix(s, "- ") })
	case ordered.MatchString(line):
		w.list("ol", func(s string) (string, bool) {
			mark := ordered.FindString(s)
			return strings.TrimPrefix(s, mark), mark != ""
		})
	case strings.HasPrefix(line, "|"):
		w.table()
	default:
		w.printf("<p>%s</p>\n", inline(strings.Join(w.take(func(s string) bool { return strings.TrimSpace(s) != "" && !strings.HasPrefix(s, "```") }), " ")))
	}
	return true
}

func (w *markdown) printf(format string, args ...any) { fmt.Fprintf(&w.out, format, args...) }

// take removes and returns the lines that begin the rest and satisfy keep.
func (w *markdown) take(keep func(string) bool) []string {
	n := 0
	for n < len(w.lines) && keep(w.lines[n]) {
		n++
	}
	taken := w.lines[:n]
	w.lines = w.lines[n:]
	return taken
}

func (w *markdown) fence() {
	w.lines = w.lines[1:]
	code := w.take(func(s string) bool { return !strings.HasPrefix(s, "```") })
	if len(w.lines) > 0 {
		w.lines = w.lines[1:]
	}
	w.printf("<pre tabindex=\"0\"><code>%s</code></pre>\n", html.EscapeString(strings.Join(code, "\n")))
}

func (w *markdown) heading() {
	line := w.lines[0]
	w.lines = w.lines[1:]
	text := strings.TrimLeft(line, "#")
	level := min(len(line)-len(text), 6)
	text = strings.TrimSpace(text)
	w.section = text
	if level == 1 && w.title == "" {
		w.title = text
	}
	w.printf("<h%d id=%q>%s</h%d>\n", level, anchor(text), inline(text), level)
}

// anchor is the address of a heading within its page.
func anchor(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case r == ' ' || r == '-' || r == '_':
			b.WriteByte('-')
		}
	}
	return b.String()
}

// list writes items; a line that is indented continues the item above.
func (w *markdown) list(tag string, item func(string) (string, bool)) {
	w.printf("<%s>\n", tag)
	var current string
	flush := func() {
		if current != "" {
			w.printf("<li>%s</li>\n", inline(current))
		}
	}
	for _, line := range w.take(func(s string) bool { _, ok := item(s); return ok || strings.HasPrefix(s, "  ") }) {
		if text, ok := item(line); ok {
			flush()
			current = text
			continue
		}
		current += " " + strings.TrimSpace(line)
	}
	flush()
	w.printf("</%s>\n", tag)
}

// table writes a table whose first line is the heading, and second a rule.
func (w *markdown) table() {
	rows := w.take(func(s string) bool { return strings.HasPrefix(s, "|") })
	w.printf("<div class=\"tableau\" tabindex=\"0\" role=\"region\" aria-label=\"Tableau : %s\"><table>\n", html.EscapeString(w.section))
	for i, row := range rows {
		if i == 1 && strings.Trim(row, "|-: ") == "" {
			continue
		}
		cell, open, shut := "td", "", ""
		if i == 0 {
			cell, open, shut = "th", "<thead>", "</thead>\n<tbody>"
		}
		w.printf("%s<tr>", open)
		for _, text := range strings.Split(strings.Trim(strings.TrimSpace(row), "|"), "|") {
			w.printf("<%s>%s</%s>", cell, inline(strings.TrimSpace(text)), cell)
		}
		w.printf("</tr>%s\n", shut)
	}
	w.printf("</tbody>\n</table></div>\n")
}

var inlineMarks = regexp.MustCompile("`([^`]+)`|\\*\\*([^*]+)\\*\\*|\\[([^\\]]+)\\]\\(([^)\\s]+)\\)")

// inline escapes text and writes its code, bold and links; a link leads to a web address or into the site.
func inline(text string) string {
	var b strings.Builder
	last := 0
	for _, m := range inlineMarks.FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(html.EscapeString(text[last:m[0]]))
		last = m[1]
		part := func(i int) string { return html.EscapeString(text[m[2*i]:m[2*i+1]]) }
		switch {
		case m[2] >= 0:
			b.WriteString("<code>" + part(1) + "</code>")
		case m[4] >= 0:
			b.WriteString("<strong>" + part(2) + "</strong>")
		case strings.HasPrefix(text[m[8]:], "https://") || strings.HasPrefix(text[m[8]:], "/") || strings.HasPrefix(text[m[8]:], "#"):
			b.WriteString(`<a href="` + part(4) + `">` + part(3) + "</a>")
		default:
			b.WriteString(part(3))
		}
	}
	b.WriteString(html.EscapeString(text[last:]))
	return b.String()
}
