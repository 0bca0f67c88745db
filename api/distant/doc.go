// Package distant makes the HTTP calls to the small services around the deposit: directory of the
// administrations, BAN, partner directory, team chat, ProConnect, webhooks.
//
// One policy for all of them, so that each client only holds its routes and its shapes: a deadline for
// each attempt, a bound on what is read, no redirection, few attempts on calls that may be repeated, a
// circuit breaker per service, errors that say whether trying again may help and never hold an address
// with its parameters nor a secret.
//
// What it does not do: it keeps no answer (each client has its own memory) and knows no queue; calls
// that must happen in the end are rows of message_sortant, tried again by their job.
package distant
