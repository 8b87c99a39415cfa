# Everything one does with Outreach from a checkout. `make` alone lists the targets.

VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 5000
N      ?= 2
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/messages.po)

.DEFAULT_GOAL := help
.PHONY: help setup venv translations run test check deep bench format lint types contracts templates \
        catalogues migrations tests catalogue lock clean
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

## -- building ---------------------------------------------------------------------------------------------------

setup: venv translations ## build .venv with everything pinned, and the catalogues
	@true

venv:
	@. .ci/venv.sh

translations: $(CATALOGUES:.po=.mo)

%.mo: %.po | venv
	@$(BIN)/pybabel -q compile -i $< -o $@

run: setup ## build, fill a believable world the first time, and serve it (PORT, OUTREACH_DATA_DIR)
	@exec $(BIN)/outreach run --port $(PORT)
