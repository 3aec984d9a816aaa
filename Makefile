# One word a job. `make` alone lists them; every job sets up what it is missing first.

SHELL := /bin/bash
BIN := .venv/bin
TESTS := tests
FAST := $(wildcard $(addprefix $(TESTS)/,unit properties contract golden architecture docs))
ARGS ?=
SEED ?= 1

# A process without kept byte code compiles all of the program first, and the tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fmt soak bench golden world lock clean

help: ## List the jobs
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Make .venv from requirements.lock, if it is not already that
	@tools/setup

demo: setup ## Play the whole thing on this machine and print one URL (ARGS=--once plays and ends)
	@$(BIN)/twofold demo $(ARGS)

test: ## Run the whole test suite, on two cores
	@tools/system-packages & tools/setup; made=$$?; wait; exit $$made
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup ## Lint, format, types, layers and the fast tests
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q $(FAST) $(ARGS)

fmt: setup ## Format the code and mend what lint can mend itself
	@$(BIN)/ruff check --fix --exit-zero --quiet
	@$(BIN)/ruff format

soak: setup ## Run the full-size tests, which take most of an hour
	@$(BIN)/python -m pytest -m soak $(ARGS)

bench: setup ## Measure against the bare parts in the same run
	@$(BIN)/twofold bench all $(ARGS)

golden: setup ## Rewrite tests/golden from the code; review the diff
	@$(BIN)/python -m pytest -q $(TESTS)/golden $(TESTS)/unit $(TESTS)/docs --rewrite-golden $(ARGS)

world: setup ## Replay one seed of the simulated world (SEED=7)
	@$(BIN)/twofold world run --seed $(SEED) $(ARGS)

lock: ## Resolve all dependencies anew into requirements.lock
	@tools/lock

clean: ## Remove what set-up, the tools and the demo made
	@rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis var dist
	@find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
