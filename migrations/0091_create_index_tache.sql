-- What a task is purged by, and the file that goes with it (06 §1.12).

-- +goose Up
CREATE INDEX ix_tache_expire ON tache (expire_le) WHERE expire_le IS NOT NULL;
CREATE INDEX ix_tache_fichier ON tache (fichier_id) WHERE fichier_id IS NOT NULL;

-- +goose Down
DROP INDEX ix_tache_fichier;
DROP INDEX ix_tache_expire;
