package app

import (
	"context"
	"fmt"
	"io"
	"os"

	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/config"
	"apilos/api/echange"
	"apilos/api/httpapi"
	"apilos/api/httpapi/siapapi"
	"apilos/api/siap"
	"apilos/api/store"
	"apilos/openapi"

	"github.com/labstack/echo/v4"
)

// ouvrirEchanges builds what answers the calls of SIAP.
func (p *pieces) ouvrirEchanges(context.Context) error {
	var err error
	p.echanges, err = echange.New(echange.Config{
		Store: store.NewEchanges(p.db), Operations: p.operations, Conventions: p.conv, Horloge: p.now,
		Strict: p.cfg.SIAPAPI.Scope == config.ScopeStrict,
	})
	return err
}

// appelants works out who calls with the habilitations that the client of SIAP keeps.
type appelants struct {
	comptes *compte.Service
	siap    *siap.Client
}

// AppelantSIAP implements siapapi.Appelants.
func (a appelants) AppelantSIAP(ctx context.Context, login string, habilitationID int64) (compte.AppelantSIAP, error) {
	return a.comptes.AppelantSIAP(ctx, a.siap, login, habilitationID)
}

// jetonsSIAP verifies the tokens that SIAP signs.
func (p *pieces) jetonsSIAP() (*auth.SIAPTokens, error) {
	c := p.cfg.SIAPAPI
	keys := make([]auth.Key, 0, len(c.Keys))
	for _, k := range c.Keys {
		keys = append(keys, auth.Key{ID: k.ID, Secret: []byte(k.Secret.Reveal())})
	}
	jetons, err := auth.NewSIAPTokens(auth.SIAPTokensConfig{
		Keys: keys, Algorithms: c.Algorithms, MaxLifetime: c.MaxLifetime, Leeway: c.Leeway, Now: p.now,
	})
	if err != nil {
		return nil, fmt.Errorf("JWT_SIGN_KEYS : %w", err)
	}
	return jetons, nil
}

// monterSIAP serves the API that SIAP calls.
func (p *pieces) monterSIAP(e *echo.Echo, politique httpapi.PagePolicy) error {
	asJSON, asYAML := openapi.Siap()
	document, err := siapapi.NouveauDocument(asJSON, asYAML, politique)
	if err != nil {
		return err
	}
	jetons, err := p.jetonsSIAP()
	if err != nil {
		return err
	}
	return siapapi.Monter(e, httpapi.Chain{Limits: p.debits, Log: p.log, Now: p.now}, &siapapi.API{
		Service: p.echanges, Jetons: jetons, Appelants: appelants{p.comptes, p.siap}, RacineWeb: p.cfg.Server.PublicBaseURL,
		Document: document, Journal: p.log,
	})
}

// infoSIAP writes the export of every convention (05 A.9).
type infoSIAP struct{ echanges *echange.Service }

// EcrireInfoSIAP implements web.EcrivainInfoSIAP.
func (i infoSIAP) EcrireInfoSIAP(ctx context.Context, w io.Writer, limite int) error {
	return siapapi.EcrireInfoSIAP(ctx, i.echanges, limite, w)
}

// ExporterInfoSIAP writes the export of every convention in w, limite lines at most (0: all).
func ExporterInfoSIAP(ctx context.Context, cfg config.Config, w io.Writer, limite int) error {
	return avecPieces(ctx, cfg, journalDe(cfg, os.Stderr), func(ctx context.Context, p *pieces) error {
		return infoSIAP{p.echanges}.EcrireInfoSIAP(ctx, w, limite)
	})
}
