#!/bin/sh
# As the real image's: every executable script of /docker-entrypoint.d, then the server.
set -e
if [ "$1" = nginx ]; then
  for script in /docker-entrypoint.d/*.sh; do
    [ -x "$script" ] && "$script"
  done
fi
exec "$@"
