// Command withpg runs a command with a throw-away PostgreSQL server of its own, reachable through TEST_DATABASE_URL.
// The server and its data are gone when the command ends, however it ends.
//
// usage: go run ./scripts/withpg [-create VARIABLE=base]... COMMAND [ARGUMENT...]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"apilos/api/pgdev"
)

func main() {
	var create []string
	flag.Func("create", "`VARIABLE=base`: also create this empty database and give its address in VARIABLE", func(v string) error {
		create = append(create, v)
		return nil
	})
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: withpg [-create VARIABLE=base]... COMMAND [ARGUMENT...]")
		os.Exit(2)
	}
	code, err := run(create, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// run starts the server, runs the command and returns its exit code.
func run(create, command []string) (code int, err error) {
	// Ctrl-C reaches the command too, which belongs to the same group: it decides when to end, we only outlive it.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	server, err := pgdev.Start(ctx, pgdev.Options{Test: true, Logger: logger})
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()

	environ := append(os.Environ(), "TEST_DATABASE_URL="+server.URL(""))
	for _, asked := range create {
		name, database, ok := strings.Cut(asked, "=")
		if !ok {
			return 2, errors.New("-create attend VARIABLE=base")
		}
		if err := createDatabase(ctx, server.URL(""), database); err != nil {
			return 1, err
		}
		environ = append(environ, name+"="+server.URL(database))
	}
	return execute(command, environ, signals)
}

func createDatabase(ctx context.Context, address, name string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return fmt.Errorf("connect to the throw-away server: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()); err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}

// execute runs the command and passes on the termination asked of this process alone.
func execute(command, environ []string, signals <-chan os.Signal) (int, error) {
	child := exec.Command(command[0], command[1:]...)
	child.Stdin, child.Stdout, child.Stderr, child.Env = os.Stdin, os.Stdout, os.Stderr, environ
	if err := child.Start(); err != nil {
		return 1, fmt.Errorf("start %s: %w", command[0], err)
	}
	done := make(chan error, 1)
	go func() { done <- child.Wait() }()
	for {
		select {
		case received := <-signals:
			if received == syscall.SIGTERM {
				_ = child.Process.Signal(received)
			}
		case err := <-done:
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				return max(exit.ExitCode(), 1), nil
			}
			return 0, err
		}
	}
}
