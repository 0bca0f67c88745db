// Package jobs runs what happens outside a request, on River: jobs are rows of the same PostgreSQL, so a
// job exists if and only if the change that asked for it was committed (architecture, "One transaction").
//
// Two sides that need not be the same process:
//   - Client inserts. Its methods join the transaction of their context and refuse to work outside one:
//     they implement the small interfaces that domain packages declare (alert.File, convention.Analyseur);
//   - Runner works: queues with their concurrency (06 §5.2), one worker per kind, schedules.
//
// Invariants: the arguments of a job hold ids only; every worker may be run twice, or be killed in the
// middle, without harm; the truth about a message is its row of message_sortant, the job is only what wakes
// it up, and a row whose job was lost gets another one within a minute.
//
// What it does not do: it knows nothing of the trade and no SQL. Adding a kind of job: its arguments in
// kind.go, its worker in travaux.go, its dependency in Travaux.
package jobs
