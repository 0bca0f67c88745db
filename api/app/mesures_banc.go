package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"apilos/api/compte"
	"apilos/api/config"
	"apilos/api/sim"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Banc is the platform assembled for measurements: the services and routes of Serve, on a database whose
// statements are observed. It opens no port; rates are not limited, since a measurement asks more in a second
// than people in a minute.
type Banc struct {
	p *pieces
	h http.Handler
}

// OuvrirBanc assembles the platform on a migrated database. tracer sees every statement, with the context of
// the request that sent it.
func OuvrirBanc(ctx context.Context, cfg config.Config, tracer pgx.QueryTracer, log *slog.Logger) (*Banc, error) {
	db, err := store.Open(ctx, cfg.Database.URL.Reveal(), store.Options{
		MaxOpen: cfg.Database.MaxOpen, StatementTimeout: cfg.Database.StatementTimeout, Tracer: tracer,
	})
	if err != nil {
		return nil, fmt.Errorf("open bench: %w", err)
	}
	p, err := assembler(ctx, &base{cfg: cfg, log: log, db: db})
	if err != nil {
		return nil, fmt.Errorf("open bench: %w", err)
	}
	p.debits = nil
	e, err := p.routeur(BuildInfo{Version: "mesure"}, nil)
	if err != nil {
		p.fermer()
		return nil, fmt.Errorf("open bench: %w", err)
	}
	return &Banc{p: p, h: e}, nil
}

// Handler is the whole HTTP interface.
func (b *Banc) Handler() http.Handler { return b.h }

// Travailler runs the background jobs until ctx ends.
func (b *Banc) Travailler(ctx context.Context) error { return b.p.travailler(ctx) }

// Jeton opens a session for someone of the scenario that the SIAP simulator plays, and returns its access token.
func (b *Banc) Jeton(ctx context.Context, scenario *sim.Scenario, login string) (string, error) {
	u, ok := scenario.Users[login]
	if !ok {
		return "", fmt.Errorf("unknown login %s", login)
	}
	appel := compte.Appel{Agent: "banc de mesure"}
	c := u.Cerbere
	ouverte, err := b.p.comptes.OuvrirSession(ctx, compte.Ouverture{
		Identite: compte.Identite{ID: c.ID, Login: login, Nom: c.Nom, Prenom: c.Prenom, Email: c.Mel}, Appel: appel,
	})
	if err != nil {
		return "", fmt.Errorf("sign %s in: %w", login, err)
	}
	acces, err := b.p.comptes.Rafraichir(ctx, compte.Demande{Jeton: ouverte.Jeton, Appel: appel})
	if err != nil {
		return "", fmt.Errorf("sign %s in: %w", login, err)
	}
	return acces.AccessToken, nil
}

// Completer fills what the bailleur would type in the steps of a new convention, so that it can be submitted.
func (b *Banc) Completer(ctx context.Context, id uuid.UUID) error {
	return b.p.db.CompleterDemonstration(ctx, id)
}

// Fermer releases the connections.
func (b *Banc) Fermer() { b.p.fermer() }
