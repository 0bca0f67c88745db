package pgdev

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// lien is an entry of native/pg-symlinks.json: npm archives cannot hold links, so the package lists
// those its shared libraries need and its post-install script creates them.
type lien struct {
	Source string `json:"source"`
	Target string `json:"target"`
}

func lireLiens(npm string) ([]lien, error) {
	contenu, err := os.ReadFile(filepath.Join(npm, "native", "pg-symlinks.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // packages for Windows have none
	}
	if err != nil {
		return nil, fmt.Errorf("read library links: %w", err)
	}
	var liens []lien
	if err := json.Unmarshal(contenu, &liens); err != nil {
		return nil, fmt.Errorf("read library links: %w", err)
	}
	for _, l := range liens {
		if !filepath.IsLocal(l.Source) || !filepath.IsLocal(l.Target) {
			return nil, fmt.Errorf("read library links: %s leaves the package", l.Target)
		}
	}
	return liens, nil
}

// creerLiens creates the links that are missing because npm ran with --ignore-scripts.
func creerLiens(npm string) error {
	liens, err := lireLiens(npm)
	if err != nil {
		return err
	}
	for _, l := range liens {
		target := filepath.Join(npm, l.Target)
		if _, err := os.Lstat(target); err == nil {
			continue
		}
		relative, err := filepath.Rel(filepath.Dir(target), filepath.Join(npm, l.Source))
		if err != nil {
			return fmt.Errorf("link %s: %w", l.Target, err)
		}
		if err := os.Symlink(relative, target); err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("link %s: %w", l.Target, err)
		}
	}
	return nil
}

func lienManquant(npm string) bool {
	liens, err := lireLiens(npm)
	if err != nil {
		return false
	}
	for _, l := range liens {
		if _, err := os.Stat(filepath.Join(npm, l.Target)); err != nil {
			return true
		}
	}
	return false
}

// majeureDuPaquet reads the version of PostgreSQL in the version of the npm package that carries it.
func majeureDuPaquet(npm string) (int, error) {
	contenu, err := os.ReadFile(filepath.Join(npm, "package.json"))
	if err != nil {
		return 0, fmt.Errorf("read version of the package: %w", err)
	}
	var p struct {
		Version string `json:"version"`
	}
	if err := json.Unmarshal(contenu, &p); err != nil {
		return 0, fmt.Errorf("read version of the package: %w", err)
	}
	majeure, _, _ := strings.Cut(p.Version, ".")
	return strconv.Atoi(majeure)
}

// copierPaquet copies the native folder of the npm package to dest, links included, so that the
// account that runs PostgreSQL can read it. dest appears complete or not at all.
func copierPaquet(npm, dest string) error {
	if _, err := os.Stat(dest); err == nil {
		return nil
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dest), ".copie-*")
	if err != nil {
		return fmt.Errorf("copy PostgreSQL binaries: %w", err)
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	if err := os.Chmod(tmp, 0o755); err != nil {
		return fmt.Errorf("copy PostgreSQL binaries: %w", err)
	}
	if err := copierArbre(filepath.Join(npm, "native"), filepath.Join(tmp, "native")); err != nil {
		return fmt.Errorf("copy PostgreSQL binaries: %w", err)
	}
	if err := creerLiens(tmp); err != nil {
		return err
	}
	if err := os.Rename(tmp, dest); err != nil && !present(filepath.Join(dest, "native", "bin", executable("postgres"))) {
		return fmt.Errorf("copy PostgreSQL binaries: %w", err)
	}
	return nil
}

func copierArbre(src, dst string) error {
	return filepath.WalkDir(src, func(chemin string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relatif, err := filepath.Rel(src, chemin)
		if err != nil {
			return err
		}
		cible := filepath.Join(dst, relatif)
		switch {
		case d.IsDir():
			return os.MkdirAll(cible, 0o755)
		case d.Type()&fs.ModeSymlink != 0:
			vers, err := os.Readlink(chemin)
			if err != nil {
				return err
			}
			return os.Symlink(vers, cible)
		default:
			return copierFichier(chemin, cible)
		}
	})
}

func copierFichier(src, dst string) error {
	info, err := os.Stat(src)
	if err != nil {
		return err
	}
	contenu, err := os.ReadFile(src)
	if err != nil {
		return err
	}
	return os.WriteFile(dst, contenu, info.Mode().Perm()|0o444)
}
