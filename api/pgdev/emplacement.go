package pgdev

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// emplacement is where one server lives and what runs it.
type emplacement struct {
	binaires
	compte  *compte
	dossier string // base folder, readable by the account that runs the server
	donnees string // data folder of this major version, owned by that account
	test    bool
	jetable bool
}

func (e *emplacement) nom() string        { return "pg" + strconv.Itoa(e.majeure) }
func (e *emplacement) verrou() string     { return filepath.Join(e.dossier, e.nom()+".lock") }
func (e *emplacement) secret() string     { return filepath.Join(e.dossier, e.nom()+".secret") }
func (e *emplacement) journal() string    { return filepath.Join(e.dossier, e.nom()+".log") }
func (e *emplacement) initialise() string { return filepath.Join(e.donnees, "apilos.initialise") }

// preparer creates the folders and makes sure the account that runs the server can reach both them
// and the binaries.
func preparer(o Options, b binaires) (*emplacement, error) {
	e := &emplacement{binaires: b, compte: compteServeur(), test: o.Test, dossier: o.Dir}
	if e.dossier == "" {
		tmp, err := os.MkdirTemp("", "apilos-pg-")
		if err != nil {
			return nil, fmt.Errorf("dossier temporaire de PostgreSQL : %w", err)
		}
		if err := os.Chmod(tmp, 0o755); err != nil {
			return nil, fmt.Errorf("dossier temporaire de PostgreSQL : %w", err)
		}
		e.dossier, e.jetable = tmp, true
	}
	if err := e.choisirDossier(); err != nil {
		return nil, err
	}
	if err := e.rendreLisible(); err != nil {
		return nil, e.nettoyer(err)
	}
	e.donnees = filepath.Join(e.dossier, e.nom())
	if err := os.MkdirAll(e.donnees, 0o700); err != nil {
		return nil, fmt.Errorf("dossier des données de PostgreSQL : %w", err)
	}
	if err := e.compte.donner(e.donnees); err != nil {
		return nil, fmt.Errorf("dossier des données de PostgreSQL : %w", err)
	}
	return e, nil
}

// choisirDossier moves the base folder out of a place that the account cannot enter, such as the home
// of root: /var/tmp keeps files over a reboot, and the name follows the folder asked for.
func (e *emplacement) choisirDossier() error {
	absolu, err := filepath.Abs(e.dossier)
	if err != nil {
		return fmt.Errorf("dossier de PostgreSQL : %w", err)
	}
	e.dossier = absolu
	if err := os.MkdirAll(e.dossier, 0o755); err != nil {
		return fmt.Errorf("dossier de PostgreSQL : %w", err)
	}
	if e.compte.peutTraverser(e.dossier) {
		return nil
	}
	if e.jetable {
		_ = os.Remove(absolu) // empty, replaced by the one below
	}
	e.dossier = remplacement(absolu)
	if err := os.Mkdir(e.dossier, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("dossier de PostgreSQL : %w", err)
	}
	if err := verifierDossierSur(e.dossier); err != nil {
		return fmt.Errorf("dossier de PostgreSQL : %w", err)
	}
	// Mkdir follows the umask, and the account must enter.
	if err := os.Chmod(e.dossier, 0o755); err != nil {
		return fmt.Errorf("dossier de PostgreSQL : %w", err)
	}
	return nil
}

// remplacement is where the data of a folder go when the account cannot enter it.
func remplacement(absolu string) string {
	somme := sha256.Sum256([]byte(absolu))
	return filepath.Join("/var/tmp", "apilos-"+hex.EncodeToString(somme[:6]))
}

// Effacer removes the data of a folder given to Start, wherever they were put. Nothing is removed that another account
// could have prepared.
func Effacer(dossier string) error {
	absolu, err := filepath.Abs(dossier)
	if err != nil {
		return fmt.Errorf("dossier de PostgreSQL : %w", err)
	}
	ailleurs := remplacement(absolu)
	if _, err := os.Lstat(ailleurs); err == nil {
		if err := verifierDossierSur(ailleurs); err != nil {
			return fmt.Errorf("dossier de PostgreSQL : %w", err)
		}
	}
	return errors.Join(os.RemoveAll(absolu), os.RemoveAll(ailleurs))
}

// rendreLisible copies the npm binaries next to the data when the account cannot read them where they
// are, or when their library links are missing in a read-only folder.
func (e *emplacement) rendreLisible() error {
	if e.npm == "" || (e.compte.peutTraverser(e.binaires.dossier) && !lienManquant(e.npm)) {
		return nil
	}
	contenu, err := os.ReadFile(filepath.Join(e.npm, "package.json"))
	if err != nil {
		return fmt.Errorf("copie des binaires de PostgreSQL : %w", err)
	}
	somme := sha256.Sum256(contenu)
	copie := filepath.Join(e.dossier, "binaires-"+hex.EncodeToString(somme[:4]))
	if err := copierPaquet(e.npm, copie); err != nil {
		return fmt.Errorf("copie des binaires de PostgreSQL : %w", err)
	}
	e.npm, e.binaires.dossier = copie, filepath.Join(copie, "native", "bin")
	return nil
}

// motDePasse returns the password of this server, drawn at the first start.
func (e *emplacement) motDePasse() (string, error) {
	contenu, err := os.ReadFile(e.secret())
	if err == nil {
		return strings.TrimSpace(string(contenu)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("mot de passe de PostgreSQL : %w", err)
	}
	secret := rand.Text()
	if err := os.WriteFile(e.secret(), []byte(secret+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("mot de passe de PostgreSQL : %w", err)
	}
	return secret, nil
}

// initialiser creates the files of the server once. A first start that was interrupted is begun again:
// the mark is written last.
func (e *emplacement) initialiser(ctx context.Context) error {
	if present(e.initialise()) {
		return nil
	}
	secret, err := e.motDePasse()
	if err != nil {
		return err
	}
	if err := viderDossier(e.donnees); err != nil {
		return fmt.Errorf("dossier des données de PostgreSQL : %w", err)
	}
	pw, err := os.CreateTemp(e.dossier, ".pw-")
	if err != nil {
		return fmt.Errorf("mot de passe de PostgreSQL : %w", err)
	}
	defer func() { _ = os.Remove(pw.Name()) }()
	_, err = pw.WriteString(secret)
	if err := errors.Join(err, pw.Close(), e.compte.donner(pw.Name())); err != nil {
		return fmt.Errorf("mot de passe de PostgreSQL : %w", err)
	}
	args := []string{"-D", e.donnees, "-U", superutilisateur, "--auth=scram-sha-256", "--pwfile=" + pw.Name(), "--encoding=UTF8"}
	args = append(args, parametresLocale()...)
	if e.test {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, e.chemin("initdb"), args...)
	cmd.Dir = e.donnees
	cmd.Env = environnement()
	e.compte.appliquer(cmd)
	if sortie, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("création de la base PostgreSQL (%s) : %w\n%s", e.chemin("initdb"), err, strings.TrimSpace(string(sortie)))
	}
	return os.WriteFile(e.initialise(), nil, 0o644)
}

// parametresLocale sorts by code point, as production does (01 §10.1): French order is asked for where
// it is wanted. Case and accents still follow Unicode.
func parametresLocale() []string {
	switch runtime.GOOS {
	case "linux":
		return []string{"--locale=C.UTF-8"}
	case "windows":
		return []string{"--locale=C"}
	default:
		return []string{"--lc-collate=C", "--lc-ctype=en_US.UTF-8", "--lc-messages=C", "--lc-monetary=C", "--lc-numeric=C", "--lc-time=C"}
	}
}

// environnement drops the variables that change the behaviour of PostgreSQL's programs.
func environnement() []string {
	var out []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "PG") && !strings.HasPrefix(v, "LC_") && !strings.HasPrefix(v, "LANG") {
			out = append(out, v)
		}
	}
	return out
}

// adresse builds the address of the maintenance database.
func (e *emplacement) adresse(port int, secret string) *url.URL {
	return &url.URL{
		Scheme: "postgres", User: url.UserPassword(superutilisateur, secret),
		Host: "127.0.0.1:" + strconv.Itoa(port), Path: "/postgres", RawQuery: "sslmode=disable",
	}
}

// nettoyer removes a throw-away folder after a failure and returns the failure.
func (e *emplacement) nettoyer(cause error) error {
	if e.jetable {
		return errors.Join(cause, os.RemoveAll(e.dossier))
	}
	return cause
}

func viderDossier(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}
