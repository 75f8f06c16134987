# Privity: every task by name. `make help` lists them. Nothing but Python 3.11+ is needed; the rest comes by itself.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
COMPILE := $(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --quiet
DEMO_ARGS ?=
BENCH_ARGS ?=
FUZZ_SECONDS ?= 600
FUZZ_TARGETS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow lint format bench bench-env fuzz setup setup-test lock peers clean

help: ## list every task
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## set up, then run the whole walk on synthetic data (DEMO_ARGS="--lines 5000 --register-rows 100000 --seed 7 --home DIR")
	@$(BIN)/python -m demo $(DEMO_ARGS)

test: setup-test ## set up, then run all tests (prints what was skipped and why)
	$(BIN)/python -m pytest -m "not slow"

test-slow: setup-test ## the long versions of the crash, property and real-input suites
	$(BIN)/python -m pytest -m slow

lint: setup-test ## ruff, mypy --strict and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

format: setup-test ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

setup: $(VENV)/.run-stamp ## the run-time environment only
setup-test: $(VENV)/.test-stamp ## the environment with the test extra

$(VENV)/.tools-stamp: requirements/tools.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Privity needs Python 3.11 or newer: set PYTHON=/path/to/python3.11")'
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@touch $@

$(VENV)/.run-stamp: $(VENV)/.tools-stamp requirements/run.txt pyproject.toml
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test-stamp: $(VENV)/.run-stamp requirements/test.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-build-isolation-package pyspark \
		--require-hashes -r requirements/test.txt
	@touch $@

bench: bench-env ## Privity beside its peers on the same rows (BENCH_ARGS="--rows 1000000 --lines 200000 --seed 2")
	$(BIN)/python -m bench.all $(BENCH_ARGS)

bench-env: setup-test ## the peers' own environments: Splink 5 in .venv-bench, uk-address-matcher in .venv-bench-uk
	@test -x .venv-bench/bin/python || $(UV) venv --quiet --python $(BIN)/python .venv-bench
	@$(UV) pip install --quiet --python .venv-bench/bin/python --require-hashes -r requirements/bench.txt
	@test -x .venv-bench-uk/bin/python || $(UV) venv --quiet --python $(BIN)/python .venv-bench-uk
	@$(UV) pip install --quiet --python .venv-bench-uk/bin/python --require-hashes -r requirements/bench-uk.txt

fuzz: setup-test ## every parser under atheris (FUZZ_SECONDS=600 each, FUZZ_TARGETS="address container"; .venv-fuzz)
	@test -x .venv-fuzz/bin/python || $(UV) venv --quiet --python $(BIN)/python .venv-fuzz
	@$(UV) pip install --quiet --python .venv-fuzz/bin/python --require-hashes -r requirements/fuzz.txt
	@$(UV) pip install --quiet --python .venv-fuzz/bin/python --no-deps -e .
	$(BIN)/python -m fuzz.corpus
	.venv-fuzz/bin/python -m fuzz $(FUZZ_SECONDS) $(FUZZ_TARGETS)

lock: $(VENV)/.tools-stamp ## recompile the hashed requirements (no download host is ever written)
	$(UV) pip compile requirements/tools.in --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet -o requirements/tools.txt
	$(COMPILE) -o requirements/run.txt
	$(COMPILE) --extra test -o requirements/test.txt
	$(COMPILE) --extra bench -o requirements/bench.txt
	$(COMPILE) --extra fuzz -o requirements/fuzz.txt
	$(UV) pip compile requirements/bench-uk.in --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet -o requirements/bench-uk.txt
	$(COMPILE) --extra spark -o requirements/spark.txt

peers: ## install other people's tools that some tests compare with (Debian, root): Go and its sumdb
	apt-get update -qq && apt-get install -y -qq golang-go golang-golang-x-mod-dev

clean: ## remove the environments and caches
	rm -rf $(VENV) .venv-bench .venv-bench-uk .venv-fuzz .mypy_cache .ruff_cache .pytest_cache .hypothesis
