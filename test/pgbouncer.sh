#!/usr/bin/env bash
# Runs tests that reach a database through PgBouncer in transaction mode, as Debian's packages `pgbouncer` and
# `postgresql-15` install both. Service roles connect through it; migrations and the tests themselves do not.
set -euo pipefail

bin=/usr/lib/postgresql/15/bin
folder=$(mktemp -d)
port=$((20000 + RANDOM % 5000))
export PGBOUNCER_PORT=$((port + 5000))
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
stop() {
  if [ -f "$folder/pgbouncer.pid" ]; then kill -QUIT "$(cat "$folder/pgbouncer.pid")" || true; fi
  as_postgres "$bin/pg_ctl" --pgdata="$folder/data" --mode=immediate --silent stop || true
  rm -rf "$folder"
}
trap stop EXIT

echo test > "$folder/password"
echo '"postgres" "test"' > "$folder/users"
cat > "$folder/pgbouncer.ini" <<INI
[databases]
* = host=127.0.0.1 port=$port
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $PGBOUNCER_PORT
unix_socket_dir =
pool_mode = transaction
auth_type = scram-sha-256
auth_file = $folder/users
auth_user = postgres
auth_query = SELECT usename, passwd FROM pg_shadow WHERE usename = \$1
# fewer than all clients have connections, so that they share sessions
default_pool_size = 10
max_client_conn = 1000
logfile = $folder/pgbouncer.log
pidfile = $folder/pgbouncer.pid
INI
if [ "$(id -u)" = 0 ]; then chown -R postgres "$folder"; fi
as_postgres "$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=scram-sha-256 \
  --pwfile="$folder/password" --encoding=UTF8 --locale=C > /dev/null
as_postgres "$bin/pg_ctl" --pgdata="$folder/data" --log="$folder/log" --wait --silent start \
  --options="-p $port -k $folder -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=off"
PATH="$PATH:/usr/sbin" as_postgres pgbouncer --daemon --quiet "$folder/pgbouncer.ini"

export POSTGRES_URL="postgres://postgres:test@127.0.0.1:$port/postgres"
# without those that are about the connections themselves, or about one session
HISTORIES=300 npx mocha --timeout 900000 'services/{author,conference}/test/**/*.test.ts' \
  'test/blackbox/**/*.test.ts' 'test/database/{claims,conformance,cursor}*.test.ts' \
  'test/system/{conformance,faults,internal,lifecycle}*.test.ts' \
  verification/postgres/pooler.verify.ts 'verification/histories/**/*.verify.ts'
