-- Privileges of the account the application connects with, when it is not the owner of the schema: the
-- recommended deployment. Migrations run as the owner; the application gets no DDL, and on append-only
-- tables (those whose updates refuser_modification() refuses) INSERT and SELECT only (01 10.4, 02 CC-30).
-- Retention purges are run by the owner, which disables the trigger for that statement.
--
-- The account may not exist, as in development: the function then does nothing and returns false. The
-- command that applies migrations calls it for the account apilos_application each time it runs; for
-- another name: SELECT accorder_privileges('nom_du_compte');

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION accorder_privileges(nom_role name) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  table_ajout regclass;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = nom_role) THEN
    RETURN false;
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', nom_role);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %I', nom_role);
  EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO %I', nom_role);
  -- tables of later migrations, and those of the job queue
  EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', nom_role);
  EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO %I', nom_role);
  FOR table_ajout IN
    SELECT DISTINCT t.tgrelid::regclass FROM pg_trigger t
     WHERE NOT t.tgisinternal AND t.tgfoid = 'refuser_modification()'::regprocedure
  LOOP
    EXECUTE format('REVOKE ALL ON %s FROM %I', table_ajout, nom_role);
    EXECUTE format('GRANT SELECT, INSERT ON %s TO %I', table_ajout, nom_role);
  END LOOP;
  -- the version of the schema is read by the readiness probe and written by the owner only
  EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON goose_db_version FROM %I', nom_role);
  RETURN true;
END $$;
-- +goose StatementEnd
-- only the owner of the schema has a use for it
REVOKE EXECUTE ON FUNCTION accorder_privileges(name) FROM PUBLIC;

-- +goose Down
-- +goose StatementBegin
DO $$
DECLARE
  nom_role text;
BEGIN
  FOR nom_role IN
    SELECT DISTINCT a.grantee::regrole::text
      FROM pg_default_acl d, aclexplode(d.defaclacl) a
     WHERE d.defaclnamespace = 'public'::regnamespace AND d.defaclrole = current_user::regrole
       AND a.grantee <> 0 AND a.grantee <> d.defaclrole
  LOOP
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM %s', nom_role);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM %s', nom_role);
  END LOOP;
END $$;
-- +goose StatementEnd
DROP FUNCTION accorder_privileges(name);
