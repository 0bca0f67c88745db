package webhook

import (
	"context"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/event"

	"github.com/google/uuid"
)

// Store keeps webhooks and reads their deliveries. Methods that return a pointer give nil when there is no
// such row.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	Journaliser(ctx context.Context, j event.Journal) error

	// Abonnes lists the active webhooks that listen to an event: of the staff, and of the clients not revoked.
	Abonnes(ctx context.Context, typ string) ([]Webhook, error)
	ParUUID(ctx context.Context, id uuid.UUID) (*Webhook, error)
	// Voit tells whether a convention is in the perimeter of p, as the transaction of ctx sees it.
	Voit(ctx context.Context, p auth.Principal, conventionID int64) (bool, error)
	// Lister lists the webhooks of a client, those of the staff when it is nil, newest first.
	Lister(ctx context.Context, clientID *int64, decalage, limite int) ([]Webhook, int, error)
	Inserer(ctx context.Context, w *Webhook) error
	// Modifier writes every column of w if its version is still version, and gives it the next one.
	Modifier(ctx context.Context, w *Webhook, version int) (bool, error)
	// Supprimer deletes a webhook with its deliveries.
	Supprimer(ctx context.Context, id int64) error

	// Livraisons lists the messages of a webhook, newest first; etat "" means all.
	Livraisons(ctx context.Context, webhookID int64, etat string, decalage, limite int) ([]alert.MessageSortant, int, error)
	Livraison(ctx context.Context, webhookID int64, id uuid.UUID) (*alert.MessageSortant, error)
	// Relancer puts a finished message back in the queue, with a new count of tries; false when it is not
	// finished, or empty.
	Relancer(ctx context.Context, id int64, le time.Time) (bool, error)
	// Essais lists the tries of a message, oldest first.
	Essais(ctx context.Context, messageID int64) ([]Essai, error)
}

// StoreLivreur is what a delivery reads and writes.
type StoreLivreur interface {
	// ParID returns a webhook, nil when there is none; not active when its client is revoked or expired.
	ParID(ctx context.Context, id int64) (*Webhook, error)
	InsererEssai(ctx context.Context, e *Essai) error
}
