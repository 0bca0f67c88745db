package pgdev

import (
	"fmt"
	"os"
	"os/exec"
)

// compte is unused on Windows, where the server runs under the account of the caller.
type compte struct{}

func compteServeur() *compte                { return nil }
func (c *compte) donner(string) error       { return nil }
func (c *compte) appliquer(*exec.Cmd)       {}
func (c *compte) peutTraverser(string) bool { return true }
func verifierDossierSur(string) error       { return nil }
func arreterVite(p *os.Process) error       { return p.Kill() }

// enVie answers true: only a connection tells whether the server of postmaster.pid still runs.
func enVie(int) bool { return true }

func verrouillerFichier(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return f, nil
}
