package contract

import (
	"fmt"
	"strings"
	"unicode"
)

// InternalDetail returns an error when text shows the inside of the program: SQL, source files, stacks,
// libraries, folders (style 1.4).
func InternalDetail(text string) error {
	low := strings.ToLower(text)
	for _, bad := range []string{
		"sql:", "sqlstate", "pq:", "pgx", "gorm", ".go:", "goroutine", "panic", "runtime error", "nil pointer", "stack trace",
		"syntax error", "relation \"", "violates", "constraint", "/root/", "/home/", "/tmp/", "/usr/", "connection refused", "dial tcp", "context deadline", "unmarshal",
	} {
		if strings.Contains(low, bad) {
			return fmt.Errorf("internal detail %q in %s", bad, shorten(text))
		}
	}
	return nil
}

// French tells whether text reads as French: a heuristic on small words, enough to catch the English
// messages of libraries.
func French(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
	if len(words) == 0 {
		return false
	}
	has := map[string]bool{}
	for _, w := range words {
		has[w] = true
	}
	for _, english := range []string{"the", "is", "not", "must", "cannot", "failed", "error", "found", "allowed", "unauthorized", "forbidden", "bad", "request", "with", "should", "missing", "expected"} {
		if has[english] {
			return false
		}
	}
	if len(words) <= 4 { // a title: any accent or French word will do, so will a name
		return true
	}
	for _, french := range []string{"le", "la", "les", "l", "un", "une", "des", "de", "du", "d", "n", "vous", "votre", "cette", "ce", "cet", "est", "pas", "à", "été", "être", "doit", "au", "aux", "dans", "pour", "et"} {
		if has[french] {
			return true
		}
	}
	return false
}
