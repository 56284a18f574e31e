"""Save Page Now: errors that come as success, lost answers, and never two saves for one loss."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from tests.archive_stand_in import ArchiveStandIn, Fault, archive_stand_in
from workers.archive.archives import Archives, open_archives
from workers.archive.captures import MemoryCaptureIndex
from workers.archive.saves import MemorySaveLog, SaveRecord, SaveState
from workers.archive.settings import ArchiveSettings
from workers.archive.throttle import MemoryThrottle

URL = "http://example.org/story?id=7"
DEFERRED, FAILED, PENDING, SAVED, SUBMITTED = (
    SaveState.DEFERRED,
    SaveState.FAILED,
    SaveState.PENDING,
    SaveState.SAVED,
    SaveState.SUBMITTED,
)


@pytest.fixture
async def stand_in() -> AsyncIterator[ArchiveStandIn]:
    async with archive_stand_in() as running:
        yield running


@asynccontextmanager
async def opened(
    stand_in: ArchiveStandIn,
    *,
    log: MemorySaveLog | None = None,
    throttle: MemoryThrottle | None = None,
    **changed: object,
) -> AsyncIterator[Archives]:
    values: dict[str, object] = {
        "wayback_url": stand_in.base,
        "spn_url": stand_in.base,
        "spn_key": "access:secret",
        "spn_per_minute": 0,
        "wayback_per_minute": 0,
        "timeout_s": 20.0,
        "max_attempts": 1,
        "max_wait_s": 0.5,
        "save_poll_s": 0.02,
        "save_deadline_s": 20.0,
        **changed,
    }
    settings = ArchiveSettings(**values)  # type: ignore[arg-type]
    async with open_archives(
        settings,
        throttle=throttle or MemoryThrottle(),
        index=MemoryCaptureIndex(),
        saves=None if log is None else lambda _saver: log,
    ) as archives:
        yield archives


async def save_twice(stand_in: ArchiveStandIn, **changed: object) -> tuple[SaveRecord, SaveRecord]:
    """Save in one process and, with the same log, in another that comes later."""
    log = MemorySaveLog()
    records = []
    for _ in range(2):
        async with opened(stand_in, log=log, **changed) as archives:
            record = await archives.save(URL)
            assert record is not None
            records.append(record)
    return records[0], records[1]


def submissions(stand_in: ArchiveStandIn) -> int:
    return len([each for each in stand_in.asked if each.method == "POST"])


async def test_a_save_ends_with_a_memento(stand_in: ArchiveStandIn) -> None:
    stand_in.spn_statuses = [
        {"status": "pending", "resources": []},
        {"status": "pending", "resources": []},
        {
            "status": "success",
            "timestamp": "20261123100000",
            "original_url": "https://example.org/story?id=7",
        },
    ]
    first, second = await save_twice(stand_in)
    assert first.state is SAVED
    assert first.memento is not None
    assert first.memento.uri_m == f"{stand_in.base}/web/20261123100000/https://example.org/story?id=7"
    assert second == first
    assert submissions(stand_in) == 1
    sent = stand_in.asked[0]
    assert sent.headers["authorization"] == "LOW access:secret"
    assert sent.form["url"] == URL


async def test_without_a_key_nothing_is_saved(stand_in: ArchiveStandIn) -> None:
    async with opened(stand_in, spn_key="") as archives:
        assert await archives.save(URL) is None
    assert stand_in.asked == []


async def test_a_refused_key_is_told_and_can_be_tried_again(stand_in: ArchiveStandIn) -> None:
    stand_in.spn_key = "another:key"
    first, _ = await save_twice(stand_in)
    assert (first.state, first.reason) == (DEFERRED, "the key is refused (status 401)")
    assert submissions(stand_in) == 2


ERRORS_AS_200 = [
    ("error:invalid-url-syntax", "The URL syntax is not valid", FAILED),
    ("error:blocked-url", "This URL is in the Save Page Now service block list", FAILED),
    ("error:too-many-daily-captures", "This URL has been already captured 10 times today", FAILED),
    ("error:not-found", "The target was not found", FAILED),
    ("error:invalid-host-resolution", "Couldn't resolve the target host", FAILED),
    ("error:user-session-limit", "You have already reached the limit of active sessions", DEFERRED),
    ("error:too-many-requests", "The target host has received too many requests", DEFERRED),
    ("error:service-unavailable", "Service unavailable", DEFERRED),
]


@pytest.mark.parametrize(("word", "message", "state"), ERRORS_AS_200)
async def test_an_error_with_status_200_is_an_error(
    stand_in: ArchiveStandIn, word: str, message: str, state: SaveState
) -> None:
    stand_in.spn_answer = {"status": "error", "status_ext": word, "message": message, "job_id": None}
    async with opened(stand_in) as archives:
        record = await archives.save(URL)
    assert record is not None
    assert (record.state, record.reason) == (state, f"{word}: {message}")


async def test_a_message_without_job_is_a_refusal(stand_in: ArchiveStandIn) -> None:
    stand_in.spn_answer = {"url": URL, "message": "This host is overloaded. Please try again tomorrow."}
    first, second = await save_twice(stand_in)
    assert (first.state, second.state) == (FAILED, FAILED)
    assert submissions(stand_in) == 1


async def test_a_job_that_fails_tells_why_and_is_not_sent_again(stand_in: ArchiveStandIn) -> None:
    stand_in.spn_statuses = [
        {"status": "error", "status_ext": "error:read-timeout", "message": "Got a timeout."}
    ]
    first, second = await save_twice(stand_in)
    assert (first.state, first.reason) == (FAILED, "error:read-timeout: Got a timeout.")
    assert second == first
    assert submissions(stand_in) == 1


async def test_a_duplicate_job_is_followed(stand_in: ArchiveStandIn) -> None:
    async with opened(stand_in) as archives:
        await archives.save("http://example.org/first")
        (job,) = stand_in.jobs
        stand_in.spn_answer = {
            "url": URL,
            "job_id": job,
            "message": "The same snapshot had been made 4 minutes ago. You can make another in an hour.",
        }
        record = await archives.save(URL)
    assert record is not None
    assert (record.state, record.job_id) == (SAVED, job)


async def test_an_earlier_snapshot_without_job_is_looked_up(stand_in: ArchiveStandIn) -> None:
    made = f"{datetime.now(UTC) - timedelta(minutes=4):%Y%m%d%H%M%S}"
    stand_in.add(URL, made)
    stand_in.spn_answer = {"url": URL, "message": "The same snapshot had been made 4 minutes ago."}
    async with opened(stand_in) as archives:
        record = await archives.save(URL)
    assert record is not None
    assert record.memento is not None
    assert (record.state, record.memento.uri_m) == (SAVED, f"{stand_in.base}/web/{made}/{URL}")


LOST = [
    Fault.HANG,
    Fault.HANG_AFTER_HEAD,
    Fault.RESET,
    Fault.CUT,
    Fault.CUT_EMPTY,
    Fault.UNAVAILABLE,
    Fault.BROKEN,
    Fault.BAD_GATEWAY,
    Fault.GATEWAY_TIMEOUT,
    Fault.ORIGIN_DOWN,
    Fault.HTML,
    Fault.TRUNCATED_JSON,
    Fault.BINARY,
    Fault.NOT_HTTP,
    Fault.DRIP,
    Fault.FORBIDDEN,
    Fault.REDIRECT_OUT,
    Fault.REDIRECT_INSIDE,
]


# Only these come to the bound in time; the others answer, and a busy machine may take its time.
SILENT = {Fault.HANG, Fault.HANG_AFTER_HEAD, Fault.DRIP}


@pytest.mark.parametrize("fault", LOST)
async def test_a_lost_answer_is_never_sent_again(stand_in: ArchiveStandIn, fault: Fault) -> None:
    stand_in.fault("save:" + URL, fault)
    first, second = await save_twice(stand_in, timeout_s=0.4 if fault in SILENT else 20.0)
    assert (first.state, second.state) == (SUBMITTED, SUBMITTED)
    assert first.reason
    assert submissions(stand_in) == 1


async def test_a_save_whose_answer_was_lost_is_found_by_looking(stand_in: ArchiveStandIn) -> None:
    stand_in.fault("save:" + URL, Fault.GATEWAY_TIMEOUT)
    log = MemorySaveLog()
    async with opened(stand_in, log=log) as archives:
        first = await archives.save(URL)
        assert first is not None
        made = f"{first.submitted_at:%Y%m%d%H%M%S}"
        stand_in.add(URL, made)
        second = await archives.save(URL)
    assert second is not None
    assert (first.state, second.state) == (SUBMITTED, SAVED)
    assert second.memento is not None
    assert second.memento.uri_m == f"{stand_in.base}/web/{made}/{URL}"
    assert submissions(stand_in) == 1


async def test_an_old_capture_is_not_taken_for_the_lost_save(stand_in: ArchiveStandIn) -> None:
    stand_in.add(URL, "20241022100000")
    stand_in.fault("save:" + URL, Fault.GATEWAY_TIMEOUT)
    first, second = await save_twice(stand_in)
    assert (first.state, second.state) == (SUBMITTED, SUBMITTED)


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.RESET, Fault.HTML, Fault.TRUNCATED_JSON])
async def test_a_look_at_a_job_that_fails_is_tried_again(stand_in: ArchiveStandIn, fault: Fault) -> None:
    stand_in.fault("status:" + URL, fault, times=2)
    first, _ = await save_twice(stand_in)
    assert first.state is SAVED
    assert submissions(stand_in) == 1


async def test_a_slow_job_stays_pending_and_is_followed_later(stand_in: ArchiveStandIn) -> None:
    stand_in.spn_statuses = [{"status": "pending"}]
    log = MemorySaveLog()
    async with opened(stand_in, log=log, save_deadline_s=0.1) as archives:
        first = await archives.save(URL)
        (job,) = stand_in.jobs.values()
        job.statuses = [{"status": "success", "timestamp": "20261123100500"}]
        second = await archives.save(URL)
    assert first is not None
    assert second is not None
    assert (first.state, second.state) == (PENDING, SAVED)
    assert submissions(stand_in) == 1


async def test_a_job_the_service_forgot_is_looked_up_and_not_sent_again(stand_in: ArchiveStandIn) -> None:
    stand_in.spn_statuses = [{"status": "error", "status_ext": "error:no-job", "message": "unknown"}]
    first, second = await save_twice(stand_in)
    assert (first.state, second.state) == (PENDING, PENDING)
    assert submissions(stand_in) == 1


async def test_a_throttled_save_waits_for_another_time(stand_in: ArchiveStandIn) -> None:
    stand_in.fault("save:" + URL, Fault.THROTTLED, times=1, retry_after="60")
    async with opened(stand_in) as archives:
        first = await archives.save(URL)
        second = await archives.save(URL)
    assert first is not None
    assert second is not None
    assert first.reason == "throttled (status 429)"
    assert (first.state, second.state) == (DEFERRED, DEFERRED)
    assert submissions(stand_in) == 1


async def test_three_workers_submit_once(stand_in: ArchiveStandIn) -> None:
    log, throttle = MemorySaveLog(), MemoryThrottle()
    async with (
        opened(stand_in, log=log, throttle=throttle) as one,
        opened(stand_in, log=log, throttle=throttle) as two,
        opened(stand_in, log=log, throttle=throttle) as three,
    ):
        await asyncio.gather(*(worker.save(URL) for worker in (one, two, three) for _ in range(5)))
    assert submissions(stand_in) == 1


async def test_three_workers_stay_below_the_bucket(stand_in: ArchiveStandIn) -> None:
    throttle = MemoryThrottle()
    async with (
        opened(stand_in, throttle=throttle, wayback_per_minute=60, max_wait_s=30) as one,
        opened(stand_in, throttle=throttle, wayback_per_minute=60, max_wait_s=30) as two,
        opened(stand_in, throttle=throttle, wayback_per_minute=60, max_wait_s=30) as three,
    ):
        async with asyncio.timeout(60):
            await asyncio.gather(
                *(
                    worker.lookup(f"http://example.org/{number}", near=None)
                    for number, worker in enumerate((one, two, three) * 4)
                )
            )
    times = sorted(each.at_s for each in stand_in.asked)
    # A burst of ten, then one each 1.2 s: at most 60 in any minute.
    assert len(times) == 12
    assert times[10] - times[0] >= 0.6
    assert times[11] - times[0] >= 1.6


async def test_what_is_no_web_address_is_not_sent(stand_in: ArchiveStandIn) -> None:
    async with opened(stand_in) as archives:
        record = await archives.save("mailto:a@example.org")
    assert record is not None
    assert record.state is FAILED
    assert stand_in.asked == []
