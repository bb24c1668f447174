#!/bin/sh
# As the real image's: /etc/nginx/templates/X.template becomes /etc/nginx/conf.d/X, with the variables whose names match
# NGINX_ENVSUBST_FILTER, and only those that are set.
set -e
cd /etc/nginx/templates
names=$(awk -v filter="${NGINX_ENVSUBST_FILTER:-}" 'BEGIN { for (name in ENVIRON) if (name ~ filter) printf "${%s} ", name }')
find . -follow -type f -name '*.template' | while read -r template; do
  mkdir -p "/etc/nginx/conf.d/$(dirname "$template")"
  envsubst "$names" <"$template" >"/etc/nginx/conf.d/${template%.template}"
done
