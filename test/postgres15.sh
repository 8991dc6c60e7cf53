#!/usr/bin/env bash
# Runs the tests that need a database on PostgreSQL 15, the oldest supported version, from Debian's package.
set -euo pipefail

bin=/usr/lib/postgresql/15/bin
folder=$(mktemp -d)
port=$((20000 + RANDOM % 10000))
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
stop() {
  as_postgres "$bin/pg_ctl" --pgdata="$folder/data" --mode=immediate --silent stop || true
  rm -rf "$folder"
}
trap stop EXIT

echo test > "$folder/password"
if [ "$(id -u)" = 0 ]; then chown -R postgres "$folder"; fi
as_postgres "$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=scram-sha-256 \
  --pwfile="$folder/password" --encoding=UTF8 --locale=C > /dev/null
as_postgres "$bin/pg_ctl" --pgdata="$folder/data" --log="$folder/log" --wait --silent start \
  --options="-p $port -k $folder -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=off"

export POSTGRES_URL="postgres://postgres:test@127.0.0.1:$port/postgres"
# few histories are enough, because their random choices do not depend on the version
HISTORIES=300 npx mocha --timeout 900000 'services/{author,conference}/test/**/*.test.ts' \
  'test/{blackbox,database,system}/**/*.test.ts' 'test/*.test.ts' 'verification/histories/**/*.verify.ts' \
  'verification/system/{largeDelete,reconciler,restore}*.verify.ts'
