package pgdev

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// postmaster is what a running server writes about itself in its data folder.
type postmaster struct {
	pid, port int
}

// lirePostmaster reads postmaster.pid: pid, folder, start time, port, socket folder, address, each on
// its line. The file exists as soon as the server starts, and its port line a moment later.
func lirePostmaster(donnees string) (postmaster, error) {
	contenu, err := os.ReadFile(filepath.Join(donnees, "postmaster.pid"))
	if err != nil {
		return postmaster{}, err
	}
	lignes := strings.Split(string(contenu), "\n")
	if len(lignes) < 4 {
		return postmaster{}, fmt.Errorf("postmaster.pid is incomplete")
	}
	pid, err := strconv.Atoi(strings.TrimSpace(lignes[0]))
	if err != nil {
		return postmaster{}, fmt.Errorf("postmaster.pid: %w", err)
	}
	port, err := strconv.Atoi(strings.TrimSpace(lignes[3]))
	if err != nil {
		return postmaster{}, fmt.Errorf("postmaster.pid: %w", err)
	}
	return postmaster{pid: pid, port: port}, nil
}
