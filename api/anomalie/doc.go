// Package anomalie shows the staff the data-quality events of SIAP (05 B.9): what an operation or a habilitation says
// that the platform could not use, or says otherwise than the platform. It is what lets the two platforms correct
// their data.
//
// Invariants: an event is one row per (number of operation, code, field, value), counted each time it is met; it is
// resolved by the data becoming right, or by somebody of the staff, and opened again when it is met again; only the
// staff reads them, and every decision of the staff is in the journal.
//
// What it does not do: it records nothing itself. Synchronisations (package operation), alertes (package alert) and
// habilitations (package compte) do, in their own transactions.
package anomalie
