// Package proconnect signs public agents in with ProConnect, an OpenID Connect provider, to know the SIRET of
// their organisation (07 §7, routes 28 and 29).
//
// Order of a sign-in: the caller makes a state and a nonce, keeps them, and sends the browser to
// URLAutorisation; ProConnect sends it back with a code and the state; the caller uses the state up and
// gives code and nonce to Siret.
//
// Invariants: every token is verified against the keys of the provider (RS256 or ES256, issuer, audience,
// dates), the nonce must be the one of this sign-in, and the information must be about the person of the
// identity token. Unsigned information is refused. Codes, tokens and secrets are in no error and no log.
//
// What it does not do: it keeps no state (single use is the caller's, in the database) and opens no session.
package proconnect
