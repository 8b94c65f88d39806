# Every command a person needs. Works as root and as an ordinary user, with or without `make up` running.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev up test test-full test-production check bench backup restore lock messages
# The first Python that is new enough; PYTHON=/path/to/python make setup names another one.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
RUN := .venv/bin/python
LOCK := .venv/bin/pip-compile -q --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
	--no-emit-find-links --no-emit-trusted-host

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf 'make %-15s %s\n' "$$name" "$$text"; done

# $(1) lock file, $(2) stamp with the lock file's checksum: nothing is done when it is the same.
define install
	@[ "$$(cat .venv/$(2) 2>/dev/null)" = "$$(cksum <$(1))" ] || { \
		$(RUN) -m pip --version >/dev/null 2>&1 || $(MAKE) -s .venv-new; \
		echo "Installing $(1) in .venv"; \
		$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && cksum <$(1) >.venv/$(2); }
endef

# $(1) what node and npm do. Without them it is skipped, and said so; ITSAM_REQUIRE_NODE=1 makes that an error.
define with_node
	@if command -v node >/dev/null && command -v npm >/dev/null; then $(1); \
	elif [ "$$ITSAM_REQUIRE_NODE" = 1 ]; then echo "node and npm are needed to check the scripts; neither may be missing here."; exit 1; \
	else echo "The scripts are not checked: node or npm is missing. On Debian and Ubuntu: apt install nodejs npm"; fi
endef

.PHONY: .venv-new
.venv-new:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed; python3 here is: $$(python3 --version 2>&1)." \
		"Install one, or name it: make setup PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make environments." \
		"On Debian and Ubuntu install the package python3-venv, or name another: make setup PYTHON=…"; exit 1; }
	@rm -rf .venv
	@$(PYTHON) -m venv .venv

setup: ## .venv with what the site needs; nothing when it is in place
	$(call install,requirements.txt,.installed)

setup-dev: setup ## the same with what checks and tests need
	$(call install,requirements-dev.txt,.installed-dev)
	$(call with_node,[ "$$(cat node_modules/.installed 2>/dev/null)" = "$$(cksum <package-lock.json)" ] || { \
		echo "Installing package-lock.json in node_modules"; \
		npm ci --ignore-scripts --silent && cksum <package-lock.json >node_modules/.installed; })

up: setup ## start everything at http://127.0.0.1:8000 (PORT=8001 for another port); Ctrl-C stops it
	@$(RUN) -m itsam.platform.up

test: setup-dev ## the tests but the long ones, one variant of each page in the browser
	@$(RUN) -m pytest -n 2 -m "not slow"

test-full: setup-dev ## all tests, with every variant of each page
	@$(RUN) -m pytest -n 2

test-production: setup ## the production set-up on Debian's PostgreSQL and Redis, with backup and restore (needs root)
	@tests/production/run.sh

check: setup-dev ## everything that needs no running tests: lint, layers, types, scripts, migrations, catalogues
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/djlint templates --lint --quiet
	@.venv/bin/djlint templates --lint --quiet --extension=jinja --profile=jinja
	@.venv/bin/lint-imports
	@$(RUN) -m tests.checks
	@SECRET_KEY=check DATABASE_URL=postgresql://check@localhost/check BROKER_URL=redis://localhost .venv/bin/mypy .
	$(call with_node,node_modules/.bin/eslint . && node_modules/.bin/tsc)
	@$(RUN) manage.py makemigrations --check --dry-run
	@$(RUN) -m itsam.platform.catalogues

bench: setup-dev ## every figure on speed and size, written to benchmarks/results/
	@$(RUN) -m benchmarks

backup: setup ## the database (FILE=name.dump, else var/backups/) and the stored files beside it
	@$(RUN) -m itsam.platform.backup save $(if $(FILE),"$(FILE)")

restore: setup ## replace the database by FILE=name.dump (CONFIRM=yes when it is not empty)
	@$(RUN) -m itsam.platform.backup restore $(if $(FILE),"$(FILE)")

lock: setup-dev ## new lock files from requirements.in and requirements-dev.in
	@$(LOCK) -o requirements.txt requirements.in
	@$(LOCK) -o requirements-dev.txt requirements-dev.in

messages: setup-dev ## collect and compile the texts of both languages (needs gettext)
	@$(RUN) manage.py makemessages --all --extension=html,txt,py,jinja --no-obsolete --no-location --ignore=.venv --ignore=var --ignore=node_modules
	@$(RUN) manage.py compilemessages --ignore=.venv --ignore=var --ignore=node_modules
