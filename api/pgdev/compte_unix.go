//go:build unix

package pgdev

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// compte is the account that runs PostgreSQL when the caller is root; nil means the caller itself.
type compte struct {
	uid, gid uint32
}

// compteServeur chooses the account. PostgreSQL refuses to run as root.
func compteServeur() *compte {
	if os.Getuid() != 0 {
		return nil
	}
	if u, err := user.Lookup("postgres"); err == nil {
		uid, errU := strconv.ParseUint(u.Uid, 10, 32)
		gid, errG := strconv.ParseUint(u.Gid, 10, 32)
		if errU == nil && errG == nil && uid != 0 {
			return &compte{uid: uint32(uid), gid: uint32(gid)}
		}
	}
	return &compte{uid: 65534, gid: 65534}
}

// donner makes the account the owner of path.
func (c *compte) donner(path string) error {
	if c == nil {
		return nil
	}
	return os.Chown(path, int(c.uid), int(c.gid))
}

// appliquer makes cmd run under the account, in a process group of its own so that Ctrl-C in a
// terminal reaches the program, which then stops the server in order.
func (c *compte) appliquer(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	if c != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: c.uid, Gid: c.gid, NoSetGroups: false}
	}
}

// peutTraverser tells whether the account can reach path: every folder on the way lets it through.
// A caller that is not root reaches what it could start from, so the answer is then always true.
func (c *compte) peutTraverser(path string) bool {
	if c == nil {
		return true
	}
	reel, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false
	}
	for dir := reel; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil || !c.permet(info, 0o1) {
			return false
		}
		if filepath.Dir(dir) == dir {
			return true
		}
	}
}

// permet applies the permission bits of a file to the account.
func (c *compte) permet(info os.FileInfo, bit os.FileMode) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return false
	}
	switch {
	case st.Uid == c.uid:
		return info.Mode().Perm()&(bit<<6) != 0
	case st.Gid == c.gid:
		return info.Mode().Perm()&(bit<<3) != 0
	default:
		return info.Mode().Perm()&bit != 0
	}
}

// verifierDossierSur refuses a folder that another account could have prepared in a shared place.
func verifierDossierSur(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return fmt.Errorf("check %s: %w", path, err)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || int(st.Uid) != os.Getuid() || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("check %s: not a private folder of this account", path)
	}
	return nil
}

// arreterVite asks for a fast shutdown: sessions are closed, data are written.
func arreterVite(p *os.Process) error { return p.Signal(syscall.SIGINT) }

// enVie tells whether a process exists.
func enVie(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// verrouillerFichier waits for the exclusive lock of path; the lock goes when the file is closed.
func verrouillerFichier(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return f, nil
}
