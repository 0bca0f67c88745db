// Command testsum reads what the test runners wrote, shows what matters and adds everything up in one closing line,
// "N passed, N failed" (", N skipped" when some were).
//
// usage:
//
//	go test -json ... | testsum stream FILE     shows progress and failures, keeps the stream in FILE
//	testsum total DIRECTORY                     adds up the reports of a run; exit code 1 unless all is well
package main

import (
	"fmt"
	"os"
)

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	if len(args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: testsum stream FILE | testsum total DIRECTORY")
		return 2
	}
	var err error
	code := 0
	switch args[0] {
	case "stream":
		err = stream(os.Stdin, args[1], os.Stdout)
	case "total":
		code, err = total(args[1], os.Getenv("CI") == "true", os.Stdout)
	default:
		err = fmt.Errorf("unknown mode %q", args[0])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
		return 2
	}
	return code
}
