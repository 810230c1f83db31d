# `make demo` and `make test` work on a fresh machine: they need only Python 3.11 or newer.

SHELL := /bin/bash
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
JOBS ?= 2
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help venv demo test sweep lint bench fuzz coverage docs-tables clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 16

venv: $(STAMP) ## create .venv and install the package with its test tools

$(STAMP): setup.py pyproject.toml
	@set -e; if [ ! -x $(BIN)/python ]; then \
	  for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	      echo "creating $(VENV) with $$python"; $$python -m venv $(VENV); break; fi; done; fi
	@[ -x $(BIN)/python ] || { echo "Python 3.11 or newer, with venv, is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet -e '.[test]'
	@touch $@

demo: $(STAMP) ## show a gradient, check it, train a model of plain NumPy with it
	$(BIN)/python examples/demo.py $(ARGS)

test: $(STAMP) lint ## ruff, mypy and every test
	$(BIN)/python -m pytest -q -n $(JOBS) $(ARGS)

sweep: $(STAMP) ## every case of the sweeps over all programs, of which `make test` takes a share
	$(BIN)/python -m pytest -q -n $(JOBS) --sweep $(ARGS)

lint: $(STAMP) ## ruff and mypy only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP) ## time our gradients against hand-written ones, autograd and JAX
	$(BIN)/python -m benchmarks.run $(ARGS)

docs-tables: $(STAMP) ## write the last benchmark's numbers into README.md
	$(BIN)/python -m benchmarks.run --from-results --update-readme

fuzz: $(STAMP) ## differentiate thousands of random programs
	$(BIN)/python tools/fuzz.py $(ARGS)

coverage: $(STAMP) ## write the table of the functions that have recipes
	$(BIN)/python tools/coverage.py $(ARGS)

clean: ## remove the environment and everything that is generated
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
