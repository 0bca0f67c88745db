package app

import (
	"context"
	"fmt"
	"io"
	"time"

	"apilos/api/config"
	"apilos/api/operation"
	"apilos/api/store"
)

// RepairOptions is what a command that repairs data is given (06 §4.1): without Run it only tells.
type RepairOptions struct {
	Run           bool
	Acteur, Motif string
	Output        io.Writer
	// Confirmer asks, before the first write, whether so many rows may be; nil: nobody is asked (--yes).
	Confirmer func(lignes int) error
}

// ReparerZonages puts back the zonages of operations imported with them exchanged (05 B.6.3). The check of the values
// in the database refuses such rows: it concerns bases loaded before it was validated.
func ReparerZonages(ctx context.Context, cfg config.Config, o RepairOptions) error {
	return avecBase(ctx, cfg, func(ctx context.Context, b *base) error {
		reprise := operation.RepriseZonages{
			Store: store.NewOperationStore(b.db), Horloge: time.Now, Acteur: o.Acteur, Motif: o.Motif,
		}
		if o.Run && o.Confirmer != nil {
			n, err := reprise.Executer(ctx, func(operation.ZonesOperation, operation.Zones) error { return nil })
			if err != nil {
				return err
			}
			if n > 0 {
				if _, err := fmt.Fprintf(o.Output, "Opérations à corriger : %d.\n", n); err != nil {
					return err
				}
				if err := o.Confirmer(n); err != nil {
					return err
				}
			}
		}
		reprise.Appliquer = o.Run
		n, err := reprise.Executer(ctx, func(avant operation.ZonesOperation, apres operation.Zones) error {
			_, err := fmt.Fprintf(o.Output, "%s : zone 123 %s → %s, zone ABC %s → %s\n", numeroOu(avant), zone(avant.Zone123), zone(apres.Zone123), zone(avant.ZoneAbc), zone(apres.ZoneAbc))
			return err
		})
		if err != nil {
			return err
		}
		switch {
		case n == 0:
			_, err = fmt.Fprintln(o.Output, "Aucune opération n’a ses zonages échangés.")
		case o.Run:
			_, err = fmt.Fprintf(o.Output, "Opérations corrigées : %d.\n", n)
		default:
			_, err = fmt.Fprintf(o.Output, "Opérations à corriger : %d. Rien n’a été écrit : ajoutez --run, --acteur et --motif.\n", n)
		}
		return err
	})
}

func numeroOu(o operation.ZonesOperation) string {
	if o.NumeroOperation == "" {
		return fmt.Sprintf("opération sans numéro (id %d)", o.ID)
	}
	return o.NumeroOperation
}

func zone(z *string) string {
	if z == nil {
		return "aucune"
	}
	return *z
}
