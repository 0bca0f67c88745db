// Package direct tells open pages what others change, while they are open (issue of live updates, 00 decision 30).
//
// The source is what the database tells in the transaction of each write (migration 0089): one connection per process
// listens, and any number of processes may write. A notification only names a family; what its members became is read
// once per batch for all subscribers, by the perimeter predicate of the lists, each distinct perimeter being worked out
// once. Nothing is read for each subscriber, nothing is read when nobody listens, and nothing is asked at intervals.
//
// Invariants: a subscriber is told of what its perimeter shows and of nothing else; a message says that something moved,
// never what it holds; delivery is at least once, and the identifier of a message lets a page that was cut off
// ask for what it missed. A subscriber that does not read is dropped, a session that is closed or changes its rights
// loses its subscriptions at once.
//
// It does not speak HTTP (package web does) and reads no table (package store does).
package direct
