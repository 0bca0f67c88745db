package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/fichier"
	"apilos/api/storage"

	"github.com/google/uuid"
)

// Sizes and durations of 06 §1.12.
const (
	MaxImmediat = 1_000   // rows written in the answer itself
	MaxLignes   = 200_000 // rows of one export
	Garde       = 7 * 24 * time.Hour

	pasAvancement = 500 // rows between two writes of the progress
	commande      = "export.conventions"
)

// Store reads the rows and keeps the tasks.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// Compter returns how many rows a filter gives, at most max+1.
	Compter(ctx context.Context, p auth.Principal, f convention.Filtre, max int) (int, error)
	// Parcourir gives the rows in the order of f to fn, one at a time, max at most, whatever the time it takes.
	Parcourir(ctx context.Context, p auth.Principal, f convention.Filtre, max int, fn func(Ligne) error) error
	Journaliser(ctx context.Context, j event.Journal) error

	CreerTache(ctx context.Context, t *Tache, utilisateurID, habilitation int64) error
	// TacheEnCours returns the unfinished task of somebody with the same parameters, nil when there is none.
	TacheEnCours(ctx context.Context, utilisateurID int64, typ string, parametres json.RawMessage) (*Tache, error)
	// Tache returns a task of somebody (an API client has an account of its own), nil when there is none; type "" is any.
	Tache(ctx context.Context, utilisateurID int64, id uuid.UUID, typ string) (*Tache, error)
	// Taches lists those of somebody, newest first.
	Taches(ctx context.Context, utilisateurID int64, typ string, decalage, limite int) ([]Tache, int, error)
	// Demarrer marks a task as begun from the first row and returns it; nil when it is finished or gone.
	Demarrer(ctx context.Context, id int64) (*Tache, error)
	Avancer(ctx context.Context, id int64, lignes int) error
	// Terminer writes the file of a task and its end.
	Terminer(ctx context.Context, id int64, f fichier.Fichier, lignes int, le, expireLe time.Time) error
	Echouer(ctx context.Context, id int64, le, expireLe time.Time) error
}

// File enqueues the job of a task, in the transaction of ctx (jobs.Client).
type File interface {
	ExporterConventions(ctx context.Context, tacheID int64) error
}

// Objets keeps the bytes (storage.Store).
type Objets interface {
	Name() string
	Put(ctx context.Context, key string, r io.Reader, opts storage.Options) (storage.Info, error)
	Delete(ctx context.Context, key string) error
}

// Service writes exports.
type Service struct {
	Store    Store
	File     File
	Objets   Objets
	Horloge  func() time.Time
	NouvelID func() uuid.UUID
	Base     string // public address of the platform, without a trailing slash
}

// Demande is an export that somebody asks for.
type Demande struct {
	Filtre  convention.Filtre
	Format  Format
	Differe bool // in the background whatever its size
}

// Reponse is the file itself, or the task that will write it.
type Reponse struct {
	Nom     string
	Contenu []byte
	Tache   *Tache
}

// Conventions exports a list of conventions. Errors: PERMISSION_REFUSEE, export_trop_grand.
func (s *Service) Conventions(ctx context.Context, p auth.Principal, d Demande) (Reponse, error) {
	if !p.Peut(auth.ViewConvention) {
		return Reponse{}, fault.PermissionRefusee()
	}
	now := s.maintenant()
	d.Filtre = d.Filtre.Au(date.InParis(now))
	total, err := s.Store.Compter(ctx, p, d.Filtre, MaxLignes)
	switch {
	case err != nil:
		return Reponse{}, fmt.Errorf("count what is exported: %w", err)
	case total > MaxLignes:
		return Reponse{}, fault.New(fault.Invalid, "export_trop_grand", "Votre recherche donne plus de 200 000 lignes. Ajoutez des critères, par exemple un département ou une année de signature.")
	case total > MaxImmediat || d.Differe:
		return s.differer(ctx, p, d, total)
	}
	var b bytes.Buffer
	lignes, err := s.ecrire(ctx, &b, p, d.Filtre, d.Format, MaxImmediat, func(int) error { return nil })
	if err != nil {
		return Reponse{}, fmt.Errorf("export conventions: %w", err)
	}
	if err := s.journaliser(ctx, p, d, lignes, nil); err != nil {
		return Reponse{}, err
	}
	return Reponse{Nom: nomFichier(d.Format, now), Contenu: b.Bytes()}, nil
}

// differer leaves the export to a job. The same request made again while it runs is the same task.
func (s *Service) differer(ctx context.Context, p auth.Principal, d Demande, total int) (Reponse, error) {
	parametres, err := json.Marshal(Parametres{d.Format, d.Filtre, perimetreDe(p)})
	if err != nil {
		return Reponse{}, fmt.Errorf("describe an export: %w", err)
	}
	var t *Tache
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if t, err = s.Store.TacheEnCours(ctx, p.UtilisateurID, TypeConventions, parametres); err != nil || t != nil {
			return err
		}
		expire := s.maintenant().Add(Garde)
		t = &Tache{UUID: s.NouvelID(), Type: TypeConventions, Etat: EnAttente, Total: &total, Parametres: parametres, CreeLe: s.maintenant(), ExpireLe: &expire}
		if err := s.Store.CreerTache(ctx, t, p.UtilisateurID, p.HabilitationID); err != nil {
			return err
		}
		if err := s.journaliser(ctx, p, d, total, t); err != nil {
			return err
		}
		return s.File.ExporterConventions(ctx, t.ID)
	})
	if err != nil {
		return Reponse{}, fmt.Errorf("begin an export: %w", err)
	}
	return Reponse{Tache: t}, nil
}

// journaliser keeps who exported what (CC-33).
func (s *Service) journaliser(ctx context.Context, p auth.Principal, d Demande, lignes int, t *Tache) error {
	j := event.Journal{NomTable: "convention", Action: event.Lecture, Commande: commande, CreeLe: s.maintenant()}
	if t != nil {
		j.NomTable, j.LigneID, j.ObjetUUID = "tache", &t.ID, &t.UUID
	}
	var err error
	if j.Apres, err = json.Marshal(map[string]any{"format": d.Format, "filtre": d.Filtre, "lignes": lignes}); err != nil {
		return fmt.Errorf("describe an export: %w", err)
	}
	j.Signer(p)
	if err := s.Store.Journaliser(ctx, j); err != nil {
		return fmt.Errorf("note an export: %w", err)
	}
	return nil
}

// ecrire writes the file and returns its number of rows.
func (s *Service) ecrire(ctx context.Context, w io.Writer, p auth.Principal, f convention.Filtre, format Format, max int, avance func(lignes int) error) (int, error) {
	t, err := nouveauTableur(format, w, Entetes())
	if err != nil {
		return 0, err
	}
	n := 0
	err = s.Store.Parcourir(ctx, p, f, max, func(l Ligne) error {
		if err := t.ecrire(l.Cellules(s.Base)); err != nil {
			return err
		}
		if n++; n%pasAvancement == 0 {
			return avance(n)
		}
		return nil
	})
	if err != nil {
		return n, err
	}
	return n, t.fermer()
}

// Executer writes the file of a task; it may be run again after an interruption, from the first row.
func (s *Service) Executer(ctx context.Context, tacheID int64) error {
	t, err := s.Store.Demarrer(ctx, tacheID)
	if err != nil || t == nil {
		return err
	}
	var par Parametres
	if err := json.Unmarshal(t.Parametres, &par); err != nil {
		return fmt.Errorf("read task %d: %w", tacheID, err)
	}
	now := s.maintenant()
	cle := storage.NewKey("exports", s.NouvelID())
	lecture, ecriture := io.Pipe()
	lignes := 0
	fini := make(chan error, 1)
	go func() {
		n, err := s.ecrire(ctx, ecriture, par.Perimetre.principal(), par.Filtre.Au(date.InParis(t.CreeLe)), par.Format, MaxLignes,
			func(n int) error { return s.Store.Avancer(ctx, tacheID, n) })
		lignes = n
		fini <- errors.Join(err, ecriture.CloseWithError(err))
	}()
	info, err := s.Objets.Put(ctx, cle, lecture, storage.Options{ContentType: par.Format.TypeMime()})
	_ = lecture.CloseWithError(err) // never fails; frees the writer when the store refused
	if err = errors.Join(<-fini, err); err != nil {
		return fmt.Errorf("write export of task %d: %w", tacheID, err)
	}
	nom := nomFichier(par.Format, t.CreeLe)
	err = s.Store.Terminer(ctx, tacheID, fichier.Fichier{
		UUID: s.NouvelID(), Compartiment: s.Objets.Name(), CleObjet: cle, NomReel: nom, NomStockage: nom, TypeMime: par.Format.TypeMime(),
		Taille: &info.Size, Sha256: &info.SHA256, Antivirus: fichier.NonAnalyse, CreeLe: now,
	}, lignes, s.maintenant(), now.Add(Garde))
	if err != nil {
		return errors.Join(fmt.Errorf("end task %d: %w", tacheID, err), s.Objets.Delete(ctx, cle))
	}
	return nil
}

// Abandonner marks a task as failed: its job will not be tried again.
func (s *Service) Abandonner(ctx context.Context, tacheID int64) error {
	now := s.maintenant()
	return s.Store.Echouer(ctx, tacheID, now, now.Add(Garde))
}

// Suivre returns a task of p. Somebody else's is not found.
func (s *Service) Suivre(ctx context.Context, p auth.Principal, id uuid.UUID) (*Tache, error) {
	return s.tache(ctx, p, id, "", "Cette tâche")
}

// Lire returns an export of p.
func (s *Service) Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*Tache, error) {
	return s.tache(ctx, p, id, TypeConventions, "Cet export")
}

func (s *Service) tache(ctx context.Context, p auth.Principal, id uuid.UUID, typ, quoi string) (*Tache, error) {
	t, err := s.Store.Tache(ctx, p.UtilisateurID, id, typ)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read a task: %w", err)
	case t == nil || t.ExpireLe != nil && !s.maintenant().Before(*t.ExpireLe):
		return nil, fault.Introuvable(quoi)
	}
	return t, nil
}

// Lister returns the exports of p, newest first.
func (s *Service) Lister(ctx context.Context, p auth.Principal, decalage, limite int) ([]Tache, int, error) {
	taches, total, err := s.Store.Taches(ctx, p.UtilisateurID, TypeConventions, decalage, limite)
	if err != nil {
		return nil, 0, fmt.Errorf("list exports: %w", err)
	}
	return taches, total, nil
}

func (s *Service) maintenant() time.Time { return s.Horloge().UTC().Truncate(time.Microsecond) }

// nomFichier is conventions_DD-MM-YYYY.
func nomFichier(f Format, le time.Time) string {
	return "conventions_" + strings.ReplaceAll(date.InParis(le).French(), "/", "-") + "." + string(f)
}
