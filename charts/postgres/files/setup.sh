# Brings one logical database to the state that logical-database.sql describes. Run in the setup Job, in one container
# for each database.
set -eu

tries=0
until pg_isready --quiet; do
  tries=$((tries + 1))
  if [ $tries = 30 ]; then
    echo "$PGHOST has accepted no connection for a minute. Does its pod run? kubectl describe pod $PGHOST-0" >&2
    exit 1
  fi
  sleep 2
done

status=0
psql --no-psqlrc --no-password --dbname=postgres --set="database=$DATABASE" --file=/setup/logical-database.sql || status=$?
case $status in
  0) echo "database $DATABASE and its roles are as they should be" ;;
  2)
    {
      echo "If it is the password that was refused: a volume keeps the one that it was made with. Put that one back into"
      echo "the secret $ADMIN_SECRET, or give the server the secret's:"
      echo "  kubectl exec --stdin --tty $PGHOST-0 -- psql --command='\\password'"
    } >&2
    ;;
esac
exit $status
