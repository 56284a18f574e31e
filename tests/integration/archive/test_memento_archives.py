"""Memento archives by TimeMap and TimeGate, through the real guarded fetcher."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.archive_stand_in import ArchiveStandIn, Fault, archive_stand_in
from workers.archive.archives import Archives, open_archives
from workers.archive.captures import MemoryCaptureIndex
from workers.archive.settings import ArchiveSettings
from workers.archive.throttle import MemoryThrottle
from workers.errors import InvalidSetting
from workers.fetch.fetcher import open_fetcher
from workers.fetch.policy import FetchPolicy, exempt_origin
from workers.model import Lookup, LookupState

URL = "http://example.org/story?id=7"
OCTOBER = datetime(2024, 10, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
async def stand_in() -> AsyncIterator[ArchiveStandIn]:
    async with archive_stand_in() as running:
        yield running


@asynccontextmanager
async def opened(
    stand_in: ArchiveStandIn, *, timeout_s: float = 20.0, **changed: object
) -> AsyncIterator[Archives]:
    policy = FetchPolicy(
        exempt_origins=frozenset({exempt_origin(stand_in.base)}), gap_ms=0, retries=0, timeout_s=timeout_s
    )
    values: dict[str, object] = {
        "names": ("arquivo",),
        "providers": {"arquivo": f"{stand_in.base}/web"},
        "memento_per_minute": 0,
        **changed,
    }
    settings = ArchiveSettings(**values)  # type: ignore[arg-type]
    async with (
        open_fetcher(policy) as fetcher,
        open_archives(
            settings, throttle=MemoryThrottle(), index=MemoryCaptureIndex(), fetcher=fetcher
        ) as archives,
    ):
        yield archives


async def ask(stand_in: ArchiveStandIn, url: str = URL, **changed: Any) -> Lookup:
    async with opened(stand_in, **changed) as archives:
        (answer,) = await archives.lookup(url, near=OCTOBER)
        return answer


async def test_the_timemap_gives_mementos_oldest_first(stand_in: ArchiveStandIn) -> None:
    stand_in.add(URL, "20250101000000")
    stand_in.add(URL, "20241022100000")
    answer = await ask(stand_in)
    assert (answer.archive, answer.state) == ("arquivo", LookupState.FOUND)
    assert [(m.memento_datetime.year, m.original) for m in answer.mementos] == [(2024, URL), (2025, URL)]
    assert answer.mementos[0].uri_m == f"{stand_in.base}/web/20241022100000/{URL}"
    assert len(stand_in.asked) == 1


async def test_only_timemap_and_timegate_together_say_none(stand_in: ArchiveStandIn) -> None:
    answer = await ask(stand_in)
    assert answer.state is LookupState.NONE
    assert len(stand_in.asked) == 2


async def test_pages_of_a_timemap_are_followed(stand_in: ArchiveStandIn) -> None:
    stand_in.timemap_page_size = 2
    for day in range(10, 17):
        stand_in.add(URL, f"202410{day}000000")
    answer = await ask(stand_in)
    assert [m.memento_datetime.day for m in answer.mementos] == [10, 11, 12, 13, 14, 15, 16]


async def test_beyond_the_bound_of_pages_the_timegate_finds_the_nearest(stand_in: ArchiveStandIn) -> None:
    stand_in.timemap_page_size = 1
    for day in range(10, 30):
        stand_in.add(URL, f"202410{day}000000")
    answer = await ask(stand_in)
    assert [m.memento_datetime.day for m in answer.mementos] == [10, 11, 12, 13, 14, 22]


async def test_the_nearest_are_kept_within_the_bound(stand_in: ArchiveStandIn) -> None:
    for day in range(10, 30):
        stand_in.add(URL, f"202410{day}120000")
    answer = await ask(stand_in, max_rows=3)
    assert [m.memento_datetime.day for m in answer.mementos] == [21, 22, 23]


@pytest.mark.parametrize("status", [302, 307, 303])
async def test_a_timegate_answers_where_there_is_no_timemap(stand_in: ArchiveStandIn, status: int) -> None:
    stand_in.timegate_status = status
    stand_in.add(URL, "20241022100000")
    stand_in.fault(URL, Fault.NOT_FOUND, times=1)
    answer = await ask(stand_in)
    assert [m.memento_datetime for m in answer.mementos] == [datetime(2024, 10, 22, 10, 0, tzinfo=UTC)]
    gate = stand_in.asked[1]
    assert gate.headers["accept-datetime"] == "Tue, 22 Oct 2024 12:00:00 GMT"


FAULTS = {
    Fault.THROTTLED: "status 429",
    Fault.UNAVAILABLE: "status 503",
    Fault.FORBIDDEN: "status 403",
    Fault.HANG: "timeout",
    Fault.RESET: "reset",
    Fault.CUT_EMPTY: "not a TimeMap",
    Fault.HTML: "not a TimeMap",
    Fault.BINARY: "not a TimeMap",
    Fault.TRUNCATED_JSON: "not a TimeMap",
    Fault.REDIRECT_INSIDE: "policy",
    Fault.NOT_HTTP: "protocol",
}


@pytest.mark.parametrize("held", [True, False], ids=["captures held", "nothing held"])
@pytest.mark.parametrize("fault", list(FAULTS))
async def test_a_fault_is_unknown_with_its_reason(stand_in: ArchiveStandIn, fault: Fault, held: bool) -> None:
    if held:
        stand_in.add(URL, "20241022100000")
    stand_in.fault(URL, fault)
    answer = await ask(stand_in, timeout_s=0.4 if fault is Fault.HANG else 20.0)
    assert answer.state is LookupState.UNKNOWN
    assert FAULTS[fault] in (answer.reason or "")


async def test_a_dead_archive_delays_only_itself(stand_in: ArchiveStandIn) -> None:
    stand_in.add(URL, "20241022100000")
    async with opened(
        stand_in,
        names=("wayback", "arquivo"),
        wayback_url=stand_in.base,
        wayback_per_minute=0,
        providers={"arquivo": "http://127.0.0.1:9/web"},
    ) as archives:
        wayback, arquivo = await archives.lookup(URL, near=OCTOBER)
    assert (wayback.state, arquivo.state) == (LookupState.FOUND, LookupState.UNKNOWN)


async def test_an_empty_base_switches_an_archive_off(stand_in: ArchiveStandIn) -> None:
    async with opened(stand_in, providers={"arquivo": ""}) as archives:
        assert await archives.lookup(URL, near=OCTOBER) == ()


async def test_a_name_that_no_archive_has_is_told(stand_in: ArchiveStandIn) -> None:
    with pytest.raises(InvalidSetting, match="no archive is called 'alexandria'; there are wayback, arquivo"):
        async with opened(stand_in, names=("alexandria",)):
            pass
