# Run by `helm test`, in one container for each database: checks that its service role can connect to it but cannot create
# tables there, and cannot connect to the other databases.
set -eu
export PGUSER="${DATABASE}_service" PGPASSWORD="$SERVICE_PASSWORD" PGCONNECT_TIMEOUT=10

run() { psql --no-psqlrc --no-password --tuples-only --no-align --dbname="$1" --command="$2" 2>&1; }

refused() {
  if answer=$(run "$2" "$3"); then
    echo "NOT OK: $PGUSER can $1"
    exit 1
  fi
  case $answer in
    *'permission denied'*) echo "ok: $PGUSER cannot $1" ;;
    *)
      echo "NOT OK: $PGUSER cannot $1, but for another reason: $answer"
      exit 1
      ;;
  esac
}

if ! answer=$(run "$DATABASE" 'SELECT 1'); then
  echo "NOT OK: $PGUSER cannot connect to $DATABASE: $answer"
  exit 1
fi
echo "ok: $PGUSER can connect to $DATABASE"
refused "create a table in $DATABASE" "$DATABASE" 'CREATE TABLE created_by_helm_test ()'
for other in $OTHERS; do
  refused "connect to $other" "$other" 'SELECT 1'
done
