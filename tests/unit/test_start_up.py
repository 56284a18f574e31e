"""What a command imports before it does anything: start-up counts at a desk and in CI jobs."""

import subprocess
import sys

HEAVY = ("sqlalchemy", "sqlmodel", "alembic", "dbos", "waybackpy", "warcio", "playwright")


def imported_by(module: str) -> set[str]:
    """Return the top-level packages that importing `module` in a fresh interpreter brings."""
    program = f"import sys, {module}; print(' '.join({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_check_imports_no_database_and_no_archive() -> None:
    assert imported_by("service.cli.check") & set(HEAVY) == set()


def test_the_entry_point_imports_no_http_client() -> None:
    assert imported_by("service.cli.main") & {*HEAVY, "aiohttp"} == set()
