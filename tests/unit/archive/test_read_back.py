"""Captures read from archives: which address is asked for, and within which limit."""

from datetime import UTC, datetime

import pytest

from tests.fakes import NOW, Answer, FakeWeb, page
from workers.archive.captures import MemoryCaptureIndex
from workers.archive.read_back import ReadBack
from workers.archive.throttle import Gate, MemoryThrottle
from workers.model import Memento

PAGE = "https://site.example/a"
REPLAYED = f"https://web.example/web/20240311093000/{PAGE}"
RAW = f"https://web.example/web/20240311093000id_/{PAGE}"
MEMENTO = Memento(
    original=PAGE,
    archive="wayback",
    memento_datetime=datetime(2024, 3, 11, 9, 30, tzinfo=UTC),
    uri_m=REPLAYED,
)


@pytest.mark.parametrize(("raw", "asked"), [(True, RAW), (False, REPLAYED)])
async def test_both_forms_of_a_capture_pass_the_gate_of_replay(raw: bool, asked: str) -> None:
    web = FakeWeb({asked: Answer(200, page("A captured page"))})
    gate = Gate(MemoryThrottle(), "wayback-replay", per_minute=1, max_wait_s=0.0, clock=lambda: NOW)
    reader = ReadBack(fetcher=web, home=None, index=MemoryCaptureIndex(), gate=gate)
    first = await reader.read(MEMENTO, raw=raw)
    second = await reader.read(MEMENTO, raw=raw)
    assert first.status == 200
    assert second.failure_reason == "throttled: may be asked again in 60 s"
    assert web.asked == [asked]
