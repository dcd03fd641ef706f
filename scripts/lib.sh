# Shared by the scripts in this folder; to be sourced.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Names the Python to make the virtual environment with.
base_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3 python; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
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
    local name=$1 base stamp file
    shift
    base=$(base_python)
    stamp=$( (cd "$root" && cat "$@" && "$base" -c 'import sys; print(sys.version, sys.prefix)') | sha256)
    file=$root/.venv/installed-$name
    if [ -f "$file" ] && [ "$(cat "$file")" = "$stamp" ]; then
        return
    fi
    say "Making .venv"
    rm -rf "$root/.venv"
    "$base" -m venv "$root/.venv" || install_venv_module "$base"
    local lock arguments=()
    for lock in "$@"; do arguments+=(--requirement "$root/$lock"); done
    "$root/.venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --require-hashes --only-binary :all: "${arguments[@]}"
    printf '%s' "$stamp" >"$file"
}

sha256() { "$(base_python)" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'; }

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
    "$root/.venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --no-build-isolation --no-deps --editable "$root"
}
