# Everything one does with Outreach from a checkout. `make` alone lists the targets.

BIN := .venv/bin
N ?= 2
UV ?= uv
PYTEST := $(BIN)/python -m pytest
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/messages.po)
LOCK := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links --no-header

# Where texts stand besides _() and gettext(): lazy ones, and the labels of the main menu.
KEYWORDS := --keyword=lazy_gettext --keyword=_l --keyword=add_to_navigation:2

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup venv translations run test check format lint types contracts templates catalogues migrations \
        deep chaos bench screens lighthouse tidy catalogue lock clean

define heading
@printf '\n== %s ==\n' "$(1)"
endef

help: ## list these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: venv translations ## build everything: .venv with the pinned packages, and the catalogues
	@true

venv:
	@. .ci/venv.sh

translations: $(CATALOGUES:.po=.mo)

%.mo: %.po | venv
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

run: setup ## build, fill a believable world the first time, and serve it (PORT, OUTREACH_DATA_DIR)
	@exec $(BIN)/outreach run

test: setup ## the whole suite, on SQLite and PostgreSQL (TEST_DATABASE_URL, else a server of its own)
	$(call heading,tests)
	@$(PYTEST) -n $(N) --dist worksteal -q

check: setup ## exactly what CI runs, cheapest first
	@$(MAKE) format
	@$(MAKE) lint
	@$(MAKE) types
	@$(MAKE) contracts
	@$(MAKE) templates
	@$(MAKE) catalogues
	@$(MAKE) migrations
	@$(MAKE) test

format: setup ## is the code laid out as agreed? (make tidy puts it right)
	$(call heading,format)
	@$(BIN)/ruff format --check --quiet . || { echo "Not laid out as agreed; make tidy puts it right:"; \
	    $(BIN)/ruff format --check .; exit 1; }

lint: setup ## faults that can be seen without running
	$(call heading,lint)
	@$(BIN)/ruff check --quiet .

types: setup ## mypy, strict
	$(call heading,types)
	@$(BIN)/mypy

contracts: setup ## do the arrows between the rooms only point down?
	$(call heading,import contracts)
	@$(BIN)/lint-imports --no-logo

templates: setup ## do all pages parse, and hold nothing a browser refuses?
	$(call heading,templates)
	@$(BIN)/djlint --lint --quiet templates
	@$(PYTEST) -n 0 -q --no-header tests/guards/test_templates.py

catalogues: setup ## is every text there in every language?
	$(call heading,catalogues)
	@$(PYTEST) -n 0 -q --no-header tests/guards/test_catalogues.py

migrations: setup ## do migrations and models agree on both databases?
	$(call heading,migrations)
	@$(PYTEST) -n 0 -q --no-header tests/guards/test_migrations.py

deep: setup ## the suite with many more examples, and the long tests
	$(call heading,deep)
	@$(PYTEST) -n $(N) --dist worksteal -q --hypothesis-profile=deep -m "not bench and not chaos"

chaos: setup ## the counts of docs/chaos.md: kills, nodes, faulty servers and disks, on this machine (SEED)
	$(call heading,chaos)
	@$(PYTEST) -n 0 -q -s -p no:logging -o faulthandler_timeout=0 tests/chaos -m "chaos or not chaos"

bench: setup ## the figures of docs/benchmarks.md, on this machine
	$(call heading,bench)
	@$(PYTEST) -n 0 -q -s -m bench

screens: setup ## pictures of every page, phone and desk, light and dark, in screens/ (READ_IN=nl, fr or en)
	@$(BIN)/python -m tests.looking.screens screens $(or $(READ_IN),nl)

lighthouse: setup ## Lighthouse on My work, Case and Visit report, as a phone sees them (needs Node 18 and Chromium)
	@cd tests/lighthouse && npm install --silent --ignore-scripts --no-save --no-audit --no-fund
	@$(BIN)/python -m tests.lighthouse.measure

tidy: setup ## lay out the code as agreed, and mend what can be mended
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

catalogue: setup ## bring the texts of code and pages into the catalogues
	@pot=$$(mktemp) && trap 'rm -f "$$pot"' EXIT && \
	$(BIN)/pybabel --quiet extract -F pyproject.toml $(KEYWORDS) --no-location --output-file "$$pot" . && \
	$(BIN)/pybabel --quiet update --input-file "$$pot" --output-dir translations --no-fuzzy-matching \
	    --ignore-pot-creation-date

lock: ## write requirements/*.txt anew from requirements/*.in (needs uv)
	@cd requirements && $(UV) $(LOCK) run.in -o run.txt && $(UV) $(LOCK) dev.in -c run.txt -o dev.txt

clean: ## take away what was built (not the data)
	@rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find translations -name '*.mo' -delete
