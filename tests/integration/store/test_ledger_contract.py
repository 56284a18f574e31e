"""What every ledger does, in memory and on both databases."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from service.store.articles import submit_article
from service.store.database import open_database
from service.store.ledger import StoreLedger
from service.store.values import NewArticle
from tests.fakes_ledger import NOW, MemoryLedger, report_of
from tests.readings import PUBLISHED, citing, placeholder, reading_of
from workers.ledger import Cause, HeldHost, Ledger, Scope, shard_of
from workers.model import (
    Candidate,
    Decision,
    Drift,
    FoundOn,
    LinkReport,
    Memento,
    Observation,
    Outcome,
    Recovery,
    RecoveryReason,
    Repair,
    Standing,
    Validators,
    Verdict,
)

A = "https://a.example/one"
B = "https://b.example/two"


class Books:
    """A ledger and the way to queue an article in it."""

    def __init__(self, ledger: Ledger, database: object) -> None:
        self.ledger = ledger
        self._database = database

    async def queue(self, content: bytes | None = b"text", source: str = "a.md") -> int:
        if isinstance(self.ledger, MemoryLedger):
            return self.ledger.add_article(content, source=source, url="https://own.example/")
        new = NewArticle(source=source, content=content, url="https://own.example/")
        return (await submit_article(self._database, new))[0].id  # type: ignore[arg-type]

    async def audit(self, *urls: str) -> tuple[int, dict[str, int]]:
        """Read an article that cites `urls`, plan its audit and return the audit's and the links' ids."""
        article_id = await self.queue("\n".join(urls).encode())
        await self.ledger.store_reading(article_id, reading_of(citing(url) for url in urls))
        scope = Scope(article_ids=(article_id,))
        audit_id = await self.ledger.open_audit(scope, Cause.ARTICLE, key=f"article:{article_id}")
        planned = await self.ledger.plan_audit(audit_id, now=NOW)
        tasks = await self.ledger.load_tasks(audit_id, [link.link_id for link in planned])
        return audit_id, {task.written: link_id for link_id, task in tasks}


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def books(request: pytest.FixtureRequest) -> AsyncIterator[Books]:
    if request.param == "memory":
        yield Books(MemoryLedger(), None)
        return
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    async with open_database(url) as database:
        yield Books(StoreLedger(database), database)


async def test_a_queued_article_comes_back_with_its_content(books: Books) -> None:
    article = await books.ledger.load_article(await books.queue(b"\x00\xff text"))
    assert article is not None
    assert article.content == b"\x00\xff text"
    assert (article.source, article.url) == ("a.md", "https://own.example/")


async def test_an_unknown_article_is_none(books: Books) -> None:
    assert await books.ledger.load_article(12345) is None


async def test_a_read_article_is_not_read_again(books: Books) -> None:
    article_id = await books.queue()
    assert await books.ledger.store_reading(article_id, reading_of([citing(A), citing(B), citing(A)])) == 2
    assert await books.ledger.load_article(article_id) is None
    assert await books.ledger.store_reading(article_id, reading_of([citing("https://c.example/")])) == 2


async def test_a_failed_article_is_no_longer_queued(books: Books) -> None:
    article_id = await books.queue()
    await books.ledger.fail_article(article_id, "is no text")
    assert await books.ledger.load_article(article_id) is None


async def test_an_audit_key_opens_one_audit(books: Books) -> None:
    first = await books.ledger.open_audit(Scope(), Cause.REQUEST, key="k")
    assert await books.ledger.open_audit(Scope(), Cause.REQUEST, key="k") == first
    assert await books.ledger.open_audit(Scope(), Cause.REQUEST, key="other") != first


async def test_a_plan_names_each_link_once_in_its_domains_shard(books: Books) -> None:
    audit_id, links = await books.audit(A, B, A, "https://www.a.example/three")
    planned = await books.ledger.plan_audit(audit_id, now=NOW)
    assert {link.link_id for link in planned} == set(links.values())
    shards = {link.link_id: link.shard for link in planned}
    assert shards[links[A]] == shards[links["https://www.a.example/three"]] == shard_of("a.example")
    assert shards[links[B]] == shard_of("b.example")
    assert [link.shard for link in planned] == sorted(shards.values())


async def test_an_unknown_audit_plans_nothing(books: Books) -> None:
    await books.ledger.finish_audit(999, now=NOW)
    assert list(await books.ledger.plan_audit(999, now=NOW)) == []
    assert await books.ledger.load_scope(999) is None


async def test_a_task_knows_what_its_article_says_of_the_link(books: Books) -> None:
    article_id = await books.queue()
    found = replace(citing(A, anchor="said").found, readings=(A, B))
    again = citing(A, anchor="reported", hard_defect=True)
    reading = reading_of([replace(citing(A), found=found), again], headline="Who said what")
    await books.ledger.store_reading(article_id, reading)
    audit_id = await books.ledger.open_audit(Scope(article_ids=(article_id,)), Cause.ARTICLE, key="k")
    (planned,) = await books.ledger.plan_audit(audit_id, now=NOW)
    ((link_id, task),) = await books.ledger.load_tasks(audit_id, [planned.link_id])
    assert link_id == planned.link_id
    assert task.written == A
    assert task.headline == "Who said what"
    assert task.published == PUBLISHED
    assert task.anchors == ("said", "reported")
    assert task.readings == (A, B)
    assert task.hard_defect
    assert task.capture


async def test_a_stored_link_is_not_handed_out_again(books: Books) -> None:
    audit_id, links = await books.audit(A, B)
    tasks = dict(await books.ledger.load_tasks(audit_id, list(links.values())))
    await books.ledger.store_reports(audit_id, [(links[A], report_of(tasks[links[A]]))], now=NOW)
    left = await books.ledger.load_tasks(audit_id, list(links.values()))
    assert [link_id for link_id, _ in left] == [links[B]]


async def test_a_report_that_comes_twice_changes_nothing(books: Books) -> None:
    audit_id, links = await books.audit(A)
    ((link_id, task),) = await books.ledger.load_tasks(audit_id, [links[A]])
    first = await books.ledger.store_reports(audit_id, [(link_id, report_of(task))], now=NOW)
    assert [(change.before, change.after) for change in first] == [(Standing.UNCHECKED, Standing.ALIVE)]
    again = report_of(task, Outcome.GONE, status=404)
    assert list(await books.ledger.store_reports(audit_id, [(link_id, again)], now=NOW)) == []


async def test_another_audit_asks_the_link_again(books: Books) -> None:
    audit_id, links = await books.audit(A)
    ((link_id, task),) = await books.ledger.load_tasks(audit_id, [links[A]])
    await books.ledger.store_reports(audit_id, [(link_id, report_of(task))], now=NOW)
    other = await books.ledger.open_audit(Scope(link_ids=(link_id,)), Cause.REQUEST, key="again")
    await books.ledger.plan_audit(other, now=NOW)
    assert [each for each, _ in await books.ledger.load_tasks(other, [link_id])] == [link_id]


def _repaired(written: str, original: str) -> LinkReport:
    best = Candidate(url=original, rule="hyphen", score=0.9, evidence=("headline says so",))
    gone = Verdict(outcome=Outcome.GONE, rule="status/404")
    fine = Verdict(outcome=Outcome.OK, rule="status/200")
    asked = (
        (Observation(url=written, final_url=written, observed_at=NOW, status=404), gone),
        (Observation(url=original, final_url=original, observed_at=NOW, status=200), fine),
    )
    return LinkReport(
        written=written,
        original=original,
        verdict=fine,
        observation=asked[1][0],
        repair=Repair(decision=Decision.NEEDS_LIVE, best=best, candidates=(best,)),
        accepted=best,
        asked=asked,
    )


async def test_a_repaired_link_counts_as_the_accepted_original(books: Books) -> None:
    audit_id, links = await books.audit(A)
    changes = await books.ledger.store_reports(audit_id, [(links[A], _repaired(A, B))], now=NOW)
    assert [change.after for change in changes] == [Standing.SUSPECT, Standing.ALIVE]
    # The next audit of the same article asks the original alone.
    other = await books.ledger.open_audit(Scope(link_ids=()), Cause.REQUEST, key="all")
    planned = await books.ledger.plan_audit(other, now=NOW)
    tasks = await books.ledger.load_tasks(other, [link.link_id for link in planned])
    cited = [task.written for _, task in tasks if task.headline is not None]
    assert cited == [B]


async def test_an_original_accepted_in_an_audit_is_not_asked_again_in_it(books: Books) -> None:
    audit_id, links = await books.audit(A, B)
    await books.ledger.store_reports(audit_id, [(links[A], _repaired(A, B))], now=NOW)
    assert list(await books.ledger.load_tasks(audit_id, list(links.values()))) == []


async def test_a_finished_audit_has_no_scope_left(books: Books) -> None:
    audit_id = await books.ledger.open_audit(Scope(only_due=True), Cause.DUE, key="due")
    assert await books.ledger.load_scope(audit_id) == Scope(only_due=True)
    await books.ledger.finish_audit(audit_id, now=NOW)
    assert await books.ledger.load_scope(audit_id) is None


DATE = "Mon, 02 Feb 2026 10:00:00 GMT"
CAPTURE = Memento(original=A, archive="local", memento_datetime=NOW, uri_m=f"/memento/20260301120000/{A}")


async def _recheck(books: Books, link_id: int, day: int, outcome: Outcome, status: int) -> Validators | None:
    """Check a link once more, and return the validators that it was to be asked with."""
    audit_id = await books.ledger.open_audit(Scope(link_ids=(link_id,)), Cause.DUE, key=f"day:{day}")
    now = NOW + timedelta(days=day)
    await books.ledger.plan_audit(audit_id, now=now)
    ((_, task),) = await books.ledger.load_tasks(audit_id, [link_id])
    report = report_of(task, outcome, at=now, status=status)
    assert report.observation is not None
    seen = replace(report.observation, headers={"etag": f'"{day}"', "last-modified": DATE})
    drift = Drift(rule="drift/1", similarity=1.0, memento=CAPTURE, at=now) if status == 200 else None
    report = replace(report, observation=seen, asked=((seen, report.verdict),), drift=drift)
    await books.ledger.store_reports(audit_id, [(link_id, report)], now=now)
    return task.validators


async def test_a_recheck_has_the_validators_of_the_last_whole_answer_for_two_answers_of_304(
    books: Books,
) -> None:
    _, links = await books.audit(A)
    given = [
        await _recheck(books, links[A], day, Outcome.OK, status)
        for day, status in enumerate((200, 304, 304, 200, 304))
    ]
    first = Validators(etag='"0"', last_modified=DATE, compared_with=CAPTURE.uri_m)
    assert given == [None, first, first, None, replace(first, etag='"3"')]


async def test_a_recheck_of_a_link_that_failed_or_was_seen_long_ago_has_no_validators(books: Books) -> None:
    _, links = await books.audit(A)
    checks = ((0, Outcome.OK, 200), (90, Outcome.GONE, 404), (91, Outcome.OK, 200), (182, Outcome.OK, 200))
    given = [await _recheck(books, links[A], *check) for check in checks]
    assert [each and each.etag for each in given] == [None, '"0"', None, None]


async def test_what_waits_is_listed_until_it_is_done(books: Books) -> None:
    article_id = await books.queue()
    audit_id = await books.ledger.open_audit(Scope(), Cause.REQUEST, key="k")
    far_ahead = NOW + timedelta(days=10_000)
    waiting = await books.ledger.list_waiting(before=far_ahead)
    assert waiting.articles == ((article_id, 1),)
    assert waiting.audits == (audit_id,)
    await books.ledger.plan_audit(audit_id, now=NOW)
    assert (await books.ledger.list_waiting(before=far_ahead)).audits == (audit_id,)
    await books.ledger.fail_article(article_id, "no")
    await books.ledger.finish_audit(audit_id, now=NOW, reason="no")
    waiting = await books.ledger.list_waiting(before=far_ahead)
    assert (waiting.articles, waiting.audits) == ((), ())


async def test_a_certain_recovery_brings_its_link_into_the_audit(books: Books) -> None:
    article_id = await books.queue()
    await books.ledger.store_reading(article_id, reading_of([placeholder("said"), placeholder("posted")]))
    audit_id = await books.ledger.open_audit(Scope(article_ids=(article_id,)), Cause.ARTICLE, key="k")
    assert list(await books.ledger.plan_audit(audit_id, now=NOW)) == []
    lost = await books.ledger.load_recoverable(article_id)
    assert lost is not None
    assert [each.found.anchor for each in lost[1]] == ["said", "posted"]
    certain = Recovery(
        decision=Decision.AUTO,
        best=A,
        candidates=(Candidate(url=A, rule="anchor", score=1.0),),
        found_on=FoundOn(kind="live", url="https://own.example/"),
        reason=RecoveryReason.MATCHED,
    )
    guess = replace(certain, decision=Decision.SUGGEST, best=B)
    both = [(lost[1][0].citation_id, certain), (lost[1][1].citation_id, guess)]
    (link_id,) = await books.ledger.store_recoveries(both)
    (planned,) = await books.ledger.extend_audit(audit_id, [link_id])
    ((_, task),) = await books.ledger.load_tasks(audit_id, [planned.link_id])
    assert (task.written, task.anchors) == (A, ("said",))
    assert await books.ledger.load_recoverable(article_id) is None


async def test_a_link_of_which_nothing_could_be_told_is_looked_for_again(books: Books) -> None:
    article_id = await books.queue()
    await books.ledger.store_reading(article_id, reading_of([placeholder("said"), placeholder("posted")]))
    lost = await books.ledger.load_recoverable(article_id)
    assert lost is not None
    said, posted = (each.citation_id for each in lost[1])
    untold = Recovery(
        decision=Decision.ABSTAIN, best=None, candidates=(), found_on=None, reason=RecoveryReason.UNKNOWN
    )
    await books.ledger.store_recoveries(
        [(said, untold), (posted, replace(untold, reason=RecoveryReason.NO_LINK))]
    )
    again = await books.ledger.load_recoverable(article_id)
    assert again is not None
    assert [each.citation_id for each in again[1]] == [said]


async def test_the_longer_rest_of_a_host_is_kept(books: Books) -> None:
    long = HeldHost(key="a.example:443", held_until=NOW + timedelta(hours=1), mean_s=0.5, backoffs=2)
    short = HeldHost(key="a.example:443", held_until=NOW + timedelta(minutes=1), mean_s=0.4, backoffs=0)
    over = HeldHost(key="b.example:80", held_until=NOW - timedelta(minutes=1), mean_s=0.1)
    await books.ledger.save_held_hosts([long, over])
    await books.ledger.save_held_hosts([short])
    assert list(await books.ledger.load_held_hosts(now=NOW)) == [
        replace(short, held_until=NOW + timedelta(hours=1))
    ]
