# Two commands do all set-up on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run check test test-long bench bench-peers docs docs-site browser refit changes verify
.DEFAULT_GOAL := run

# uv where it is found, pip and venv otherwise; what only tests need is installed for them alone.
define install
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing .venv && uv pip install --quiet --python $(BIN)/python -e '$(1)'; \
	else \
	  $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet -e '$(1)'; \
	fi
	@touch $@
endef

.venv/ready: pyproject.toml
	$(call install,.)

.venv/testing: pyproject.toml
	$(call install,.[test])

.venv/documenting: pyproject.toml
	$(call install,.[docs])

# A day for a graphics card is compiled without a card, by an environment of its own that holds
# numba-cuda, and NVIDIA's compiler without the rest of CUDA: for Linux on x86-64.
DEVICE := 'numba-cuda>=0.30,<0.31' 'numpy<2.5' nvidia-nvvm nvidia-cuda-nvrtc
.venv/device/ready: .venv/testing Makefile
	@if [ "$$(uname -sm)" = "Linux x86_64" ]; then \
	  if command -v uv >/dev/null 2>&1; then \
	    uv venv --quiet --allow-existing .venv/device && \
	    uv pip install --quiet --python .venv/device/bin/python $(DEVICE); \
	  else \
	    $(PYTHON) -m venv .venv/device && .venv/device/bin/python -m pip install --quiet $(DEVICE); \
	  fi; \
	fi
	@mkdir -p $(@D) && touch $@

run: .venv/ready
	$(BIN)/underwatch run atlantic-2018

bench: .venv/ready
	$(BIN)/python bench/day.py

# The same small workload in other libraries, which are installed into .venv-peers.
bench-peers: .venv/ready
	$(BIN)/python -m bench.peers
	$(BIN)/python -m docs.peers

docs: .venv/ready
	$(BIN)/python docs/figures.py

# Calibrate the fitted figures of the default scenario anew; writes docs/reference/fitted.md.
refit: .venv/testing
	$(BIN)/underwatch calibrate atlantic-2018 --out runs/calibration-of-the-default
	$(BIN)/python -m docs.fitted runs/calibration-of-the-default

# Every measure before and after the changes of the model, with reasons; writes docs/changes.md.
changes: .venv/ready
	$(BIN)/python -m docs.changes

# Every case of the verification; writes what the package keeps of it, its page and the README's line.
verify: .venv/ready
	$(BIN)/python -m docs.verification

# The documentation site, in site/; offline once its packages are installed.
docs-site: .venv/documenting
	$(BIN)/mkdocs build

# The pages are tried in a browser: any that is there, or Debian's own if we may install it.
# Without one those tests are skipped, and say what they lack.
browser:
	@for name in chromium chromium-browser google-chrome; do \
	  command -v $$name >/dev/null 2>&1 && exit 0; \
	done; \
	if [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -qq --yes --no-install-recommends chromium; } >/dev/null \
	  || echo "No browser could be installed; the tests of the pages will be skipped."; \
	fi

# Style, layers and types: a minute at most, and before anything is simulated.
check: .venv/testing
	$(BIN)/ruff check --quiet src tests bench docs reference
	$(BIN)/ruff format --quiet --check src tests bench docs
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/mypy

# On as many processes as there are cores; `python -m pytest` runs the same in one.
test: browser check .venv/device/ready
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4

# What takes longer than `make test` may: compiled rules, larger nations, more days and seeds.
test-long: .venv/testing
	$(BIN)/python -m pytest -m long
