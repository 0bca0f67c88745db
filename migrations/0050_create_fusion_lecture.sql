-- When the mergers of a bailleur were last asked for, and on whose behalf (05 B.2, B.5.4): calls of SIAP come by the
-- hundred, and their authors may have no account here.

-- +goose Up
CREATE TABLE fusion_lecture (
  bailleur_id     bigint PRIMARY KEY REFERENCES bailleur(id) ON DELETE CASCADE,
  login           varchar(255) NOT NULL CHECK (login <> ''),
  habilitation_id integer NOT NULL CHECK (habilitation_id > 0),
  demandee_le     timestamptz NOT NULL
);

-- +goose Down
DROP TABLE fusion_lecture;
