# One command to be running, one to be sure. `make help` lists them.
#
# Variables: PORT= (demo, say, desk), PYTHON= (setup), JOBS= (test), ARGS= (test, desk), ONLY=a,b (bench),
# AS= TEXT= CHAT= (say).

VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
DEMO_READY := $(VENV)/.demo-ready
PORT ?= 8000
JOBS ?= 3

# make's own AS is the assembler, and nobody in the demo is called that.
ifeq ($(origin AS),default)
AS :=
endif
# Their values may hold any character, so the shell is handed them by name and never reads them itself.
export AS TEXT CHAT ONLY ARGS

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo demo-reset say desk test check bench soak screenshots interop lock

help: ## show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## make .venv with all the others need (Python 3.11 or later)

demo: $(DEMO_READY) ## run everything on this machine; PORT= is the chat page, PORT+1 the desk
	@# Tied to make: whatever ends make ends the demo.
	@exec $(PY) -I -S bot/demo/tether.py $$PPID $(PY) -m bot.demo run --port $(PORT)

demo-reset: $(DEMO_READY) ## empty var/demo, the demo's state
	@$(PY) -m bot.demo reset

say: $(DEMO_READY) ## say something in the demo: AS=xiaowang TEXT="收银台打不开" [CHAT=wrXINGHE]
	@$(PY) -m bot.demo say --port $(PORT)

desk: $(DEMO_READY) ## run the desk command in the demo: ARGS="order show 1001"
	@$(PY) -m bot.demo desk --port $(PORT)

test: $(READY) interop ## run the whole suite; ARGS= goes to pytest
	$(PY) -m pytest -n $(JOBS) --dist worksteal $(ARGS)

check: $(READY) ## lint, format, types, import contracts
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m mypy --explicit-package-bases tests benchmarks
	$(VENV)/bin/lint-imports

bench: $(READY) ## measure every published figure into var/bench.json; ONLY=a,b for some
	@$(PY) -m benchmarks

soak: $(READY) ## the long fault and fuzz runs
	$(PY) -m pytest -n $(JOBS) --dist worksteal --soak --hypothesis-profile=soak --timeout=3600 $(ARGS)

screenshots: $(READY) ## take the pictures of the READMEs anew, with the Chromium on PATH
	$(PY) -m tests.browser.screenshots

# An independent implementation of the callback crypto, and a judge of accessible pages. Nothing needs them.
interop: ## fetch the vendor's own crypto and axe-core from npm, for a few more tests
	@if [ -d var/interop/node_modules/@wecom/crypto ] && [ -d var/interop/node_modules/axe-core ]; then :; \
	elif ! command -v npm >/dev/null; then echo 'interop: no npm here; the tests that need @wecom/crypto or axe-core are left out'; \
	else mkdir -p var/interop && cp tests/interop/package.json var/interop/ \
	  && npm install --prefix var/interop --silent --no-audit --no-fund --no-package-lock \
	    --fetch-retries=0 --fetch-timeout=15000 >/dev/null 2>&1 </dev/null \
	  || echo 'interop: npm could not fetch @wecom/crypto and axe-core; the tests that need them are left out'; fi

lock: ## resolve the dependencies of pyproject.toml anew into requirements/
	@command -v uv >/dev/null || { echo 'lock: install uv first (pip install uv)' >&2; exit 1; }
	uv lock
	uv export -q --frozen --no-emit-project --no-header --no-annotate --no-dev -o requirements/run.txt
	uv export -q --frozen --no-emit-project --no-header --no-annotate --no-dev --extra demo --group build \
	  -o requirements/demo.txt
	uv export -q --frozen --no-emit-project --no-header --no-annotate --extra demo -o requirements/dev.txt
	uv export -q --frozen --no-emit-project --no-header --no-annotate --no-dev --extra demo --extra semantic \
	  -o requirements/semantic.txt

# The stamp is written last, so a set-up that was interrupted is done again and one that was not is not.
$(READY): pyproject.toml requirements/dev.txt requirements/semantic.txt requirements/install.sh
	@sh requirements/install.sh dev $(VENV) $(PYTHON)
	@touch $(DEMO_READY) $@

# The demo needs a third of it, and is there the sooner.
$(DEMO_READY): pyproject.toml requirements/demo.txt requirements/install.sh
	@sh requirements/install.sh demo $(VENV) $(PYTHON)
	@touch $@
