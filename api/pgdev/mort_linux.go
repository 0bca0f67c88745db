package pgdev

import (
	"os/exec"
	"syscall"
)

// suivreParent asks the kernel to stop the server when the thread that started it ends. The caller
// keeps that thread alive as long as the server runs (see lancer).
func suivreParent(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGINT
}
