"""Pages that change after they were cited: measured at each audit against the capture, and told once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.store.articles import submit_article
from service.store.captures import StoreCaptureIndex
from service.store.database import Database, open_database
from service.store.drifts import StoredDrift, list_drifts
from service.store.events import list_events
from service.store.ledger import StoreLedger
from service.store.links import get_link
from service.store.observations import list_observations
from service.store.picks import best_capture
from service.store.schema import migrate
from service.store.values import NewArticle
from tests.archive_stand_in import ArchiveStandIn, archive_stand_in
from tests.integration.archive.choice_pages import GOOD, SOFT_404
from tests.loopback import Asked, LoopbackWeb, Page
from tests.readings import citing, reading_of
from workers.archive.archives import Archives, open_archives
from workers.archive.settings import ArchiveSettings
from workers.archive.throttle import MemoryThrottle
from workers.audit import Auditor
from workers.audit_policy import AuditPolicy
from workers.fetch.fetcher import WebFetcher, open_fetcher
from workers.fetch.policy import FetchPolicy, parse_allowed_network
from workers.ledger import Cause, Scope
from workers.model import Outcome, Quality, Standing
from workers.url import lookup_key
from workers.verdict.standing import EventKind

WORDS = "harbour council vote bridge winter market ferry school library tram garden museum river budget"
TEXT = " ".join(f"{word} number {n} of the old town;" for n in range(12) for word in WORDS.split())
CHANGED = " ".join(f"{word} sold cheaply in bulk, lot {n}." for n in range(12) for word in WORDS.split())


def page(text: str) -> Page:
    return Page(f"<title>Old town news</title><h1>Old town news</h1><p>{text}</p>".encode())


class Books:
    """An article in the records and audits of it over a real fetcher and real archives."""

    def __init__(self, db: Database, fetcher: WebFetcher, archives: Archives) -> None:
        self.db = db
        self.ledger = StoreLedger(db)
        self.auditor = Auditor(
            fetcher=fetcher,
            archive=archives,
            clock=lambda: datetime.now(UTC),
            policy=AuditPolicy(verify=True, repairs=False),
        )
        self.audits = 0

    async def cite(self, url: str) -> int:
        article, _ = await submit_article(self.db, NewArticle(source="a.md", content=url.encode()))
        await self.ledger.store_reading(article.id, reading_of([citing(url)]))
        return article.id

    async def audit(self, article_id: int) -> int:
        """Audit the article's link and return the link's id."""
        self.audits += 1
        scope = Scope(article_ids=(article_id,))
        audit_id = await self.ledger.open_audit(scope, Cause.REQUEST, key=str(self.audits))
        now = datetime.now(UTC)
        (planned,) = await self.ledger.plan_audit(audit_id, now=now)
        tasks = await self.ledger.load_tasks(audit_id, [planned.link_id])
        reports = [
            (link_id, report) for link_id, task in tasks async for _, report in self.auditor.check([task])
        ]
        await self.ledger.store_reports(audit_id, reports, now=now)
        return planned.link_id

    async def drifts(self, link_id: int) -> list[StoredDrift]:
        """Return the measurements of a link, oldest first."""
        return list((await list_drifts(self.db, link_id)).items)[::-1]

    async def checks(self, link_id: int) -> list[tuple[int | None, Outcome, tuple[str, ...]]]:
        """Return status, outcome and evidence of a link's checks, oldest first."""
        stored = (await list_observations(self.db, link_id=link_id)).items[::-1]
        return [
            (each.observation and each.observation.status, each.verdict.outcome, each.verdict.evidence)
            for each in stored
        ]

    async def told(self) -> list[str]:
        """Return the details of the events of drift."""
        events = (await list_events(self.db)).items
        return [event.detail for event in events if event.kind is EventKind.DRIFTED]


@pytest.fixture
async def stand_in() -> AsyncIterator[ArchiveStandIn]:
    async with archive_stand_in() as running:
        yield running


@pytest.fixture
async def books(tmp_path: Path, stand_in: ArchiveStandIn) -> AsyncIterator[Books]:
    settings = ArchiveSettings(
        wayback_url=stand_in.base, wayback_per_minute=0, warc_home=tmp_path / "captures"
    )
    policy = FetchPolicy(allow_networks=(parse_allowed_network("127.0.0.0/8"),), gap_ms=0, retries=0)
    async with open_database(f"sqlite:///{tmp_path}/r.sqlite") as db:
        await migrate(db)
        async with (
            open_fetcher(policy) as fetcher,
            open_archives(
                settings, throttle=MemoryThrottle(), index=StoreCaptureIndex(db), fetcher=fetcher
            ) as archives,
        ):
            yield Books(db, fetcher, archives)


async def test_a_page_is_captured_once_and_compared_from_then_on(books: Books) -> None:
    async with LoopbackWeb() as web:
        web.page("/news", page(TEXT))
        article = await books.cite(web.url("/news"))
        link_id = await books.audit(article)
        assert await books.drifts(link_id) == []
        await books.audit(article)
        web.page("/news", page(TEXT.replace("ferry", "boat")))
        await books.audit(article)
        web.page("/news", page(CHANGED))
        await books.audit(article)
        await books.audit(article)
        same, edited, changed, again = await books.drifts(link_id)
        assert len(await StoreCaptureIndex(books.db).list(lookup_key(web.url("/news")))) == 1
    assert same.similarity == 1.0
    assert 0.75 < edited.similarity < 1.0
    assert changed.similarity == again.similarity < 0.5
    assert {each.archive for each in (same, edited, changed, again)} == {"local"}
    assert {each.memento_datetime for each in (edited, changed)} == {same.memento_datetime}
    told = await books.told()
    assert len(told) == 1
    assert told[0].startswith("its text is ")
    assert told[0].endswith(f"like the capture of {same.memento_datetime:%Y-%m-%d}")


async def test_a_page_without_text_is_not_compared(books: Books) -> None:
    async with LoopbackWeb() as web:
        web.page("/map.png", Page(b"\x89PNG one", media_type="image/png"))
        article = await books.cite(web.url("/map.png"))
        await books.audit(article)
        web.page("/map.png", Page(b"\x89PNG two", media_type="image/png"))
        assert await books.drifts(await books.audit(article)) == []
    assert await books.told() == []


async def test_a_dead_link_gets_its_verified_capture(books: Books, stand_in: ArchiveStandIn) -> None:
    async with LoopbackWeb() as web:
        url = web.url("/science/voyager-probe-leaves-heliosphere")
        start = datetime(2024, 10, 20, tzinfo=UTC)
        for day, body in enumerate((SOFT_404, GOOD)):
            stand_in.add(url, f"{start + timedelta(days=day):%Y%m%d%H%M%S}", body=body)
        await books.audit(await books.cite(url))
    best = await best_capture(books.db, url)
    assert best is not None
    assert (best.memento_datetime, best.quality) == (start + timedelta(days=1), Quality.GOOD)


def tagged(text: str, tag: str) -> Page:
    return replace(page(text), headers=(("ETag", tag),))


def asked_tags(web: LoopbackWeb) -> list[str | None]:
    return [each.headers.get("if-none-match") for each in web.asked]


async def test_an_unchanged_page_is_not_sent_again_and_keeps_its_drift(books: Books) -> None:
    def news(asked: Asked) -> Page:
        known = asked.headers.get("if-none-match") == '"1"'
        return Page(status=304) if known else tagged(TEXT, '"1"')

    async with LoopbackWeb() as web:
        web.page("/news", news)
        article = await books.cite(web.url("/news"))
        for _ in range(5):
            link_id = await books.audit(article)
        # Captured, compared, unchanged twice, and then looked at whole.
        assert asked_tags(web) == [None, None, '"1"', '"1"', None]
    whole, same = (200, Outcome.OK, ("200 Status",)), (304, Outcome.OK, ("unchanged since the last check",))
    assert await books.checks(link_id) == [whole, whole, same, same, whole]
    assert [each.similarity for each in await books.drifts(link_id)] == [1.0, 1.0]
    link = await get_link(books.db, link_id)
    assert link is not None
    assert link.standing is Standing.ALIVE


async def test_a_page_that_changed_is_compared_with_its_capture_all_the_same(books: Books) -> None:
    async with LoopbackWeb() as web:
        web.page("/news", tagged(TEXT, '"1"'))
        article = await books.cite(web.url("/news"))
        await books.audit(article)
        await books.audit(article)
        web.page("/news", tagged(CHANGED, '"2"'))
        link_id = await books.audit(article)
        assert asked_tags(web) == [None, None, '"1"']
    same, changed = await books.drifts(link_id)
    assert same.similarity == 1.0
    assert changed.similarity < 0.5


async def test_a_server_that_says_unchanged_for_ever_does_not_keep_a_dead_page_alive(books: Books) -> None:
    async with LoopbackWeb() as web:
        web.page("/news", tagged(TEXT, '"1"'))
        article = await books.cite(web.url("/news"))
        await books.audit(article)
        await books.audit(article)
        web.page("/news", Page(status=304, headers=(("ETag", '"1"'),)))
        for _ in range(4):
            link_id = await books.audit(article)
        assert asked_tags(web) == [None, None, '"1"', '"1"', None, None]
    outcomes = [outcome for _, outcome, _ in await books.checks(link_id)]
    assert outcomes == [Outcome.OK] * 4 + [Outcome.DOWN] * 2
    assert (await books.checks(link_id))[-1][2][0].startswith("304")
    link = await get_link(books.db, link_id)
    assert link is not None
    assert link.standing is Standing.SUSPECT
