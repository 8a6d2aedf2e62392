# Everything that kaibi's users and developers run. Needs Python 3.11 or newer with venv, and make.

PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= auto

.PHONY: help .venv demo test check format lint types layers bench soak clean

help:
	@echo "make demo    run the whole job on a bundled sample site, no network needed"
	@echo "make test    run the tests, with the coverage floor"
	@echo "make check   format, lint, types, layers, tests"
	@echo "make bench   measure"
	@echo "make soak    the long fault and fuzz runs"
	@echo "make .venv   only install"

.venv: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "kaibi needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..." >&2; exit 2; }
	@echo "Installing into .venv (a minute or two, once) ..."
	@$(PYTHON) -m venv .venv
	@# The pip of Python 3.11 stumbles over an extra that two packages ask for (lxml[html-clean]); a newer one does not.
	@PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: .venv
	@$(BIN)/python -m examples.demo

test: .venv
	@# A file stays with one worker: its tests may share a crawl or a run of the demo. (pytest 9.2 does not tell xdist's groups apart.)
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-report=term

check: .venv format lint types layers
	$(MAKE) test

format: .venv
	$(BIN)/ruff format --check

lint: .venv
	$(BIN)/ruff check

types: .venv
	$(BIN)/mypy

layers: .venv
	$(BIN)/lint-imports

bench: .venv
	$(BIN)/python -m benchmarks

soak: .venv
	$(BIN)/python -m pytest -m soak --no-cov

clean:
	rm -rf .venv demo build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
