-- Readings (action L of the journal: signed documents, exports) have chains of their own (02 CC-33): they are kept one year,
-- and a link taken out of the chain of a family would break it.
--
-- A chain belongs to a month. Several may grow at once, one for each writer at work at the same instant: a writer takes one
-- that nobody holds, so readings never wait for one another nor for a family. Only the creation of a chain, which is rare,
-- waits for another creation; hence numbers without a gap, in which a chain that was removed is missed.
--
-- The trigger computes the digest: sha256 of the previous one followed by contenu_lecture() of the row. The verification
-- computes it again outside of the database. When a chain is one year old, purger_lectures() removes its rows and signs what
-- is left of it: the row of journal_lecture, with how many there were and the first and last digests.
--
-- Readings written before this migration in the chain of a family stay there: no digest is ever computed again. Those
-- that belonged to no chain enter the chains of their months.

-- +goose Up
CREATE TABLE journal_lecture (                          -- the end of each chain of readings, kept for ever
  id                 bigint PRIMARY KEY CHECK (id > 0), -- 1, 2, 3… without a gap
  mois               date NOT NULL CHECK (extract(day FROM mois) = 1),  -- of cree_le, UTC
  lignes             bigint NOT NULL DEFAULT 0 CHECK (lignes >= 0),
  premier_id         bigint,
  premiere_empreinte char(64),
  dernier_id         bigint,
  empreinte          char(64),
  purgee_le          timestamptz,
  signature          varchar(200),                      -- key id and HMAC of the row, by a key that the database does not have
  CHECK ((lignes > 0) = (premier_id IS NOT NULL AND premiere_empreinte IS NOT NULL AND dernier_id IS NOT NULL AND empreinte IS NOT NULL)),
  CHECK ((purgee_le IS NULL) = (signature IS NULL))
);
CREATE INDEX ix_journal_lecture_mois ON journal_lecture (mois, id) WHERE purgee_le IS NULL;
-- accorder_privileges() leaves INSERT and SELECT on the tables that this function protects, as for journal_ancre.
CREATE TRIGGER tg_journal_lecture_vidage BEFORE TRUNCATE ON journal_lecture
  FOR EACH STATEMENT EXECUTE FUNCTION refuser_modification();

ALTER TABLE journal_audit ADD COLUMN chaine_id bigint,  -- chain of readings
  ADD CONSTRAINT journal_audit_chaine_check CHECK (chaine_id IS NULL OR action = 'L') NOT VALID;
ALTER TABLE journal_audit VALIDATE CONSTRAINT journal_audit_chaine_check;
CREATE INDEX ix_journal_audit_chaine ON journal_audit (chaine_id, id) WHERE chaine_id IS NOT NULL;

-- +goose StatementBegin
CREATE FUNCTION contenu_lecture(j journal_audit) RETURNS text LANGUAGE sql STABLE AS $$
  -- each value after its length in bytes, an absent one as a dash: no two rows have the same text
  SELECT string_agg(coalesce(octet_length(v)::text || ':' || v, '-'), ',' ORDER BY n)
    FROM unnest(ARRAY[j.id::text, j.chaine_id::text, j.racine_id::text, j.nom_table::text, j.ligne_id::text, j.objet_uuid::text,
                      j.commande::text, j.mode::text, j.avant::text, j.apres::text, j.motif::text, j.utilisateur_id::text,
                      j.detourne_par_id::text, j.acteur::text, j.habilitation_id::text, j.requete_id::text,
                      floor(extract(epoch FROM j.cree_le) * 1000000)::bigint::text]) WITH ORDINALITY AS t(v, n)
$$;

CREATE FUNCTION enchainer_lecture() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  m date := date_trunc('month', NEW.cree_le AT TIME ZONE 'UTC')::date;
  c journal_lecture%ROWTYPE;
BEGIN
  SELECT * INTO c FROM journal_lecture WHERE mois = m AND purgee_le IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    PERFORM pg_advisory_xact_lock(hashtext('apilos.journal_lecture'));
    SELECT * INTO c FROM journal_lecture WHERE mois = m AND purgee_le IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
      INSERT INTO journal_lecture (id, mois) SELECT coalesce(max(id), 0) + 1, m FROM journal_lecture RETURNING * INTO c;
    END IF;
  END IF;
  NEW.id := nextval(pg_get_serial_sequence('journal_audit', 'id')); -- in the order of the chain
  NEW.chaine_id := c.id;
  NEW.empreinte_precedente := c.empreinte;
  NEW.empreinte := encode(sha256(convert_to(coalesce(c.empreinte, '') || contenu_lecture(NEW), 'UTF8')), 'hex');
  UPDATE journal_lecture SET lignes = lignes + 1, premier_id = coalesce(premier_id, NEW.id), dernier_id = NEW.id,
         premiere_empreinte = coalesce(premiere_empreinte, NEW.empreinte), empreinte = NEW.empreinte WHERE id = c.id;
  RETURN NEW;
END $$;

-- purger_lectures removes the rows of one chain, whose last digest is fin, and returns how many. The age is judged by the
-- clock of the database.
CREATE FUNCTION purger_lectures(numero bigint, fin text, le timestamptz, paraphe text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  c journal_lecture%ROWTYPE;
  n bigint;
BEGIN
  SELECT * INTO c FROM journal_lecture WHERE id = numero FOR UPDATE;
  IF NOT FOUND OR c.purgee_le IS NOT NULL THEN
    RETURN 0;
  END IF;
  IF (now() AT TIME ZONE 'UTC') < c.mois + interval '13 months' OR le IS NULL OR coalesce(paraphe, '') = '' THEN
    RAISE EXCEPTION 'lectures de % : conservées un an, purge refusée', to_char(c.mois, 'YYYY-MM') USING ERRCODE = 'restrict_violation';
  END IF;
  IF c.empreinte IS DISTINCT FROM fin THEN
    RAISE EXCEPTION 'chaîne de lectures % : elle a changé depuis sa vérification', numero USING ERRCODE = 'serialization_failure';
  END IF;
  PERFORM set_config('apilos.purge_lectures', numero::text, true);
  DELETE FROM journal_audit WHERE chaine_id = numero;
  GET DIAGNOSTICS n = ROW_COUNT;
  PERFORM set_config('apilos.purge_lectures', '', true);
  IF n <> c.lignes THEN
    RAISE EXCEPTION 'chaîne de lectures % : % lignes trouvées pour % attendues, purge refusée', numero, n, c.lignes USING ERRCODE = 'data_corrupted';
  END IF;
  UPDATE journal_lecture SET purgee_le = le, signature = paraphe WHERE id = numero;
  INSERT INTO journal_audit (nom_table, ligne_id, action, commande, mode, avant, acteur, cree_le)
  VALUES ('journal_lecture', numero, '-', 'journal.purge_lectures', 'LOT',
          jsonb_build_object('mois', to_char(c.mois, 'YYYY-MM'), 'lignes', n, 'premiere_empreinte', c.premiere_empreinte, 'empreinte', c.empreinte), 'apilos', le);
  RETURN n;
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION enchainer_lecture() FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION purger_lectures(bigint, text, timestamptz, text) FROM PUBLIC;

-- Within purger_lectures(), and for its chain only, the rows may go.
DROP TRIGGER tg_journal_audit_ajout ON journal_audit;
CREATE TRIGGER tg_journal_audit_ajout BEFORE UPDATE OR DELETE ON journal_audit FOR EACH ROW
  WHEN (OLD.chaine_id IS NULL OR OLD.chaine_id::text IS DISTINCT FROM current_setting('apilos.purge_lectures', true))
  EXECUTE FUNCTION refuser_modification();

DROP TRIGGER tg_journal_audit_ancre ON journal_audit;
CREATE TRIGGER tg_journal_audit_ancre AFTER INSERT ON journal_audit
  FOR EACH ROW WHEN (NEW.racine_id IS NOT NULL AND NEW.chaine_id IS NULL) EXECUTE FUNCTION ancrer_journal();
CREATE TRIGGER tg_journal_audit_lecture BEFORE INSERT ON journal_audit
  FOR EACH ROW WHEN (NEW.action = 'L') EXECUTE FUNCTION enchainer_lecture();

-- The account of the application may purge, as it may add; nobody else.
ALTER FUNCTION accorder_privileges(name) RENAME TO accorder_privileges_tables;
-- +goose StatementBegin
CREATE FUNCTION accorder_privileges(nom_role name) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF NOT accorder_privileges_tables(nom_role) THEN
    RETURN false;
  END IF;
  EXECUTE format('GRANT EXECUTE ON FUNCTION purger_lectures(bigint, text, timestamptz, text) TO %I', nom_role);
  RETURN true;
END $$;

-- The readings that belong to no chain enter those of their months, in their order.
DO $$
DECLARE
  j journal_audit%ROWTYPE;
  c journal_lecture%ROWTYPE;
BEGIN
  ALTER TABLE journal_audit DISABLE TRIGGER tg_journal_audit_ajout;
  FOR j IN SELECT * FROM journal_audit WHERE action = 'L' AND empreinte IS NULL
            ORDER BY date_trunc('month', cree_le AT TIME ZONE 'UTC'), id LOOP
    IF c.id IS NULL OR c.mois <> date_trunc('month', j.cree_le AT TIME ZONE 'UTC')::date THEN
      INSERT INTO journal_lecture (id, mois) SELECT coalesce(max(id), 0) + 1, date_trunc('month', j.cree_le AT TIME ZONE 'UTC')::date
        FROM journal_lecture RETURNING * INTO c;
    END IF;
    j.chaine_id := c.id;
    j.empreinte_precedente := c.empreinte;
    j.empreinte := encode(sha256(convert_to(coalesce(c.empreinte, '') || contenu_lecture(j), 'UTF8')), 'hex');
    UPDATE journal_audit SET chaine_id = j.chaine_id, empreinte_precedente = j.empreinte_precedente, empreinte = j.empreinte WHERE id = j.id;
    UPDATE journal_lecture SET lignes = lignes + 1, premier_id = coalesce(premier_id, j.id), dernier_id = j.id,
           premiere_empreinte = coalesce(premiere_empreinte, j.empreinte), empreinte = j.empreinte WHERE id = c.id RETURNING * INTO c;
  END LOOP;
  ALTER TABLE journal_audit ENABLE TRIGGER tg_journal_audit_ajout;
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION accorder_privileges(name) FROM PUBLIC;

-- +goose Down
-- Readings go back to no chain; their family, which would make them links of its chain, is told by the file that was read.
DROP FUNCTION accorder_privileges(name);
ALTER FUNCTION accorder_privileges_tables(name) RENAME TO accorder_privileges;
DROP TRIGGER tg_journal_audit_lecture ON journal_audit;
DROP TRIGGER tg_journal_audit_ancre ON journal_audit;
DROP TRIGGER tg_journal_audit_ajout ON journal_audit;
UPDATE journal_audit SET racine_id = NULL, empreinte_precedente = NULL, empreinte = NULL WHERE chaine_id IS NOT NULL;
CREATE TRIGGER tg_journal_audit_ajout BEFORE UPDATE OR DELETE ON journal_audit
  FOR EACH ROW EXECUTE FUNCTION refuser_modification();
CREATE TRIGGER tg_journal_audit_ancre AFTER INSERT ON journal_audit
  FOR EACH ROW WHEN (NEW.racine_id IS NOT NULL) EXECUTE FUNCTION ancrer_journal();
DROP FUNCTION purger_lectures(bigint, text, timestamptz, text);
DROP FUNCTION enchainer_lecture();
DROP FUNCTION contenu_lecture(journal_audit);
ALTER TABLE journal_audit DROP COLUMN chaine_id;
DROP TABLE journal_lecture;
