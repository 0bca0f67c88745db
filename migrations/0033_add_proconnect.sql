-- The state of a ProConnect sign-in serves once (07 section 7): it is kept under its digest, like the other
-- one-time secrets.

-- +goose Up
ALTER TABLE jeton_unique DROP CONSTRAINT jeton_unique_usage_check;
ALTER TABLE jeton_unique ADD CONSTRAINT jeton_unique_usage_check
  CHECK (usage IN ('TICKET_CAS','MOT_DE_PASSE','TELECHARGEMENT','INVITATION','PROCONNECT'));

-- +goose Down
DELETE FROM jeton_unique WHERE usage = 'PROCONNECT';
ALTER TABLE jeton_unique DROP CONSTRAINT jeton_unique_usage_check;
ALTER TABLE jeton_unique ADD CONSTRAINT jeton_unique_usage_check
  CHECK (usage IN ('TICKET_CAS','MOT_DE_PASSE','TELECHARGEMENT','INVITATION'));
