package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"apilos/api/app"
	"apilos/api/config"
)

// Exit codes of every command.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// usageError is a mistake in the command line: exit code 2, message followed by the usage of the command.
type usageError struct{ message string }

func (e usageError) Error() string { return e.message }

// program is one run of the binary, with the outside world passed in so that tests can run it.
type program struct {
	environ []string
	stdin   io.Reader // secrets only; nil when there is none
	stdout  io.Writer
	stderr  io.Writer
	build   app.BuildInfo
}

// command is one subcommand. define declares its flags on fs and returns what to run once they are read; args holds
// what is not a flag.
type command struct {
	name    string
	args    string // shown in the usage line, after the name
	summary string // one French sentence
	define  func(p program, fs *flag.FlagSet) func(ctx context.Context, args []string) error
}

// run executes the command line and returns the exit code. Errors go to stderr, one French sentence or list.
func (p program) run(ctx context.Context, args []string) int {
	if len(args) == 0 {
		p.printHelp(p.stderr)
		return exitUsage
	}
	name, rest := args[0], args[1:]
	if name == "help" || name == "-h" || name == "--help" || name == "-help" {
		p.printHelp(p.stdout)
		return exitDone
	}
	for _, cmd := range commands() {
		if cmd.name == name {
			return p.execute(ctx, cmd, rest)
		}
	}
	fmt.Fprintf(p.stderr, "apilos : commande inconnue « %s ».\n\n", name)
	p.printHelp(p.stderr)
	return exitUsage
}

func (p program) execute(ctx context.Context, cmd command, args []string) int {
	fs := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	action := cmd.define(p, fs)

	positional, err := parseInterspersed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		p.printUsage(p.stdout, cmd, fs)
		return exitDone
	}
	if err == nil {
		err = action(ctx, positional)
	}
	var usage usageError
	var juge verdict
	switch {
	case errors.As(err, &juge):
		return juge.code
	case err == nil, errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return exitDone // a stop that was asked for is not a failure
	case errors.As(err, &usage):
		fmt.Fprintf(p.stderr, "apilos %s : %s.\n\n", cmd.name, usage.message)
		p.printUsage(p.stderr, cmd, fs)
		return exitUsage
	default:
		var refused *config.Error
		if errors.As(err, &refused) {
			fmt.Fprintln(p.stderr, refused.Error())
		} else {
			fmt.Fprintf(p.stderr, "apilos %s : %v\n", cmd.name, err)
		}
		return exitFailed
	}
}

// parseInterspersed reads flags placed before or after the other arguments, which the flag package alone does not.
func parseInterspersed(fs *flag.FlagSet, args []string) ([]string, error) {
	var positional []string
	for {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, usageError{frenchFlagError(err.Error())}
		}
		if fs.NArg() == 0 {
			return positional, nil
		}
		positional = append(positional, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

// frenchFlagError translates the four messages of the flag package.
func frenchFlagError(message string) string {
	if name, ok := strings.CutPrefix(message, "flag provided but not defined: "); ok {
		return "option inconnue : " + name
	}
	if name, ok := strings.CutPrefix(message, "flag needs an argument: "); ok {
		return "l'option " + name + " attend une valeur"
	}
	if rest, ok := strings.CutPrefix(message, "invalid value "); ok {
		value, rest, _ := strings.Cut(rest, " for flag ")
		name, _, _ := strings.Cut(rest, ":")
		return "valeur " + value + " refusée pour l'option " + name
	}
	if rest, ok := strings.CutPrefix(message, "invalid boolean value "); ok {
		value, rest, _ := strings.Cut(rest, " for ")
		name, _, _ := strings.Cut(rest, ":")
		return "valeur " + value + " refusée pour l'option " + name
	}
	return "option mal écrite : " + message
}

func (p program) printHelp(w io.Writer) {
	fmt.Fprint(w, "APiLos : préparer, instruire, signer et publier les conventions APL.\n\nUsage : apilos COMMANDE [options]\n\n")
	for _, cmd := range commands() {
		fmt.Fprintf(w, "  %-12s %s\n", cmd.name, cmd.summary)
	}
	fmt.Fprint(w, "\n« apilos COMMANDE -h » décrit les options d'une commande. Les réglages sont des variables d'environnement (README.md).\n"+
		"Codes de sortie : 0 terminé, 1 échec, 2 commande mal écrite.\n")
}

func (p program) printUsage(w io.Writer, cmd command, fs *flag.FlagSet) {
	line := "Usage : apilos " + cmd.name
	if cmd.args != "" {
		line += " " + cmd.args
	}
	fmt.Fprintf(w, "%s\n%s\n", line, cmd.summary)
	fs.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		option := "--" + f.Name
		if value != "" {
			option += " " + value
		}
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
			usage += " (par défaut " + f.DefValue + ")"
		}
		fmt.Fprintf(w, "  %-24s %s\n", option, usage)
	})
}

// load reads the settings; overrides ("NAME=value") come from flags and win over the environment.
func (p program) load(overrides ...string) (config.Config, error) {
	environ := make([]string, 0, len(p.environ)+len(overrides))
	environ = append(environ, p.environ...)
	return config.Load(append(environ, overrides...))
}

// noArguments refuses anything that is not a flag.
func noArguments(args []string) error {
	if len(args) > 0 {
		return usageError{"argument inattendu « " + args[0] + " »"}
	}
	return nil
}
