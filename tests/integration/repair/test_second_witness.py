"""The archives as second witness of a repair: asked for the candidates that no live page confirms."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.archive_stand_in import ArchiveStandIn, Fault, archive_stand_in
from tests.e2e.command import linkwright
from tests.loopback import LoopbackWeb, Page
from workers.url import lookup_key

HOST = "news.example"
FOLDER = f"http://{HOST}/2024/10/22/"
WRITTEN = f"{FOLDER}envoys-return-a-mid-storm-warnings-a86767"
AMID = f"{FOLDER}envoys-return-amid-storm-warnings-a86767"
TITLE = "Envoys return amid storm warnings"
PROSE = "<p>" + "Engineers replace the old piles of the pier before winter. " * 12
HOME = Page(f"<title>News</title><h1>News</h1>{PROSE}".encode())
DEAD = "no live page, but the archives know {} as what was cited"


def article(title: str = TITLE) -> bytes:
    return f"<title>{title}</title><h1>{title}</h1>{PROSE}".encode()


@pytest.fixture
async def web() -> AsyncIterator[LoopbackWeb]:
    async with LoopbackWeb() as served:
        yield served


@pytest.fixture
async def archive() -> AsyncIterator[ArchiveStandIn]:
    async with archive_stand_in() as served:
        yield served


async def check(folder: Path, text: str, web: LoopbackWeb, archive: ArchiveStandIn) -> Any:
    path = folder / "article.md"
    path.write_text(text, encoding="utf-8")
    status, out, err = await linkwright(
        "check", str(path), "--format", "json", "--gap", "0", "--retries", "0", "--no-recover",
        "--resolve", f"{HOST}:80:127.0.0.1:{web.port}", "--resolve", f"{HOST}:443:127.0.0.1:1",
        LINKWRIGHT_WAYBACK_URL=archive.base, LINKWRIGHT_WAYBACK_PER_MINUTE="0",
        LINKWRIGHT_ARCHIVE_TIMEOUT_S="5",
    )  # fmt: skip
    assert (status, err) == (1, "")
    run = json.loads(out)
    (link,) = run["links"]
    return link, run["articles"][0]["citations"][0]


def own(url: str = WRITTEN) -> str:
    return f"# {TITLE}\n\nPublished 2024-10-22\n\nOriginal url: {url}\n"


def evidence_for(citation: Any, url: str) -> str:
    return " | ".join(next(c for c in citation["repair"]["candidates"] if c["url"] == url)["evidence"])


async def test_a_capture_with_the_title_makes_the_repaired_form_the_original(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn
) -> None:
    archive.add(AMID, "20241023101500", body=article())
    link, citation = await check(tmp_path, own(), web, archive)
    assert (link["original"], link["outcome"]) == (AMID, "gone")
    assert link["evidence"][0] == DEAD.format(AMID)
    assert [each["datetime"] for each in link["mementos"]] == ["2024-10-23T10:15:00Z"]
    assert (citation["original"], citation["repair"]["decision"]) == (AMID, "auto")
    assert "captured 2024-10-23 by wayback: its title agrees with" in evidence_for(citation, AMID)
    told = {(each["original"], each["state"]) for each in link["archives"]}
    assert told == {(WRITTEN, "none"), (AMID, "found")}
    assert {each["url"] for each in link["asked"]} >= {WRITTEN, AMID}


async def test_a_capture_of_another_piece_bears_no_witness(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn
) -> None:
    archive.add(AMID, "20241023101500", body=article("Ferry crews vote on contract"))
    link, citation = await check(tmp_path, own(), web, archive)
    assert (link["original"], link["outcome"]) == (WRITTEN, "gone")
    assert (citation["original"], citation["repair"]["best"]["url"]) == (WRITTEN, AMID)
    assert "captured 2024-10-23 by wayback: its title is: Ferry crews vote on contract" in evidence_for(
        citation, AMID
    )


async def test_a_captured_error_page_bears_no_witness(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn
) -> None:
    archive.add(AMID, "20241023101500", body=article("Page not found"))
    archive.add(AMID, "20241024101500", status=404, body=article())
    link, _ = await check(tmp_path, own(), web, archive)
    assert link["original"] == WRITTEN


async def test_where_the_written_form_was_captured_it_stands(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn
) -> None:
    archive.add(WRITTEN, "20241023101500", body=article())
    archive.add(AMID, "20241023101500", body=article())
    link, _ = await check(tmp_path, own(), web, archive)
    assert link["original"] == WRITTEN
    assert [each["original"] for each in link["archives"]] == [WRITTEN]
    assert len(link["mementos"]) == 1


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.UNAVAILABLE, Fault.RESET])
async def test_an_archive_that_cannot_be_asked_is_unknown_and_asked_no_further(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn, fault: Fault
) -> None:
    archive.add(AMID, "20241023101500", body=article())
    archive.fault("*", fault)
    link, _ = await check(tmp_path, own(), web, archive)
    assert (link["original"], link["outcome"]) == (WRITTEN, "gone")
    assert [(each["original"], each["state"]) for each in link["archives"]] == [(WRITTEN, "unknown")]


async def test_a_host_that_does_not_answer_still_has_witnesses(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn
) -> None:
    web.default = Page(end="reset", raw=b"")
    archive.add(AMID, "20241023101500", body=article())
    link, _ = await check(tmp_path, own(), web, archive)
    assert (link["original"], link["outcome"]) == (AMID, "down")


async def test_a_path_in_capitals_is_witnessed_by_the_case_that_was_captured(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn
) -> None:
    archive.add(AMID, "20241023101500", body=article())
    capitals = FOLDER + AMID.removeprefix(FOLDER).upper()
    archive.captures[lookup_key(capitals)] = archive.captures[lookup_key(AMID)]
    link, _ = await check(tmp_path, own(capitals), web, archive)
    assert (link["original"], len(link["mementos"])) == (AMID, 1)


async def test_a_cut_address_is_completed_by_the_only_one_that_is_listed_and_answers(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn
) -> None:
    archive.add(AMID, "20241023101500", body=article())
    web.page("/2024/10/22/envoys-return-amid-storm-warnings-a86767", Page(article()))
    link, citation = await check(
        tmp_path, f"It was told here: {FOLDER}envoys-return-am… yesterday.", web, archive
    )
    assert (link["original"], link["outcome"]) == (AMID, "ok")
    assert citation["repair"]["best"]["rule"] == "completed"


async def test_of_several_completions_only_a_title_decides(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn
) -> None:
    stub = f"{FOLDER}envoys-return"
    for url, title in ((AMID, TITLE), (f"{stub}-home-early-a1", "Envoys return home early")):
        archive.add(url, "20241023101500", body=article(title))
        web.page(url.partition(HOST)[2], Page(article(title)))
    bare = f"It was told here: {stub}... yesterday."
    link, citation = await check(tmp_path, bare, web, archive)
    assert link["original"] == citation["original"] == stub
    assert {each["rule"] for each in citation["repair"]["candidates"]} >= {"completed_among"}
    link, _ = await check(tmp_path, f"# {TITLE}\n\n{bare}", web, archive)
    assert link["original"] == AMID


async def test_a_cut_address_whose_list_cannot_be_asked_for_stays_cut(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn
) -> None:
    archive.fault("*", Fault.THROTTLED)
    stub = f"{FOLDER}envoys-return-am"
    link, citation = await check(tmp_path, f"It was told here: {stub}... yesterday.", web, archive)
    assert link["original"] == stub
    assert "could not be asked" in str(citation["repair"])
