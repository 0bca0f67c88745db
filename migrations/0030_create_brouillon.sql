-- +goose Up
-- unsaved input of one person in a step of the form; erased when the step is saved (00 decision 24)
CREATE TABLE brouillon (
  utilisateur_id  bigint NOT NULL REFERENCES utilisateur(id) ON DELETE CASCADE,
  habilitation_id integer NOT NULL DEFAULT 0,
  convention_id   bigint NOT NULL REFERENCES convention(id) ON DELETE CASCADE,
  etape           varchar(20) NOT NULL,
  valeurs         jsonb NOT NULL,
  base_version    integer NOT NULL,
  cree_le         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (utilisateur_id, habilitation_id, convention_id, etape),
  CHECK (jsonb_typeof(valeurs) = 'object')
);
CREATE INDEX ix_brouillon_convention ON brouillon (convention_id);
CREATE INDEX ix_brouillon_cree_le    ON brouillon (cree_le);

-- +goose Down
DROP TABLE brouillon;
