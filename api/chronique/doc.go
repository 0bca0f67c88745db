// Package chronique tells what happened to a convention, in three readings of its own:
//   - the journal de bord: facts typed by the service, corrected by new versions, never deleted (02 §7.5);
//   - the chronologie: signatures, avenants, publications, ends and facts on one line (02 JO-13);
//   - the history: changes of statut and, for the service, what was changed, by whom (02 §7.4, 05 E.2).
//
// Invariants: perimeter first, then the side of the caller: a bailleur reads neither the facts nor the changes of
// fields; a fact is written with its line of the journal under the lock of its family.
//
// What it does not do: it changes no convention, and writes neither history nor journal of others.
package chronique
