// Package notification carries the messages of the deposit (07 §6.1, §7, §8) in the engine of package alert:
// it writes the rows that package depot decides, and delivers them to the BAN, the chat of the team, the
// partner directory and by e-mail.
//
// Invariants: rows and jobs are written in the transaction of the change; secrets stay sealed until the
// moment they leave; what concerns one client leaves in order; a service that is not configured ends the
// message at once, with the reason.
//
// What it does not do: it decides neither what to send nor to whom (package depot), and has no retry of its own.
package notification
