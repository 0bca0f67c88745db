-- Extensions, French full-text search and the two functions that later migrations rely on. The extensions
-- are trusted ones: the owner of the database may create them.

-- +goose Up
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- French stemming without accents, used by every full-text column
CREATE TEXT SEARCH CONFIGURATION fr_unaccent (COPY = french);
ALTER TEXT SEARCH CONFIGURATION fr_unaccent
  ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;

-- immutable wrapper, needed by expression indexes
-- +goose StatementBegin
CREATE FUNCTION sans_accent(t text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN lower(public.unaccent('public.unaccent'::regdictionary, t));
-- +goose StatementEnd

-- append-only tables: any UPDATE or DELETE is refused
-- +goose StatementBegin
CREATE FUNCTION refuser_modification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table %: lignes en ajout seul', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION refuser_modification();
DROP FUNCTION sans_accent(text);
DROP TEXT SEARCH CONFIGURATION fr_unaccent;
DROP EXTENSION btree_gin;
DROP EXTENSION btree_gist;
DROP EXTENSION unaccent;
DROP EXTENSION pg_trgm;
