// Package testdb gives each test its own migrated PostgreSQL database.
//
// The server is the one of TEST_DATABASE_URL (an account that may create databases); without it, each
// test program starts a throw-away server of apilos/api/pgdev the first time it needs one, which ends
// with the program. On a server, the schema is built once, in a template database named after the
// migrations and shared by every package that tests at the same time; a test gets a copy of it.
//
// When no server can be had the test is skipped with the reason, or fails when CI=true. The package is
// test support: product code must not import it.
package testdb
