//go:build !linux

package pgdev

import "os/exec"

// suivreParent does nothing here: the kernel has no such service. The guard of Options.Test, and Stop,
// end the server.
func suivreParent(*exec.Cmd) {}
