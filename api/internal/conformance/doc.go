// Package conformance holds the suites that every implementation of an interface must pass, so that
// the one used in development can be trusted to behave like the one used in production.
//
// A suite takes a constructor and is called from the tests of each implementation. It knows the
// interface only. Product code never imports this package.
package conformance
