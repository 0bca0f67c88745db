// Package store keeps the domain in PostgreSQL. It is the only package that imports GORM; it
// implements the Store interfaces that domain packages declare.
//
// One transaction carries data, history, journal, outgoing messages and jobs (architecture.md): InTx
// opens it on one pgx connection that GORM and River share, and everything called with its context
// joins it. Repository methods never open transactions and never decide rights; the one predicate
// that limits what a principal sees is in perimetre.go (02 PE-20).
package store
