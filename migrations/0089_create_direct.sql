-- Live updates: each change of a family, of a session or of somebody's rights is told on the channel apilos_direct, in
-- the transaction that makes it, so that nothing is told of what is rolled back and nothing committed is forgotten.
--
-- A message names what moved and never says what it became: whoever listens reads it again within its own rights.
--   f<id>    the family of this root: read model of the lists, or any line of its journal but readings
--   *        more families than it is worth naming: read everything again
--   s<uuid>  a session closed, or its habilitations changed
--   u<id>    the rights of a person changed
-- The same message twice in a transaction leaves once. Commits that tell something queue behind one another for the time
-- of their flush to disk (PostgreSQL orders its queue of notifications); what they do before never waits.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION annoncer_familles() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  racines bigint[];
BEGIN
  IF TG_OP = 'DELETE' THEN
    SELECT array_agg(DISTINCT coalesce(l.parent_id, l.convention_id)) INTO racines FROM lignes l;
  ELSE                                                  -- noter_flux() gave the rank of this transaction to what moved
    SELECT array_agg(DISTINCT coalesce(l.parent_id, l.convention_id)) INTO racines
      FROM lignes l, flux_repere f WHERE l.flux_rang = f.base + pg_current_xact_id()::text::bigint;
  END IF;
  IF cardinality(racines) > 50 THEN
    PERFORM pg_notify('apilos_direct', '*');
  ELSIF racines IS NOT NULL THEN
    PERFORM pg_notify('apilos_direct', 'f' || r) FROM unnest(racines) r;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION annoncer_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('apilos_direct', 'f' || NEW.racine_id);
  RETURN NULL;
END $$;

CREATE FUNCTION annoncer_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('apilos_direct', 's' || OLD.id);
  RETURN NULL;
END $$;

CREATE FUNCTION annoncer_droits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'utilisateur' THEN
    PERFORM pg_notify('apilos_direct', 'u' || NEW.id);
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM pg_notify('apilos_direct', 'u' || OLD.utilisateur_id);
  ELSE
    PERFORM pg_notify('apilos_direct', 'u' || NEW.utilisateur_id);
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER tg_convention_recherche_direct_i AFTER INSERT ON convention_recherche
  REFERENCING NEW TABLE AS lignes FOR EACH STATEMENT EXECUTE FUNCTION annoncer_familles();
CREATE TRIGGER tg_convention_recherche_direct_u AFTER UPDATE ON convention_recherche
  REFERENCING NEW TABLE AS lignes FOR EACH STATEMENT EXECUTE FUNCTION annoncer_familles();
CREATE TRIGGER tg_convention_recherche_direct_d AFTER DELETE ON convention_recherche
  REFERENCING OLD TABLE AS lignes FOR EACH STATEMENT EXECUTE FUNCTION annoncer_familles();
CREATE TRIGGER tg_journal_audit_direct AFTER INSERT ON journal_audit
  FOR EACH ROW WHEN (NEW.racine_id IS NOT NULL AND NEW.action <> 'L') EXECUTE FUNCTION annoncer_journal();
CREATE TRIGGER tg_session_direct AFTER UPDATE OF revoquee_le, habilitations, habilitation_defaut_id ON session
  FOR EACH ROW WHEN ((OLD.revoquee_le, OLD.habilitations, OLD.habilitation_defaut_id)
                     IS DISTINCT FROM (NEW.revoquee_le, NEW.habilitations, NEW.habilitation_defaut_id))
  EXECUTE FUNCTION annoncer_session();
CREATE TRIGGER tg_session_direct_fin AFTER DELETE ON session FOR EACH ROW EXECUTE FUNCTION annoncer_session();
CREATE TRIGGER tg_utilisateur_direct AFTER UPDATE OF est_actif, est_staff, est_superuser ON utilisateur
  FOR EACH ROW WHEN ((OLD.est_actif, OLD.est_staff, OLD.est_superuser) IS DISTINCT FROM (NEW.est_actif, NEW.est_staff, NEW.est_superuser))
  EXECUTE FUNCTION annoncer_droits();
CREATE TRIGGER tg_role_direct AFTER INSERT OR UPDATE OR DELETE ON role FOR EACH ROW EXECUTE FUNCTION annoncer_droits();
CREATE TRIGGER tg_filtre_departement_direct AFTER INSERT OR DELETE ON utilisateur_filtre_departement
  FOR EACH ROW EXECUTE FUNCTION annoncer_droits();

-- +goose Down
DROP TRIGGER tg_filtre_departement_direct ON utilisateur_filtre_departement;
DROP TRIGGER tg_role_direct ON role;
DROP TRIGGER tg_utilisateur_direct ON utilisateur;
DROP TRIGGER tg_session_direct_fin ON session;
DROP TRIGGER tg_session_direct ON session;
DROP TRIGGER tg_journal_audit_direct ON journal_audit;
DROP TRIGGER tg_convention_recherche_direct_d ON convention_recherche;
DROP TRIGGER tg_convention_recherche_direct_u ON convention_recherche;
DROP TRIGGER tg_convention_recherche_direct_i ON convention_recherche;
DROP FUNCTION annoncer_droits();
DROP FUNCTION annoncer_session();
DROP FUNCTION annoncer_journal();
DROP FUNCTION annoncer_familles();
