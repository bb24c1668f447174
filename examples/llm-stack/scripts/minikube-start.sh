#!/usr/bin/env bash
# Starts a Minikube cluster on which the stack's development loop runs, after it has checked that this machine can.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: minikube-start.sh [--cpus N] [--memory GB] [--disk GB] [--profile NAME]

Starts the Minikube cluster for `skaffold dev --port-forward`. May be run again at any time.

  --cpus N         CPUs of the cluster            default 8, at least 4    (LLM_STACK_CPUS)
  --memory GB      memory of the cluster in GB    default 16, at least 8   (LLM_STACK_MEMORY)
  --disk GB        disk of the cluster in GB      default 40, at least 20  (LLM_STACK_DISK)
  --profile NAME   name of the cluster            default minikube         (LLM_STACK_PROFILE)

On a machine with less than was asked for, but not less than the least, the cluster gets what there is.
USAGE
}

say() { printf '%s\n' "$*"; }
warn() { printf 'minikube-start: %s\n' "$*" >&2; }
fail() {
  warn "$@"
  exit 1
}
misuse() {
  warn "$@"
  usage >&2
  exit 2
}

min_cpus=4 min_memory=8 min_disk=20
cpus=${LLM_STACK_CPUS:-8} memory=${LLM_STACK_MEMORY:-16} disk=${LLM_STACK_DISK:-40}
profile=${LLM_STACK_PROFILE:-minikube}

# The local ends of the port-forwards in skaffold.yaml.
ports='3000 8080 4000 7272 6333 5432 6379'

while [ $# -gt 0 ]; do
  option=$1
  case $option in
    -h | --help)
      usage
      exit 0
      ;;
    --*=*)
      shift
      set -- "${option%%=*}" "${option#*=}" "$@"
      continue
      ;;
    --cpus | --memory | --disk | --profile) [ $# -ge 2 ] || misuse "$option needs a value" ;;
    *) misuse "unknown argument: $option" ;;
  esac
  case $option in
    --cpus) cpus=$2 ;;
    --memory) memory=$2 ;;
    --disk) disk=$2 ;;
    --profile) profile=$2 ;;
  esac
  shift 2
done

check_wish() { # WHAT VALUE LEAST
  case $2 in
    '' | *[!0-9]* | 0* | ???????*) misuse "$1 must be a whole number, not '$2'" ;;
  esac
  [ "$2" -ge "$3" ] || fail "the stack needs at least $3 for --$1, not $2"
}
check_wish cpus "$cpus" $min_cpus
check_wish memory "$memory" $min_memory
check_wish disk "$disk" $min_disk
case $profile in
  '' | -* | *[!a-zA-Z0-9-]*) misuse "a profile's name has letters, digits and hyphens only: '$profile'" ;;
esac

check_tools() {
  local missing=0 tool
  for tool in minikube docker kubectl skaffold; do
    command -v "$tool" >/dev/null 2>&1 && continue
    missing=1
    case $tool in
      minikube) warn "minikube is not installed: https://minikube.sigs.k8s.io/docs/start/" ;;
      docker) warn "docker is not installed: https://docs.docker.com/get-docker/" ;;
      kubectl) warn "kubectl is not installed: https://kubernetes.io/docs/tasks/tools/" ;;
      skaffold) warn "skaffold is not installed: https://skaffold.dev/docs/install/" ;;
    esac
  done
  [ $missing -eq 0 ] || exit 1
}

# The first number of the form 1.2.3 in a text, and nothing if there is none: then the tool's version stays unchecked.
version_in() {
  printf '%s\n' "$1" | awk 'match($0, /[0-9]+\.[0-9]+\.[0-9]+/) { print substr($0, RSTART, RLENGTH); exit }'
}

older() { # VERSION THAN-MAJOR THAN-MINOR
  local major=${1%%.*} rest=${1#*.}
  local minor=${rest%%.*}
  [ "$major" -lt "$2" ] || { [ "$major" -eq "$2" ] && [ "$minor" -lt "$3" ]; }
}

check_versions() {
  local skaffold kubectl
  skaffold=$(version_in "$(skaffold version 2>/dev/null || true)")
  kubectl=$(version_in "$(kubectl version --client 2>/dev/null || true)")
  if [ "$skaffold" = 2.14.0 ]; then
    fail "Skaffold 2.14.0 forbids to pull any image on a local cluster, so Postgres and Redis would never start: install another version"
  fi
  if [ -n "$skaffold" ] && older "$skaffold" 2 12; then
    fail "Skaffold $skaffold does not know the format of skaffold.yaml: 2.12 or later is needed"
  fi
  if [ -n "$kubectl" ] && older "$kubectl" 1 27; then
    fail "kubectl $kubectl brings a Kustomize that is too old: 1.27 or later is needed"
  fi
}

# A whole number or nothing.
number() { printf '%s' "$1" | grep -E '^[0-9]+$' || true; }

# On Linux Docker has all of the machine; elsewhere it has a virtual machine, whose size is what counts.
check_machine() {
  local info has_cpus has_mib has_gb root has_disk
  info=$(docker info --format '{{.NCPU}} {{.MemTotal}} {{.DockerRootDir}}' 2>/dev/null) ||
    fail "Docker does not answer: is it running, and may you use it (docker info)?"
  has_cpus=$(number "$(printf '%s' "$info" | cut -d' ' -f1)")
  has_mib=$(number "$(printf '%s' "$info" | cut -d' ' -f2)")
  root=$(printf '%s' "$info" | cut -d' ' -f3-)
  if [ -z "$has_cpus" ] || [ -z "$has_mib" ] || [ "$has_cpus" -eq 0 ] || [ "$has_mib" -eq 0 ]; then
    fail "Docker does not say how large this machine is (docker info): '$info'"
  fi
  has_mib=$((has_mib / 1048576))
  has_gb=$(((has_mib + 512) / 1024)) # a machine of 8 GB shows a little less

  [ "$has_cpus" -ge $min_cpus ] ||
    fail "Docker has $has_cpus CPUs here, and the stack needs at least $min_cpus (Docker Desktop: Settings, Resources)"
  [ "$has_gb" -ge $min_memory ] ||
    fail "Docker has $has_gb GB of memory here, and the stack needs at least $min_memory (Docker Desktop: Settings, Resources)"
  if [ "$has_cpus" -lt "$cpus" ]; then
    say "Docker has $has_cpus CPUs here, not $cpus: the cluster gets $has_cpus."
    cpus=$has_cpus
  fi
  memory_mib=$((memory * 1024))
  if [ "$has_mib" -lt "$memory_mib" ]; then
    # Minikube refuses a request above what Docker has, by a megabyte too.
    [ "$has_gb" -ge "$memory" ] || say "Docker has $has_gb GB of memory here, not $memory: the cluster gets that."
    memory_mib=$has_mib
  fi

  # Docker's directory is not on this machine's own disk where Docker runs in a virtual machine.
  [ -d "$root" ] || root=$HOME
  has_disk=$(number "$(df -Pk "$root" 2>/dev/null | awk 'NR == 2 { print int($4 / 1048576) }')")
  if [ -z "$has_disk" ]; then
    warn "cannot tell how much disk is free at $root"
  elif [ "$has_disk" -lt $min_disk ]; then
    fail "$root has $has_disk GB free, and the stack needs at least $min_disk"
  elif [ "$has_disk" -lt "$disk" ]; then
    say "$root has $has_disk GB free, not $disk: the cluster gets that."
    disk=$has_disk
  fi
}

check_ports() {
  local port taken=''
  for port in $ports; do
    # Whoever takes the connection has the port.
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then taken="$taken $port"; fi
  done
  [ -z "$taken" ] || fail "these local ports are taken, and skaffold would silently forward to others:$taken
Is \`skaffold dev\` running already? Who has a port: lsof -nP -iTCP:${taken##* } -sTCP:LISTEN"
}

# Where Minikube keeps what it knows of a cluster.
profile_config() {
  local home=${MINIKUBE_HOME:-$HOME}
  case $home in
    */.minikube) ;;
    *) home=$home/.minikube ;;
  esac
  printf '%s' "$home/profiles/$profile/config.json"
}

# Skaffold builds in the cluster's own Docker, which only such a cluster has.
check_existing() {
  local config
  config=$(profile_config)
  [ -f "$config" ] || return 0
  grep -q '"ContainerRuntime": *"docker"' "$config" ||
    fail "the cluster '$profile' is there already, and its container runtime is not Docker: choose another --profile, or remove it with minikube-cleanup.sh"
  grep -q '"Driver": *"docker"' "$config" ||
    say "The cluster '$profile' is there already, with a driver other than Docker; it is used as it is."
}

is_running() { [ "$(minikube status --profile "$profile" --format '{{.APIServer}}' 2>/dev/null || true)" = Running ]; }

nodes() { kubectl --context "$profile" get nodes --no-headers 2>/dev/null | grep -c . || true; }

say "Checking this machine: tools, size, local ports."
check_tools
check_versions
check_machine
check_ports
check_existing

if is_running; then
  say "The cluster '$profile' is running already; its size stays as it is."
elif [ -f "$(profile_config)" ]; then
  say "Starting the cluster '$profile' again, as large as it was made."
  minikube start --profile "$profile" || fail "Minikube could not start '$profile' (above is why)"
else
  say "Making the cluster '$profile': $cpus CPUs, $memory_mib MiB of memory, $disk GB of disk. The first time takes some minutes."
  minikube start --profile "$profile" --driver=docker --container-runtime=docker --nodes=1 \
    --cpus="$cpus" --memory="${memory_mib}mb" --disk-size="${disk}g" ||
    fail "Minikube could not make '$profile' (above is why). To begin anew: minikube-cleanup.sh --profile $profile"
fi

# Skaffold works on the current context, and its minikube profile is for the context of that name.
kubectl config use-context "$profile" >/dev/null ||
  fail "kubectl has no context '$profile': minikube update-context --profile $profile"
count=$(nodes)
[ "$count" = 1 ] || fail "the cluster '$profile' shows $count nodes; images that Skaffold builds are only on one, so it has to be 1"

say "The cluster is ready. Next, in the directory of skaffold.yaml:"
if [ "$profile" = minikube ]; then
  say "  skaffold dev --port-forward"
else
  say "  skaffold dev --port-forward --profile minikube --kube-context $profile"
fi
