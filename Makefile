# The commands of the house: the same by hand, in hooks and in CI. Needs Python 3.11 to 3.13 and make, nothing else.
# What a command does stands in the CLI, in pyproject.toml or in .ci/; here is only the order of things.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

DATA ?= data
ORDERS ?= 12000
WORKERS ?= 2
LANDING := $(DATA)/landing
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# The environment always is .venv of this folder, whatever the caller has activated, and uv never fetches a Python.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export DAGSTER_DISABLE_TELEMETRY := yes
export DO_NOT_TRACK := 1

.PHONY: help setup run dashboard dagster test test-long browser check fix bench clean

help: ## these lines
	@echo "Luyue 履约: an order-experience warehouse. make <target> [DATA=data] [ORDERS=12000] [PORT=…]"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1|\2/p' Makefile | while IFS='|' read -r name text; do \
	    printf '%-14s %s\n' "$$name" "$$text"; done

setup: $(READY) ## the environment in .venv/, from uv.lock

$(READY): uv.lock pyproject.toml .ci/venv
	@sh .ci/venv $(VENV) $(UV_VERSION)
	@touch $@

run: setup ## one whole run; writes demo exports first if DATA/landing is empty
	@sh .ci/demo $(BIN)/luyue $(DATA) $(ORDERS)
	@$(BIN)/luyue run --data $(DATA)

dashboard: setup ## the dashboard on 127.0.0.1 (PORT, else 8501)
	@$(BIN)/luyue dashboard --data $(DATA) --port $(or $(PORT),8501)

dagster: setup ## Dagster's pages on 127.0.0.1 (PORT, else 3000)
	@mkdir -p $(DATA)/dagster
	@LUYUE_DATA=$(abspath $(DATA)) DAGSTER_HOME=$(abspath $(DATA))/dagster \
	    $(BIN)/dagster dev -m dagster_project.definitions -h 127.0.0.1 -p $(or $(PORT),3000)

test: setup browser ## all tests but the long ones (10 to 20 minutes on two cores)
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --durations=10 --durations-min=5

test-long: setup browser ## the long ones: kills, load, fuzz, all screenshots
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --durations=10 --durations-min=5 -m long

browser: ## Chromium and Chinese fonts for the browser tests, where apt-get can bring them
	@sh .ci/browser

check: setup ## linters, types, conventions
	@sh .ci/check $(BIN)

fix: setup ## let ruff and sqlfluff mend what they can
	@$(BIN)/ruff check --fix
	@$(BIN)/sqlfluff fix dbt

bench: setup ## a whole run over 200 000 order lines: seconds and memory
	@$(BIN)/python benchmarks/whole_run.py

clean: ## caches and the environment go, DATA stays
	@rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis dbt/target dbt/logs artifacts
