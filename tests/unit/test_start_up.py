"""What a command imports before it does anything: start-up counts at a desk and in CI jobs."""

import os
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


def test_the_command_reads_no_certificate_authorities_for_aiohttp_and_leaves_openssl_as_it_was() -> None:
    program = (
        "import service.cli.check, aiohttp.connector, os, ssl; "
        "print(len(aiohttp.connector._SSL_CONTEXT_VERIFIED.get_ca_certs()),"
        " 'SSL_CERT_FILE' in os.environ, os.environ['SSL_CERT_DIR'])"
    )
    environment = {**os.environ, "SSL_CERT_DIR": "/etc/ssl/certs"}
    environment.pop("SSL_CERT_FILE", None)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.split() == ["0", "False", "/etc/ssl/certs"]


def test_a_context_that_aiohttp_was_left_with_refuses_all_certificates() -> None:
    program = (
        "import service.cli.check, aiohttp.connector, ssl; "
        "context = aiohttp.connector._SSL_CONTEXT_VERIFIED; "
        "print(context.verify_mode is ssl.CERT_REQUIRED, context.check_hostname)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]


def test_modules_are_imported_without_the_garbage_collector_which_is_at_work_again_after() -> None:
    program = (
        "import gc; from service.cli.main import linkwright; before = gc.get_stats(); "
        "linkwright.get_command(None, 'check'); "
        "print(gc.get_stats() == before, gc.isenabled(), gc.get_freeze_count() > 10_000)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "True"]
