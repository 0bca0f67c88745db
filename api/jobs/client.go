package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"apilos/api/alert"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// TxDe reads the transaction that a context carries; ok is false when it carries none.
type TxDe func(ctx context.Context) (tx pgx.Tx, ok bool)

// ErrHorsTransaction means that a job was enqueued outside a transaction: it could then exist without the
// change that asks for it, or the other way round.
var ErrHorsTransaction = errors.New("jobs: enqueue outside a transaction")

// Client enqueues jobs in the transaction of a context. It works none, so it needs no Start nor Stop.
type Client struct {
	river *river.Client[pgx.Tx]
	tx    TxDe
}

var _ alert.File = (*Client)(nil)

// New returns a client that only inserts: what a server without workers needs, and what services are given.
func New(pool *pgxpool.Pool, tx TxDe, journal *slog.Logger) (*Client, error) {
	if pool == nil || tx == nil || journal == nil {
		return nil, errors.New("jobs: a dependency is missing")
	}
	r, err := river.NewClient(riverpgxv5.New(pool), &river.Config{Logger: journal})
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return &Client{river: r, tx: tx}, nil
}

// LivrerMessages implements alert.File: one job per row, in one statement.
func (c *Client) LivrerMessages(ctx context.Context, envois ...alert.Envoi) error {
	params := make([]river.InsertManyParams, 0, len(envois))
	for _, e := range envois {
		params = append(params, river.InsertManyParams{Args: argsMessage(e)})
	}
	return c.inserer(ctx, params...)
}

// argsMessage chooses the kind of job of a row.
func argsMessage(e alert.Envoi) river.JobArgs {
	switch {
	case e.Type == alert.TypeCreer:
		return AlerteCreer{e.MessageID}
	case e.Type == alert.TypePurger:
		return AlertePurger{e.MessageID}
	case alert.APreparer(e.Type):
		return PreparerCourriel{e.MessageID}
	case alert.Courriel(e.Type):
		return EnvoyerCourriel{e.MessageID}
	}
	return LivrerExterieur{e.MessageID}
}

// AnalyserFichier has a file scanned once the transaction of ctx is committed (convention.Analyseur).
func (c *Client) AnalyserFichier(ctx context.Context, fichierID int64) error {
	return c.inserer(ctx, river.InsertManyParams{Args: AnalyserFichier{fichierID}})
}

// LireFusions has the mergers of a bailleur read on behalf of a habilitation (compte.Config.Fusion).
func (c *Client) LireFusions(ctx context.Context, bailleurID, habilitationID int64) error {
	return c.inserer(ctx, river.InsertManyParams{Args: LireFusions{bailleurID, habilitationID}})
}

func (c *Client) inserer(ctx context.Context, params ...river.InsertManyParams) error {
	if len(params) == 0 {
		return nil
	}
	tx, ok := c.tx(ctx)
	if !ok {
		return ErrHorsTransaction
	}
	if _, err := c.river.InsertManyTx(ctx, tx, params); err != nil {
		return fmt.Errorf("enqueue %s: %w", params[0].Args.Kind(), err)
	}
	return nil
}
