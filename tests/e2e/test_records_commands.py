"""The commands that work on the records: `audit`, `schedule` and `backup`."""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.command import linkwright
from tests.loopback import LoopbackWeb, Page

PIECE = Page(b"<title>Rivers</title><h1>Rivers</h1><p>They rise in the hills, and fall to the sea.</p>")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "LINKWRIGHT_HOME": str(tmp_path / "home"),
        "LINKWRIGHT_ALLOW_NETWORKS": "127.0.0.1/32",
        "LINKWRIGHT_ARCHIVES": "",
        "LINKWRIGHT_GAP_MS": "0",
        "LINKWRIGHT_RETRIES": "0",
    }


async def record(web: LoopbackWeb, folder: Path, environment: dict[str, str]) -> None:
    """Record one article with one live link."""
    web.page("/rivers", PIECE)
    article = folder / "a.md"
    article.write_text(f"# Rivers\n\nThey [rise]({web.url('/rivers')}).\n")
    status, _, err = await linkwright("check", str(article), "--record", **environment)
    assert status == 0, err


async def test_an_audit_by_command_sees_what_has_changed(tmp_path: Path, environment: dict[str, str]) -> None:
    async with LoopbackWeb() as web:
        await record(web, tmp_path, environment)
        status, out, err = await linkwright("audit", "--article", "1", **environment)
        assert (status, out) == (0, "audit 2 done: 1 ok\n"), err
        web.page("/rivers", Page(b"gone", status=410))
        status, out, err = await linkwright("audit", "--all", "--format", "json", **environment)
    told = json.loads(out)
    assert (status, told["state"], told["by_outcome"]) == (1, "done", {"gone": 1}), err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ((), "say what to audit"),
        (("--all", "--due"), "say what to audit"),
        (("--article", "7"), "there is no article 7"),
        (("--link", "7"), "there is no link 7"),
    ],
)
async def test_an_audit_of_nothing_is_refused(
    environment: dict[str, str], options: tuple[str, ...], reason: str
) -> None:
    status, out, err = await linkwright("audit", *options, **environment)
    assert (status, out) == (2, "")
    assert reason in err


async def test_a_schedule_is_kept_listed_and_removed(environment: dict[str, str]) -> None:
    status, out, _ = await linkwright("schedule", "add", "nightly", "0 3 * * *", "--all", **environment)
    assert status == 0
    assert "nightly: every link; next" in out
    status, _, err = await linkwright("schedule", "add", "nightly", "0 4 * * *", "--all", **environment)
    assert (status, "has the name 'nightly' already" in err) == (2, True)
    status, _, err = await linkwright("schedule", "add", "leap", "0 0 30 2 *", "--all", **environment)
    assert (status, "30 2" in err) == (2, True)
    _, out, _ = await linkwright("schedule", "list", **environment)
    assert [line.split()[6].rstrip(":") for line in out.splitlines()] == ["due", "nightly"]
    assert (await linkwright("schedule", "remove", "2", **environment))[0] == 0
    assert (await linkwright("schedule", "remove", "2", **environment))[0] == 2


async def test_a_backup_is_whole_and_works_in_the_place_of_the_data_folder(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    copy = tmp_path / "copy"
    async with LoopbackWeb() as web:
        await record(web, tmp_path, environment)
        status, _, err = await linkwright("backup", str(copy), **environment)
        assert status == 0, err
        status, out, _ = await linkwright("audit", "--all", **environment | {"LINKWRIGHT_HOME": str(copy)})
        assert (status, out) == (0, "audit 2 done: 1 ok\n")
    files = json.loads((copy / "manifest.json").read_text())["files"]
    (warc,) = [name for name in files if name.startswith("captures/")]
    assert hashlib.sha256((copy / warc).read_bytes()).hexdigest() == files[warc]["sha256"]
    with closing(sqlite3.connect(copy / "records.sqlite")) as records:
        (name,) = records.execute("select file from capture").fetchone()
    assert warc.endswith(name)


async def test_a_backup_never_overwrites_and_says_what_is_missing(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    status, _, err = await linkwright("backup", str(tmp_path / "copy"), **environment)
    assert (status, "there are no records" in err) == (2, True)
    assert not (tmp_path / "copy").exists()
    status, _, err = await linkwright("backup", str(tmp_path), **environment)
    assert (status, "exists already" in err) == (2, True)
    elsewhere = {"LINKWRIGHT_DATABASE_URL": "postgresql://localhost/x"}
    status, _, err = await linkwright("backup", str(tmp_path / "copy"), **environment | elsewhere)
    assert (status, "pg_dump" in err) == (2, True)
