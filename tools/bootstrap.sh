#!/bin/bash
# Builds .venv from the hash-locked requirements, and puts the `anxin` command into it.
#
#   tools/bootstrap.sh base       what `make demo` needs
#   tools/bootstrap.sh dev        what `make test` needs on top
#   tools/bootstrap.sh browsers   Debian's chromium and a Chinese font, for the browser tests
#
# A stamp inside .venv says which requirements are installed for which interpreter and folder, so a second run
# returns at once and never asks the network. Whatever an interrupted run left behind is repaired or made anew.
# Works with the bash 3.2 of macOS too.
set -euo pipefail
cd "$(dirname "$0")/.."

VENV=.venv
PYTHON="$VENV/bin/python"
UNFINISHED="$VENV/.anxin-unfinished"

say() { printf '%s\n' "$*" >&2; }
stop() { printf 'anxin: %s\n' "$*" >&2; exit 1; }
may_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt_install() {
    say "Installing $* (apt-get) ..."
    local log
    log=$(mktemp)
    if (export DEBIAN_FRONTEND=noninteractive
        apt-get update -q && apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "$@") >"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    tail -n 15 "$log" >&2
    rm -f "$log"
    return 1
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
can_make_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# Prints the first interpreter that is new enough, one that can make a virtual environment before one that cannot.
find_python() {
    local candidate fallback=""
    for candidate in ${ANXIN_PYTHON:-python3 python3.11 python3.12 python3.13 /usr/bin/python3}; do
        if is_new_enough "$candidate"; then
            if can_make_venv "$candidate"; then
                printf '%s' "$candidate"
                return 0
            fi
            fallback=${fallback:-$candidate}
        fi
    done
    printf '%s' "$fallback"
}

choose_python() {
    local python version package
    python=$(find_python)
    if [ -z "$python" ]; then
        may_apt || stop "Python 3.11 or newer is missing. Install it (Debian: sudo apt-get install python3 python3-venv) and start again."
        apt_install python3 python3-venv || stop "apt-get could not install python3 and python3-venv; see the lines above."
        python=$(find_python)
        [ -n "$python" ] || stop "the system's python3 is older than 3.11. Install a newer one and start again with ANXIN_PYTHON=/path/to/python3."
    fi
    if ! can_make_venv "$python"; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        package="python$version-venv"
        may_apt || stop "Python's venv module is missing. Install it (Debian: sudo apt-get install $package) and start again."
        apt_install "$package" || stop "apt-get could not install $package; see the lines above."
        can_make_venv "$python" || stop "$python still cannot make a virtual environment. Name another one: ANXIN_PYTHON=/path/to/python3."
    fi
    printf '%s' "$python"
}

# An environment is sound when its interpreter runs and has pip, and nobody moved the folder since it was made.
is_sound() {
    [ -x "$PYTHON" ] && "$PYTHON" -c '
import sys, pip
from pathlib import Path
sys.exit(sys.version_info < (3, 11) or Path(sys.prefix).resolve() != Path(".venv").resolve())' >/dev/null 2>&1
}

require_space() {
    local free
    free=$(df -Pk . | awk 'NR == 2 { print $4 }')
    if [ "${free:-0}" -lt "$1" ]; then
        stop "the disk that holds this folder has $((free / 1024)) MB left, and $(($1 / 1024)) MB are needed. Free some space and start again."
    fi
}

fingerprint() {
    "$PYTHON" - "$@" <<'PY'
import hashlib, pathlib, sys
digest = hashlib.sha256(f"{sys.version} {pathlib.Path('.').resolve()}".encode())
for name in sys.argv[1:]:
    digest.update(pathlib.Path(name).read_bytes())
print(digest.hexdigest())
PY
}

# pip is long-winded or silent; a line now and then is enough. Its errors and warnings are on stderr, untouched.
tell_progress() {
    local line count=0
    while IFS= read -r line; do
        case "$line" in
            Collecting*)
                count=$((count + 1))
                [ $((count % 15)) -ne 0 ] || say "  $count packages fetched ..."
                ;;
            "Installing collected"*) say "  unpacking $count packages ..." ;;
        esac
    done
}

install_requirements() {
    local requirements=$1
    say "Installing $requirements ..."
    if ! "$PYTHON" -m pip install --no-input --disable-pip-version-check --progress-bar off \
        --only-binary :all: --require-hashes -r "$requirements" | tell_progress; then
        rm -f "$UNFINISHED" # pip puts back what it could not finish; only being killed leaves half a package
        stop "pip could not install $requirements (see above). Check the network and the disk, then start again."
    fi
}

# The checkout is on the path by a .pth file and the command is three lines of shell: nothing to build, no network.
link_checkout() {
    "$PYTHON" - <<'PY'
import pathlib, sysconfig
link = pathlib.Path(sysconfig.get_path("purelib"), "anxin-checkout.pth")
here = f"{pathlib.Path('.').resolve()}\n"
if not link.exists() or link.read_text(encoding="utf-8") != here:
    link.write_text(here, encoding="utf-8")
command = pathlib.Path(".venv/bin/anxin")
text = '#!/bin/sh\nhere=$(dirname -- "$(readlink -f -- "$0")")\nexec "$here/python" -m anxin.cli "$@"\n'
if not command.exists() or command.read_text(encoding="utf-8") != text:
    command.write_text(text, encoding="utf-8")
    command.chmod(0o755)
PY
}

# dev.txt pins everything that base.txt pins, to the same versions, so installing one of the two is enough.
locks_of() {
    if [ "$1" = base ]; then printf 'requirements/base.txt'; else printf 'requirements/base.txt requirements/dev.txt'; fi
}

is_current() {
    # shellcheck disable=SC2046  # a list of files on purpose
    [ ! -e "$UNFINISHED" ] && is_sound &&
        [ "$(cat "$VENV/.anxin-$1" 2>/dev/null)" = "$(fingerprint $(locks_of "$1"))" ] && link_checkout
}

build_environment() {
    local profile=$1 python
    is_current "$profile" && return # another make has just built it
    if [ -e "$UNFINISHED" ] || ! is_sound; then
        python=$(choose_python)
        require_space 1000000
        say "Making the Python environment in $VENV (first start only; later starts need no network) ..."
        rm -rf "$VENV"
        mkdir "$VENV"
        : >"$UNFINISHED"
        "$python" -m venv "$VENV" || stop "could not make $VENV (see above). Remove that folder and start again."
    fi
    require_space 500000
    rm -f "$VENV/.anxin-$profile"
    : >"$UNFINISHED"
    install_requirements "requirements/$profile.txt"
    link_checkout
    fingerprint requirements/base.txt >"$VENV/.anxin-base"
    # shellcheck disable=SC2046
    fingerprint $(locks_of "$profile") >"$VENV/.anxin-$profile"
    rm -f "$UNFINISHED"
}

# Two `make` in one checkout must not build one environment at the same time.
with_lock() {
    if command -v flock >/dev/null 2>&1; then
        exec 9>.venv.lock
        flock -n 9 || { say "Another make is building the environment; waiting for it ..."; flock 9; }
    fi
    "$@"
}

has_browser() {
    local name
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    [ -n "${ANXIN_CHROMIUM:-}" ] && [ -x "$ANXIN_CHROMIUM" ]
}

has_chinese_font() {
    command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh-cn file 2>/dev/null | head -n 1)" ]
}

install_browsers() {
    local missing=""
    has_browser || missing="chromium"
    has_chinese_font || missing="$missing fonts-noto-cjk fontconfig"
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086  # a list of words on purpose
    if may_apt && apt_install $missing; then
        return 0
    fi
    say "The browser tests need more than is here and will fail: sudo apt-get install" $missing
}

case "${1:-}" in
    base | dev) is_current "$1" || with_lock build_environment "$1" ;;
    browsers) install_browsers ;;
    *) stop "usage: tools/bootstrap.sh base|dev|browsers" ;;
esac
