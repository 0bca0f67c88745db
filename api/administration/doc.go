// Package administration holds what is true of an instructing service: State service (DDT) or
// délégataire, known by its REFSIL code.
//
// It does not store rows nor decide what a service sees: the store and the perimeter do.
package administration
