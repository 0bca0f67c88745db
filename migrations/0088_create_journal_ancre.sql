-- The end of the chain of each family (02 CC-32). A chain alone does not show that its last rows were removed: the anchor
-- remembers how many there are, the last one and its digest.
--
-- It is written by a trigger, with the rights of the owner: whoever holds the account of the application can neither remove
-- rows nor shorten the chain. The trigger also refuses a row that does not
-- follow the last one: two writers who had read the same end cannot fork a chain, and the second one tries again.

-- +goose Up
CREATE TABLE journal_ancre (
  racine_id  bigint PRIMARY KEY,                        -- no foreign key: outlives its convention, as the journal does
  lignes     bigint NOT NULL CHECK (lignes > 0),
  dernier_id bigint NOT NULL,
  empreinte  char(64) NOT NULL
);
INSERT INTO journal_ancre (racine_id, lignes, dernier_id, empreinte)
SELECT racine_id, count(*), max(id), (array_agg(empreinte ORDER BY id DESC))[1]
  FROM journal_audit WHERE racine_id IS NOT NULL AND empreinte IS NOT NULL GROUP BY racine_id;

-- +goose StatementBegin
CREATE FUNCTION ancrer_journal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.empreinte_precedente IS NULL THEN
    INSERT INTO journal_ancre (racine_id, lignes, dernier_id, empreinte) VALUES (NEW.racine_id, 1, NEW.id, NEW.empreinte)
    ON CONFLICT DO NOTHING;
  ELSE
    UPDATE journal_ancre SET lignes = lignes + 1, dernier_id = NEW.id, empreinte = NEW.empreinte
     WHERE racine_id = NEW.racine_id AND empreinte = NEW.empreinte_precedente AND dernier_id < NEW.id;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'journal de la famille %: la ligne ne suit pas la dernière', NEW.racine_id USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION ancrer_journal() FROM PUBLIC;
CREATE TRIGGER tg_journal_audit_ancre AFTER INSERT ON journal_audit
  FOR EACH ROW WHEN (NEW.racine_id IS NOT NULL) EXECUTE FUNCTION ancrer_journal();

-- accorder_privileges() leaves INSERT and SELECT on the tables that this function protects: the account of the application
-- can neither change nor remove an anchor, and an anchor that it would add of its own only shows as broken.
CREATE TRIGGER tg_journal_ancre_vidage BEFORE TRUNCATE ON journal_ancre
  FOR EACH STATEMENT EXECUTE FUNCTION refuser_modification();

-- +goose Down
DROP TRIGGER tg_journal_audit_ancre ON journal_audit;
DROP FUNCTION ancrer_journal();
DROP TABLE journal_ancre;
