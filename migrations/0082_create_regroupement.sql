-- Conventions absorbed by a grouping (02 MX-07). The history of a convention cannot be moved (it is append-only):
-- it is read through this table, as is the origin of the comments, events and files that were moved.

-- +goose Up
CREATE TABLE regroupement (
  absorbee_id   bigint PRIMARY KEY REFERENCES convention(id) ON DELETE RESTRICT,
  survivante_id bigint NOT NULL REFERENCES convention(id) ON DELETE RESTRICT,
  libelle       varchar(255) NOT NULL CHECK (btrim(libelle) <> ''),   -- its financements, which it has no more
  regroupee_le  timestamptz NOT NULL,
  CHECK (absorbee_id <> survivante_id)
);
CREATE INDEX ix_regroupement_survivante ON regroupement (survivante_id);

CREATE TABLE regroupement_origine (
  objet_uuid  uuid PRIMARY KEY,                          -- of a comment, an event or an attached file
  nature      varchar(20) NOT NULL CHECK (nature IN ('COMMENTAIRE','EVENEMENT','FICHIER')),
  absorbee_id bigint NOT NULL REFERENCES regroupement(absorbee_id) ON DELETE RESTRICT
);
CREATE INDEX ix_regroupement_origine_absorbee ON regroupement_origine (absorbee_id);

-- +goose Down
DROP TABLE regroupement_origine;
DROP TABLE regroupement;
