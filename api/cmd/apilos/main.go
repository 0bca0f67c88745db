// Command apilos is the whole platform in one binary: the web server, the background worker, the migrations, the demo
// data, the simulators and the tools of the operator. Run `apilos help` for the list.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Written by the linker (scripts/build).
var (
	version = "dev"
	commit  = ""
	date    = ""
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	// The first signal asks for a clean stop; once it is under way a second one ends the process at once.
	context.AfterFunc(ctx, stop)

	os.Exit(program{
		environ: os.Environ(),
		stdin:   os.Stdin,
		stdout:  os.Stdout,
		stderr:  os.Stderr,
		build:   buildInfo(),
	}.run(ctx, os.Args[1:]))
}
