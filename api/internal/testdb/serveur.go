package testdb

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"apilos/api/pgdev"
)

// processServer is the server of this test program. Nothing stops it explicitly: Go gives no hook for
// the end of a test program, so pgdev ends it together with the program.
var processServer = sync.OnceValues(func() (*pgdev.Server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	return pgdev.Start(ctx, pgdev.Options{DatabaseURL: os.Getenv("TEST_DATABASE_URL"), Test: true})
})

// serveur returns the address of the maintenance database, or ends the test.
func serveur(t testing.TB) *url.URL {
	t.Helper()
	s, err := processServer()
	if err != nil {
		indisponible(t, err)
	}
	u, err := url.Parse(s.URL(""))
	if err != nil {
		t.Fatalf("testdb: address of the server: %v", err)
	}
	return u
}

// indisponible skips the test, or fails it where a missing server would hide a regression. An address
// that was given and does not answer is always a failure.
func indisponible(t testing.TB, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" || os.Getenv("TEST_DATABASE_URL") != "" {
		t.Fatalf("testdb: no PostgreSQL: %v", err)
	}
	t.Skipf("testdb: no PostgreSQL: %v", err)
}

func avecBase(u *url.URL, nom string) string {
	c := *u
	c.Path = "/" + nom
	return c.String()
}

func identifiant(nom string) string { return fmt.Sprintf("%q", nom) }
