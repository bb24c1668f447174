#!/usr/bin/env bash
# As the real image's: a key of its own where none is given, then the server.
set -euo pipefail
cd /app/backend
file=${WEBUI_SECRET_KEY_FILE:-.webui_secret_key}
if [ -z "${WEBUI_SECRET_KEY:-}" ]; then
  [ -e "$file" ] || head -c 12 /dev/random | base64 >"$file"
  WEBUI_SECRET_KEY=$(cat "$file")
  export WEBUI_SECRET_KEY
fi
exec python -m uvicorn open_webui.main:app --host "${HOST:-0.0.0.0}" --port "$PORT" --forwarded-allow-ips '*'
