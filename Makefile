# `make demo` and `make test` are the two commands of this project; the rest is for people who change it.
#
#   make demo PORT=8001 HOST=0.0.0.0 SCALE=1        make test ARGS="-k duty"

PORT ?= 8000
HOST ?= 127.0.0.1
SCALE ?= 0.1
ARGS ?=
WORKERS ?= 2

PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast soak lint types arch bench lock assets messages clean base dev

help:
	@echo "make demo       the whole service with an invented city, on http://$(HOST):$(PORT)/"
	@echo "make test       every test that CI runs        make test-fast  rules and architecture only"
	@echo "make soak       the full kill and load tests   make bench      the benchmarks"
	@echo "make lint       ruff                           make types      mypy      make arch  import contracts"
	@echo "make lock       pin the requirements anew      make assets     build CSS and JS (needs Node)"
	@echo "make messages   compile the translations       make clean      remove what can be made again"

base:
	@tools/bootstrap.sh base
	@$(PYTHON) -m anxin.platform.catalogues

dev:
	@tools/bootstrap.sh dev
	@$(PYTHON) -m anxin.platform.catalogues

demo: base
	@exec .venv/bin/anxin demo --host $(HOST) --port $(PORT) --scale $(SCALE) --die-with-parent

test: dev
	@tools/bootstrap.sh browsers
	$(PYTEST) -n $(WORKERS) --dist loadfile $(ARGS)

# The library's own rules go through every definition and are left to make test.
test-fast: dev
	$(PYTEST) --hypothesis-profile=fast -m "not django_db" $(filter-out anxin/domains/instruments/%,$(wildcard anxin/domains/*/tests/test_rules*.py)) tests/architecture $(ARGS)

soak: dev
	@tools/bootstrap.sh browsers
	$(PYTEST) -m soak $(ARGS)

lint: dev
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

# Strict where the house says so: what everything else stands on. The rest is followed, not judged.
STRICT := anxin/cli.py anxin/trace.py anxin/kernel anxin/platform $(wildcard anxin/domains/*/rules anxin/domains/*/rules.py anxin/domains/*/contracts anxin/domains/*/contracts.py)
types: dev
	$(PYTHON) -m mypy --strict --follow-imports=silent $(STRICT) $(ARGS)

arch: dev
	.venv/bin/lint-imports
	$(PYTEST) tests/architecture $(ARGS)

bench: dev
	$(PYTHON) -m benchmarks.submissions
	$(PYTHON) -m benchmarks.board
	$(PYTHON) -m benchmarks.walls
	$(PYTHON) -m benchmarks.city_generation
	$(PYTHON) -m benchmarks.intake
	$(PYTHON) -m benchmarks.score_file

# ARGS=--upgrade takes newer versions. No index address gets into the locks, and no other Python is downloaded.
LOCK := UV_PYTHON_DOWNLOADS=never .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
lock: base
	@test -x .venv/bin/uv || $(PYTHON) -m pip install --quiet --disable-pip-version-check uv
	$(LOCK) $(ARGS) requirements/base.in -o requirements/base.txt
	$(LOCK) $(ARGS) --constraint requirements/base.txt requirements/dev.in -o requirements/dev.txt

assets:
	@command -v npm >/dev/null || { echo "anxin: npm is missing; only developers of the design system need it (Debian: apt-get install npm)" >&2; exit 1; }
	npm ci --no-audit --no-fund
	npm run build

messages: base
	@$(PYTHON) -m anxin.platform.catalogues --all

# The data of the demo stays: remove var/ by hand to lose it.
clean:
	rm -rf .venv .venv.lock .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -name '*.mo' -path '*/LC_MESSAGES/*' -delete
