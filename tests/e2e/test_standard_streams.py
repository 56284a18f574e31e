"""Standard streams that are closed or full, and names that are no UTF-8: no traceback, no abort."""

import asyncio
import csv
import io
import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.e2e.command import COMMAND, COMMAND_S
from tests.fakes import page
from tests.loopback import LoopbackWeb, Page

SHELL = "/bin/sh"
OFFLINE = "LINKWRIGHT_ARCHIVES"
LINKS = "[a](http://127.0.0.1:9/a)\n"
FULL = "standard output cannot be written: no space left on device"
CLOSED = "standard output is closed"
NO_INPUT = "-: standard input is closed"
ODD_NAME = "caf\udce9.md"  # a name in Latin-1, as Python reads it
REPORTS = ("text", "json", "ndjson", "csv", "junit", "sarif", "markdown", "github")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.md").write_text(LINKS)
    (tmp_path / "lines.jsonl").write_text(
        '{"id": 1, "url": "http://a.example/", "text": "http://a.example/"}\n'
    )
    (tmp_path / "broken.md").write_text("[a](htps://a.example/pier)\n[b](#)\n")
    (tmp_path / ODD_NAME).write_text("[a](htps://a.example/pier)\n[b](#)\n")
    return tmp_path


async def shell(folder: Path, line: str) -> tuple[int, bytes, str]:
    """Run the command in a shell, which closes and redirects; return its status and both outputs."""
    process = await asyncio.create_subprocess_exec(
        *(SHELL, "-c", f'exec "$0" {line}', str(COMMAND)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            OFFLINE: "",
            "LINKWRIGHT_RETRIES": "0",
            "LINKWRIGHT_ALLOW_NETWORKS": "127.0.0.0/8",
        },
    )
    async with asyncio.timeout(COMMAND_S):
        out, err = await process.communicate()
    return process.returncode or 0, out, err.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is full")
@pytest.mark.parametrize(
    "line",
    [
        "check a.md",
        "check --format json a.md",
        "extract a.md",
        "extract --batch <lines.jsonl",
        "repair --batch <lines.jsonl",
        "repair http://a.example/",
        "fix --offline broken.md",
        "fix --offline --diff broken.md",
        "lookup http://a.example/",
        "--help",
        "--version",
    ],
)
async def test_results_that_find_no_room_are_an_error_of_the_run(folder: Path, line: str) -> None:
    assert await shell(folder, f"{line} >/dev/full") == (2, b"", f"linkwright: {FULL}\n")


@pytest.mark.parametrize(
    "line", ["check a.md", "extract a.md", "repair --batch <lines.jsonl", "fix --offline broken.md"]
)
async def test_results_that_nobody_can_take_are_an_error_of_the_run(folder: Path, line: str) -> None:
    assert await shell(folder, f"{line} >&-") == (2, b"", f"linkwright: {CLOSED}\n")


@pytest.mark.parametrize("line", ["extract -", "extract --batch", "repair --batch", "fix --offline -"])
async def test_an_input_that_is_closed_is_an_error_of_the_run(folder: Path, line: str) -> None:
    assert await shell(folder, f"{line} <&-") == (2, b"", f"linkwright: {NO_INPUT}\n")


async def test_a_closed_input_does_not_stop_the_other_articles(folder: Path) -> None:
    status, out, err = await shell(folder, "check --format json - a.md <&-")
    first, second = json.loads(out)["articles"]
    assert (status, err) == (2, f"linkwright: {NO_INPUT}\n")
    assert (first["error"], len(second["citations"])) == (NO_INPUT, 1)


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- 2>&-"])
async def test_a_check_needs_neither_an_input_nor_a_place_for_complaints(folder: Path, closed: str) -> None:
    async with LoopbackWeb(pages={"/live": Page(page("A pier reopens"))}) as web:
        (folder / "live.txt").write_text(web.url("/live"))
        status, out, err = await shell(folder, f"check --format json live.txt {closed}")
    assert (status, json.loads(out)["summary"], err) == (0, {"ok": 1}, "")


async def test_a_failure_that_nobody_can_be_told_of_keeps_its_exit_status(folder: Path) -> None:
    assert await shell(folder, "extract missing.md 2>&-") == (2, b"", "")
    assert await shell(folder, "check a.md >&- 2>&- <&-") == (2, b"", "")


async def test_a_pipe_that_breaks_at_the_last_flush_ends_it_quietly(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = await asyncio.create_subprocess_exec(
        *(str(COMMAND), "extract", "a.md"), stdout=writing, stderr=asyncio.subprocess.PIPE, cwd=folder
    )
    os.close(writing)
    async with asyncio.timeout(COMMAND_S):
        _, err = await process.communicate()
    assert err == b""
    assert process.returncode == 0


async def odd(folder: Path, line: str) -> str:
    """Run the command on an article whose name is no UTF-8; its output has to be."""
    status, out, err = await shell(folder, f"{line} caf*.md")
    assert (status in (0, 1), "Traceback" in err) == (True, False), err
    return out.decode()


@pytest.mark.parametrize("form", REPORTS)
async def test_every_report_on_a_name_that_is_no_utf8_is_utf8_with_the_name_escaped(
    folder: Path, form: str
) -> None:
    out = await odd(folder, f"check --no-recover --format {form}")
    assert ("caf%E9.md" if form == "sarif" else r"caf\udce9.md") in out


async def test_a_name_that_is_no_utf8_reads_back_as_itself_from_json(folder: Path) -> None:
    whole = json.loads(await odd(folder, "check --no-recover --format json"))
    lines = [json.loads(line) for line in (await odd(folder, "extract")).splitlines()]
    assert whole["articles"][0]["source"] == ODD_NAME
    assert {line["source"] for line in lines} == {ODD_NAME}


async def test_tables_and_documents_with_such_a_name_can_be_parsed(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(await odd(folder, "check --no-recover --format csv"))))
    ElementTree.fromstring(await odd(folder, "check --no-recover --format junit"))  # noqa: S314 - our own
    assert rows[0]["source"] == r"caf\udce9.md"


async def test_a_patch_names_such_a_file_as_git_does(folder: Path) -> None:
    out = await odd(folder, "fix --offline --diff")
    assert out.startswith('--- "a/caf\\351.md"\n+++ "b/caf\\351.md"\n')
