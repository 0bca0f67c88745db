package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"apilos/api/event"
	"apilos/api/fichier"
	"apilos/api/telechargement"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Telechargements keeps the one-time addresses of files.
type Telechargements struct{ db *DB }

// NewTelechargements returns the store of package telechargement.
func NewTelechargements(db *DB) *Telechargements { return &Telechargements{db: db} }

var _ telechargement.Store = (*Telechargements)(nil)

// ConventionDuDocument implements telechargement.Store.
func (s *Telechargements) ConventionDuDocument(ctx context.Context, document uuid.UUID) (uuid.UUID, error) {
	var ids []uuid.UUID
	err := s.db.db(ctx).Raw(`SELECT c.uuid FROM fichier_rattache r JOIN convention c ON c.id = r.convention_id WHERE r.uuid = ?`, document).Scan(&ids).Error
	if err != nil || len(ids) == 0 {
		return uuid.Nil, err
	}
	return ids[0], nil
}

// CreerJeton implements telechargement.Store.
func (s *Telechargements) CreerJeton(ctx context.Context, j telechargement.Jeton) error {
	objet, err := json.Marshal(j.Objet)
	if err != nil {
		return err
	}
	return s.db.db(ctx).Exec(`INSERT INTO jeton_unique (empreinte, usage, utilisateur_id, session_id, objet, expire_le)
		VALUES (?, 'TELECHARGEMENT', nullif(?, 0), ?, ?, ?)`, j.Empreinte, j.UtilisateurID, j.SessionID, string(objet), j.ExpireLe).Error
}

// jetonValable is a token that still serves: unused, alive, of an open session and an open account. The account of an
// API client is closed to people: what counts is that its token lives.
const jetonValable = `j.empreinte = @empreinte AND j.usage = 'TELECHARGEMENT' AND j.utilise_le IS NULL AND j.expire_le > @le
  AND (j.utilisateur_id IS NULL OR EXISTS (SELECT FROM utilisateur u WHERE u.id = j.utilisateur_id AND (u.est_actif
        OR EXISTS (SELECT FROM jeton_api a WHERE a.utilisateur_id = u.id AND a.revoque_le IS NULL AND (a.expire_le IS NULL OR a.expire_le > @le)))))
  AND (j.session_id IS NULL OR EXISTS (SELECT FROM session s WHERE s.id = j.session_id AND s.revoquee_le IS NULL
        AND s.expire_inactivite_le > @le AND s.expire_absolue_le > @le))`

// Jeton implements telechargement.Store.
func (s *Telechargements) Jeton(ctx context.Context, empreinte string, le time.Time) (*telechargement.Jeton, *fichier.Fichier, error) {
	var row struct {
		UtilisateurID *int64
		SessionID     *uuid.UUID
		Objet         json.RawMessage
		ExpireLe      time.Time
	}
	err := s.db.db(ctx).Raw(`SELECT j.utilisateur_id, j.session_id, j.objet, j.expire_le FROM jeton_unique j WHERE `+jetonValable,
		map[string]any{"empreinte": empreinte, "le": le}).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	j := &telechargement.Jeton{Empreinte: empreinte, SessionID: row.SessionID, ExpireLe: row.ExpireLe}
	if row.UtilisateurID != nil {
		j.UtilisateurID = *row.UtilisateurID
	}
	if err := json.Unmarshal(row.Objet, &j.Objet); err != nil {
		return nil, nil, fmt.Errorf("object of the token: %w", err)
	}
	var f fichier.Fichier
	err = s.db.db(ctx).Take(&f, j.Objet.FichierID).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil, nil
	}
	return j, &f, err
}

// Consommer implements telechargement.Store. A reading waits for nobody: it is no link of the chain of its family (CC-33).
func (s *Telechargements) Consommer(ctx context.Context, j *telechargement.Jeton, journal event.Journal, le time.Time) (bool, error) {
	premier := false
	err := s.db.InTx(context.WithValue(ctx, txKey{}, nil), func(ctx context.Context) error {
		res := s.db.db(ctx).Exec(`UPDATE jeton_unique j SET utilise_le = @le WHERE `+jetonValable, map[string]any{"empreinte": j.Empreinte, "le": le})
		if premier = res.RowsAffected == 1; res.Error != nil || !premier {
			return res.Error
		}
		if j.Objet.RacineID == 0 {
			return NewComptes(s.db).Journaliser(ctx, journal)
		}
		return s.db.Journaliser(ctx, j.Objet.RacineID, journal)
	})
	if err != nil {
		return false, fmt.Errorf("use download token: %w", err)
	}
	return premier, nil
}
