package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"apilos/api/journal"
	"apilos/api/storage"
)

// Objets lists and removes the objects of the store (storage.Store).
type Objets interface {
	Name() string
	List(ctx context.Context, prefix, after string, limit int) ([]storage.Info, error)
	Delete(ctx context.Context, key string) error
	Sweep(ctx context.Context, before time.Time) (int, error)
}

// Inventaire knows which objects belong to a file.
type Inventaire interface {
	// ClesConnues returns those of the keys that a row refers to.
	ClesConnues(ctx context.Context, compartiment string, cles []string) (map[string]bool, error)
}

// Balayage removes what interrupted deposits left behind: objects that no row refers to, older than a day
// (02 §10.3), and unfinished uploads. Many orphans at once are no leftovers: the database was probably
// restored from a backup. Nothing is then removed, the finding is only reported.
type Balayage struct {
	Objets     Objets
	Inventaire Inventaire
	Horloge    func() time.Time
	Journal    *slog.Logger
}

const (
	ageOrphelin     = 24 * time.Hour
	orphelinsSurs   = 100 // that many are always removed
	partOrphelins   = 100 // beyond, at most one object out of that many
	lotInventaire   = 500
	memoOrphelins   = 10_000 // keys kept in memory; the rest waits for the next night
	exemplesJournal = 5
)

// Passer makes one pass.
func (b *Balayage) Passer(ctx context.Context) error {
	avant := b.Horloge().Add(-ageOrphelin)
	total, orphelins, err := b.chercher(ctx, avant)
	if err != nil {
		return err
	}
	if n := len(orphelins); n > orphelinsSurs && n > total/partOrphelins {
		b.Journal.ErrorContext(ctx, "objets sans fichier trop nombreux, aucun n’est supprimé : vérifier la base et le stockage",
			"objets", total, "orphelins", n, "exemples", orphelins[:exemplesJournal])
		return nil
	}
	for _, cle := range orphelins {
		if err := b.Objets.Delete(ctx, cle); err != nil {
			return fmt.Errorf("remove orphan: %w", err)
		}
	}
	inacheves, err := b.Objets.Sweep(ctx, avant)
	if err != nil {
		return fmt.Errorf("sweep unfinished uploads: %w", err)
	}
	b.Journal.InfoContext(ctx, "stockage comparé aux fichiers", "objets", total, "orphelins_supprimes", len(orphelins), "envois_inacheves", inacheves)
	return nil
}

// chercher walks the whole store and returns the old objects that no row knows.
func (b *Balayage) chercher(ctx context.Context, avant time.Time) (total int, orphelins []string, err error) {
	apres := ""
	for {
		page, err := b.Objets.List(ctx, "", apres, lotInventaire)
		if err != nil {
			return 0, nil, fmt.Errorf("list objects: %w", err)
		}
		if len(page) == 0 {
			return total, orphelins, nil
		}
		apres, total = page[len(page)-1].Key, total+len(page)
		var vieux []string
		for _, o := range page {
			if strings.HasPrefix(o.Key, journal.Prefixe) { // no row refers to a seal, and nobody removes one
				continue
			}
			if o.ModTime.Before(avant) {
				vieux = append(vieux, o.Key)
			}
		}
		connues, err := b.Inventaire.ClesConnues(ctx, b.Objets.Name(), vieux)
		if err != nil {
			return 0, nil, fmt.Errorf("look for files of objects: %w", err)
		}
		for _, cle := range vieux {
			if !connues[cle] && len(orphelins) < memoOrphelins {
				orphelins = append(orphelins, cle)
			}
		}
	}
}
