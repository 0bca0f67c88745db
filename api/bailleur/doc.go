// Package bailleur holds what is true of a landlord whatever uses it: its key (SIREN, SIRET, e-mail of
// a private owner, or an imported one), the checks a new key must pass, and how its sous-nature decides
// its nature.
//
// Invariants: a private owner has neither siret nor siren outside the platform, and its e-mail stays in
// identifiant (00 decision 23); the nature follows a known sous-nature (NA-04).
//
// It does not store rows, decide who sees a bailleur, nor follow mergers: the store, the perimeter and
// the session do.
package bailleur
