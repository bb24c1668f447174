#!/bin/sh
# One of the scripts which the image runs before nginx: leaves a builder behind that turns each edit into a new page.
set -eu
cd /app

# Small enough for a container of 512Mi with nginx in it (some 350 MiB after a hundred builds).
export NODE_OPTIONS='--max-old-space-size=128 --max-semi-space-size=4'
export LD_LIBRARY_PATH=/opt/node
export HOME=/tmp

# A builder that ends, for example since the kernel was short of memory, is started again.
while true; do
    /opt/node/node node_modules/vite/bin/vite.js build --config vite.watch.config.ts \
        --outDir /usr/share/nginx/html --emptyOutDir || true
    sleep 2
done &
