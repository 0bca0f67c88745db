-- API clients of /api/v1 (00 decision 33): scopes, a perimeter fixed at creation, a rotation that leaves the
-- previous token valid for a while, a rate of their own. utilisateur_id is a technical account, inactive, that
-- signs what the client does: nobody signs in with it.

-- +goose Up
DELETE FROM jeton_api;                                  -- no version before this one could create any
ALTER TABLE jeton_api
  DROP COLUMN lecture_seule,                            -- said by the scopes
  ADD COLUMN description       varchar(200) NOT NULL DEFAULT '',
  ADD COLUMN portees           text[] NOT NULL
    CHECK (cardinality(portees) > 0 AND portees <@ ARRAY['conventions:lire','conventions:ecrire','operations:lire','statistiques:lire','webhooks:gerer']),
  ADD COLUMN perimetre         varchar(14) NOT NULL
    CHECK (perimetre IN ('NATIONAL','REGION','DEPARTEMENT','BAILLEURS','ADMINISTRATION')),
  ADD COLUMN region            varchar(2) REFERENCES region(code_insee) ON DELETE RESTRICT,
  ADD COLUMN departement       varchar(3) REFERENCES departement(code_insee) ON DELETE RESTRICT,
  ADD COLUMN administration_id bigint REFERENCES administration(id) ON DELETE RESTRICT,
  ADD COLUMN login_siap        varchar(255) NOT NULL DEFAULT '',   -- on whose behalf SIAP is asked; '' asks nothing
  ADD COLUMN debit_par_minute  integer CHECK (debit_par_minute BETWEEN 1 AND 6000),
  ADD COLUMN ancien_prefixe    varchar(8),
  ADD COLUMN ancienne_empreinte char(64) UNIQUE,
  ADD COLUMN ancien_expire_le  timestamptz,
  ADD COLUMN tourne_le         timestamptz,
  ADD COLUMN version           integer NOT NULL DEFAULT 1,
  ADD COLUMN mis_a_jour_le     timestamptz NOT NULL DEFAULT now(),
  ADD CONSTRAINT ck_jeton_api_perimetre CHECK (
    (perimetre = 'REGION') = (region IS NOT NULL) AND (perimetre = 'DEPARTEMENT') = (departement IS NOT NULL)
    AND (perimetre = 'ADMINISTRATION') = (administration_id IS NOT NULL)),
  ADD CONSTRAINT ck_jeton_api_siap CHECK ((login_siap = '') = (habilitation_id IS NULL)),
  ADD CONSTRAINT ck_jeton_api_rotation CHECK (
    (ancien_prefixe IS NULL) = (ancienne_empreinte IS NULL) AND (ancien_prefixe IS NULL) = (ancien_expire_le IS NULL));
CREATE UNIQUE INDEX ux_jeton_api_prefixe ON jeton_api (prefixe);
CREATE UNIQUE INDEX ux_jeton_api_ancien  ON jeton_api (ancien_prefixe) WHERE ancien_prefixe IS NOT NULL;
CREATE UNIQUE INDEX ux_jeton_api_nom     ON jeton_api (lower(nom)) WHERE revoque_le IS NULL;
CREATE INDEX ix_jeton_api_region         ON jeton_api (region);
CREATE INDEX ix_jeton_api_departement    ON jeton_api (departement);
CREATE INDEX ix_jeton_api_administration ON jeton_api (administration_id);
CREATE INDEX ix_jeton_api_cree_par       ON jeton_api (cree_par_id);

CREATE TABLE jeton_api_bailleur (                       -- perimetre BAILLEURS; their children are seen too (PE-23)
  jeton_api_id bigint NOT NULL REFERENCES jeton_api(id) ON DELETE CASCADE,
  bailleur_id  bigint NOT NULL REFERENCES bailleur(id) ON DELETE RESTRICT,
  PRIMARY KEY (jeton_api_id, bailleur_id)
);
CREATE INDEX ix_jeton_api_bailleur ON jeton_api_bailleur (bailleur_id);

-- +goose Down
DROP TABLE jeton_api_bailleur;
DROP INDEX ix_jeton_api_cree_par;
DROP INDEX ix_jeton_api_administration;
DROP INDEX ix_jeton_api_departement;
DROP INDEX ix_jeton_api_region;
DROP INDEX ux_jeton_api_nom;
DROP INDEX ux_jeton_api_ancien;
DROP INDEX ux_jeton_api_prefixe;
ALTER TABLE jeton_api
  DROP CONSTRAINT ck_jeton_api_rotation, DROP CONSTRAINT ck_jeton_api_siap, DROP CONSTRAINT ck_jeton_api_perimetre,
  DROP COLUMN mis_a_jour_le, DROP COLUMN version, DROP COLUMN tourne_le, DROP COLUMN ancien_expire_le,
  DROP COLUMN ancienne_empreinte, DROP COLUMN ancien_prefixe, DROP COLUMN debit_par_minute, DROP COLUMN login_siap,
  DROP COLUMN administration_id, DROP COLUMN departement, DROP COLUMN region, DROP COLUMN perimetre, DROP COLUMN portees,
  DROP COLUMN description, ADD COLUMN lecture_seule boolean NOT NULL DEFAULT true;
