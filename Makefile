# Needs Python 3.11 or newer and nothing else. Another Python: make PYTHON=python3.13
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup test demo lint format types contracts unit audit compose-test lock hooks clean

help: ## What can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-13s %s\n", $$1, $$2}'

setup: $(READY) ## The environment, in .venv, as requirements.lock pins it

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, but $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.13" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@echo "Installing what requirements.lock pins ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q src # else, where Python may not write, each process compiles at its start
	@touch $@

test: lint types contracts ## All checks, then all tests, a file of them to each processor
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile

demo: $(READY) ## Build the sample's 120 films from a recording into demo/, and show them
	@mkdir -p demo
	@cd demo && rm -rf movie_data movie_db.sqlite* movies.csv && \
	  MOVIE_DB=$$(cd .. && cd $(BIN) && pwd)/movie-db && \
	  $$MOVIE_DB build https://www.justwatch.com/us/provider/max/movies --replay ../sample/max.warc.gz && \
	  $$MOVIE_DB export --format csv movies.csv && \
	  $$MOVIE_DB show "The Matrix"
	@echo "The database is demo/movie_db.sqlite, all films are in demo/movies.csv."

unit: $(READY) ## The quick tests only
	@$(BIN)/python -m pytest tests/unit

lint: $(READY) ## ruff: rules and format
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "Not formatted: make format" >&2; exit 1; }

format: $(READY) ## Rewrite the code as ruff wants it
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

types: $(READY) ## mypy --strict
	@$(BIN)/mypy --strict

contracts: $(READY) ## Who may import whom
	@$(BIN)/lint-imports --no-cache > $(VENV)/contracts.txt || { cat $(VENV)/contracts.txt >&2; exit 1; }

audit: $(READY) ## Known vulnerabilities of what requirements.lock pins (needs a network)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-audit
	@$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip --progress-spinner off

compose-test: ## The whole suite in containers, from nothing to the sample's 120 films (needs Docker)
	@$(PYTHON) benchmarks/compose.py

lock: ## Pin the dependencies of pyproject.toml anew (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --quiet --output-file requirements.lock

hooks: $(READY) ## Check at every commit (pre-commit)
	@$(BIN)/pre-commit install

clean: ## Remove the environment and all caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache src/*.egg-info
