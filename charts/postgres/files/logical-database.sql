-- Makes one logical database and its two roles, or brings what is there to this state, the passwords too. Tables are
-- left to migrations. What migrations/src/setup.ts does, for psql: the Job of this chart runs it after each install and
-- upgrade. On a server of your own run it for each database, as a superuser or a role with CREATEDB and CREATEROLE:
--
--   export PGHOST=… PGUSER=… PGPASSWORD=… OWNER_PASSWORD=… SERVICE_PASSWORD=…
--   psql --dbname=postgres --set=database=author --file=logical-database.sql

\set ON_ERROR_STOP on
\set QUIET on
\getenv owner_password OWNER_PASSWORD
\getenv service_password SERVICE_PASSWORD
\set owner :database _owner
\set service :database _service

-- any number, the same for everybody who sets up databases on one server
\set lock_key 4920118355
SELECT pg_advisory_lock(:lock_key) AS locked \gset

SELECT format('CREATE ROLE %I', role) FROM unnest(ARRAY[:'owner', :'service']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
ALTER ROLE :"owner" LOGIN PASSWORD :'owner_password';
ALTER ROLE :"service" LOGIN PASSWORD :'service_password';

-- only a member of a role may make it the owner of something; a superuser counts as a member of each
SELECT NOT pg_has_role(:'owner'::name, 'USAGE') AS stranger,
       NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') AS missing \gset
\if :missing
  \if :stranger
    GRANT :"owner" TO CURRENT_USER;
  \endif
  CREATE DATABASE :"database" OWNER :"owner" TEMPLATE template0 ENCODING 'UTF8';
  \if :stranger
    REVOKE :"owner" FROM CURRENT_USER;
  \endif
\endif

-- as its owner: an admin who is no superuser has no say in another's database
\setenv PGPASSWORD :owner_password
\connect :database :owner
SELECT pg_advisory_lock(:lock_key) AS locked \gset
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"owner", :"service";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"service";
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"service";
-- those that are there already, where the service's role is new
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"service";
