"""An audit as a durable job, in one process on SQLite."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.fakes_ledger import NOW, FakeChecker, FakeReader, MemoryLedger
from tests.integration.jobs.conftest import Embedded, memory_parts
from tests.readings import citing, placeholder, reading_of
from workers.jobs import names
from workers.ledger import ArticleInput, ArticleState, AuditState, Cause, HeldHost, Recoverable, Scope
from workers.model import Candidate, Decision, LinkTask, Outcome, Recovery, RecoveryReason

WAIT_S = 60


async def until(claim: Callable[[], bool]) -> None:
    """Return once `claim` holds."""
    async with asyncio.timeout(WAIT_S):
        while not claim():  # noqa: ASYNC110 - what is waited for happens in a database
            await asyncio.sleep(0.01)


async def _audit_of(ledger: MemoryLedger, *urls: str) -> int:
    article_id = ledger.add_article(b"text")
    await ledger.store_reading(article_id, reading_of(citing(url) for url in urls))
    return await ledger.open_audit(Scope(article_ids=(article_id,)), Cause.ARTICLE, key=str(article_id))


def _is_done(ledger: MemoryLedger, audit_id: int) -> Callable[[], bool]:
    return lambda: ledger.audits[audit_id].state is AuditState.DONE


async def test_an_audit_checks_each_link_once_and_is_done(embedded: Embedded) -> None:
    ledger, checker = MemoryLedger(), FakeChecker()
    urls = [f"https://site{n}.example/{page}" for n in range(30) for page in range(4)]
    audit_id = await _audit_of(ledger, *urls)
    async with embedded(memory_parts(ledger, checker=checker)) as worker:
        await worker.jobs.enqueue_audit(audit_id)
        await until(_is_done(ledger, audit_id))
    assert sorted(checker.asked) == sorted(urls)
    assert ledger.audits[audit_id].planned == 120
    assert len(ledger.audits[audit_id].reports) == 120


async def test_an_audit_asked_for_twice_runs_once(embedded: Embedded) -> None:
    ledger, checker = MemoryLedger(), FakeChecker()
    audit_id = await _audit_of(ledger, "https://a.example/")
    async with embedded(memory_parts(ledger, checker=checker)) as worker:
        await asyncio.gather(*(worker.jobs.enqueue_audit(audit_id) for _ in range(5)))
        await until(_is_done(ledger, audit_id))
        await worker.jobs.enqueue_audit(audit_id)
    assert checker.asked == ["https://a.example/"]


async def test_an_audit_that_nobody_asked_for_is_swept_up(embedded: Embedded) -> None:
    ledger = MemoryLedger()
    audit_id = await _audit_of(ledger, "https://a.example/")
    async with embedded(memory_parts(ledger)):
        await until(_is_done(ledger, audit_id))


async def test_a_queued_article_is_read_and_its_links_are_audited(embedded: Embedded) -> None:
    ledger, checker = MemoryLedger(), FakeChecker()
    article_id = ledger.add_article(b"text", source="a.md")
    reader = FakeReader({"a.md": reading_of([citing("https://a.example/")])})
    async with embedded(memory_parts(ledger, checker=checker, reader=reader), sweep_s=60.0) as worker:
        await worker.jobs.enqueue_article(article_id)
        await until(lambda: any(audit.state is AuditState.DONE for audit in ledger.audits.values()))
    assert ledger.articles[article_id].state is ArticleState.READY
    assert checker.asked == ["https://a.example/"]
    assert [audit.cause for audit in ledger.audits.values()] == [Cause.ARTICLE]


async def test_an_unreadable_article_is_failed_with_its_reason(embedded: Embedded) -> None:
    ledger = MemoryLedger()
    article_id = ledger.add_article(b"text", source="b.md")
    async with embedded(memory_parts(ledger)) as worker:
        await worker.jobs.enqueue_article(article_id)
        await until(lambda: ledger.articles[article_id].state is ArticleState.FAILED)
    assert ledger.articles[article_id].reason == "is not in the test's hands"
    assert not ledger.audits


async def test_a_batch_that_fails_leaves_the_other_batches_and_the_audit_says_so(embedded: Embedded) -> None:
    ledger = MemoryLedger()
    audit_id = await _audit_of(ledger, "https://a.example/", "https://b.example/")

    def fail_on_a(task: LinkTask) -> None:
        if task.written == "https://a.example/":
            raise RuntimeError("the pipeline broke")

    async with embedded(memory_parts(ledger, checker=FakeChecker(before_each=fail_on_a))) as worker:
        await worker.jobs.enqueue_audit(audit_id)
        await until(lambda: ledger.audits[audit_id].state is AuditState.FAILED)
    assert ledger.audits[audit_id].reason == "1 batches failed: the pipeline broke"
    assert list(ledger.audits[audit_id].reports) == [ledger.links["https://b.example/"]]


class _Recoverer:
    """Finds every stripped link at one address."""

    async def recover(self, article: ArticleInput, lost: list[Recoverable]) -> list[tuple[int, Recovery]]:
        found = Recovery(
            decision=Decision.AUTO,
            best="https://found.example/",
            candidates=(Candidate(url="https://found.example/", rule="anchor", score=1.0),),
            found_on=None,
            reason=RecoveryReason.MATCHED,
        )
        return [(each.citation_id, found) for each in lost]


async def test_links_recovered_on_the_way_are_checked_in_the_same_audit(embedded: Embedded) -> None:
    ledger, checker = MemoryLedger(), FakeChecker({"https://found.example/": Outcome.GONE})
    article_id = ledger.add_article(b"text")
    await ledger.store_reading(article_id, reading_of([citing("https://a.example/"), placeholder("said")]))
    audit_id = await ledger.open_audit(Scope(article_ids=(article_id,)), Cause.ARTICLE, key="k")
    parts = memory_parts(ledger, checker=checker, recoverer=_Recoverer())
    async with embedded(parts) as worker:
        await worker.jobs.enqueue_audit(audit_id)
        await until(_is_done(ledger, audit_id))
    assert checker.asked == ["https://a.example/", "https://found.example/"]
    assert ledger.audits[audit_id].planned == 2


class _Politeness:
    """Remembers what it was told to leave alone, and asks for one host."""

    def __init__(self) -> None:
        self.told: list[HeldHost] = []

    def held_hosts(self, *, now: Any) -> list[HeldHost]:
        return [HeldHost(key="new.example:80", held_until=now + timedelta(minutes=5), mean_s=0.2)]

    def hold_hosts(self, hosts: list[HeldHost], *, now: Any) -> None:
        self.told += hosts


async def test_hosts_to_be_left_alone_are_handed_over(embedded: Embedded) -> None:
    ledger, politeness = MemoryLedger(), _Politeness()
    known = HeldHost(key="old.example:80", held_until=NOW + timedelta(hours=1), mean_s=0.3, backoffs=1)
    await ledger.save_held_hosts([known])
    audit_id = await _audit_of(ledger, "https://a.example/")
    async with embedded(memory_parts(ledger, hosts=politeness)) as worker:
        await worker.jobs.enqueue_audit(audit_id)
        await until(_is_done(ledger, audit_id))
    assert known in politeness.told
    assert ledger.hosts["new.example:80"].held_until == NOW + timedelta(minutes=5)


async def test_a_stopped_worker_goes_on_where_it_stopped(embedded: Embedded) -> None:
    ledger = MemoryLedger()
    urls = [f"https://site{n}.example/" for n in range(20)]
    audit_id = await _audit_of(ledger, *urls)
    reached = asyncio.Event()

    def hang_in_the_middle(_task: LinkTask) -> None:
        if len(first.asked) == 10:
            reached.set()
            raise asyncio.CancelledError

    first = FakeChecker(before_each=hang_in_the_middle)
    async with embedded(memory_parts(ledger, checker=first), batches=1, sweep_s=60.0) as worker:
        await worker.jobs.enqueue_audit(audit_id)
        await reached.wait()
    stored = len(ledger.audits[audit_id].reports)
    assert 0 < stored < 20
    assert ledger.audits[audit_id].state is AuditState.RUNNING
    second = FakeChecker()
    async with embedded(memory_parts(ledger, checker=second)):
        await until(_is_done(ledger, audit_id))
    assert len(second.asked) == 20 - stored
    assert len(ledger.audits[audit_id].reports) == 20


async def test_jobs_in_hand_are_finished_before_a_worker_ends(embedded: Embedded) -> None:
    ledger = MemoryLedger()
    audit_id = await _audit_of(ledger, "https://a.example/")
    entered, go_on = asyncio.Event(), asyncio.Event()

    class Slow(FakeChecker):
        async def check(self, tasks: Any) -> Any:
            entered.set()
            await go_on.wait()
            async for item in super().check(tasks):
                yield item

    async with embedded(memory_parts(ledger, checker=Slow()), stop_grace_s=10) as worker:
        await worker.jobs.enqueue_audit(audit_id)
        await entered.wait()
        asyncio.get_running_loop().call_later(0.3, go_on.set)
    assert list(ledger.audits[audit_id].reports) == [ledger.links["https://a.example/"]]


async def test_a_batch_stores_what_it_has_every_few_seconds(embedded: Embedded) -> None:
    ledger = MemoryLedger()
    audit_id = await _audit_of(ledger, "https://a.example/1", "https://a.example/2")
    stored: list[int] = []
    checker = FakeChecker(before_each=lambda _: stored.append(len(ledger.audits[audit_id].reports)))
    parts = replace(memory_parts(ledger, checker=checker), flush_s=0.0)
    async with embedded(parts) as worker:
        await worker.jobs.enqueue_audit(audit_id)
        await until(_is_done(ledger, audit_id))
    assert stored == [0, 1]


def test_job_names_are_those_that_are_stored() -> None:
    assert names.audit_job(7) == "audit:7"
    assert names.batch_job(7, 63, 2) == "7:63:2"
    assert names.article_job(5, 2) == "article:5:2"
    assert names.VERSION == "1"
