-- A message given up can be sent again by the staff (02 AL-22): its day of tries starts anew. Lists of messages by
-- canal and by author, newest first.

-- +goose Up
ALTER TABLE message_sortant
  ADD COLUMN relance_le timestamptz,                              -- last time somebody asked for another go
  ADD COLUMN relances integer NOT NULL DEFAULT 0 CHECK (relances >= 0),
  ADD COLUMN essais_avant integer NOT NULL DEFAULT 0 CHECK (essais_avant >= 0);   -- tries made before that, out of tentatives
CREATE INDEX ix_message_sortant_canal  ON message_sortant (canal, cree_le DESC, id DESC);
CREATE INDEX ix_message_sortant_auteur ON message_sortant (utilisateur_id, cree_le DESC, id DESC) WHERE utilisateur_id IS NOT NULL;

-- +goose Down
DROP INDEX ix_message_sortant_auteur;
DROP INDEX ix_message_sortant_canal;
ALTER TABLE message_sortant DROP COLUMN essais_avant, DROP COLUMN relances, DROP COLUMN relance_le;
