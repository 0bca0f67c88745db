package app

import (
	"context"
	"os"

	"apilos/api/config"
)

// Worker runs the background jobs until ctx ends.
func Worker(ctx context.Context, cfg config.Config) error {
	return avecPieces(ctx, cfg, journalDe(cfg, os.Stdout), func(ctx context.Context, p *pieces) error {
		p.log.Info("working", "environment", string(cfg.Environment))
		return p.travailler(ctx)
	})
}
