// Package annuaire reads the directory of the administrations: e-mail addresses and SIRET of the mairie of
// a commune (07 §7, routes 22 and 29).
//
// Invariants: a code reaches the remote query only when it has the shape of an INSEE code; answers are kept
// one hour, also the empty ones, failures are not; one call at a time for a commune.
//
// What it does not do: it does not know whether a commune exists (the caller has checked) and decides
// nothing about habilitations.
package annuaire
