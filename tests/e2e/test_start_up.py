"""What the command has imported when it ends: what a run does not need it must not pay for."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.loopback import LoopbackWeb, Page

RUN_S = 60
PROGRAM = (
    "import atexit, sys\n"
    "atexit.register(lambda: print(*sys.modules, sep='\\n', file=sys.stderr))\n"
    "from service.cli.main import main\n"
    "main()\n"
)
# Each takes between 2 and 400 ms to import.
FOR_FAILED_LINKS = {
    "difflib",
    "tenacity",
    "wordfreq",
    "zipfile",
    "workers.follow_up",
    "workers.archive.verify",
    "workers.moved",
    "workers.repair.propose",
    "workers.repair.normalise",
}
FOR_OTHER_RUNS = {
    "aiodns",
    "alembic",
    "charset_normalizer",
    "dbos",
    "importlib.metadata",
    "jinja2",
    "pydantic",
    "pydantic_settings",
    "pypdfium2",
    "pyromark",
    "requests",
    "rich",
    "sqlalchemy",
    "sqlmodel",
    "warcio",
    "waybackpy",
    "service.cli.public_saves",
    "service.reports.sarif",
    "service.reports.text",
    "workers.align",
    "workers.archive.archives",
    "workers.extract.html",
    "workers.extract.markdown",
    "workers.ingest",
    "workers.mend",
    "workers.recover",
}
SENTENCE = "The council voted on the ferry budget after the election and the harbour keeps its bridge. "
GOOD = (
    "<!doctype html><title>Council votes ferry budget</title><h1>Council votes ferry budget</h1>"
    + f"<p>{SENTENCE * 3}</p>" * 5
)


async def imported_by(*args: str) -> tuple[str, set[str]]:
    """Run the command; return its output and the names of all modules that it had imported at its end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", PROGRAM, *args),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")},
    )
    async with asyncio.timeout(RUN_S):
        out, err = await process.communicate()
    return out.decode(), set(err.decode().split())


async def check_of(folder: Path, path: str) -> tuple[str, set[str]]:
    """Check one link of a small web, given in a list, without archives."""
    async with LoopbackWeb(pages={"/council-votes-ferry-budget": Page(GOOD.encode())}) as web:
        links = folder / "links.txt"
        links.write_text(f"{web.url(path)}\n")
        switches = ("--format", "json", "--no-archive", "--no-recover", "--allow-network", "127.0.0.0/8")
        return await imported_by("check", *switches, str(links))


async def test_a_good_link_is_checked_without_what_failed_links_and_other_runs_need(tmp_path: Path) -> None:
    told, imported = await check_of(tmp_path, "/council-votes-ferry-budget")
    assert '"summary": {"ok": 1}' in told
    assert imported & (FOR_FAILED_LINKS | FOR_OTHER_RUNS) == set()


async def test_a_failed_link_is_followed_up_without_what_other_runs_need(tmp_path: Path) -> None:
    told, imported = await check_of(tmp_path, "/no-such-page")
    assert '"summary": {"gone": 1}' in told
    assert {"workers.follow_up", "workers.repair.propose"} <= imported
    assert imported & FOR_OTHER_RUNS == set()


@pytest.mark.parametrize("command", ["extract", "repair"])
async def test_what_asks_nobody_is_done_without_an_event_loop_and_an_http_client(
    tmp_path: Path, command: str
) -> None:
    links = tmp_path / "links.txt"
    links.write_text("http://news.example/a\n")
    given = str(links) if command == "extract" else "http://news.example/a"
    told, imported = await imported_by(command, given)
    assert "http://news.example/a" in told
    assert imported & {"asyncio", "aiohttp", "turbohtml", "pydantic", "ssl"} == set()


async def test_the_list_of_commands_is_shown_without_any_of_them() -> None:
    told, imported = await imported_by("--help")
    assert "check" in told
    assert {name for name in imported if name.partition(".")[0] == "workers"} == {
        "workers",
        "workers.errors",
        "workers.on_demand",
    }
