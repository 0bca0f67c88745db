// Package alert decides what leaves the platform when something happens to a convention: alerts to
// SIAP (02 §5) and e-mails (02 §6). It turns one Evenement into rows of message_sortant, written in
// the transaction of the change, and delivers them later, at least once, in order per convention.
package alert
