// Package webhook tells other systems what happens on the platform: addresses registered by the staff
// and by API clients, events written in the transaction of what they tell, signed deliveries with a log (00 decision 32).
//
// Where things live: evenement.go, the events and their body; service.go and livraison.go, what those
// who manage them do; transport.go, one delivery (alert.Transport); signature.go, the header that proves who sends;
// reseau.go, where a delivery may go.
//
// Invariants:
//
//   - an event exists if and only if its change was committed (Emettre joins the transaction of ctx);
//
//   - at least once: a receiver recognises a repeated event by its id. Events of one object leave in order,
//     the next one waits until the previous one arrived or was given up (12 tries over 24 hours);
//
//   - the secret is shown once, then only kept sealed;
//
//   - a delivery never reaches a private address, whatever the name resolves to at the moment of the call.
//
//   - a client knows of its own webhooks only, and hears of what its scope and its perimeter let it read when the
//     event is written; the staff hears of everything.
//
// What it does not do: it has no queue and no retry of its own (package alert), and decides no perimeter: the
// store asks the predicate of conventions (PE-20).
package webhook
