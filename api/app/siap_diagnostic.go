package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"apilos/api/config"
	"apilos/api/siap"
)

// AlertesOptions says whose alertes are asked of SIAP, and about which convention.
type AlertesOptions struct {
	Login          string // the technical account when empty
	HabilitationID int64
	Convention     string // uuid; every alerte when empty, which is very heavy for SIAP
	Output         io.Writer
}

// AlertesSIAP writes the alertes that SIAP holds, one JSON object per line, for the operators who look into a
// difference (05 B.3, calls 6 and 9). It changes nothing.
func AlertesSIAP(ctx context.Context, cfg config.Config, o AlertesOptions) error {
	return avecPieces(ctx, cfg, journalDe(cfg, os.Stderr), func(ctx context.Context, p *pieces) error {
		if o.Login == "" {
			t := p.compteTechnique()
			o.Login, o.HabilitationID = t.Login, t.HabilitationID
		}
		if o.Login == "" || o.HabilitationID == 0 {
			return errors.New("donnez --login et --habilitation, ou réglez SIAP_TECHNICAL_LOGIN et SIAP_TECHNICAL_HABILITATION_ID")
		}
		liste, err := lireAlertes(ctx, p.siap, o)
		if err != nil {
			return fmt.Errorf("lire les alertes du SIAP : %w", err)
		}
		lignes := json.NewEncoder(o.Output)
		lignes.SetEscapeHTML(false)
		for _, a := range liste {
			if err := lignes.Encode(a); err != nil {
				return fmt.Errorf("write alertes: %w", err)
			}
		}
		return nil
	})
}

func lireAlertes(ctx context.Context, c *siap.Client, o AlertesOptions) ([]siap.AlerteDTO, error) {
	if o.Convention == "" {
		return c.AllAlertes(ctx, o.Login, o.HabilitationID)
	}
	return c.ListAlertes(ctx, o.Login, o.HabilitationID, o.Convention)
}
