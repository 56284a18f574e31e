# Minimal for now; the set-up rooms are completed with the first release.
lock:
	.venv/bin/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml -o requirements/runtime.lock
	.venv/bin/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 --group dev pyproject.toml -o requirements/dev.lock
	.venv/bin/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 requirements/replay.in -o requirements/replay.lock
