# Everything that is done here has a name; `make` lists them. Needs Python 3.11+ and make, nothing else.

PORT ?= 8000
VAR ?= var
URL ?= http://localhost:8000
FILE ?=
TESTS ?=
AT ?=
UPGRADE ?=

VENV := .venv
IN_VENV := $(VENV)/bin/python -m
# Tools are started through Python: the scripts that pip writes break when the folder is moved.
LINT_IMPORTS := $(VENV)/bin/python -c "from importlinter.cli import lint_imports_command as check; check()"
# In the order of their folders, for those that take longest begin early.
SPREAD := --numprocesses=auto --no-loadscope-reorder
COMPILE := $(IN_VENV) uv pip compile --quiet --generate-hashes --no-emit-index-url --no-strip-extras --universal --python-version 3.11 \
	--custom-compile-command "make lock"

# Running needs no test tools, so there are two stamps; each is made again when its pins change.
RUNTIME := $(VENV)/.installed-runtime
TOOLS := $(VENV)/.installed-tools

.DEFAULT_GOAL := help
COMMA := ,

.PHONY: help run up restart replay standards test coverage bench faults check format docs screenshots lock clean

help: ## List what can be done here
	@echo 'make <what>, where <what> is one of'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' Makefile

run: $(RUNTIME) ## Start everything in one process on an embedded database (PORT=8000 VAR=var)
	@exec $(IN_VENV) deploy.embedded --port '$(PORT)' --var '$(VAR)'

up: $(RUNTIME) ## Start every service as a process of its own, on POSTGRES_URL and RABBITMQ_URL (PORT=8000 VAR=var)
	@VAR='$(VAR)' exec $(IN_VENV) deploy.up --port '$(PORT)'

restart: $(RUNTIME) ## Restart what `make up` runs, one process after the other, with no request refused (VAR=var)
	@VAR='$(VAR)' exec $(IN_VENV) deploy.restart

replay: $(RUNTIME) ## Post a CSV of old service requests through the API (FILE=requests.csv URL=http://localhost:8000)
	@test -n '$(FILE)' || { echo 'Say which file: make replay FILE=requests.csv'; exit 2; }
	@exec $(IN_VENV) deploy.replay '$(FILE)' --url '$(URL)'

standards: $(RUNTIME) ## Print every promise as a table, those of the files in STANDARDS if it is set
	@$(IN_VENV) shared.standards $(subst $(COMMA), ,$(STANDARDS))

test: $(TOOLS) ## Run every test, on a real PostgreSQL and a real RabbitMQ (TESTS=tests/gateway for some, AT=… at that time)
	@$(IN_VENV) $(if $(AT),tests.at '$(AT)',pytest) $(SPREAD) $(TESTS)

coverage: $(TOOLS) ## Run every test, half as long again, and show how much of each file is run (TESTS=… for some)
	@$(IN_VENV) pytest $(SPREAD) --cov --cov-report=term $(TESTS)

bench: $(TOOLS) ## Measure cases a second and milliseconds a case, beside pgbench
	@exec $(IN_VENV) tests.benchmarks

faults: $(TOOLS) ## Kill every process, the broker and the database under load, restart all, and judge each promise
	@exec $(IN_VENV) tests.faults

check: $(TOOLS) ## Check style, types and layers
	$(IN_VENV) ruff check
	$(IN_VENV) ruff format --check
	$(IN_VENV) mypy
	$(LINT_IMPORTS) --no-logo --no-cache

format: $(TOOLS) ## Bring the code into the house's style
	$(IN_VENV) ruff check --fix
	$(IN_VENV) ruff format

docs: $(RUNTIME) ## Write what is generated again: the standards' vocabulary, bank holidays, and pages of docs/
	$(IN_VENV) deploy.bank_holidays
	$(IN_VENV) deploy.vocabulary
	$(IN_VENV) shared.standards --markdown > docs/standards.md.new
	mv docs/standards.md.new docs/standards.md

screenshots: $(TOOLS) ## Take the pictures of the board that are in docs/images/
	@$(IN_VENV) tests.screenshots

lock: $(TOOLS) ## Pin every dependency with its hashes (UPGRADE=--upgrade for the newest versions)
	$(COMPILE) $(UPGRADE) requirements.in --output-file requirements.txt
	$(COMPILE) $(UPGRADE) requirements-letters.in --constraint requirements.txt --output-file requirements-letters.txt
	$(COMPILE) $(UPGRADE) requirements-dev.in --constraint requirements.txt --constraint requirements-letters.txt --output-file requirements-dev.txt

clean: ## Remove the environment and every cache; the data in var/ stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Python 3.11 or newer: the one given as PYTHON=…, or the first that can make an environment. The system's own
# comes first: distributions build it with optimisations that pyenv leaves out, without which all takes a fifth longer.
find_python = for python in $(or $(PYTHON),$(wildcard /usr/bin/python3.1[1-9]) python3 python3.11 python3.12 python3.13 python3.14); do \
		"$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; \
	done; \
	test -n "$$python" || { echo 'Python 3.11 or newer with its venv module is needed and was not found; on Debian and Ubuntu: apt install python3-venv. Or say where it is: make PYTHON=/path/to/python3.'; exit 1; }

# Counts packages while pip works and shows only what went wrong; $(1) is a file of pins.
install = total=$$(grep -c '==' $(1)); \
	{ $(IN_VENV) pip install --disable-pip-version-check --require-hashes --requirement $(1) 2>&1 \
		|| echo 'ERROR: the packages in $(1) could not be installed.'; } \
	| { count=0; failed=0; while IFS= read -r line; do case "$$line" in \
		Collecting*) count=$$((count + 1)); test ! -t 1 || printf '\r  %d of %d packages' $$count $$total;; \
		Installing*) test ! -t 1 || printf '\r  unpacking …              ';; \
		ERROR*) failed=1; printf '\n%s' "$$line";; \
		esac; done; test $$failed = 0 && printf '\r  done                    \n' || { echo; exit 1; }; }

$(VENV)/.made:
	@$(find_python); \
	echo "Making the environment $(VENV) with $$("$$python" --version) …"; \
	"$$python" -m venv --clear $(VENV)
	@touch $@

$(RUNTIME): requirements.txt $(VENV)/.made
	@echo 'Installing what the house runs on …'
	@$(call install,requirements.txt)
	@touch $@

$(TOOLS): requirements-dev.txt $(RUNTIME)
	@echo 'Installing what its tests need …'
	@$(call install,requirements-dev.txt)
	@touch $@
