// Package siap is the client of the SIAP: its transport, its data and what its habilitations mean.
//
// What it offers:
//   - Client: the twelve calls of 05 B.3, with the timeouts, attempts, caches, circuit breaker and error
//     mapping of 05 B.2. A Client never fails to start because the SIAP is down, keeps the last good
//     configuration, and is safe for concurrent use;
//   - the data of the SIAP, one Go type per object, where codes that come as numbers or as strings are
//     strings from the moment they enter (Code);
//   - Droits: what a habilitation allows (typologie, read-only, perimeter, entity), or why it is refused;
//   - the links back to the SIAP and its menu (05 B.4), as pure functions.
//
// Invariants: no token is ever logged; a call that fails wraps one of the sentinels (ErrUnavailable…), or
// context.Canceled when its caller left; a value read from a cache is never shared between two callers;
// nothing is retried when a second call could create something twice.
//
// What it does not do: it stores nothing itself (CacheStore does), turns no operation into conventions
// (05 B.6 is a use case of the domain), and retries no alerte (the job that delivers it does, 02 AL-22).
package siap
