#!/usr/bin/env bash
# Removes the Minikube cluster that minikube-start.sh made, and nothing else.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: minikube-cleanup.sh [--yes] [--profile NAME]

Deletes one Minikube cluster with all that is in it: pods, data, built images. Asks before.

  --yes            do not ask
  --profile NAME   name of the cluster    default minikube    (LLM_STACK_PROFILE)
USAGE
}

say() { printf '%s\n' "$*"; }
fail() {
  printf 'minikube-cleanup: %s\n' "$*" >&2
  exit 1
}
misuse() {
  printf 'minikube-cleanup: %s\n' "$*" >&2
  usage >&2
  exit 2
}

profile=${LLM_STACK_PROFILE:-minikube}
yes=false
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    -y | --yes) yes=true ;;
    --profile=*) profile=${1#*=} ;;
    --profile)
      [ $# -ge 2 ] || misuse "--profile needs a value"
      profile=$2
      shift
      ;;
    *) misuse "unknown argument: $1" ;;
  esac
  shift
done
case $profile in
  '' | -* | *[!a-zA-Z0-9-]*) misuse "a profile's name has letters, digits and hyphens only: '$profile'" ;;
esac

command -v minikube >/dev/null 2>&1 || fail "minikube is not installed"

# Where Minikube keeps what it knows of a cluster.
home=${MINIKUBE_HOME:-$HOME}
case $home in
  */.minikube) ;;
  *) home=$home/.minikube ;;
esac
known=$home/profiles/$profile

if [ ! -d "$known" ]; then
  say "There is no cluster '$profile': nothing to clean up."
  exit 0
fi

say "This deletes the Minikube cluster '$profile' with all that is in it, also what was not deployed from here."
if ! $yes; then
  [ -t 0 ] || fail "nobody is there to ask: pass --yes"
  printf 'Delete it? [y/N] '
  read -r answer || answer=''
  case $answer in
    y | Y | yes | Yes) ;;
    *)
      say "Nothing was deleted."
      exit 0
      ;;
  esac
fi

minikube delete --profile "$profile" || fail "Minikube could not delete '$profile' (above is why); run this again"
[ ! -d "$known" ] || fail "Minikube says that '$profile' is deleted, but $known is still there; run this again"
say "The cluster '$profile' is gone."
