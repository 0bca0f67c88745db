-- Mass reassignment of services, followed line by line (02 PE-43): what was found, what was moved, what was given back.

-- +goose Up
ALTER TABLE reassignation DROP CONSTRAINT reassignation_etat_check;
ALTER TABLE reassignation ADD CONSTRAINT reassignation_etat_check
  CHECK (etat IN ('SIMULATION','CONFIRMEE','TERMINEE','ANNULATION','ANNULEE'));
ALTER TABLE reassignation
  ADD COLUMN rejets       jsonb NOT NULL DEFAULT '[]',   -- rows of the file that name no commune, or name it twice
  ADD COLUMN nb_communes  integer NOT NULL DEFAULT 0,
  ADD COLUMN sans_commune integer NOT NULL DEFAULT 0,    -- operations of the postcodes of the list without a code of commune
  ADD COLUMN tache_id     bigint REFERENCES tache(id) ON DELETE SET NULL,
  ADD COLUMN confirmee_le timestamptz,
  ADD COLUMN terminee_le  timestamptz,
  ADD COLUMN annulee_par_id   bigint REFERENCES utilisateur(id) ON DELETE RESTRICT,
  ADD COLUMN motif_annulation varchar(500) NOT NULL DEFAULT '';
-- two runs at the same time cannot mix
CREATE UNIQUE INDEX ux_reassignation_en_cours ON reassignation ((true)) WHERE etat IN ('CONFIRMEE','ANNULATION');
CREATE INDEX ix_reassignation_tache ON reassignation (tache_id);
CREATE INDEX ix_reassignation_annulee_par ON reassignation (annulee_par_id);

ALTER TABLE reassignation_ligne
  ADD COLUMN groupe_id bigint NOT NULL,                  -- the root operation: what shares it moves in one transaction
  ADD COLUMN etat varchar(10) NOT NULL DEFAULT 'PREVUE'
    CHECK (etat IN ('PREVUE','DEPLACEE','IGNOREE','RENDUE','LAISSEE')),
  ADD COLUMN traitee_le timestamptz;
CREATE INDEX ix_reassignation_ligne_suite ON reassignation_ligne (reassignation_id, etat, groupe_id);

-- +goose Down
DROP INDEX ix_reassignation_ligne_suite;
ALTER TABLE reassignation_ligne DROP COLUMN traitee_le, DROP COLUMN etat, DROP COLUMN groupe_id;
DROP INDEX ix_reassignation_annulee_par;
DROP INDEX ix_reassignation_tache;
DROP INDEX ux_reassignation_en_cours;
ALTER TABLE reassignation DROP COLUMN motif_annulation, DROP COLUMN annulee_par_id, DROP COLUMN terminee_le, DROP COLUMN confirmee_le,
  DROP COLUMN tache_id, DROP COLUMN sans_commune, DROP COLUMN nb_communes, DROP COLUMN rejets;
ALTER TABLE reassignation DROP CONSTRAINT reassignation_etat_check;
UPDATE reassignation SET etat = 'TERMINEE' WHERE etat = 'ANNULATION';
ALTER TABLE reassignation ADD CONSTRAINT reassignation_etat_check
  CHECK (etat IN ('SIMULATION','CONFIRMEE','TERMINEE','ANNULEE'));
