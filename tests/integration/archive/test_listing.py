"""Addresses that an archive lists under a prefix: found by words, and unknown where it cannot be asked."""

from collections.abc import AsyncIterator
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.archive_stand_in import ArchiveStandIn, Fault, archive_stand_in
from workers.archive.archives import Archives, open_archives
from workers.archive.captures import MemoryCaptureIndex
from workers.archive.settings import ArchiveSettings
from workers.archive.throttle import MemoryThrottle
from workers.errors import StoreUnavailable
from workers.model import LookupState

FOLDER = "https://paper.example/2024/"
PIER = f"{FOLDER}02/crews-refuse-to-sail-a9"
WORDS = ("crews", "refuse", "to", "sail")


@pytest.fixture
async def stand_in() -> AsyncIterator[ArchiveStandIn]:
    async with archive_stand_in() as running:
        running.add(PIER, "20240201080000")
        running.add(PIER, "20240301080000")
        running.add(f"{FOLDER}02/another-piece-a8", "20240201080000")
        running.add("https://paper.example/2023/crews-refuse-to-sail-a1", "20230201080000")
        yield running


@pytest.fixture
async def archives(stand_in: ArchiveStandIn) -> AsyncIterator[Archives]:
    settings = ArchiveSettings(wayback_url=stand_in.base, wayback_per_minute=0, max_attempts=1, timeout_s=30)
    async with open_archives(settings, throttle=MemoryThrottle(), index=MemoryCaptureIndex()) as opened:
        yield opened


async def test_an_address_is_listed_once_by_its_words(archives: Archives) -> None:
    (answer,) = await archives.search(FOLDER, containing=WORDS)
    assert answer.state is LookupState.FOUND
    assert [memento.original for memento in answer.mementos] == [PIER]


async def test_nothing_under_a_prefix_is_none(archives: Archives) -> None:
    (answer,) = await archives.search("https://paper.example/1999/", containing=WORDS)
    assert (answer.state, answer.mementos) == (LookupState.NONE, ())


async def test_words_of_other_scripts_are_left_to_the_reader_of_the_list(
    archives: Archives, stand_in: ArchiveStandIn
) -> None:
    await archives.search(FOLDER, containing=("экипажи", "паромов"))
    query = parse_qs(urlsplit(stand_in.asked[-1].path).query)
    assert (query["matchType"], query["collapse"]) == (["prefix"], ["urlkey"])
    assert query["filter"] == ["statuscode:200"]


@pytest.mark.parametrize(
    "fault", [Fault.THROTTLED, Fault.THROTTLED_HTML, Fault.UNAVAILABLE, Fault.HTML, Fault.TRUNCATED_JSON]
)
async def test_an_archive_that_does_not_list_is_unknown_and_never_none(
    archives: Archives, stand_in: ArchiveStandIn, fault: Fault
) -> None:
    stand_in.fault("*", fault)
    (answer,) = await archives.search(FOLDER, containing=WORDS)
    assert answer.state is LookupState.UNKNOWN
    assert answer.reason


class SilentThrottle(MemoryThrottle):
    """A throttle in a database that does not answer."""

    async def take(self, bucket: str, *, per_minute: float, now: datetime) -> float:
        raise StoreUnavailable("the database does not answer")

    async def open_until(self, breaker: str, *, now: datetime) -> datetime | None:
        raise StoreUnavailable("the database does not answer")


async def test_a_throttle_that_does_not_answer_makes_the_list_unknown(stand_in: ArchiveStandIn) -> None:
    settings = ArchiveSettings(wayback_url=stand_in.base, wayback_per_minute=60)
    async with open_archives(settings, throttle=SilentThrottle(), index=MemoryCaptureIndex()) as archives:
        (answer,) = await archives.search(FOLDER, containing=WORDS)
    assert (answer.archive, answer.state, answer.mementos) == ("wayback", LookupState.UNKNOWN, ())
    assert answer.reason == "the database does not answer"
    assert stand_in.asked == []
