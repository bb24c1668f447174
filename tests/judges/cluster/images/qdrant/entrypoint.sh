#!/usr/bin/env bash
exec /opt/venv/bin/python /qdrant/stand_in.py "$@"
