#!/usr/bin/env bash
# The tools that are neither Go nor npm dependencies of the product, with their pinned versions. They are compiled by
# `go install` into a cache outside the repository, shared by the clones of one user (APILOS_TOOLS to choose another).
set -euo pipefail

USAGE="usage: ./scripts/tools.sh install [NOM...]   installe les outils (tous par défaut)
       ./scripts/tools.sh path             écrit le dossier à mettre dans PATH
       ./scripts/tools.sh list             écrit les outils et leur version"

# name  module path of the command  version
PINS="
golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint v2.15.0
versitygw github.com/versity/versitygw/cmd/versitygw v1.8.0
k6 go.k6.io/k6 v1.8.1
"
# What `install` takes when no name is given: what the tests use. k6 is for measurements.
DEFAULT_TOOLS="golangci-lint versitygw"

CACHE="${APILOS_TOOLS:-${XDG_CACHE_HOME:-${HOME:-/var/cache}/.cache}/apilos/tools}"

# current NAME VERSION : the cache holds this version. The version is written last, beside the program.
current() {
  [ -x "$CACHE/$1" ] && [ "$(cat "$CACHE/$1.version" 2>/dev/null)" = "$2" ]
}

install_tool() {
  local wanted=$1 name module version output
  while read -r name module version; do
    [ "$name" = "$wanted" ] || continue
    if current "$name" "$version"; then
      return
    fi
    printf 'Installation de %s %s…\n' "$name" "$version" >&2
    mkdir -p "$CACHE"
    if ! output=$(GOBIN="$CACHE" CGO_ENABLED=0 go install "$module@$version" 2>&1); then
      printf '%s\n' "$output" >&2
      return 1
    fi
    printf '%s' "$version" >"$CACHE/$name.version"
    return
  done <<<"$PINS"
  printf 'Outil inconnu : %s\n%s\n' "$wanted" "$USAGE" >&2
  exit 2
}

case "${1:-}" in
  install)
    shift
    if [ $# -eq 0 ]; then
      read -r -a names <<<"$DEFAULT_TOOLS"
      set -- "${names[@]}"
    fi
    for tool in "$@"; do install_tool "$tool"; done
    ;;
  path)
    printf '%s\n' "$CACHE"
    ;;
  list)
    while read -r name module version; do
      [ -n "$name" ] || continue
      state="absent"
      if current "$name" "$version"; then state="installé"; fi
      printf '%-14s %-8s %s (%s)\n' "$name" "$version" "$module" "$state"
    done <<<"$PINS"
    ;;
  -h | --help)
    printf '%s\n' "$USAGE"
    ;;
  *)
    printf '%s\n' "$USAGE" >&2
    exit 2
    ;;
esac
