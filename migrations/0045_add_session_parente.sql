-- Local accounts and impersonation (05 C.5, C.6): the session of the staff member behind an impersonation, so that
-- the second ends with the first; sign-in by name or e-mail whatever the case; old failures are found to be forgotten.

-- +goose Up
ALTER TABLE session ADD COLUMN parente_id uuid REFERENCES session(id) ON DELETE CASCADE;
CREATE INDEX ix_session_parente ON session (parente_id) WHERE parente_id IS NOT NULL;
CREATE INDEX ix_session_detournement ON session (detournement_id) WHERE detournement_id IS NOT NULL;
CREATE INDEX ix_detournement_debut ON detournement (debut_le DESC, id DESC);
CREATE INDEX ix_utilisateur_username ON utilisateur (lower(username));
CREATE INDEX ix_tentative_connexion_echec ON tentative_connexion (dernier_echec_le);
CREATE INDEX ix_jeton_unique_utilisateur ON jeton_unique (utilisateur_id) WHERE utilisateur_id IS NOT NULL;

-- +goose Down
DROP INDEX ix_jeton_unique_utilisateur;
DROP INDEX ix_tentative_connexion_echec;
DROP INDEX ix_utilisateur_username;
DROP INDEX ix_detournement_debut;
DROP INDEX ix_session_detournement;
DROP INDEX ix_session_parente;
ALTER TABLE session DROP COLUMN parente_id;
