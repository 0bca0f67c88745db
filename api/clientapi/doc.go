// Package clientapi is about the programs that call /api/v1 (00 decision 33): clients made by the staff, each with
// a token, scopes and a perimeter.
//
// Where things live: jeton.go, the form of tokens; perimetre.go, what a client sees, as a principal;
// authentification.go, from a token to a principal; service.go and service_ecriture.go, what the staff does.
//
// Invariants:
//   - only digests are stored, compared in constant time; a token is shown once, by the answer that made it;
//   - the perimeter never changes: another one is another client. It becomes a role and a territory of
//     auth.Principal, so that the one predicate of people applies (PE-20);
//   - a client is never staff, and does what both its role and its scopes allow;
//   - a rotation leaves the previous token valid for a chosen time; a revocation ends both, for good;
//   - what a client does is signed by a technical account of its name, inactive: nobody signs in with it.
//
// What it does not do: it knows no route (package web says which scope opens which one) and no rate bucket.
package clientapi
