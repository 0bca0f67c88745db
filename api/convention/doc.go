// Package convention is the heart of the product: the aggregate convention (with its lots and their
// rows), its ten statuts, the transitions between them, the steps of its form, what each actor may
// change, and its completeness.
//
// Where things live:
//   - statut.go: statuts, their labels and groups; genre.go: what a row is called and how it agrees;
//   - transition.go: the table of transitions of 02 §1.4, one entry each; effet.go: what each one writes;
//   - etape.go: the ordered steps and the field registry; etape_<code>.go: one step each;
//   - modifiabilite.go: the matrix of 02 §2.4; completude.go: the one list of missing items (03 §4.1);
//   - numero.go: proposal and reservation of numbers; service*.go: the use cases, one transaction each.
//
// Invariants: statut is written by Service.Executer only, with one row of history, one of journal and
// the outgoing messages in the same transaction; the family's root row is locked before any write;
// what a principal sees is decided by the store's single predicate, what they may do by this package.
package convention
