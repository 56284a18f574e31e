"""Whatever the Wayback Machine answers, only a whole empty list reads as 'no captures'."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from tests.archive_stand_in import ArchiveStandIn, Fault, archive_stand_in
from tests.loopback import LoopbackWeb, Page, authority_file
from workers.archive.archives import Archives, open_archives
from workers.archive.captures import MemoryCaptureIndex
from workers.archive.settings import ArchiveSettings
from workers.archive.throttle import MemoryThrottle
from workers.model import Lookup, LookupState

URL = "http://example.org/story?id=7"
OCTOBER = datetime(2024, 10, 22, 12, 0, tzinfo=UTC)

REASONS = {
    Fault.THROTTLED: "throttled",
    Fault.THROTTLED_HTML: "throttled",
    Fault.THROTTLED_SHORT: "throttled",
    Fault.UNAVAILABLE: "status 503",
    Fault.BROKEN: "status 500",
    Fault.BAD_GATEWAY: "status 502",
    Fault.GATEWAY_TIMEOUT: "status 504",
    Fault.ORIGIN_DOWN: "status 522",
    Fault.FORBIDDEN: "status 403",
    Fault.NOT_FOUND: "status 404",
    Fault.HANG: "no answer within 0.3 s",
    Fault.HANG_AFTER_HEAD: "no answer within 0.3 s",
    Fault.DRIP: "no answer within 0.3 s",
    Fault.DRIP_HEAD: "no answer within 0.3 s",
    Fault.RESET: "no connection",
    Fault.CUT: "no connection",
    Fault.CUT_EMPTY: "no connection",
    Fault.TRUNCATED_JSON: "not whole JSON",
    Fault.HTML: "not a list of captures",
    Fault.BLOCKED_SITE: "excluded",
    Fault.WRONG_COLUMNS: "not a list of captures",
    Fault.TOO_FEW_COLUMNS: "not a list of captures",
    Fault.SHORT_ROW: "not a list of captures",
    Fault.BAD_TIME: "not a list of captures",
    Fault.ENDLESS: "answer above 4000000 bytes",
    Fault.REDIRECT_INSIDE: "status 302 to http://169.254.169.254",
    Fault.REDIRECT_OUT: "status 302",
    Fault.NOT_HTTP: "no connection",
    Fault.BINARY: "not a list of captures",
}
# Only these come to the bound in time; the others answer, and a busy machine may take its time.
SILENT = {fault for fault, reason in REASONS.items() if reason.startswith("no answer within")}


@pytest.fixture
async def stand_in() -> AsyncIterator[ArchiveStandIn]:
    async with archive_stand_in() as running:
        yield running


def settings_for(stand_in: ArchiveStandIn, **changed: object) -> ArchiveSettings:
    values: dict[str, object] = {
        "wayback_url": stand_in.base,
        "wayback_per_minute": 0,
        "timeout_s": 20.0,
        "max_attempts": 1,
        "max_wait_s": 3.0,
        "deadline_s": 30.0,
        **changed,
    }
    return ArchiveSettings(**values)  # type: ignore[arg-type]


async def ask(settings: ArchiveSettings, url: str = URL) -> Lookup:
    async with opened(settings) as archives:
        (answer,) = await archives.lookup(url, near=OCTOBER)
        return answer


def opened(settings: ArchiveSettings) -> "open_archives[Archives]":
    return open_archives(settings, throttle=MemoryThrottle(), index=MemoryCaptureIndex())


def test_every_fault_has_its_reason_here() -> None:
    assert set(REASONS) == set(Fault)


@pytest.mark.parametrize("held", [True, False], ids=["captures held", "nothing held"])
@pytest.mark.parametrize("fault", list(Fault))
async def test_a_fault_is_unknown_with_its_reason(stand_in: ArchiveStandIn, fault: Fault, held: bool) -> None:
    if held:
        stand_in.add(URL, "20241022100000")
    stand_in.fault(URL, fault)
    timeout_s = 0.3 if fault in SILENT else 20.0
    answer = await ask(settings_for(stand_in, timeout_s=timeout_s, deadline_s=30.0))
    assert answer.state is LookupState.UNKNOWN
    assert answer.mementos == ()
    assert REASONS[fault] in (answer.reason or "")


async def test_a_whole_empty_list_is_none(stand_in: ArchiveStandIn) -> None:
    answer = await ask(settings_for(stand_in))
    assert answer.state is LookupState.NONE
    assert answer.reason is None


async def test_captures_come_oldest_first_with_their_facts(stand_in: ArchiveStandIn) -> None:
    stand_in.add(URL, "20241023100000", digest="A" * 32)
    stand_in.add(URL, "20241022100000", cdx_status="-", cdx_media_type="warc/revisit", digest="A" * 32)
    answer = await ask(settings_for(stand_in))
    assert answer.state is LookupState.FOUND
    older, newer = answer.mementos
    assert older.memento_datetime == datetime(2024, 10, 22, 10, 0, tzinfo=UTC)
    assert (older.status, older.media_type) == (None, None)
    assert (newer.status, newer.media_type, newer.digest) == (200, "text/html", "A" * 32)
    assert newer.uri_m == f"{stand_in.base}/web/20241023100000/{URL}"
    assert newer.archive == "wayback"


async def test_the_exact_time_is_asked_for_with_one_request(stand_in: ArchiveStandIn) -> None:
    stand_in.add(URL, "20241022100000")
    await ask(settings_for(stand_in), URL + "#part")
    (asked,) = stand_in.asked
    assert "closest=20241022120000" in asked.path
    assert "url=http%3A%2F%2Fexample.org%2Fstory%3Fid%3D7&" in asked.path + "&"


async def test_one_bad_row_does_not_hide_the_good_ones(stand_in: ArchiveStandIn) -> None:
    stand_in.add(URL, "20241022100000")
    stand_in.add(URL, "20241399100000".replace("1399", "1023"), digest="has space")
    answer = await ask(settings_for(stand_in))
    assert [memento.memento_datetime.day for memento in answer.mementos] == [22]
    assert answer.reason == "1 rows could not be read"


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.RESET, Fault.CUT])
async def test_what_may_pass_is_asked_twice(stand_in: ArchiveStandIn, fault: Fault) -> None:
    stand_in.add(URL, "20241022100000")
    stand_in.fault(URL, fault, times=1)
    answer = await ask(settings_for(stand_in, max_attempts=2))
    assert answer.state is LookupState.FOUND
    assert len(stand_in.asked) == 2


async def test_a_short_retry_after_is_waited_for(stand_in: ArchiveStandIn) -> None:
    stand_in.add(URL, "20241022100000")
    stand_in.fault(URL, Fault.THROTTLED, times=1, retry_after="1")
    answer = await ask(settings_for(stand_in, max_attempts=2))
    assert answer.state is LookupState.FOUND
    first, second = stand_in.asked
    assert second.at_s - first.at_s >= 1.0


@pytest.mark.parametrize("retry_after", ["3600", "1h", None])
async def test_a_long_hold_leaves_the_archive_alone(
    stand_in: ArchiveStandIn, retry_after: str | None
) -> None:
    stand_in.fault(URL, Fault.THROTTLED, times=1, retry_after=retry_after)
    async with opened(settings_for(stand_in, max_attempts=2)) as archives:
        for url in (URL, "http://example.org/other"):
            (answer,) = await archives.lookup(url, near=OCTOBER)
            assert answer.state is LookupState.UNKNOWN
            assert "throttled" in (answer.reason or "")
    assert len(stand_in.asked) == 1


async def test_three_failures_open_the_breaker(stand_in: ArchiveStandIn) -> None:
    stand_in.fault("*", Fault.UNAVAILABLE)
    async with opened(settings_for(stand_in)) as archives:
        for number in range(5):
            (answer,) = await archives.lookup(f"http://example.org/{number}", near=OCTOBER)
            assert answer.state is LookupState.UNKNOWN
    assert len(stand_in.asked) == 3
    assert "left alone until" in (answer.reason or "")


async def test_a_refusal_of_one_site_does_not_open_the_breaker(stand_in: ArchiveStandIn) -> None:
    stand_in.fault(URL, Fault.BLOCKED_SITE)
    async with opened(settings_for(stand_in)) as archives:
        for _ in range(5):
            await archives.lookup(URL, near=OCTOBER)
    assert len(stand_in.asked) == 5


async def test_none_is_remembered_and_unknown_is_asked_again(stand_in: ArchiveStandIn) -> None:
    stand_in.fault(URL, Fault.HTML, times=1)
    async with opened(settings_for(stand_in)) as archives:
        states = [(await archives.lookup(URL, near=OCTOBER))[0].state for _ in range(4)]
    assert states == [LookupState.UNKNOWN, LookupState.NONE, LookupState.NONE, LookupState.NONE]
    assert len(stand_in.asked) == 2


async def test_a_dead_archive_ends_within_its_deadline() -> None:
    settings = ArchiveSettings(
        wayback_url="http://127.0.0.1:9", timeout_s=0.3, deadline_s=1.0, max_attempts=1
    )
    answer = await ask(settings)
    assert answer.state is LookupState.UNKNOWN
    assert "no connection" in (answer.reason or "")


async def test_no_base_means_not_asked() -> None:
    async with opened(ArchiveSettings(wayback_url="")) as archives:
        assert await archives.lookup(URL, near=OCTOBER) == ()


async def test_what_cannot_be_fetched_is_not_looked_up(stand_in: ArchiveStandIn) -> None:
    async with opened(settings_for(stand_in)) as archives:
        assert await archives.lookup("mailto:a@example.org", near=None) == ()
    assert stand_in.asked == []


@pytest.mark.parametrize(
    "url",
    ["http://example.org/a b", "http://bücher.example/ä", "http://example.org/" + "x" * 8000],
    ids=["space", "idn", "8 kB"],
)
async def test_odd_addresses_are_looked_up_whole(stand_in: ArchiveStandIn, url: str) -> None:
    stand_in.add(url.replace(" ", "%20"), "20241022100000")
    answer = await ask(settings_for(stand_in), url)
    assert answer.state is LookupState.FOUND


async def test_no_near_date_asks_for_the_latest(stand_in: ArchiveStandIn) -> None:
    stand_in.add(URL, "20241022100000")
    async with opened(settings_for(stand_in)) as archives:
        await archives.lookup(URL, near=None)
    closest = stand_in.asked[0].path.split("closest=")[1][:14]
    at = datetime.strptime(closest, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("names", "end", "state"),
    [
        (("127.0.0.1",), None, LookupState.FOUND),
        (("elsewhere.example",), None, LookupState.UNKNOWN),
        (("127.0.0.1",), "hang", LookupState.UNKNOWN),
    ],
    ids=["its authority is known", "a certificate for another name", "a hang inside TLS"],
)
async def test_tls_is_verified_with_the_bundle(
    tmp_path: Path, names: tuple[str, ...], end: str | None, state: LookupState
) -> None:
    authority = trustme.CA()
    row = f"org,example)/story?id=7 20241022100000 {URL} text/html 200 {'A' * 32} 10\n".encode()
    answer = Page(row, media_type="text/plain") if end is None else Page(raw=b"", end=end)
    async with LoopbackWeb(authority=authority, names=names, default=answer) as web:
        bundle = Path(authority_file(authority, tmp_path))
        settings = ArchiveSettings(
            wayback_url=web.url(""), ca_bundle=bundle, timeout_s=1.0, max_attempts=1, wayback_per_minute=0
        )
        assert (await ask(settings)).state is state
