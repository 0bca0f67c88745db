# shellcheck shell=bash
# Shared by the scripts of this folder; sourced, never run. Needs bash 3.2 or later.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD="$ROOT/.build"
cd "$ROOT" || exit 1

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# usage TEXT ARGS... : prints TEXT and leaves when ARGS ask for help.
usage() {
  local text=$1
  shift
  local arg
  for arg in "$@"; do
    if [ "$arg" = -h ] || [ "$arg" = --help ]; then
      printf '%s\n' "$text"
      exit 0
    fi
  done
}

# wrong_usage MESSAGE TEXT : a mistake in the command line.
wrong_usage() {
  say "$1"
  say "$2"
  exit 2
}

# need_go, need_node : the only two tools a newcomer installs. Their messages are for people who start the platform.
need_go() {
  command -v go >/dev/null 2>&1 || die "Go est introuvable. Installez Go 1.26 ou plus récent, puis relancez."
  local version
  version=$(go env GOVERSION)
  case "$version" in
    go1.2[6-9]* | go1.[3-9][0-9]* | go[2-9]* | devel*) ;;
    *) die "Go 1.26 ou plus récent est nécessaire ; celui-ci est $version." ;;
  esac
}

need_node() {
  command -v node >/dev/null 2>&1 || die "Node.js est introuvable. Installez Node.js 20.19 ou plus récent, puis relancez."
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    die "Node.js 20.19 ou plus récent est nécessaire ; celui-ci est $(node --version)."
  command -v npm >/dev/null 2>&1 || die "npm est introuvable. Il est livré avec Node.js : vérifiez votre installation."
}

# install_node_modules : `npm ci`, only when what is installed differs from the lock file.
install_node_modules() {
  if node scripts/fresh.mjs; then
    return
  fi
  say "Installation des dépendances du navigateur (npm ci)…"
  npm ci --no-audit --no-fund --loglevel=error >&2
}

# build_spa : builds what the program embeds for browsers: Swagger UI, and the single-page application into frontend/dist
# when one of its inputs changed.
build_spa() {
  local wanted
  node scripts/swagger-ui.mjs
  wanted=$(node scripts/fingerprint.mjs frontend package-lock.json package.json scripts/lib.sh scripts/compress.mjs)
  if [ -f frontend/dist/index.html ] && [ "$(cat "$BUILD/spa.stamp" 2>/dev/null)" = "$wanted" ]; then
    return
  fi
  say "Construction de l'interface (Parcel)…"
  rm -f "$BUILD/spa.stamp"
  empty_dist # also because the two trimming commands below scan what they find there
  # Parcel writes only what its cache does not hold: with a new folder, the cache must go too.
  rm -rf "$BUILD/spa" "$BUILD/parcel-cache"
  mkdir -p "$BUILD/spa"
  # Both rewrite the DSFR style sheets inside node_modules with what the sources use.
  node_modules/.bin/only-include-used-icons --projectDir . --silent >&2
  node_modules/.bin/only-include-used-components --projectDir . --silent --strict >&2
  node_modules/.bin/parcel build frontend/index.html --dist-dir "$BUILD/spa" --cache-dir "$BUILD/parcel-cache" \
    --public-url / --no-source-maps --log-level warn >&2
  node scripts/compress.mjs "$BUILD/spa" >&2
  cp -R "$BUILD/spa/." frontend/dist/
  printf '%s' "$wanted" >"$BUILD/spa.stamp"
}

# empty_dist : leaves the placeholder, without which `go build` finds nothing to embed in a fresh clone.
empty_dist() {
  mkdir -p frontend/dist
  find frontend/dist -mindepth 1 ! -name .gitkeep -delete
  : >frontend/dist/.gitkeep
}

# build_binary : .build/apilos, with the version it reports. Without C compiler: the binary runs anywhere.
build_binary() {
  local version commit date
  version=$(node -p 'require("./package.json").version')
  commit=$(git rev-parse --short=12 HEAD 2>/dev/null || true)
  date=$(git log -1 --format=%cI 2>/dev/null || true)
  mkdir -p "$BUILD"
  CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$version -X main.commit=$commit -X main.date=$date" \
    -o "$BUILD/apilos" ./api/cmd/apilos
}
