"""The rule `pick/1` over TimeMaps with traps, read through the real fetcher from a stand-in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tests.archive_stand_in import ArchiveStandIn, Fault, archive_stand_in
from tests.integration.archive import choice_pages as pages
from tests.integration.archive.choice_pages import ANCHOR, STORY_URL
from workers.archive.archives import Archives, open_archives
from workers.archive.captures import MemoryCaptureIndex
from workers.archive.settings import ArchiveSettings
from workers.archive.throttle import MemoryThrottle
from workers.archive.verify import Expected
from workers.fetch.fetcher import open_fetcher
from workers.fetch.policy import FetchPolicy, exempt_origin
from workers.model import Choice, Quality

NEAR = datetime(2024, 10, 22, 12, 0, tzinfo=UTC)
HOME = "http://example.org/"
ELSEWHERE = "http://casino.example/voyager"


@dataclass(frozen=True, kw_only=True)
class Trap:
    """A capture that must not be chosen: how it is kept, and words of the reason ('': never looked at)."""

    reason: str
    body: bytes = pages.GOOD
    status: int = 200
    cdx_status: str | None = None
    media_type: str = "text/html"
    redirect_to: str | None = None
    memento_datetime: bool = True
    url: str = STORY_URL

    def put(self, stand_in: ArchiveStandIn, timestamp: str) -> None:
        """Hold the capture, with pages that it leads to."""
        stand_in.add(
            self.url,
            timestamp,
            body=self.body,
            status=self.status,
            cdx_status=self.cdx_status,
            media_type=self.media_type,
            redirect_to=self.redirect_to,
            memento_datetime=self.memento_datetime,
        )


def redirect(to: str, reason: str) -> Trap:
    """Return a capture listed as 200 whose archived answer is a redirect."""
    return Trap(status=302, cdx_status="200", redirect_to=to, body=b"", reason=reason)


TRAPS = {
    "soft 404": Trap(body=pages.SOFT_404, reason="soft 404"),
    "soft 404 in German": Trap(body=pages.SOFT_404_GERMAN, reason="soft 404"),
    "challenge": Trap(body=pages.CHALLENGE, reason="blocked"),
    "consent": Trap(body=pages.CONSENT, reason="blocked"),
    "login": Trap(body=pages.LOGIN, reason="blocked"),
    "parked": Trap(body=pages.PARKED, reason="parked"),
    "shell": Trap(body=pages.SHELL, reason="before its scripts run"),
    "thin": Trap(body=pages.THIN, reason="little to read"),
    "empty": Trap(body=b"", reason="empty"),
    "wrong resource": Trap(body=pages.WRONG, reason="unlike anchor and address"),
    "redirect home": redirect(HOME, "home page"),
    "redirect to another site": redirect(ELSEWHERE, "another site"),
    "redirect to a login": redirect("http://example.org/login?next=/science", "blocked"),
    "three redirects": redirect("http://example.org/science/a1", "3 archived redirects"),
    "redirect to a missing page": redirect("http://example.org/science/gone", "gone"),
    "no Memento-Datetime": Trap(memento_datetime=False, reason="no Memento-Datetime"),
    "listed as 404": Trap(status=404, reason=""),
    "listed as 301": Trap(status=301, redirect_to=HOME, reason=""),
    "listed as 503": Trap(status=503, reason=""),
    "listed as 200, was 404": Trap(status=404, cdx_status="200", reason="gone"),
    "listed as 200, was 503": Trap(status=503, cdx_status="200", reason="down"),
}
CASES = [(name, shape) for name in TRAPS for shape in ("alone", "nearest", "on both sides")]


@pytest.fixture
async def stand_in() -> AsyncIterator[ArchiveStandIn]:
    async with archive_stand_in() as running:
        running.add(HOME, "20241001000000", body=pages.HOME)
        running.add(ELSEWHERE, "20241001000000", body=pages.WRONG)
        running.add("http://example.org/login?next=/science", "20241001000000", body=pages.LOGIN)
        running.add("http://example.org/science/gone", "20241001000000", status=404, body=pages.SOFT_404)
        for number in (1, 2):
            target = f"http://example.org/science/a{number + 1}"
            running.add(
                f"http://example.org/science/a{number}",
                "20241001000000",
                status=302,
                redirect_to=target,
                body=b"",
            )
        running.add("http://example.org/science/a3", "20241001000000", body=pages.GOOD)
        yield running


async def chosen(
    stand_in: ArchiveStandIn,
    *,
    near: datetime | None = NEAR,
    url: str = STORY_URL,
    anchors: tuple[str, ...] = (ANCHOR,),
) -> Choice:
    """Look `url` up in the stand-in and choose."""
    async with opened(stand_in) as archives:
        lookups = await archives.lookup(url, near=near)
        return await archives.choose(lookups, Expected(original=url, anchors=anchors), near=near)


@asynccontextmanager
async def opened(stand_in: ArchiveStandIn) -> AsyncIterator[Archives]:
    policy = FetchPolicy(
        exempt_origins=frozenset({exempt_origin(stand_in.base)}), gap_ms=0, retries=0, timeout_s=20.0
    )
    settings = ArchiveSettings(
        wayback_url=stand_in.base, wayback_per_minute=0, max_attempts=1, timeout_s=20.0
    )
    async with (
        open_fetcher(policy) as fetcher,
        open_archives(
            settings, throttle=MemoryThrottle(), index=MemoryCaptureIndex(), fetcher=fetcher
        ) as archives,
    ):
        yield archives


def stamp(choice: Choice) -> str | None:
    return None if choice.memento is None else f"{choice.memento.memento_datetime:%Y%m%d}"


def looks(stand_in: ArchiveStandIn) -> int:
    return len({each.path for each in stand_in.asked if f"id_/{STORY_URL}" in each.path})


@pytest.mark.parametrize(("name", "shape"), CASES)
async def test_a_trap_is_not_chosen(stand_in: ArchiveStandIn, name: str, shape: str) -> None:
    trap = TRAPS[name]
    trap.put(stand_in, "20241022100000")
    if shape == "on both sides":
        trap.put(stand_in, "20241023150000")
    if shape != "alone":
        stand_in.add(STORY_URL, "20241101000000", body=pages.GOOD)
    choice = await chosen(stand_in)
    if shape != "alone":
        assert stamp(choice) == "20241101"
        assert choice.memento is not None
        assert choice.memento.quality is Quality.GOOD
    elif trap.reason:
        assert choice.memento is not None
        assert choice.memento.quality is Quality.POOR
    else:
        assert choice.memento is None
    if trap.reason:
        assert trap.reason in "; ".join(choice.considered[0].reasons)


async def test_the_nearest_good_one_is_chosen(stand_in: ArchiveStandIn) -> None:
    for day in ("20240101", "20241020", "20241025", "20250101"):
        stand_in.add(STORY_URL, f"{day}000000", body=pages.GOOD)
    choice = await chosen(stand_in)
    assert stamp(choice) == "20241020" or stamp(choice) == "20241025"
    assert choice.rule == "pick/1"


@pytest.mark.parametrize(
    ("after", "quality", "shows_other"),
    [
        (pages.GOOD, Quality.STABLE, False),
        (pages.SLIGHTLY_CHANGED, Quality.STABLE, False),
        (pages.HALF_CHANGED, Quality.GOOD, False),
        (pages.DRIFTED, Quality.DRIFTED, True),
        (pages.SOFT_404, Quality.GOOD, False),
    ],
    ids=["same", "slightly changed", "half changed", "drifted", "gone after"],
)
async def test_quality_tells_of_the_other_side_of_the_date(
    stand_in: ArchiveStandIn, after: bytes, quality: Quality, shows_other: bool
) -> None:
    stand_in.add(STORY_URL, "20241021000000", body=pages.GOOD)
    stand_in.add(STORY_URL, "20250101000000", body=after)
    choice = await chosen(stand_in)
    assert stamp(choice) == "20241021"
    assert choice.memento is not None
    assert choice.memento.quality is quality
    assert (choice.other is not None) is shows_other


async def test_a_revisit_counts_as_what_it_revisits(stand_in: ArchiveStandIn) -> None:
    stand_in.add(STORY_URL, "20230101000000", body=pages.GOOD, digest="A" * 32)
    stand_in.add(STORY_URL, "20241022110000", body=pages.GOOD, digest="A" * 32, cdx_status="-")
    assert stamp(await chosen(stand_in)) == "20241022"


async def test_a_revisit_of_an_error_is_left_out(stand_in: ArchiveStandIn) -> None:
    stand_in.add(STORY_URL, "20230101000000", body=b"gone", status=404, digest="B" * 32)
    stand_in.add(STORY_URL, "20241022110000", body=b"gone", digest="B" * 32, cdx_status="-")
    stand_in.add(STORY_URL, "20241101000000", body=pages.GOOD)
    assert stamp(await chosen(stand_in)) == "20241101"
    assert looks(stand_in) == 1


async def test_within_a_day_a_whole_capture_comes_before_a_revisit(stand_in: ArchiveStandIn) -> None:
    stand_in.add(STORY_URL, "20241022120000", body=pages.GOOD, digest="C" * 32, cdx_status="-")
    stand_in.add(STORY_URL, "20241022150000", body=pages.GOOD, digest="D" * 32)
    choice = await chosen(stand_in)
    assert choice.memento is not None
    assert choice.memento.memento_datetime.hour == 15


async def test_within_a_day_https_comes_first(stand_in: ArchiveStandIn) -> None:
    stand_in.add(STORY_URL, "20241022120000", body=pages.GOOD)
    stand_in.add(STORY_URL.replace("http:", "https:"), "20241022150000", body=pages.GOOD)
    choice = await chosen(stand_in)
    assert choice.memento is not None
    assert choice.memento.original.startswith("https:")


async def test_a_redirect_to_the_same_piece_is_followed(stand_in: ArchiveStandIn) -> None:
    target = "https://www.example.org/2024/science/voyager-probe-leaves-heliosphere"
    redirect(target, "").put(stand_in, "20241022100000")
    stand_in.add(target, "20241022100000", body=pages.GOOD)
    choice = await chosen(stand_in)
    assert choice.memento is not None
    assert (choice.memento.quality, choice.memento.status) == (Quality.GOOD, 200)


async def test_a_document_that_is_no_page_is_good(stand_in: ArchiveStandIn) -> None:
    stand_in.add(STORY_URL, "20241022100000", body=pages.PDF, media_type="application/pdf")
    choice = await chosen(stand_in)
    assert choice.memento is not None
    assert choice.memento.quality is Quality.GOOD


async def test_at_most_five_captures_are_read(stand_in: ArchiveStandIn) -> None:
    for day in range(10, 25):
        stand_in.add(STORY_URL, f"202410{day}000000", body=pages.SOFT_404)
    stand_in.add(STORY_URL, "20200101000000", body=pages.GOOD)
    choice = await chosen(stand_in)
    assert looks(stand_in) == 5
    assert choice.memento is not None
    assert choice.memento.quality is Quality.POOR
    assert stamp(choice) == "20241022"


async def test_an_archive_that_fails_while_reading_is_not_held_against_the_capture(
    stand_in: ArchiveStandIn,
) -> None:
    stand_in.add(STORY_URL, "20241022100000", body=pages.GOOD)
    async with opened(stand_in) as archives:
        lookups = await archives.lookup(STORY_URL, near=NEAR)
        stand_in.fault(STORY_URL, Fault.UNAVAILABLE)
        choice = await archives.choose(lookups, Expected(original=STORY_URL), near=NEAR)
    assert choice.memento is not None
    assert choice.memento.quality is Quality.UNVERIFIED
    assert choice.memento.reasons == ("not handed out: status 503",)


async def test_an_opaque_address_and_a_short_anchor_ask_nothing_of_the_title(
    stand_in: ArchiveStandIn,
) -> None:
    url = "http://example.org/a/83712"
    stand_in.add(url, "20241022100000", body=pages.WRONG)
    choice = await chosen(stand_in, url=url, anchors=("reported",))
    assert choice.memento is not None
    assert choice.memento.quality is Quality.GOOD


async def test_without_a_date_the_newest_is_chosen(stand_in: ArchiveStandIn) -> None:
    for day in ("20200101", "20240101"):
        stand_in.add(STORY_URL, f"{day}000000", body=pages.GOOD)
    assert stamp(await chosen(stand_in, near=None)) == "20240101"


async def test_nothing_known_is_no_choice(stand_in: ArchiveStandIn) -> None:
    choice = await chosen(stand_in)
    assert choice == Choice(rule="pick/1", memento=None, near=choice.near)


def test_there_are_sixty_timemaps_with_traps() -> None:
    assert len(CASES) >= 60
