// Package genre describes to the revision engine the files of conventions: signed document, land
// registry, annexes, plan, replacement CERFA, pieces of a procedure (07 §12).
//
// Each nature says which scope it has, which files it takes, who may change it (the rules are those of
// package convention, asked each time) and what its publication writes: the files are attached to the
// convention or to its version of the operation in the transaction of the publication, under the lock of
// the family. What it does not do: it decides no right by itself and holds no state.
package genre
