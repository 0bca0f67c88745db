-- Indexes of the indicators of SIAP (05 A.5): only conventions before the signature, avenants left out, so they
-- stay small whatever the number of signed conventions.

-- +goose Up
CREATE INDEX ix_recherche_kpi_admin ON convention_recherche (administration_id, statut)
  INCLUDE (departement, region)
  WHERE parent_id IS NULL AND statut IN ('PROJET','INSTRUCTION','CORRECTION','A_SIGNER');
CREATE INDEX ix_recherche_kpi_dep ON convention_recherche (departement, statut)
  WHERE parent_id IS NULL AND statut IN ('PROJET','INSTRUCTION','CORRECTION','A_SIGNER');
CREATE INDEX ix_recherche_kpi_region ON convention_recherche (region, statut)
  WHERE parent_id IS NULL AND statut IN ('PROJET','INSTRUCTION','CORRECTION','A_SIGNER');
CREATE INDEX ix_recherche_kpi_statut ON convention_recherche (statut)
  WHERE parent_id IS NULL AND statut IN ('PROJET','INSTRUCTION','CORRECTION','A_SIGNER');
CREATE INDEX ix_recherche_kpi_bailleur ON convention_recherche (bailleur_effectif_id, statut)
  INCLUDE (bailleur_lecture_id, departement, region)
  WHERE parent_id IS NULL AND statut IN ('PROJET','INSTRUCTION','CORRECTION','A_SIGNER');

-- +goose Down
DROP INDEX ix_recherche_kpi_bailleur;
DROP INDEX ix_recherche_kpi_statut;
DROP INDEX ix_recherche_kpi_region;
DROP INDEX ix_recherche_kpi_dep;
DROP INDEX ix_recherche_kpi_admin;
