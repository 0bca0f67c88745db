// Package alert decides what leaves the platform when something happens to a convention, and delivers
// it: alerts to SIAP (02 §5) and e-mails (02 §6).
//
// Life of a message:
//  1. Emettre, inside the transaction of the change, asks Planifier (pure, table-driven) what to send,
//     writes one row of message_sortant per alert and per kind of e-mail, and enqueues one job per row.
//     Nothing is called: neither SIAP nor SMTP may slow or undo a transition (AL-07, CC-53).
//  2. A job calls Livrer with the id of a row. The row is claimed for a short lease, the call is made,
//     the outcome is written. A row of e-mail to prepare finds its recipients then (SIAP included) and
//     becomes one row and one job per recipient (EM-25).
//
// Invariants:
//   - rows of one convention and canal leave in the order of sequence; a later one waits while an earlier
//     one is not finished (AL-21). For e-mails the order holds per recipient;
//   - a row in EN_COURS may have left although we do not know: a worker died, or an answer was lost. An
//     alert is then looked for in SIAP before it is sent again (AL-23), an e-mail keeps its Message-ID;
//   - a claim is fenced by the number of the try: a worker that lost its lease can no longer write;
//   - every try of an alert leaves a row in alerte_siap_log (AL-06);
//   - a lost row that the staff sends again (relance.go) keeps its place and its key: an alert is looked for in
//     SIAP first, a late purge spares the alerts of later changes, an action that is over stays unsaid.
//
// Other packages write rows of their own (Ajouter) and deliver them (Transport): notifications of the
// deposit, webhooks. The engine is this one: claim, order by key, tries, end.
//
// What it does not do: it knows no queue (interface File), no SQL (interface Store) and no status
// machine: an Evenement says what happened.
package alert
