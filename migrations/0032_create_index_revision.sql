-- Finding the rows of an object: nightly sweep (which objects belong to nobody), deletion of a revision whose
-- objects another one may share. Both would read the whole table, which grows with each publication.

-- +goose Up
CREATE INDEX ix_revision_fichier_objet ON revision_fichier (cle_objet);

-- +goose Down
DROP INDEX ix_revision_fichier_objet;
