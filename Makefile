# Two commands matter: `make run` starts the service with the sample article, `make test` proves the house.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
SAMPLE := tests/fixtures/000_533c888864824563.txt
HOME_FOLDER ?= .run
HOST ?= 127.0.0.1
PORT ?= 8080
TEST_PROCESSES ?= 2
PIP_FLAGS := --quiet --disable-pip-version-check --require-hashes

.PHONY: run test setup setup-dev bytecode debian-packages lint types contracts packaging-checks unit bench lock clean

run: setup
	LINKWRIGHT_HOME=$(HOME_FOLDER) .venv/bin/linkwright migrate
	LINKWRIGHT_HOME=$(HOME_FOLDER) .venv/bin/linkwright serve --host $(HOST) --port $(PORT) --submit $(SAMPLE)

setup: .venv/.runtime bytecode
setup-dev: .venv/.dev .venv-replay/.installed debian-packages bytecode

# An editable install has no bytecode, and where Python may write none (PYTHONDONTWRITEBYTECODE) every start
# would compile all modules anew: a fifth of the start-up time. Only what changed is compiled.
bytecode: .venv/.runtime
	.venv/bin/python -m compileall -q service workers

.venv/.runtime: requirements/build.lock requirements/runtime.lock pyproject.toml
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	.venv/bin/python -m pip install $(PIP_FLAGS) -r requirements/build.lock
	.venv/bin/python -m pip install $(PIP_FLAGS) -r requirements/runtime.lock
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv/.dev: .venv/.runtime requirements/dev.lock
	.venv/bin/python -m pip install $(PIP_FLAGS) -r requirements/dev.lock
	touch $@

# pywb and the WACZ tool are GPL and AGPL and need other versions: they live apart, as oracles of the tests.
.venv-replay/.installed: requirements/replay.lock
	test -x .venv-replay/bin/python || $(PYTHON) -m venv .venv-replay
	.venv-replay/bin/python -m pip install $(PIP_FLAGS) -r requirements/replay.lock
	touch $@

debian-packages:
	sh scripts/install-debian-packages.sh

lint: .venv/.dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: .venv/.dev
	.venv/bin/mypy

contracts: .venv/.dev
	.venv/bin/lint-imports

packaging-checks: .venv/.dev
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	.venv/bin/hadolint Dockerfile
	.venv/bin/python scripts/check_lock.py
	.venv/bin/python scripts/check_openapi.py

test: setup-dev lint types contracts packaging-checks unit

unit:
	.venv/bin/pytest --cov --cov-report=term -n $(TEST_PROCESSES)

bench: .venv/.dev bytecode
	.venv/bin/python -m bench

# Extras stay in the pins: without them the installer may take a newer release for the extra, and find no hash.
lock:
	.venv/bin/uv pip compile -q --no-strip-extras --generate-hashes --no-header --no-annotate --python-version 3.11 requirements/build.in -o requirements/build.lock
	.venv/bin/uv pip compile -q --no-strip-extras --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml -o requirements/runtime.lock
	.venv/bin/uv pip compile -q --no-strip-extras --generate-hashes --no-header --no-annotate --python-version 3.11 -c requirements/runtime.lock --group dev pyproject.toml -o requirements/dev.lock
	.venv/bin/uv pip compile -q --no-strip-extras --generate-hashes --no-header --no-annotate --python-version 3.11 requirements/replay.in -o requirements/replay.lock

clean:
	rm -rf .venv .venv-replay .run .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
