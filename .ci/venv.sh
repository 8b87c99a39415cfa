# Builds .venv from the hashed lock; nothing happens when the lock, the project file and the place are unchanged.
# Sourced by `make setup`; needs Python 3.11 or later with its venv module, nothing else.

here=$(pwd)
interpreter=""
lock_key="$here $(cksum < requirements/dev.txt)"
project_key="$here $(cksum < pyproject.toml)"

find_interpreter() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            interpreter=$candidate
            return
        fi
    done
    echo "Outreach needs Python 3.11 or later; none was found. Name one with: make setup PYTHON=/path/to/python3" >&2
    exit 1
}

make_venv() {
    find_interpreter
    if ! "$interpreter" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$interpreter cannot make a virtual environment. On Debian or Ubuntu: sudo apt install python3-venv" >&2
        exit 1
    fi
    echo "Building .venv with $("$interpreter" --version)"
    "$interpreter" -m venv --clear .venv
}

if [ "$(cat .venv/lock.key 2>/dev/null || true)" != "$lock_key" ]; then
    # A moved checkout or a vanished interpreter leaves a .venv that cannot be repaired.
    case "$(cat .venv/lock.key 2>/dev/null || true)" in
        "$here "*) .venv/bin/python -c '' 2>/dev/null || make_venv ;;
        *) make_venv ;;
    esac
    echo "Installing the pinned packages (about a minute)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --only-binary :all: --require-hashes -r requirements/dev.txt
    rm -f .venv/project.key
    echo "$lock_key" > .venv/lock.key
fi

if [ "$(cat .venv/project.key 2>/dev/null || true)" != "$project_key" ] || [ ! -x .venv/bin/outreach ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --no-index --no-deps --no-build-isolation --editable .
    echo "$project_key" > .venv/project.key
fi
