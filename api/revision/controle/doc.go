// Package controle looks at the content of the files of conventions: does the content match the
// extension, can a PDF, an image or a docx be opened, does it carry what is not allowed (encryption,
// macros).
//
// Files come from strangers: every reader here is bounded (depth, counts, decoded bytes), stops with its
// context, and never panics. A file up to Memoire bytes is looked at in memory, a longer one in a
// temporary file. The answer is a Verdict with stable codes: a bad file is never an error.
//
// What it does not do: it repairs, converts and stores nothing, and looks for no virus.
package controle
