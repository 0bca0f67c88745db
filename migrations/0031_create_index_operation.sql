-- +goose Up
-- exact look-up by normalised number: opening an operation, synchronising it
CREATE INDEX ix_operation_numrech ON operation (numero_operation_pour_recherche);

-- +goose Down
DROP INDEX ix_operation_numrech;
