# Sets up one logical database and its roles (logical-database.sql). The setup Job runs it in one container for each
# database. For a server of your own, run it once for each database, as a superuser or a role with CREATEDB and
# CREATEROLE:
#
#   export PGHOST=… PGUSER=… PGPASSWORD=… DATABASE=author MIGRATION_PASSWORD=… SERVICE_PASSWORD=…
#   sh setup.sh
set -eu
cd "$(dirname "$0")"

tries=0
until pg_isready --quiet; do
  tries=$((tries + 1))
  if [ $tries = 30 ]; then
    echo "$PGHOST has accepted no connection for a minute. Is PostgreSQL running there?" >&2
    exit 1
  fi
  sleep 2
done

status=0
psql --no-psqlrc --no-password --quiet --tuples-only --set=ON_ERROR_STOP=1 --dbname=postgres <<'SQL' || status=$?
\getenv database DATABASE
\getenv migration_password MIGRATION_PASSWORD
\getenv service_password SERVICE_PASSWORD
\set migration_role :database _owner
\set service_role :database _service

\i logical-database.sql
SELECT pg_temp.create_logical_database(
  :'database', :'migration_role', :'migration_password', :'service_role', :'service_password') \gexec

\setenv PGPASSWORD :migration_password
\connect :database :migration_role
\i logical-database.sql
SELECT pg_temp.restrict_logical_database(:'service_role') \g /dev/null
SQL
case $status in
  0) echo "database $DATABASE and its roles are set up" ;;
  2)
    {
      echo "If the password was rejected: a volume keeps the superuser's password that it was created with. Put that password"
      echo "back into the secret, or set the secret's password in the server:"
      echo "  kubectl exec --stdin --tty $PGHOST-0 -- psql --command='\\password'"
    } >&2
    ;;
esac
exit $status
