# Vigie's commands for people. `make run` and `make test` need Python 3.11+ and nothing else of ours.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Airflow finds its airflow.cfg here; without this it would write one of its own.
export AIRFLOW_HOME := $(CURDIR)
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help install setup run test check lint types contracts fix bench engines up down doctor demo-web docs \
        requirements clean

help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: $(STAMP) ## Make .venv from the hashed requirements.txt

# uv itself is pinned by hash in the same file; pip installs that one block, uv the rest.
$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Vigie needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Vigie's packages into $(VENV) (about 20 s, 750 MB) ..."
	@awk '/^uv==/ {keep = 1} /^[^ ]/ && !/^uv==/ {keep = 0} keep' requirements.txt > $(VENV)/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt
	@UV_LINK_MODE=copy $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.txt
	@UV_LINK_MODE=copy $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

setup: install ## Make Airflow's database, secrets and pools under var/ (safe to repeat)
	@$(BIN)/vigie setup

run: setup ## Run the demonstration night and say where the results are
	@$(BIN)/vigie demo

test: check ## Install, then run every check

check: install lint types contracts ## Every check: lint, types, contracts, tests
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder # whole nights come first

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

contracts: install
	$(BIN)/lint-imports

fix: install ## Format and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## Measure against the peers (installs them too); BENCH="collect alerts" for some
	@UV_LINK_MODE=copy $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-bench.txt
	$(BIN)/python -m benchmarks $(BENCH)

engines: install ## Run the collectors against real servers (docs/kinds/README.md says which)
	$(BIN)/python -m pytest -m engine tests/engines

up: setup ## Start the whole Airflow (pages on http://localhost:8080)
	@$(BIN)/vigie up

down: ## Stop it
	@$(BIN)/vigie down

doctor: install ## Say in plain words what is missing or wrong
	@$(BIN)/vigie doctor

demo-web: install ## Serve the demonstration's web until Ctrl-C
	@$(BIN)/python -m listening.demo

docs: install ## Write the generated pages under docs/
	@$(BIN)/vigie docs

requirements: install ## Resolve requirements.txt again from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header --extra test --python-version 3.11 --upgrade pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header --extra test --extra bench --constraint requirements.txt --python-version 3.11 \
	  pyproject.toml -o requirements-bench.txt

clean: ## Remove the environment; var/ with all collected data stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
