-- Two functions that set up a logical database with its two roles. The chart's setup Job runs them with psql (setup.sh),
-- `make start` with node-postgres (migrations/src/setup.ts). Both functions may run again at any time, also concurrently;
-- they then restore the rights and change the passwords. Migrations create the tables.

-- Creates the roles, and returns the statements that create the database, in order: they cannot run in a function.
-- To be called in any database, by a superuser or a role with CREATEDB and CREATEROLE.
CREATE FUNCTION pg_temp.create_logical_database(
  database text, migration_role text, migration_password text, service_role text, service_password text
) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  role text;
  password text;
  -- The cluster's own locale, if it is one for UTF-8; else the one that is for every encoding. Nothing depends on it.
  locale text := CASE WHEN (SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'template0') <> 'UTF8'
    THEN ' LOCALE_PROVIDER libc LC_COLLATE ''C'' LC_CTYPE ''C''' ELSE '' END;
BEGIN
  -- held until the session ends; the key only has to be the same everywhere
  PERFORM pg_advisory_lock(4920118355);
  FOR role, password IN VALUES (migration_role, migration_password), (service_role, service_password) LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
      EXECUTE format('CREATE ROLE %I', role);
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', role, password);
  END LOOP;
  -- The services set these for each session too, which a pooler between them and the server does not allow.
  EXECUTE format('ALTER ROLE %I SET statement_timeout = ''1500ms''', service_role);
  EXECUTE format('ALTER ROLE %I SET lock_timeout = ''1500ms''', service_role);
  EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''5s''', service_role);
  EXECUTE format('ALTER ROLE %I SET jit = off', service_role);
  IF NOT EXISTS (SELECT FROM pg_database WHERE datname = database) THEN
    -- only a member of a role may create a database that the role owns
    RETURN NEXT format('GRANT %I TO CURRENT_USER', migration_role);
    RETURN NEXT format(
      'CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8''%s', database, migration_role, locale);
    RETURN NEXT format('REVOKE %I FROM CURRENT_USER', migration_role);
  END IF;
END $$;

-- Restricts what roles may do. To be called in the new database by its migration role: an admin who is no superuser has
-- no rights there.
CREATE FUNCTION pg_temp.restrict_logical_database(service_role text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  rights text := 'SELECT, INSERT, UPDATE, DELETE';
BEGIN
  PERFORM pg_advisory_xact_lock(4920118355);
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO CURRENT_USER, %I', current_database(), service_role);
  REVOKE ALL ON SCHEMA public FROM PUBLIC;
  EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', service_role);
  EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT %s ON TABLES TO %I', rights, service_role);
  -- for tables that exist already, if the service role is new
  EXECUTE format('GRANT %s ON ALL TABLES IN SCHEMA public TO %I', rights, service_role);
END $$;
