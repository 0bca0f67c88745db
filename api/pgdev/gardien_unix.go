//go:build unix

package pgdev

import (
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"syscall"
)

// gardien is a small shell process that outlives a killed program long enough to clean up: the read
// end of a pipe closes when the program ends in any way, the shell then stops the server (already done
// by the kernel on Linux) and removes its throw-away folder.
type gardien struct {
	cmd  *exec.Cmd
	pipe io.WriteCloser
}

const scriptGardien = `
trap '' INT TERM HUP
read -r _ && exit 0
kill -INT "$1" 2>/dev/null
i=0
while kill -0 "$1" 2>/dev/null && [ "$i" -lt 100 ]; do sleep 0.1; i=$((i+1)); done
kill -KILL "$1" 2>/dev/null
rm -rf -- "$2"
`

func lancerGardien(pid int, dossier string) (*gardien, error) {
	cmd := exec.Command("/bin/sh", "-c", scriptGardien, "gardien", strconv.Itoa(pid), dossier)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Dir = "/"
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start guard: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start guard: %w", err)
	}
	return &gardien{cmd: cmd, pipe: pipe}, nil
}

// congedier ends the guard without letting it act.
func (g *gardien) congedier() {
	if g == nil {
		return
	}
	_, _ = io.WriteString(g.pipe, "fini\n")
	_ = g.pipe.Close()
	_ = g.cmd.Wait()
}
