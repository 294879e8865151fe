#!/bin/sh
# Prepares this checkout: .venv with exactly what requirements.lock names, and the system
# libraries Qt needs. When nothing has changed since the last time it returns at once.
# Called by ./run and, with the argument "tests", by ./test.
#
#   FIRSTLINE_PYTHON   the Python to use, 3.11 or newer (default: the first one found)
#   FIRSTLINE_WHEELS   a folder of wheels to install from instead of a package index
#
# Exit codes: 1 the set-up failed, 3 the system lacks something that only its owner can install.
set -eu

if [ -n "${FIRSTLINE_WHEELS:-}" ]; then
    FIRSTLINE_WHEELS=$(CDPATH='' cd -- "$FIRSTLINE_WHEELS" && pwd -P)
fi
cd -- "$(dirname -- "$(readlink -f -- "$0")")/.."
root=$(pwd -P)

say() { printf '%s\n' "$*" >&2; }

stamp() {
    { .venv/bin/python -V && printf '%s\n' "$root" &&
        cat requirements.lock pyproject.toml scripts/setup.sh; } 2>&1 | cksum
}

is_ready() { [ -f .venv/stamp ] && [ "$(stamp)" = "$(cat .venv/stamp)" ]; }

# Installs Debian packages, or fails after saying what their owner has to do.
install_packages() {
    if ! command -v apt-get >/dev/null; then
        say "Missing on this system (Debian's package names): $*"
        return 3
    elif [ "$(id -u)" != 0 ]; then
        say "Missing on this system. Install with:" "
  sudo apt-get install -y --no-install-recommends $*"
        return 3
    fi
    say "Installing system packages: $*"
    apt_install "$@" 2>/dev/null || { apt-get update -qq >&2 && apt_install "$@"; } || return 3
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

missing_libraries() {
    command -v ldd >/dev/null || return 0
    for part in lib/libQt6Core.so.6 lib/libQt6Gui.so.6 lib/libQt6Widgets.so.6 \
        lib/libQt6Network.so.6 lib/libQt6DBus.so.6 \
        plugins/platforms/libqoffscreen.so plugins/platforms/libqxcb.so; do
        for file in .venv/lib/python3*/site-packages/PySide6/Qt/"$part"; do
            if [ -f "$file" ]; then ldd "$file"; fi
        done
    done 2>/dev/null | awk '/=> not found/ { print $1 }' | sort -u
}

package_of() {
    case $1 in
        libEGL.so.1) echo libegl1 ;;
        libGL.so.1 | libGLX.so.0 | libOpenGL.so.0) echo libgl1 ;;
        libglib-2.0.so.0 | libgthread-2.0.so.0 | libgio-2.0.so.0) echo libglib2.0-0 ;;
        libxkbcommon.so.0) echo libxkbcommon0 ;;
        libxkbcommon-x11.so.0) echo libxkbcommon-x11-0 ;;
        libfontconfig.so.1) echo libfontconfig1 ;;
        libfreetype.so.6) echo libfreetype6 ;;
        libdbus-1.so.3) echo libdbus-1-3 ;;
        libgssapi_krb5.so.2) echo libgssapi-krb5-2 ;;
        libX11.so.6) echo libx11-6 ;;
        libX11-xcb.so.1) echo libx11-xcb1 ;;
        libxcb-*.so.*) echo "$1" | sed 's/\.so\.//' ;; # libxcb-cursor.so.0 is in libxcb-cursor0
        libxcb.so.1) echo libxcb1 ;;
        libz.so.1) echo zlib1g ;;
        libzstd.so.1) echo libzstd1 ;;
        libstdc++.so.6) echo libstdc++6 ;;
        *) return 1 ;;
    esac
}

need_libraries() {
    packages=$(for library in $(missing_libraries); do package_of "$library" || :; done | sort -u)
    # shellcheck disable=SC2086  # a list of words
    if [ -n "$packages" ]; then install_packages $packages || exit 3; fi
    missing=$(missing_libraries)
    if [ -n "$missing" ]; then
        say "Qt still lacks these libraries:" "$missing"
        exit 3
    fi
}

# Prints the first Python that is new enough and can make virtual environments.
find_python() {
    for candidate in ${FIRSTLINE_PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$candidate" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
            "$candidate" -c "import sys; print(sys.executable)"
            return 0
        fi
    done
    return 1
}

need_python() {
    python=$(find_python) || {
        say "Firstline needs Python 3.11 or newer; here is" \
            "$(${FIRSTLINE_PYTHON:-python3} -V 2>/dev/null || echo no Python)."
        install_packages python3 python3-venv || exit 3
        python=$(find_python) || { say "This system's own Python is too old."; exit 3; }
    }
    "$python" -c "import ensurepip" 2>/dev/null ||
        install_packages "$("$python" -c "import sys; print('python3.%d-venv' % sys.version_info[1])")" ||
        exit 3
}

make_environment() {
    clear=
    # A folder that was moved, or whose Python has gone or is too old, cannot be repaired.
    grep -qsF "$root/.venv" .venv/bin/activate &&
        .venv/bin/python -c "import sys, pip; sys.exit(sys.version_info < (3, 11))" 2>/dev/null ||
        clear=--clear
    if [ -n "$clear" ]; then "$python" -m venv --clear .venv; fi
    set -- install -qq --disable-pip-version-check --no-input
    if [ -n "${FIRSTLINE_WHEELS:-}" ]; then
        set -- "$@" --no-index --find-links "$FIRSTLINE_WHEELS"
    fi
    .venv/bin/python -m pip "$@" --require-hashes --only-binary :all: -r requirements.lock
    .venv/bin/python -m pip "$@" --no-deps --no-build-isolation -e .
}

need_test_programs() {
    packages=
    command -v pdftotext >/dev/null || packages="$packages poppler-utils"
    command -v qpdf >/dev/null || packages="$packages qpdf"
    command -v Xvfb >/dev/null || packages="$packages xvfb"
    command -v xauth >/dev/null || packages="$packages xauth"
    command -v gnome-keyring-daemon >/dev/null || packages="$packages gnome-keyring"
    command -v dbus-run-session >/dev/null || packages="$packages dbus"
    # shellcheck disable=SC2086  # a list of words
    if [ -n "$packages" ]; then
        install_packages $packages || say "Tests that need them are skipped."
    fi
}

# Root installs the server's programs alone: no cluster is made and no server runs afterwards.
# Elsewhere the tests use the wheel's server, which speaks no TLS.
need_test_server() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then return; fi
    for server in /usr/lib/postgresql/*/bin/postgres; do
        if [ -x "$server" ]; then return; fi
    done
    choice=/etc/postgresql-common/createcluster.d/firstline-setup.conf
    mkdir -p "${choice%/*}"
    echo "create_main_cluster = false" >"$choice"
    install_packages postgresql || say "Tests that need TLS to PostgreSQL are skipped."
    rm "$choice"
}

if ! is_ready; then
    # Two calls at once wait for each other.
    if command -v flock >/dev/null; then exec 9<scripts/setup.sh && flock 9; fi
    if ! is_ready; then
        say "Setting up Firstline; the first time takes a minute or two."
        need_python
        make_environment
        need_libraries
        stamp >.venv/stamp
    fi
fi
if [ "${1:-}" = tests ]; then
    need_test_programs
    need_test_server
fi
