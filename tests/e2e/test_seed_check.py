"""The main job by the command, as a person runs it: the seed article against its publisher on loopback."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.archive_stand_in import Fault, archive_stand_in
from tests.e2e.command import linkwright
from tests.loopback import LoopbackWeb, Page
from tests.seed_world import HEADLINE, REPAIRED, WRITTEN, seed_world

GENTLE = ("--gap", "0", "--retries", "0")


async def test_the_seed_has_one_link_repaired_and_five_placeholders(seed_path: Path, tmp_path: Path) -> None:
    async with seed_world(tmp_path) as world:
        status, out, err = await linkwright(
            "check", str(seed_path), "--format", "json", "--no-archive", *GENTLE,
            "--resolve", world.resolve, "--ca-bundle", world.ca_bundle,
        )  # fmt: skip
    assert (status, err) == (1, "")
    run = json.loads(out)
    assert run["summary"] == {"ok": 1, "placeholder": 5}
    (article,) = run["articles"]
    assert (article["headline"], article["published"]) == (HEADLINE, "2024-10-22T00:00:00Z")
    assert [c["outcome"] for c in article["citations"]] == ["placeholder"] * 5 + ["ok"]
    own = article["citations"][5]
    assert (own["kind"], own["raw"], own["original"]) == ("original-url", WRITTEN, REPAIRED)
    assert own["repair"]["best"]["url"] == REPAIRED
    assert "amid" in " ".join(own["repair"]["best"]["evidence"]).casefold()
    (link,) = run["links"]
    assert (link["original"], link["status"], link["outcome"], link["cited_by"]) == (REPAIRED, 200, "ok", 1)
    assert [(asked["url"], asked["status"]) for asked in link["asked"]][:2] == [
        (WRITTEN, 404),
        (REPAIRED, 200),
    ]


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.UNAVAILABLE, Fault.HANG])
async def test_a_dead_link_is_looked_up_and_a_failing_archive_is_unknown(
    tmp_path: Path, fault: Fault
) -> None:
    article = tmp_path / "dead.md"
    article.write_text("[gone](https://www.themoscowtimes.com/2020/01/01/no-such-piece-a1)\n")
    async with seed_world(tmp_path) as world, archive_stand_in() as archive:
        archive.fault("*", fault)
        status, out, _ = await linkwright(
            "check", str(article), "--format", "json", *GENTLE,
            "--resolve", world.resolve, "--ca-bundle", world.ca_bundle,
            LINKWRIGHT_WAYBACK_URL=archive.base, LINKWRIGHT_ARCHIVE_TIMEOUT_S="2",
        )  # fmt: skip
    assert status == 1
    (link,) = json.loads(out)["links"]
    assert link["outcome"] == "gone"
    assert [(a["archive"], a["state"]) for a in link["archives"]] == [("wayback", "unknown")]
    assert link["archives"][0]["reason"]


async def test_a_capture_of_a_dead_link_is_offered(tmp_path: Path) -> None:
    dead = "https://www.themoscowtimes.com/2020/01/01/no-such-piece-a1"
    article = tmp_path / "dead.md"
    article.write_text(f"[gone]({dead})\n")
    async with seed_world(tmp_path) as world, archive_stand_in() as archive:
        archive.add(dead, "20200102030405")
        _, out, _ = await linkwright(
            "check", str(article), "--format", "json", *GENTLE,
            "--resolve", world.resolve, "--ca-bundle", world.ca_bundle,
            LINKWRIGHT_WAYBACK_URL=archive.base,
        )  # fmt: skip
    (link,) = json.loads(out)["links"]
    assert [m["datetime"] for m in link["mementos"]] == ["2020-01-02T03:04:05Z"]


async def test_without_a_network_the_address_is_down_and_never_gone(seed_path: Path, tmp_path: Path) -> None:
    # Port 9 on loopback: nobody listens, as where there is no way out.
    status, out, _ = await linkwright(
        "check", str(seed_path), "--format", "json", "--no-archive", *GENTLE,
        "--timeout", "5", "--resolve", "www.themoscowtimes.com:443:127.0.0.1:1",
    )  # fmt: skip
    assert status == 1
    (link,) = json.loads(out)["links"]
    assert link["outcome"] == "down"
    assert link["failure"] == "refused"


async def test_one_bad_file_does_not_stop_the_rest(seed_path: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.md"
    empty.write_bytes(b"")
    status, out, err = await linkwright(
        "check", str(empty), str(tmp_path / "missing.md"), str(seed_path), "--format", "json", "--no-archive",
        *GENTLE, "--timeout", "5", "--exclude", "themoscowtimes",
    )  # fmt: skip
    assert status == 2
    run = json.loads(out)
    assert [article.get("error", "")[len(str(tmp_path)) + 1 :] for article in run["articles"]] == [
        "empty.md: is empty",
        "missing.md: does not exist",
        "",
    ]
    assert run["summary"] == {"placeholder": 5}
    assert "empty.md: is empty" in err
    assert "missing.md" in err


async def test_articles_come_in_the_order_in_which_they_were_given(tmp_path: Path) -> None:
    first, last = tmp_path / "first.md", tmp_path / "last.md"
    for article in (first, last):
        article.write_text("No links here.\n")
    async with LoopbackWeb(default=Page(b"<title>A page</title><p>Nothing is cited.</p>")) as web:
        page = web.url("/page")
        status, out, _ = await linkwright(
            "check", str(first), page, str(last), "--format", "json", "--no-archive",
            *GENTLE, "--allow-network", "127.0.0.0/8",
        )  # fmt: skip
    assert status == 0
    assert [each["source"] for each in json.loads(out)["articles"]] == [str(first), page, str(last)]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--resolve", "nonsense"), "nonsense"),
        (("--fail-on", "dead"), "dead"),
        (("--include", "("), "--include"),
        (("--ca-bundle", "/no/such/file.pem"), "CA_BUNDLE"),
    ],
)
async def test_a_flag_that_cannot_be_used_is_named(seed_path: Path, args: tuple[str, ...], told: str) -> None:
    status, out, err = await linkwright("check", str(seed_path), *args)
    assert (status, out) == (2, "")
    assert told in err
    assert "Traceback" not in err


async def test_a_recorded_run_can_be_looked_up_later(seed_path: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with seed_world(tmp_path) as world:
        for _ in range(2):
            status, _, err = await linkwright(
                "check", str(seed_path), "--record", "--no-archive", *GENTLE,
                "--resolve", world.resolve, "--ca-bundle", world.ca_bundle,
                LINKWRIGHT_HOME=str(home),
            )  # fmt: skip
            assert status == 1, err
    with closing(sqlite3.connect(home / "records.sqlite")) as records:
        counts = [
            records.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
            for table in ("article", "citation", "audit")
        ]
        repaired = records.execute("SELECT original FROM link ORDER BY id").fetchall()
    assert counts == [1, 6, 2]
    assert (REPAIRED,) in repaired
    assert len(list((home / "captures").rglob("*.warc.gz"))) >= 1
