// Package comment holds the review comments attached to a field or a table of the form: their
// targets, their three statuts and who may move between them (02 §4). A comment also opens its field
// to the bailleur when the convention is in CORRECTION (02 PE-30 to PE-32).
//
// The package knows neither the convention nor its statut: the use cases are in package convention,
// which locks the family and checks the perimeter before asking here.
package comment
