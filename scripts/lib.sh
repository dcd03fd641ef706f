# Shared by the scripts in this folder; to be sourced.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n== %s\n' "$*"; }

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Names the Python to make the virtual environment with: the machine's own, also while .venv is active.
base_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3 python; do
        [ -n "$candidate" ] || continue
        "$candidate" -c 'import sys
if sys.version_info < (3, 11): sys.exit(1)
print(sys._base_executable)' 2>/dev/null && return
    done
    fail "Python 3.11 or newer is needed and was not found; name one with PYTHON=/path/to/python."
}

# Names the Python that has what is installed for development: the active environment, or .venv.
developing_python() {
    local candidate
    for candidate in "${PYTHON:-}" "${VIRTUAL_ENV:+$VIRTUAL_ENV/bin/python}" "$root/.venv/bin/python" python3; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import babel, django' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    fail "No environment for development was found: run scripts/test once, it makes .venv."
}

# prepare_venv NAME LOCK…: makes .venv with exactly what the lock files name, or keeps it when it holds that.
prepare_venv() {
    local name=$1 base lock arguments=()
    if venv_holds "$@"; then return; fi
    shift
    base=$(base_python)
    say "Making .venv"
    rm -rf "$root/.venv"
    "$base" -m venv "$root/.venv" || install_venv_module "$base"
    for lock in "$@"; do arguments+=(--requirement "$root/$lock"); done
    "$root/.venv/bin/python" -m pip install -qq --disable-pip-version-check \
        --require-hashes --only-binary :all: "${arguments[@]}"
    venv_stamp "$@" >"$root/.venv/installed-$name"
}

# venv_holds NAME LOCK…: whether .venv was made from these very lock files by this very Python.
venv_holds() {
    local file=$root/.venv/installed-$1
    shift
    [ -f "$file" ] && [ "$(cat "$file")" = "$(venv_stamp "$@")" ]
}

venv_stamp() {
    (cd "$root" && "$(base_python)" -c '
import hashlib, pathlib, sys
content = b"".join(pathlib.Path(name).read_bytes() for name in sys.argv[1:])
print(sys.version.split()[0], hashlib.sha256(content).hexdigest())' "$@")
}

# Debian ships Python without venv; the package for it has the version in its name.
install_venv_module() {
    local version
    version=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    command -v apt-get >/dev/null || fail "$1 cannot make virtual environments; install its venv module."
    as_root apt-get update -qq && as_root apt-get install -y -qq "$version" >/dev/null \
        || fail "$1 cannot make virtual environments; install $version."
    rm -rf "$root/.venv"
    "$1" -m venv "$root/.venv"
}

# Installs the project itself from the working tree; this fetches the browser assets and compiles the translations.
install_project() {
    "$root/.venv/bin/python" -m pip install -qq --disable-pip-version-check \
        --no-build-isolation --no-deps --editable "$root"
}

# Installs what tests/clients sends with beside the virtual environment, once per lock file; `npm ci` checks each
# package against its hash.
install_clients() {
    local source=$root/tests/clients target=$root/.venv/clients
    if cmp -s "$source/package-lock.json" "$target/installed.json"; then return; fi
    say "Installing the clients that the tests send with"
    rm -rf "$target" && mkdir -p "$target"
    (cd "$root" && "$root/.venv/bin/python" -c \
        'import pathlib, sys, hatch_build; hatch_build.npm_ci(*map(pathlib.Path, sys.argv[1:]))' "$source" "$target")
    cp "$source/package-lock.json" "$target/installed.json"
}

# Prints a folder in memory for what tests write, where there is one with four gigabytes free: the log and the database
# wait for the disk at every commit, thousands of times in all tests, and nothing of it is to outlive them. TMPDIR,
# where it is set, stands.
memory_folder() {
    local free
    if [ -n "${TMPDIR:-}" ] || grep -qs ' /dev/shm .*noexec' /proc/mounts; then return; fi
    free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1) || return 0
    if [ "${free:-0}" -ge 4194304 ] && [ -w /dev/shm ]; then printf '/dev/shm\n'; fi
}

# Browser tests drive the system's Chromium; Playwright's own builds come from elsewhere and are not needed.
need_chromium() {
    if chromium_path >/dev/null; then return; fi
    say "Installing Chromium"
    if command -v apt-get >/dev/null; then
        as_root apt-get update -qq && as_root apt-get install -y -qq chromium >/dev/null && return
    elif command -v dnf >/dev/null; then
        as_root dnf install -y -q chromium && return
    elif command -v apk >/dev/null; then
        as_root apk add --quiet chromium && return
    fi
    fail "The browser tests need Chromium and it could not be installed; install it, or run scripts/test --quick."
}

# Traces of the disk's calls; without it the tests that need them are skipped, and say so.
want_strace() {
    if command -v strace >/dev/null; then return; fi
    say "Installing strace"
    if command -v apt-get >/dev/null; then
        as_root apt-get update -qq && as_root apt-get install -y -qq strace >/dev/null || true
    elif command -v dnf >/dev/null; then
        as_root dnf install -y -q strace || true
    elif command -v apk >/dev/null; then
        as_root apk add --quiet strace || true
    fi
}

chromium_path() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
