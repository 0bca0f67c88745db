-- Text of the acte of a résiliation, beside its files (02 §3.8).

-- +goose Up
ALTER TABLE convention
  ADD COLUMN acte_resiliation text NOT NULL DEFAULT '' CHECK (char_length(acte_resiliation) <= 5000);

-- +goose Down
ALTER TABLE convention DROP COLUMN acte_resiliation;
