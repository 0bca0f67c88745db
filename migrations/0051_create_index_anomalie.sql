-- The staff reads the data-quality events of SIAP by date, open ones first, and by code (05 B.9).

-- +goose Up
CREATE INDEX ix_siap_anomalie_date ON siap_anomalie (derniere_fois DESC, id DESC);
CREATE INDEX ix_siap_anomalie_code ON siap_anomalie (code, derniere_fois DESC);

-- +goose Down
DROP INDEX ix_siap_anomalie_code;
DROP INDEX ix_siap_anomalie_date;
