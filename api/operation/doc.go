// Package operation brings an operation of SIAP into the platform: the operation, its bailleur, its
// service, and one convention with one lot, its prêts and its stationnements for each financement that
// needs one (02 §9.1, 05 B.6).
//
// Where things live:
//   - enum.go, numero.go, aide.go: values and their labels;
//   - siap_*.go: LirePlan, the pure reading of SIAP's answer into a Plan, or one of the errors of 05 B.6.8;
//   - rafraichir.go: what an existing operation takes from a later answer;
//   - synchroniser*.go: the command that writes, one transaction under a lock on the number;
//   - consulter.go, chercher.go: what is shown, without ever writing (CC-13); message.go: what is told.
//
// Invariants: one root operation per number and one active convention per (operation, financement),
// whoever asks, however many at the same time (CR-04, CR-12); a read-only principal writes nothing
// (CR-07); what cannot be done is told as data (CR-10), and an outage of SIAP leaves the local view
// working (CR-09).
//
// It does not decide what a principal sees (the store applies the single predicate), change a statut,
// nor create conventions by hand or from paper: those are use cases of package convention.
package operation
