# `make` lists what there is. Everything is set up in .venv at the root, without root rights.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
PROXY := hub_config/proxy/node_modules/.installed

.PHONY: help setup demo hub proxy test screenshots check fix bench peers eval lock clean

help:
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: $(STAMP)  ## install everything into .venv (also done by the others)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "Python 3.11, 3.12 or 3.13 is needed; name one: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: setup  ## release, submit, grade and give feedback to a class of 24, on real nbgrader
	$(BIN)/autograder demo

hub: setup  ## a JupyterHub on this computer, with two courses; PORT=8100 and STATE=DIRECTORY choose others
	@$(BIN)/python -m hub_config.classroom $(if $(PORT),--port $(PORT)) $(if $(STATE),--state $(STATE)) start

proxy: $(PROXY)  ## Node's proxy, for a hub of more than a few dozen people

$(PROXY): hub_config/proxy/package-lock.json
	npm ci --prefix hub_config/proxy --no-audit --no-fund --loglevel=error
	@touch $@

test: setup $(if $(shell command -v npm),$(PROXY))  ## all tests
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup

screenshots: setup $(PROXY)  ## the pictures of docs/, anew, from the classroom that tests/test_browser.py plays
	$(BIN)/python tests/screenshots.py

check: setup  ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

fix: setup  ## format, and what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup  ## time and memory beside stock nbgrader (tests/bench)
	$(BIN)/python tests/bench/grading.py

peers: setup  ## the long one: beside nbgrader and otter-grader, with scaling and start-up
	$(BIN)/python tests/bench/peers.py

eval: setup  ## how well causes are found: over the labelled functions, and those held out
	$(BIN)/python tests/bench/eval.py

lock: setup  ## pin all dependencies anew (constraints.txt)
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --no-annotate --no-header --quiet --upgrade -o constraints.txt

clean:  ## remove .venv and everything generated
	rm -rf .venv .venv-otter .hub hub_config/proxy/node_modules source release .mypy_cache .pytest_cache .ruff_cache .hypothesis
