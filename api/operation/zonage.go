package operation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"apilos/api/event"
)

// Zones are the two zonages of an operation.
type Zones struct {
	Zone123 *string `gorm:"column:zone_123" json:"zone_123"`
	ZoneAbc *string `gorm:"column:zone_abc" json:"zone_abc"`
}

// ZonesOperation is an operation whose zonages were written one in the place of the other.
type ZonesOperation struct {
	ID              int64
	NumeroOperation string
	Zones
}

// Redresser puts back zonages that were stored one in the place of the other (05 B.6.3): the value found in zone_abc is
// that of the zonage 123, with or without its zero, and the other way round. A value that fits neither is dropped.
// change is false when there is nothing to put back.
func (z Zones) Redresser() (droites Zones, change bool) {
	if !estZone123(z.ZoneAbc) {
		return z, false
	}
	sansZero := strings.TrimPrefix(*z.ZoneAbc, "0")
	droites.Zone123 = &sansZero
	if z.Zone123 != nil && ZoneABC(*z.Zone123).Valid() {
		abc := *z.Zone123
		droites.ZoneAbc = &abc
	}
	return droites, true
}

func estZone123(s *string) bool {
	if s == nil {
		return false
	}
	switch *s {
	case "1", "2", "3", "01", "02", "03", "1bis":
		return true
	}
	return false
}

// StoreZonages finds and writes zonages.
type StoreZonages interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// VerrouillerCommande makes a command wait for nobody: false when another run is under way.
	VerrouillerCommande(ctx context.Context, nom string) (bool, error)
	// ZonagesEchanges lists, by id after apres, the operations whose zone_abc holds a zonage 123.
	ZonagesEchanges(ctx context.Context, apres int64, limite int) ([]ZonesOperation, error)
	// VerrouillerConventions comes before the operation is written (CC-04).
	VerrouillerConventions(ctx context.Context, operationID int64) error
	ModifierOperation(ctx context.Context, operationID int64, colonnes map[string]any, le time.Time) error
	JournaliserHorsFamille(ctx context.Context, j event.Journal) error
}

// RepriseZonages is the one-off repair of operations imported with their zonages exchanged (05 B.6.3).
type RepriseZonages struct {
	Store   StoreZonages
	Horloge func() time.Time
	// Acteur and Motif are written in the journal; without Appliquer nothing is written at all.
	Acteur, Motif string
	Appliquer     bool
}

// lotReprise is how many operations one transaction repairs (06 §4.1).
const lotReprise = 500

// commandeZonages names the command in the journal and in its lock.
const commandeZonages = "repair.zonages"

// ErrRepriseEnCours means that the same command is already running.
var ErrRepriseEnCours = errors.New("cette commande est déjà en cours d’exécution")

// Executer tells fn each operation to repair, with its zonages before and after, and repairs it when Appliquer is set,
// by transactions of 500. It returns how many there are. Running it again finds nothing more.
func (r RepriseZonages) Executer(ctx context.Context, fn func(avant ZonesOperation, apres Zones) error) (int, error) {
	total, dernier := 0, int64(0)
	for {
		n := 0
		err := r.Store.InTx(ctx, func(ctx context.Context) error {
			var err error
			n, err = r.lot(ctx, &dernier, fn)
			return err
		})
		if err != nil {
			return total, fmt.Errorf("repair zonages: %w", err)
		}
		total += n
		if n < lotReprise {
			return total, nil
		}
	}
}

func (r RepriseZonages) lot(ctx context.Context, dernier *int64, fn func(avant ZonesOperation, apres Zones) error) (int, error) {
	seul, err := r.Store.VerrouillerCommande(ctx, commandeZonages)
	if err != nil {
		return 0, err
	}
	if !seul {
		return 0, ErrRepriseEnCours
	}
	liste, err := r.Store.ZonagesEchanges(ctx, *dernier, lotReprise)
	if err != nil {
		return 0, err
	}
	for _, o := range liste {
		*dernier = o.ID
		apres, change := o.Redresser()
		if !change {
			continue
		}
		if err := fn(o, apres); err != nil {
			return 0, err
		}
		if r.Appliquer {
			if err := r.ecrire(ctx, o, apres); err != nil {
				return 0, err
			}
		}
	}
	return len(liste), nil
}

func (r RepriseZonages) ecrire(ctx context.Context, o ZonesOperation, apres Zones) error {
	le := r.Horloge().UTC().Truncate(time.Microsecond)
	if err := r.Store.VerrouillerConventions(ctx, o.ID); err != nil {
		return err
	}
	if err := r.Store.ModifierOperation(ctx, o.ID, map[string]any{"zone_123": apres.Zone123, "zone_abc": apres.ZoneAbc}, le); err != nil {
		return err
	}
	j := event.Journal{
		NomTable: "operation", LigneID: &o.ID, Action: event.Modification, Commande: commandeZonages, Mode: "LOT", Motif: r.Motif, Acteur: r.Acteur, CreeLe: le,
	}
	var err error
	if j.Avant, err = json.Marshal(o.Zones); err != nil {
		return err
	}
	if j.Apres, err = json.Marshal(apres); err != nil {
		return err
	}
	return r.Store.JournaliserHorsFamille(ctx, j)
}
