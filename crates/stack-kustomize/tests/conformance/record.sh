#!/bin/sh
# Records what the real binary says about each case: expected.yaml where it builds, expected.err where it refuses.
# KUSTOMIZE is the command that builds a folder; the default needs kubectl 1.33 (kustomize v5.6.0).
set -eu
cd "$(dirname "$0")"
kustomize=${KUSTOMIZE:-kubectl kustomize}
for case in */; do
    case=${case%/}
    [ $# -eq 0 ] || [ "$1" = "$case" ] || continue
    rm -f "$case/expected.yaml" "$case/expected.err"
    if ! $kustomize "$case/input/$(cat "$case/root")" >"$case/expected.yaml" 2>"$case/expected.err"; then
        rm "$case/expected.yaml"
        sed -i "s|$PWD/$case/input|{{INPUT}}|g" "$case/expected.err"
    else
        rm "$case/expected.err"
    fi
done
