"""What workers share, in memory and on both databases: captures, token buckets, breakers, leases."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.store.captures import StoreCaptureIndex
from service.store.database import open_database
from service.store.leases import StoreLeases
from service.store.throttle import StoreThrottle
from tests.fakes_ledger import NOW, MemoryLeases
from workers.archive.captures import CaptureIndex, LocalCapture, MemoryCaptureIndex
from workers.archive.throttle import MemoryThrottle, ThrottleStore
from workers.ledger import Leases

KINDS = ["memory", "sqlite", "postgresql"]


@pytest.fixture(params=KINDS)
async def opened(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    """None for memory, else a fresh database."""
    if request.param == "memory":
        yield None
        return
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    async with open_database(url) as database:
        yield database


@pytest.fixture
def index(opened: Any) -> CaptureIndex:
    return MemoryCaptureIndex() if opened is None else StoreCaptureIndex(opened)


@pytest.fixture
def throttle(opened: Any) -> ThrottleStore:
    return MemoryThrottle() if opened is None else StoreThrottle(opened)


@pytest.fixture
def leases(opened: Any) -> Leases:
    return MemoryLeases() if opened is None else StoreLeases(opened)


CAPTURE = LocalCapture(
    record_id="<urn:uuid:1>",
    original="https://a.example/",
    key="example,a)/",
    memento_datetime=NOW,
    status=200,
    media_type="text/html",
    file="a.warc.gz",
    offset=2**33,
    length=10,
    payload_digest="sha1:AAA",
    text_digest="sha256:x",
    leads_to="https://b.example/",
)


def _at(number: int, **changes: Any) -> LocalCapture:
    moment = NOW + timedelta(minutes=number)
    given = {"record_id": f"<urn:uuid:{number}>", "memento_datetime": moment, "offset": 100 * number}
    return replace(CAPTURE, **given | changes)


async def test_a_capture_comes_back_as_it_was_listed(index: CaptureIndex) -> None:
    await index.add(CAPTURE)
    await index.add(replace(CAPTURE, status=404))
    assert await index.by_id(CAPTURE.record_id) == CAPTURE
    assert await index.by_id("<urn:uuid:none>") is None


async def test_the_nearest_capture_is_found_on_both_sides(index: CaptureIndex) -> None:
    for number in (40, 10, 20):
        await index.add(_at(number))
    for minute, number in ((0, 10), (14, 10), (15, 10), (16, 20), (31, 40), (99, 40)):
        assert await index.nearest(CAPTURE.key, NOW + timedelta(minutes=minute)) == _at(number)
    assert await index.nearest("example,b)/", NOW) is None


async def test_captures_are_listed_oldest_first(index: CaptureIndex) -> None:
    for number in (3, 1, 2):
        await index.add(_at(number))
    await index.add(_at(4, key="example,b)/"))
    assert list(await index.list(CAPTURE.key)) == [_at(1), _at(2), _at(3)]


async def test_only_a_whole_response_stands_for_a_payload(index: CaptureIndex) -> None:
    await index.add(_at(1))
    await index.add(_at(2))
    await index.add(_at(3, revisit_of="<urn:uuid:1>"))
    await index.add(_at(4, truncated="length"))
    assert await index.latest_by_digest("sha1:AAA") == _at(2)
    assert await index.latest_by_digest("sha1:BBB") is None


async def test_what_is_not_in_a_file_is_unlisted(index: CaptureIndex) -> None:
    for capture in (_at(1), _at(2), _at(3, file="b.warc.gz")):
        await index.add(capture)
    await index.drop_from("a.warc.gz", 200)
    assert list(await index.list(CAPTURE.key)) == [_at(1), _at(3, file="b.warc.gz")]


async def test_tokens_run_out_and_come_back(throttle: ThrottleStore) -> None:
    waits = [await throttle.take("b", per_minute=12, now=NOW) for _ in range(3)]
    assert waits == [0.0, 0.0, pytest.approx(6.0)]
    assert await throttle.take("b", per_minute=12, now=NOW + timedelta(seconds=6.01)) == 0.0
    assert await throttle.take("other", per_minute=12, now=NOW) == 0.0


async def test_many_workers_take_no_more_than_there_is(throttle: ThrottleStore) -> None:
    waits = await asyncio.gather(*(throttle.take("b", per_minute=24, now=NOW) for _ in range(12)))
    assert sorted(waits)[:4] == [0.0] * 4
    assert all(wait > 0 for wait in sorted(waits)[4:])


async def test_a_held_bucket_gives_nothing(throttle: ThrottleStore) -> None:
    await throttle.hold("b", until=NOW + timedelta(seconds=30))
    await throttle.hold("b", until=NOW + timedelta(seconds=10))
    assert await throttle.take("b", per_minute=12, now=NOW) == pytest.approx(30.0)


async def test_the_third_failure_opens_a_breaker_and_a_success_closes_it(throttle: ThrottleStore) -> None:
    for _ in range(2):
        await throttle.record("w", ok=False, now=NOW)
    assert await throttle.open_until("w", now=NOW) is None
    await throttle.record("w", ok=False, now=NOW)
    assert await throttle.open_until("w", now=NOW) == NOW + timedelta(minutes=15)
    assert await throttle.open_until("w", now=NOW + timedelta(minutes=16)) is None
    await throttle.record("w", ok=True, now=NOW)
    assert await throttle.open_until("w", now=NOW) is None


async def test_a_lease_is_renewed_only_while_it_holds(leases: Leases) -> None:
    await leases.enter("w", now=NOW, lease_s=30)
    assert await leases.beat("w", now=NOW + timedelta(seconds=29), lease_s=30)
    assert await leases.beat("w", now=NOW + timedelta(seconds=58), lease_s=30)
    assert not await leases.beat("w", now=NOW + timedelta(seconds=88), lease_s=30)
    assert not await leases.beat("stranger", now=NOW, lease_s=30)


async def test_a_dead_worker_is_claimed_by_one(leases: Leases) -> None:
    late = NOW + timedelta(seconds=31)
    for worker in ("dead", "also dead"):
        await leases.enter(worker, now=NOW, lease_s=30)
    for worker in ("one", "two"):
        await leases.enter(worker, now=late, lease_s=30)
    claims = await asyncio.gather(leases.claim_dead("one", now=late), leases.claim_dead("two", now=late))
    assert sorted(worker for some in claims for worker in some) == ["also dead", "dead"]
    assert not await leases.beat("dead", now=NOW, lease_s=30)
    await leases.settle_dead("dead")
    await leases.settle_dead("also dead")
    assert list(await leases.list_workers()) == ["one", "two"]


async def test_a_lease_given_up_can_be_claimed_at_once(leases: Leases) -> None:
    await leases.enter("w", now=NOW, lease_s=30)
    await leases.give_up("w", now=NOW)
    assert list(await leases.claim_dead("other", now=NOW)) == ["w"]


async def test_a_dead_claimers_claim_runs_out(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        leases = StoreLeases(database)
        await leases.enter("dead", now=NOW, lease_s=30)
        late = NOW + timedelta(seconds=31)
        assert list(await leases.claim_dead("one", now=late)) == ["dead"]
        assert list(await leases.claim_dead("two", now=late + timedelta(seconds=59))) == []
        assert list(await leases.claim_dead("two", now=late + timedelta(seconds=60))) == ["dead"]
