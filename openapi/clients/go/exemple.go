package apilos

import (
	"context"
	"errors"
	"time"
)

// Toutes reads every page of a list of conventions and gives each row to voir, which stops the reading by an
// error. It waits as the API asks when it is told to slow down.
func (c *Client) Toutes(ctx context.Context, params GetConventionsParams, voir func(ConventionLigne) error) error {
	for {
		page, err := c.GetConventions(ctx, params)
		var p *Probleme
		if errors.As(err, &p) && p.Attendre > 0 {
			if err := patienter(ctx, p.Attendre); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		for _, ligne := range page.Corps.Resultats {
			if err := voir(ligne); err != nil {
				return err
			}
		}
		if page.Corps.Suivant == nil || *page.Corps.Suivant == "" {
			return nil
		}
		params.Apres = *page.Corps.Suivant
	}
}

// Changements reads what changed since the cursor marque, "" to begin at depuis, and returns the cursor to keep:
// give it the next time, in a minute or in a month. retirer comes before voir, page by page.
func (c *Client) Changements(ctx context.Context, depuis time.Time, marque string, retirer func(ConventionRetiree) error, voir func(ConventionLigne) error) (string, error) {
	for {
		page, err := c.GetConventions(ctx, GetConventionsParams{ModifieDepuis: depuis.UTC().Format(time.RFC3339), ParPage: 100, Apres: marque})
		if err != nil {
			return marque, err
		}
		for _, r := range page.Corps.Retraits {
			if err := retirer(r); err != nil {
				return marque, err
			}
		}
		for _, ligne := range page.Corps.Resultats {
			if err := voir(ligne); err != nil {
				return marque, err
			}
		}
		if page.Corps.Suivant != nil {
			marque = *page.Corps.Suivant
		}
		if page.Entetes.Get("Link") == "" {
			return marque, nil
		}
	}
}

func patienter(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
