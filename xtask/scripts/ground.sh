# What ./run and ./test stand on: prerequisites, system packages, the pages' packages, and the one way cargo is called.
# Sourced, never started. The caller has set -euo pipefail and stands in the top folder of the checkout.
# shellcheck shell=bash

rust_needed=1.95
node_needed=20

# One selection and one profile for every build, so that cargo unifies features once and builds nothing twice: what is
# tested is what is shipped. The window carries its pages (custom-protocol). xtask/src/program.rs says the same.
selection=(--locked --release --workspace --features tickmark-window/custom-protocol)
# The same, and the window lets the end-to-end test drive it.
driven_selection=("${selection[@]}" --features tickmark-window/e2e)
target=${CARGO_TARGET_DIR:-$PWD/target}

packages_to_build=(build-essential pkg-config perl make libwebkit2gtk-4.1-dev librsvg2-dev)
packages_to_test=(git xvfb xauth webkit2gtk-driver fonts-dejavu-core chromium poppler-utils qpdf age openssl openssh-client minisign gnupg
  python3 python3-venv imagemagick strace time)

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

# at_least 1.95 1.95.0: whether the second version is the first or newer.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# Rust and Node are yours to choose; they are named here and never installed.
need_rust_and_node() {
  local rust node
  rust=$(cargo --version 2>/dev/null | cut -d' ' -f2) || rust=
  if [ -z "$rust" ] || ! at_least "$rust_needed" "${rust%%-*}"; then
    stop "Rust $rust_needed or newer is needed (found: ${rust:-none}). Get it with rustup: https://rustup.rs"
  fi
  node=$(node --version 2>/dev/null) || node=
  if [ -z "$node" ] || ! at_least "$node_needed" "${node#v}" || ! command -v npm >/dev/null; then
    stop "Node $node_needed or newer with npm is needed (found: ${node:-none}). Get it from https://nodejs.org or your system's packages."
  fi
}

# Installs those of the named Debian packages that are missing; says nothing where none is.
need_packages() {
  local package missing=() as_root=()
  if ! command -v apt-get >/dev/null; then
    say "This is not Debian or Ubuntu: please see to these packages, or what they are called here: $*"
    return
  fi
  for package in "$@"; do
    dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || stop "Packages are missing. As root: apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo)
  fi
  say "Installing system packages: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# The pages' packages, exactly as package-lock.json names them; installed anew only when that file changed.
need_page_packages() {
  local stamp=ui/node_modules/.package-lock-seen
  cmp -s ui/package-lock.json "$stamp" && return
  say "Installing the pages' packages (npm ci)"
  npm --prefix ui ci --no-fund --no-audit --loglevel=error
  cp ui/package-lock.json "$stamp"
}

build_pages() { npm --prefix ui run --silent build; }

# Builds the pages only when something they are made of is newer: the window is built around them and would be linked anew.
need_pages() {
  local made_of=(ui/src ui/public ui/index.html ui/package-lock.json ui/svelte.config.js ui/vite.config.ts)
  [ -f ui/dist/index.html ] && [ -z "$(find "${made_of[@]}" -newer ui/dist/index.html -print -quit)" ] || build_pages
}

build_release() { cargo build "${selection[@]}" --bin tickmark --bin tickmark-window "$@"; }

# The chores, built with the same selection as everything else.
xtask() {
  cargo build --quiet "${selection[@]}" --bin xtask
  "$target/release/xtask" "$@"
}

# 75 -> "1 min 15 s"
spell_seconds() {
  if [ "$1" -ge 60 ]; then printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); else printf '%d s' "$1"; fi
}
