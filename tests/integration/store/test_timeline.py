"""Captures of one resource in the order of TimeMaps, against a plain reading of the same rows."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from service.store.captures import StoreCaptureIndex
from service.store.database import Database, open_database
from service.store.mementos import write_mementos
from service.store.schema import migrate
from service.store.timeline import Entry, find_neighbours, list_nearest, list_pages, measure
from workers.archive.captures import LocalCapture
from workers.model import Memento, Quality
from workers.url import lookup_key

URL = "http://example.org/a"
SECURE = "https://www.example.org/a"
START = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    async with open_database(database_url) as opened:
        await migrate(opened)
        yield opened


async def keep(db: Database, times: Sequence[tuple[str, timedelta, str]]) -> None:
    """Keep captures as (archive, time after the start, original), `local` ones in our own index."""
    mementos = []
    for number, (archive, after, original) in enumerate(times):
        if archive == "local":
            await StoreCaptureIndex(db).add(
                LocalCapture(
                    record_id=f"<urn:uuid:{number}>",
                    original=original,
                    key=lookup_key(original),
                    memento_datetime=START + after,
                    status=200,
                    media_type="text/html",
                    file="a.warc.gz",
                    offset=number,
                    length=1,
                    payload_digest="sha1:A",
                )
            )
        else:
            mementos.append(
                Memento(
                    original=original,
                    archive=archive,
                    memento_datetime=START + after,
                    uri_m=f"https://{archive}.example/{number}",
                )
            )
    async with db.write() as connection:
        await write_mementos(connection, mementos, now=START)


def names(entries: Sequence[Entry | None]) -> list[str | None]:
    return [entry and f"{entry.archive}@{(entry.exact - START).total_seconds():g}" for entry in entries]


async def pages(db: Database, rows: int) -> list[list[str | None]]:
    return [names(page) async for page in list_pages(db, URL, rows=rows)]


async def test_captures_of_one_second_come_local_first(db: Database) -> None:
    await keep(
        db,
        [
            ("wayback", timedelta(0), URL),
            ("local", timedelta(seconds=0.9), URL),
            ("local", timedelta(seconds=0.2), SECURE),
            ("arquivo", timedelta(seconds=1), URL),
        ],
    )
    assert await pages(db, 1000) == [["local@0.2", "local@0.9", "wayback@0", "arquivo@1"]]
    found = await find_neighbours(db, URL, at=START)
    assert found is not None
    assert names([found.first, found.before, found.chosen, found.after, found.last]) == [
        "local@0.2",
        "local@0.2",
        "local@0.9",
        "wayback@0",
        "arquivo@1",
    ]


async def test_a_page_takes_whole_seconds(db: Database) -> None:
    await keep(
        db,
        [
            *(("local", timedelta(seconds=0.1 * n), URL) for n in range(5)),
            ("wayback", timedelta(0), URL),
            ("wayback", timedelta(seconds=3), URL),
        ],
    )
    assert await pages(db, 2) == [
        ["local@0", "local@0.1", "local@0.2", "local@0.3", "local@0.4", "wayback@0"],
        ["wayback@3"],
    ]


async def test_no_time_means_the_last_capture(db: Database) -> None:
    await keep(db, [("wayback", timedelta(days=day), URL) for day in (0, 2, 5)])
    found = await find_neighbours(db, SECURE, at=None)
    assert found is not None
    assert names([found.before, found.chosen, found.after]) == ["wayback@172800", "wayback@432000", None]


async def test_of_two_as_near_the_older_one_is_chosen(db: Database) -> None:
    await keep(db, [("wayback", timedelta(seconds=0), URL), ("local", timedelta(seconds=10), URL)])
    found = await find_neighbours(db, URL, at=START + timedelta(seconds=5))
    assert found is not None
    assert names([found.chosen]) == ["wayback@0"]


async def test_the_address_as_asked_wins_within_a_second(db: Database) -> None:
    await keep(db, [("local", timedelta(0), URL), ("local", timedelta(seconds=0.5), SECURE)])
    for asked in (URL, SECURE):
        found = await find_neighbours(db, asked, at=START)
        assert found is not None
        assert found.chosen.original == asked


async def test_nothing_known_is_none(db: Database) -> None:
    assert await find_neighbours(db, URL, at=START) is None
    assert await measure(db, URL) is None
    assert await pages(db, 10) == []


async def test_numbers_tell_how_many_and_change_with_each_capture(db: Database) -> None:
    await keep(db, [("wayback", timedelta(0), URL), ("local", timedelta(seconds=9), URL)])
    before = await measure(db, URL)
    await keep(db, [("arquivo", timedelta(seconds=4), URL)])
    after = await measure(db, URL)
    assert before is not None
    assert after is not None
    assert (before.count, after.count) == (2, 3)
    assert names([after.first, after.last]) == ["wayback@0", "local@9"]
    assert before.tag != after.tag


async def test_any_mix_reads_as_a_plain_sort_says(db: Database) -> None:
    chance = Random(5)  # noqa: S311 - the same mix in every run
    kept = [
        (chance.choice(["local", "wayback", "arquivo"]), timedelta(seconds=chance.randrange(60) / 2), URL)
        for _ in range(60)
    ]
    await keep(db, kept)
    plain = [name for page in await pages(db, 1000) for name in page]
    assert [name for page in await pages(db, 7) for name in page] == plain
    assert len(plain) == 60
    seconds = [int(float(name.partition("@")[2])) for name in plain if name]
    assert seconds == sorted(seconds)
    for tenths in range(-20, 340, 7):
        at = START + timedelta(seconds=tenths // 10)
        found = await find_neighbours(db, URL, at=at)
        assert found is not None
        nearest = min(seconds, key=lambda second: (abs(second - tenths // 10), second))
        place = seconds.index(nearest)
        around = [*[None], *plain, *[None]][place : place + 3]
        assert names([found.before, found.chosen, found.after]) == around
    nearest_three = await list_nearest(db, URL, at=START + timedelta(seconds=10), limit=3)
    distances = sorted(abs(float(name.partition("@")[2]) - 10) for name in plain if name)
    assert sorted(abs((each.exact - START).total_seconds() - 10) for each in nearest_three) == distances[:3]


async def test_what_was_read_of_a_capture_stays_when_it_is_only_listed_again(db: Database) -> None:
    listed = Memento(original=URL, archive="wayback", memento_datetime=START, uri_m="https://w.example/1")
    read = Memento(
        original=URL,
        archive="wayback",
        memento_datetime=START,
        uri_m="https://w.example/1",
        quality=Quality.GOOD,
        reasons=("it shows the page",),
    )
    async with db.write() as connection:
        for each in (listed, read, listed):
            await write_mementos(connection, [each], now=START)
    (entry,) = await list_nearest(db, URL, at=START, limit=5)
    assert (entry.quality, entry.reasons) == (Quality.GOOD, ("it shows the page",))
