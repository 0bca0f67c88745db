// Package journal guards the append-only journal from outside of the database (02 CC-32, CC-33).
//
// The chains of the journal show what somebody changed who holds the account of the application. Whoever owns the database
// can compute a chain and its end again: only something that the database does not hold shows it. Each day Garde writes
// a seal: an object of the file storage, never overwritten, with the end of every chain that moved since the last seals,
// the digest of the seal before it, and an HMAC by a key of the configuration. Verifying the seals looks in the journal
// for each end that was sealed: a chain rewritten, shortened or removed since does not have it any more.
//
// A seal costs what was written since the last ones, not what the journal holds; only the first one lists every family.
// Readings are kept one year: Garde verifies a whole chain, signs what will remain of it, and has the database remove
// its rows, so that a purge is told from a removal.
//
// What it does not do: it does not see what is rewritten before the next seal, nor protects the objects themselves: a
// bucket whose objects are locked does, or the digest of a seal archived elsewhere.
package journal
