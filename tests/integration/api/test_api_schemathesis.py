"""Whatever the OpenAPI document allows or forbids, the running service keeps to it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.api.served import serve

HERE = Path(__file__).parent


@pytest.mark.timeout(300)
def test_the_running_service_is_what_its_description_says(tmp_path: Path):
    with serve(tmp_path, max_article_bytes=100_000) as served:
        command = [
            *(Path(sys.executable).parent / "schemathesis", "--config-file", HERE / "schemathesis.toml"),
            *("run", f"{served.url}/openapi.json", "--max-examples", "20", "--max-time", "40"),
            *("--checks", "all", "--no-color"),
        ]
        run = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
            cwd=tmp_path,
            env={**os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "schemathesis_hooks.py")},
        )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
