package jobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"apilos/api/antivirus"
	"apilos/api/fichier"
	"apilos/api/storage"

	"github.com/riverqueue/river"
)

// Verdicts writes what the antivirus said of a file (convention.Service).
type Verdicts interface {
	Verdict(ctx context.Context, fichierID int64, verdict string) error
}

// Fichiers knows the files.
type Fichiers interface {
	// Fichier returns a file, nil when there is none.
	Fichier(ctx context.Context, id int64) (*fichier.Fichier, error)
}

// Contenus opens and removes the bytes of files (storage.Store).
type Contenus interface {
	Get(ctx context.Context, key string, rng *storage.Range) (io.ReadCloser, storage.Info, error)
	Delete(ctx context.Context, key string) error
}

// Analyse scans uploaded files (DO-06). A file that could not be scanned is never said clean: it is in
// ECHEC, cannot be downloaded, and is scanned again.
type Analyse struct {
	Fichiers Fichiers
	Contenus Contenus
	Scanner  antivirus.Scanner
	Verdicts Verdicts
	Journal  *slog.Logger
}

// analyser is the worker: the deadline of the job bounds opening, reading and scanning together.
func (a *atelier) analyser(ctx context.Context, j *river.Job[AnalyserFichier]) error {
	err := a.t.Analyse.passer(ctx, j.Args.FichierID)
	if errors.Is(err, antivirus.ErrSizeLimit) || errors.Is(err, antivirus.ErrProtocol) {
		return river.JobCancel(err) // another try now would meet the same answer
	}
	return err
}

func (a *Analyse) passer(ctx context.Context, id int64) error {
	f, err := a.Fichiers.Fichier(ctx, id)
	if err != nil {
		return fmt.Errorf("file %d: %w", id, err)
	}
	switch {
	case f == nil:
		return nil
	case f.Antivirus == fichier.Infecte:
		// A first run may have stopped between the verdict and the removal of the object.
		return a.Contenus.Delete(ctx, f.CleObjet)
	case f.SupprimeLe != nil || (f.Antivirus != fichier.EnAttente && f.Antivirus != fichier.Echec):
		return nil
	}
	verdict, err := a.scanner(ctx, f)
	if err != nil {
		return a.echouer(ctx, f, err)
	}
	if verdict.Statut == antivirus.Infecte {
		a.Journal.WarnContext(ctx, "virus détecté", "fichier", f.UUID.String(), "signature", verdict.Signature)
	}
	if err := a.Verdicts.Verdict(ctx, f.ID, string(verdict.Statut)); err != nil {
		return fmt.Errorf("verdict of file %d: %w", id, err)
	}
	return nil
}

func (a *Analyse) scanner(ctx context.Context, f *fichier.Fichier) (antivirus.Verdict, error) {
	contenu, _, err := a.Contenus.Get(ctx, f.CleObjet, nil)
	if err != nil {
		return antivirus.Verdict{}, fmt.Errorf("open file %d: %w", f.ID, err)
	}
	defer contenu.Close()
	verdict, err := a.Scanner.Scan(ctx, contenu)
	if err != nil {
		return antivirus.Verdict{}, fmt.Errorf("scan file %d: %w", f.ID, err)
	}
	return verdict, nil
}

// echouer says that the scan did not end, and gives its error to the queue, which tries again.
func (a *Analyse) echouer(ctx context.Context, f *fichier.Fichier, cause error) error {
	err := a.Verdicts.Verdict(context.WithoutCancel(ctx), f.ID, fichier.Echec)
	return errors.Join(cause, err)
}
