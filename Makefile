# Two commands do all set-up on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test bench docs
.DEFAULT_GOAL := run

# uv where it is found, pip and venv otherwise.
.venv/ready: pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing .venv && uv pip install --quiet --python $(BIN)/python -e '.[test]'; \
	else \
	  $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet -e '.[test]'; \
	fi
	@touch $@

run: .venv/ready
	$(BIN)/underwatch run atlantic-2018

bench: .venv/ready
	$(BIN)/python bench/day.py

docs: .venv/ready
	$(BIN)/python docs/figures.py

test: .venv/ready
	$(BIN)/python -m pytest
