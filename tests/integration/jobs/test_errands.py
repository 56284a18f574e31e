"""Captures and look-ups asked for by themselves: kept, done by jobs, found afterwards."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from service.store.captures import StoreCaptureIndex
from service.store.database import Database, open_database
from service.store.errands import Order, StoreErrands, get_errand, open_errands
from service.store.picks import HOLDS, best_capture, list_picks
from service.store.schema import migrate
from service.store.timeline import list_nearest
from tests.archive_stand_in import ArchiveStandIn, Fault, archive_stand_in
from tests.fakes_ledger import MemoryLedger
from tests.integration.archive.choice_pages import GOOD, SOFT_404, STORY_URL
from tests.integration.jobs.conftest import Embedded, memory_parts
from tests.loopback import LoopbackWeb, Page
from workers.archive.archives import Archives, open_archives
from workers.archive.settings import ArchiveSettings
from workers.archive.throttle import MemoryThrottle
from workers.errands import ErrandKind, ErrandState, Keeper
from workers.fetch.fetcher import open_fetcher
from workers.fetch.policy import FetchPolicy, parse_allowed_network
from workers.jobs.settings import JobSettings
from workers.jobs.steps import Parts
from workers.jobs.sweep import Rounds, renew, sweep
from workers.ledger import JobQueue
from workers.model import Lookup, LookupState, Quality

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WAIT_S = 60


@dataclass
class World:
    """A database, archives on a stand-in, and the parts of a worker over both."""

    db: Database
    stand_in: ArchiveStandIn
    archives: Archives
    home: Path
    now: datetime = NOW

    def parts(self) -> Parts:
        return memory_parts(
            MemoryLedger(),
            clock=lambda: self.now,
            errands=StoreErrands(self.db),
            keeper=self.archives,
        )

    async def open(self, kind: ErrandKind, url: str, **asked: Any) -> int:
        (kept,) = await open_errands(self.db, [Order(kind=kind, url=url, **asked)], now=self.now)
        return kept.id

    async def end(self, errand_id: int) -> tuple[ErrandState, str | None]:
        """Return how an errand ended, once it has."""
        async with asyncio.timeout(WAIT_S):
            while True:
                kept = await get_errand(self.db, errand_id)
                assert kept is not None
                if kept.state in {ErrandState.DONE, ErrandState.FAILED}:
                    return kept.state, kept.reason
                await asyncio.sleep(0.02)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with archive_stand_in() as stand_in, open_database(f"sqlite:///{tmp_path}/r.sqlite") as db:
        await migrate(db)
        settings = ArchiveSettings(
            wayback_url=stand_in.base, wayback_per_minute=0, timeout_s=5, warc_home=tmp_path / "captures"
        )
        policy = FetchPolicy(
            allow_networks=(parse_allowed_network("127.0.0.0/8"),),
            gap_ms=0,
            retries=0,
            capture_max_bytes=100_000,
        )
        async with (
            open_fetcher(policy) as fetcher,
            open_archives(
                settings, throttle=MemoryThrottle(), index=StoreCaptureIndex(db), fetcher=fetcher
            ) as archives,
        ):
            yield World(db=db, stand_in=stand_in, archives=archives, home=tmp_path)


async def test_a_page_is_captured_by_a_job(world: World, embedded: Embedded) -> None:
    async with LoopbackWeb() as web:
        web.page("/story", Page(b"<p>short", media_type="text/html"))
        errand_id = await world.open(ErrandKind.CAPTURE, web.url("/story") + "#part")
        async with embedded(world.parts()) as worker:
            await worker.jobs.enqueue_errand(errand_id)
            assert await world.end(errand_id) == (ErrandState.DONE, None)
        (entry,) = await list_nearest(world.db, web.url("/story"), at=NOW, limit=9)
        assert (entry.original, entry.archive, entry.status) == (web.url("/story"), "local", 200)


async def test_an_errand_that_nobody_asked_for_is_swept_up(world: World, embedded: Embedded) -> None:
    world.stand_in.add(STORY_URL, "20241101000000", body=GOOD)
    errand_id = await world.open(ErrandKind.LOOKUP, STORY_URL)
    async with embedded(world.parts()):
        assert await world.end(errand_id) == (ErrandState.DONE, None)


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/gone", "it answers with status 410"), ("/nothing", "it answers with status 404")],
)
async def test_a_page_that_fails_is_not_captured_and_says_why(
    world: World, embedded: Embedded, path: str, reason: str
) -> None:
    async with LoopbackWeb() as web:
        web.page("/gone", Page(b"gone", status=410))
        errand_id = await world.open(ErrandKind.CAPTURE, web.url(path))
        async with embedded(world.parts()):
            assert await world.end(errand_id) == (ErrandState.FAILED, reason)
        assert await list_nearest(world.db, web.url(path), at=NOW, limit=9) == []


async def test_a_page_of_two_gigabytes_is_cut_and_says_so(world: World, embedded: Embedded) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2000000000\r\n\r\n"
    async with LoopbackWeb() as web:
        web.page("/huge", Page(raw=[head, *[b"x" * 50_000] * 40], end="hang"))
        errand_id = await world.open(ErrandKind.CAPTURE, web.url("/huge"))
        async with embedded(world.parts()):
            state, reason = await world.end(errand_id)
        (entry,) = await list_nearest(world.db, web.url("/huge"), at=NOW, limit=9)
        capture = await StoreCaptureIndex(world.db).by_id(entry.record_id or "")
    assert (state, reason) == (ErrandState.DONE, "the body was cut after 100000 bytes (length)")
    assert capture is not None
    assert capture.truncated == "length"


async def test_an_empty_page_is_captured_as_it_is(world: World, embedded: Embedded) -> None:
    async with LoopbackWeb() as web:
        web.page("/empty", Page(b""))
        errand_id = await world.open(ErrandKind.CAPTURE, web.url("/empty"))
        async with embedded(world.parts()):
            assert await world.end(errand_id) == (ErrandState.DONE, None)
        (entry,) = await list_nearest(world.db, web.url("/empty"), at=NOW, limit=9)
    assert (entry.archive, entry.status) == ("local", 200)


async def test_a_full_disk_fails_the_capture_and_nothing_is_listed(world: World, embedded: Embedded) -> None:
    (world.home / "captures").write_text("not a folder")
    async with LoopbackWeb() as web:
        web.page("/story", Page(GOOD))
        errand_id = await world.open(ErrandKind.CAPTURE, web.url("/story"))
        async with embedded(world.parts()):
            state, reason = await world.end(errand_id)
        assert await list_nearest(world.db, web.url("/story"), at=NOW, limit=9) == []
    assert state is ErrandState.FAILED
    assert (reason or "").startswith("not captured: captures in ")


async def test_a_capture_near_a_date_finds_the_archives_too(world: World, embedded: Embedded) -> None:
    async with LoopbackWeb() as web:
        web.page("/story", Page(GOOD))
        world.stand_in.add(web.url("/story"), "20200101000000", body=GOOD)
        at = datetime(2020, 2, 1, tzinfo=UTC)
        errand_id = await world.open(ErrandKind.CAPTURE, web.url("/story"), at=at)
        async with embedded(world.parts()):
            assert await world.end(errand_id) == (ErrandState.DONE, None)
        found = await list_nearest(world.db, web.url("/story"), at=NOW, limit=9)
        assert [entry.archive for entry in found] == ["wayback", "local"]


async def test_a_failed_capture_keeps_what_archives_hold_and_is_not_done(
    world: World, embedded: Embedded
) -> None:
    async with LoopbackWeb() as web:
        web.page("/story", Page(b"broken", status=500))
        world.stand_in.add(web.url("/story"), "20200101000000", body=GOOD)
        at = datetime(2020, 2, 1, tzinfo=UTC)
        errand_id = await world.open(ErrandKind.CAPTURE, web.url("/story"), at=at)
        async with embedded(world.parts()):
            assert await world.end(errand_id) == (ErrandState.FAILED, "it answers with status 500")
        found = await list_nearest(world.db, web.url("/story"), at=NOW, limit=9)
        assert [entry.archive for entry in found] == ["wayback"]


async def test_a_look_up_keeps_the_verified_choice(world: World, embedded: Embedded) -> None:
    world.stand_in.add(STORY_URL, "20241022110000", body=SOFT_404)
    world.stand_in.add(STORY_URL, "20241101000000", body=GOOD)
    errand_id = await world.open(ErrandKind.LOOKUP, STORY_URL, at=datetime(2024, 10, 22, tzinfo=UTC))
    async with embedded(world.parts()):
        assert await world.end(errand_id) == (ErrandState.DONE, None)
    best = await best_capture(world.db, STORY_URL)
    assert best is not None
    assert best.uri_m == f"{world.stand_in.base}/web/20241101000000/{STORY_URL}"
    found = await list_nearest(world.db, STORY_URL, at=NOW, limit=9)
    assert [entry.quality for entry in found] == [Quality.POOR, Quality.GOOD]
    assert found[0].reasons != ()


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.HTML, Fault.TRUNCATED_JSON])
async def test_an_archive_that_cannot_tell_fails_the_look_up_with_its_reason(
    world: World, embedded: Embedded, fault: Fault
) -> None:
    world.stand_in.fault("*", fault)
    errand_id = await world.open(ErrandKind.LOOKUP, STORY_URL)
    async with embedded(world.parts()):
        state, reason = await world.end(errand_id)
    assert state is ErrandState.FAILED
    assert (reason or "").startswith("wayback: ")
    assert await list_picks(world.db, [STORY_URL]) == {}


async def test_a_choice_is_verified_anew_after_a_year(world: World, embedded: Embedded) -> None:
    world.stand_in.add(STORY_URL, "20241101000000", body=GOOD)
    at = datetime(2024, 10, 22, tzinfo=UTC)
    first = await world.open(ErrandKind.LOOKUP, STORY_URL, at=at)
    async with embedded(world.parts(), sweep_s=600.0) as worker:
        await worker.jobs.enqueue_errand(first)
        await world.end(first)
        world.now = NOW + HOLDS - timedelta(seconds=1)
        assert await renew(world.parts(), worker.jobs) == 0
        world.stand_in.captures.clear()
        world.stand_in.add(STORY_URL, "20241101000000", body=SOFT_404)
        world.now = NOW + HOLDS
        assert await renew(world.parts(), worker.jobs) == 1
        assert await world.end(first + 1) == (ErrandState.DONE, None)
        assert await renew(world.parts(), worker.jobs) == 0
    pick = (await list_picks(world.db, [STORY_URL]))[STORY_URL]
    assert (pick.near, pick.picked_at, pick.memento.quality) == (at, world.now, Quality.POOR)
    assert await best_capture(world.db, STORY_URL) is None


class BusyKeeper:
    """Archives that answer only once they are told to."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()

    async def lookup(self, url: str, *, near: datetime | None) -> Sequence[Lookup]:
        await self.may_answer.wait()
        return [Lookup(archive="wayback", original=url, state=LookupState.NONE, asked_at=NOW)]


@dataclass
class CountingQueue:
    """A job queue that notes the errands it is asked to do; `behind` does them, None leaves them."""

    behind: JobQueue | None
    asked: list[int] = field(default_factory=list)

    async def enqueue_errand(self, errand_id: int) -> None:
        self.asked.append(errand_id)
        if self.behind is not None:
            await self.behind.enqueue_errand(errand_id)


def counting(behind: JobQueue | None = None) -> tuple[CountingQueue, JobQueue]:
    counted = CountingQueue(behind)
    return counted, cast("JobQueue", counted)


SELDOM = JobSettings(worker="sweeping", in_fleet=False, wait_s=0.0)


async def test_errands_that_have_jobs_are_not_asked_for_again(world: World, embedded: Embedded) -> None:
    keeper = BusyKeeper()
    parts = replace(world.parts(), keeper=cast("Keeper", keeper))
    rounds = Rounds()
    async with embedded(parts, sweep_s=600.0) as worker:
        ids = [await world.open(ErrandKind.LOOKUP, f"{STORY_URL}/{number}") for number in range(3)]
        await sweep(parts, counting(worker.jobs)[1], SELDOM, rounds)
        counted, queue = counting()
        for _ in range(2):
            await sweep(parts, queue, SELDOM, rounds)
        late = await world.open(ErrandKind.LOOKUP, STORY_URL)
        for _ in range(2):
            await sweep(parts, queue, SELDOM, rounds)
        keeper.may_answer.set()
        assert [await world.end(each) for each in ids] == [(ErrandState.DONE, None)] * 3
    assert set(counted.asked) == {late}


async def test_a_lost_errand_behind_a_full_page_is_found_by_a_later_sweep(
    world: World, embedded: Embedded
) -> None:
    parts = replace(world.parts(), errands=StoreErrands(world.db, waiting_rows=2))
    rounds, rows = Rounds(), []
    async with embedded(memory_parts(MemoryLedger()), sweep_s=600.0):
        ids = [await world.open(ErrandKind.LOOKUP, f"{STORY_URL}/{number}") for number in range(5)]
        for _ in range(4):
            counted, queue = counting()
            await sweep(parts, queue, SELDOM, rounds)
            rows.append(counted.asked)
    assert rows == [ids[:2], ids[2:4], ids[4:], ids[:2]]


async def test_an_errand_that_waits_is_opened_once(world: World) -> None:
    first = await world.open(ErrandKind.LOOKUP, STORY_URL)
    assert await world.open(ErrandKind.LOOKUP, STORY_URL) == first
    assert await world.open(ErrandKind.LOOKUP, STORY_URL, at=NOW) != first
    assert await world.open(ErrandKind.CAPTURE, STORY_URL) != first


async def test_ended_errands_are_forgotten_and_what_they_found_stays(
    world: World, embedded: Embedded
) -> None:
    world.stand_in.add(STORY_URL, "20241101000000", body=GOOD)
    ended = await world.open(ErrandKind.LOOKUP, STORY_URL)
    async with embedded(world.parts()):
        await world.end(ended)
    waiting = await world.open(ErrandKind.LOOKUP, STORY_URL)
    log = StoreErrands(world.db)
    assert await log.prune(before=NOW) == 0
    assert await log.prune(before=NOW + timedelta(seconds=1)) == 1
    assert await get_errand(world.db, ended) is None
    assert await get_errand(world.db, waiting) is not None
    assert len(await list_nearest(world.db, STORY_URL, at=NOW, limit=9)) == 1
