"""The five stripped links of the first real article, found again on a stand-in of its original page."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.archive_stand_in import Fault, archive_stand_in
from tests.e2e.command import linkwright
from tests.seed_world import ORIGINAL, REPAIRED, TARGETS, SeedWorld, seed_world

GENTLE = ("--gap", "0", "--retries", "0", "--timeout", "5")
AT = "20241023120000"


async def check(
    seed: Path | str, world: SeedWorld, wayback: str, *flags: str, **environment: str
) -> tuple[int, str]:
    """Run `check` on the seed in a world without any other host; returns its status and output."""
    elsewhere = [url.split("/")[2] for url in TARGETS if "themoscowtimes" not in url] + ["nis.example"]
    away = [part for host in elsewhere for part in ("--resolve", f"{host}:443:127.0.0.1:1")]
    status, out, _ = await linkwright(
        "check", str(seed), *GENTLE, *flags, *away,
        "--resolve", world.resolve, "--ca-bundle", world.ca_bundle,
        LINKWRIGHT_WAYBACK_URL=wayback, LINKWRIGHT_ARCHIVE_TIMEOUT_S="2", **environment,
    )  # fmt: skip
    return status, out


def placeholders(out: str) -> list[dict[str, Any]]:
    """Return the citations of the one article whose target is `#`."""
    (article,) = json.loads(out)["articles"]
    return [each for each in article["citations"] if each["target"] == "#"]


async def test_all_five_are_found_on_the_live_page(seed_path: Path, tmp_path: Path) -> None:
    async with seed_world(tmp_path, article=ORIGINAL) as world, archive_stand_in() as archive:
        status, out = await check(seed_path, world, archive.base, "--format", "json")
    assert status == 1
    found = placeholders(out)
    assert [each["recovery"]["best"] for each in found] == list(TARGETS)
    assert [each["original"] for each in found] == list(TARGETS)
    assert {each["recovery"]["decision"] for each in found} == {"auto"}
    assert {each["recovery"]["reason"] for each in found} == {"matched"}
    assert [each["defects"] for each in found] == [["fragment_only"]] * 5
    assert found[1]["recovery"]["found_on"] == {"kind": "live", "url": REPAIRED, "memento_datetime": None}
    assert found[1]["recovery"]["candidates"][0]["evidence"][0] == "the anchor is the same"
    run = json.loads(out)
    links = {link["original"]: link for link in run["links"]}
    assert set(TARGETS) < set(links)
    assert [each["outcome"] for each in found] == [links[url]["outcome"] for url in TARGETS]
    assert links[TARGETS[1]]["outcome"] == "down"
    assert links[TARGETS[2]]["outcome"] == "gone"
    assert not any("placeholder" in outcome for outcome in run["summary"])


@pytest.mark.parametrize("is_rewritten", [False, True])
async def test_all_five_are_found_on_a_memento_where_the_page_is_gone(
    seed_path: Path, tmp_path: Path, is_rewritten: bool
) -> None:
    async with seed_world(tmp_path, article=None) as world, archive_stand_in() as archive:
        page = (
            ORIGINAL.replace('href="http', f'href="{archive.base}/web/{AT}/http')
            if is_rewritten
            else ORIGINAL
        )
        archive.add(REPAIRED, AT, body=page.encode())
        status, out = await check(seed_path, world, archive.base, "--format", "json")
    assert status == 1
    found = placeholders(out)
    assert [each["recovery"]["best"] for each in found] == list(TARGETS)
    assert {each["recovery"]["decision"] for each in found} == {"auto"}
    assert found[0]["recovery"]["found_on"] == {
        "kind": "memento",
        "url": f"{archive.base}/web/{AT}/{REPAIRED}",
        "memento_datetime": "2024-10-23T12:00:00Z",
    }


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.UNAVAILABLE, Fault.HANG])
async def test_a_gone_page_and_an_archive_that_fails_leave_it_unknown(
    seed_path: Path, tmp_path: Path, fault: Fault
) -> None:
    async with seed_world(tmp_path, article=None) as world, archive_stand_in() as archive:
        archive.fault("*", fault)
        status, out = await check(seed_path, world, archive.base, "--format", "json")
    assert status == 1
    found = placeholders(out)
    assert [each["recovery"]["reason"] for each in found] == ["unknown"] * 5
    assert [each["recovery"]["decision"] for each in found] == ["abstain"] * 5
    assert [each["outcome"] for each in found] == ["placeholder"] * 5


async def test_a_gone_page_that_no_archive_holds_is_no_page(seed_path: Path, tmp_path: Path) -> None:
    async with seed_world(tmp_path, article=None) as world, archive_stand_in() as archive:
        _, out = await check(seed_path, world, archive.base, "--format", "json")
    assert [each["recovery"]["reason"] for each in placeholders(out)] == ["no_page"] * 5


async def test_without_recovery_nothing_is_looked_for(seed_path: Path, tmp_path: Path) -> None:
    async with seed_world(tmp_path, article=ORIGINAL) as world, archive_stand_in() as archive:
        _, out = await check(seed_path, world, archive.base, "--format", "json", "--no-recover")
    assert [each["recovery"] for each in placeholders(out)] == [None] * 5


@pytest.mark.parametrize("output", ["text", "markdown", "csv", "junit", "sarif", "github", "ndjson"])
async def test_every_report_shows_what_was_found(seed_path: Path, tmp_path: Path, output: str) -> None:
    async with seed_world(tmp_path, article=ORIGINAL) as world, archive_stand_in() as archive:
        status, out = await check(seed_path, world, archive.base, "--format", output)
    assert status == 1
    for target in TARGETS:
        shown = target.replace("&", "&amp;") if output == "junit" else target
        assert shown in out.replace("\\", "")
    assert "North Koreans Fighting" in out


async def test_a_related_title_that_the_page_lost_is_found_in_the_archives_list(
    seed_path: Path, tmp_path: Path
) -> None:
    title = "North Koreans Fighting for Russia Put Warm Words into Practice"
    without = ORIGINAL.replace(TARGETS[2], "#")
    listed = f"<title>{title}</title><h1>{title}</h1><p>{'Words about words and practice. ' * 40}</p>"
    async with seed_world(tmp_path, article=without) as world, archive_stand_in() as archive:
        archive.add(TARGETS[2], "20241019080000", body=listed.encode())
        archive.add(f"{TARGETS[2][:45]}another-piece-of-that-day-a86746", "20241019080000")
        _, out = await check(seed_path, world, archive.base, "--format", "json")
    related = placeholders(out)[2]
    assert (related["recovery"]["decision"], related["recovery"]["best"]) == ("auto", TARGETS[2])
    assert related["recovery"]["found_on"]["memento_datetime"] == "2024-10-19T08:00:00Z"


async def test_an_address_given_as_input_is_its_own_page(tmp_path: Path) -> None:
    stripped = re.sub(r'href="http[^"]*"', 'href="#"', ORIGINAL).replace('rel="canonical" href="#"', "")
    async with seed_world(tmp_path, article=stripped) as world, archive_stand_in() as archive:
        archive.add(REPAIRED, AT, body=ORIGINAL.encode())
        _, out = await check(REPAIRED, world, archive.base, "--format", "json")
    best = {each["anchor"]: each["recovery"]["best"] for each in placeholders(out)}
    assert best["Uwe Brodrecht (CC BY-SA 2.0)"] == TARGETS[0]
    assert best["posted"] == TARGETS[4]
    assert best["warned"] == TARGETS[3]


async def test_a_recorded_run_keeps_what_was_found(seed_path: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with seed_world(tmp_path, article=ORIGINAL) as world, archive_stand_in() as archive:
        status, _ = await check(seed_path, world, archive.base, "--record", LINKWRIGHT_HOME=str(home))
    assert status == 1
    with closing(sqlite3.connect(home / "records.sqlite")) as records:
        rows = records.execute(
            "SELECT link.original, json_extract(citation.recovery, '$.reason') FROM citation "
            "JOIN link ON link.id = citation.link_id WHERE citation.recovery IS NOT NULL ORDER BY position"
        ).fetchall()
    assert rows == [(target, "matched") for target in TARGETS]
