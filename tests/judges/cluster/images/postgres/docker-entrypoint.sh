#!/usr/bin/env bash
# As the real image's, for a container that does not run as root: a new database is made, filled by a server that listens on
# the socket only, and then the real one starts.
set -euo pipefail

if [ "$1" = postgres ]; then
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA"
  if [ ! -s "$PGDATA/PG_VERSION" ]; then
    : "${POSTGRES_PASSWORD:?Error: Database is uninitialized and superuser password is not specified.}"
    user=${POSTGRES_USER:-postgres} database=${POSTGRES_DB:-${POSTGRES_USER:-postgres}}
    initdb --username="$user" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") >/dev/null
    printf '\nhost all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
    export PGPASSWORD=$POSTGRES_PASSWORD
    pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p 5432" -w start
    query=(psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$user" --no-password)
    [ "$database" = postgres ] ||
      "${query[@]}" --dbname postgres --set db="$database" <<<'CREATE DATABASE :"db"'
    for file in /docker-entrypoint-initdb.d/*; do
      case $file in
        *.sh) bash "$file" ;;
        *.sql) "${query[@]}" --dbname "$database" -f "$file" ;;
      esac
    done
    pg_ctl -D "$PGDATA" -m fast -w stop
    unset PGPASSWORD
    echo 'PostgreSQL init process complete; ready for start up.'
  fi
  set -- "$@" -c "listen_addresses=*"
fi
exec "$@"
