-- The seals of the journal (02 CC-32): the account that owns the database can rewrite a chain with its anchor. Each seal is
-- an object of the file storage, signed with a key that the database does not have. This table only tells that an object
-- existed, so that the removal of the last seals of the storage is seen too: it proves nothing by itself.

-- +goose Up
CREATE TABLE journal_sceau (
  numero    bigint PRIMARY KEY CHECK (numero > 0),
  cle_objet varchar(512) NOT NULL UNIQUE,
  empreinte char(64) NOT NULL,                          -- sha256 of the object without its signature
  cree_le   timestamptz NOT NULL
);
CREATE TRIGGER tg_journal_sceau_ajout BEFORE UPDATE OR DELETE ON journal_sceau
  FOR EACH ROW EXECUTE FUNCTION refuser_modification();
CREATE TRIGGER tg_journal_sceau_vidage BEFORE TRUNCATE ON journal_sceau
  FOR EACH STATEMENT EXECUTE FUNCTION refuser_modification();

-- +goose Down
DROP TABLE journal_sceau;
