# make run and make test do all their own set-up. They need git, make and Python 3.11 or newer with venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test soak chromium check bench format lock clean

run: .venv/installed ## Run every configured platform; with no token, the local page
	@$(BIN)/readalong run

test: .venv/installed-dev chromium ## Run every test
	@$(BIN)/pytest

soak: .venv/installed-dev ## Kill the bot 200 times while everything goes wrong, and spoil exports in 10,000 ways (some twenty minutes)
	@READALONG_KILLS=200 $(BIN)/pytest tests/faults
	@READALONG_MUTATIONS=10000 $(BIN)/pytest tests/archive/imports/test_fuzz.py

chromium: ## Install Debian's Chromium where it is missing and may be installed; without it the page's tests are skipped
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing Chromium for the page's tests ..." && \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } || \
	echo "Chromium is missing and can't be installed here: the tests of the local page in a browser are skipped."

check: .venv/installed-dev ## Format, lint, types and the direction of imports
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: .venv/installed-dev ## Measure it beside bare bots, and write docs/performance.md (some fifteen minutes)
	@$(BIN)/python -m benchmarks

format: .venv/installed-dev ## Put every file into the house's format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: ## Pin every dependency anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml --extra browse --extra pictures --group dev -c requirements.lock -o requirements-dev.lock

clean: ## Forget the set-up
	rm -rf .venv

.venv/installed: requirements.lock pyproject.toml
	@echo "Setting up (once; a minute or so) ..."
	@$(PYTHON) -m venv .venv || { echo "Python's venv is missing. On Debian: apt install python3-venv"; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@$(BIN)/python -m compileall -q bot commands # as pip compiles libraries; the first start need not
	@$(BIN)/pip uninstall --quiet --yes setuptools # Python 3.11 brings it along; nothing here uses it
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
