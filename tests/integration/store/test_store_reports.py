"""Reports become observations, progress, standings and events; what a host's outage says is void."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from service.store.audits import create_audit, get_audit, list_audits
from service.store.citations import list_citations
from service.store.database import Database
from service.store.events import list_events
from service.store.ledger import StoreLedger
from service.store.links import find_link, get_link, hold_link
from service.store.moves import StoreMoves
from service.store.observations import list_observations
from service.store.tables import LINK, OUTAGE, SCHEDULE
from service.store.timeline import list_nearest
from service.store.values import StoredAudit, StoredLink
from tests.fakes_ledger import NOW, report_of
from tests.integration.store.test_store_articles import A, B, _read
from tests.readings import citing
from workers.ledger import AuditState, Cause, Scope
from workers.model import (
    Candidate,
    Decision,
    Exchange,
    Failure,
    Hop,
    LinkReport,
    Lookup,
    LookupState,
    Memento,
    Observation,
    Outcome,
    Quality,
    Repair,
    Standing,
    TlsFacts,
    Verdict,
)


async def _audit(db: Database, *, scope: Scope | None = None, key: str = "k", at: datetime = NOW) -> int:
    audit, _ = await create_audit(db, scope or Scope(), key=key)
    await StoreLedger(db).plan_audit(audit.id, now=at)
    return audit.id


async def _check(
    db: Database, audit_id: int, outcomes: dict[str, Outcome], *, at: datetime = NOW
) -> Sequence[object]:
    """Store a report for each address, with its outcome."""
    ledger = StoreLedger(db)
    async with db.read() as connection:
        ids = {row.original: row.id for row in await connection.execute(select(LINK))}
    tasks = {task.written: (i, task) for i, task in await ledger.load_tasks(audit_id, list(ids.values()))}
    reports = []
    for url, outcome in outcomes.items():
        status = 200 if outcome is Outcome.OK else None if outcome is Outcome.DOWN else 404
        reports.append((tasks[url][0], report_of(tasks[url][1], outcome, at=at, status=status)))
    return await ledger.store_reports(audit_id, reports, now=at)


async def _link(db: Database, url: str) -> StoredLink:
    link = await find_link(db, url)
    assert link is not None
    return link


async def _stored(db: Database, audit_id: int) -> StoredAudit:
    audit = await get_audit(db, audit_id)
    assert audit is not None
    return audit


SEEN = Observation(
    url=A,
    final_url=B,
    observed_at=NOW,
    status=200,
    hops=(Hop(url=A, status=301, reason="Moved"), Hop(url=B, status=200)),
    headers={"content-type": "text/html", "x": "\x00é"},
    media_type="text/html",
    charset="utf-8",
    received_bytes=5,
    digest="sha256:1",
    tls=TlsFacts(issuer="An authority", expires_at=NOW + timedelta(days=9)),
    attempts=2,
    elapsed_ms=123,
)
VERDICT = Verdict(outcome=Outcome.MOVED, rule="redirect/permanent", evidence=("301", "same title"))


async def _report(db: Database, **changes: object) -> int:
    """Store one report on A and return its audit."""
    await _read(db, citing(A))
    audit_id = await _audit(db)
    report = LinkReport(written=A, original=A, verdict=VERDICT, observation=SEEN)
    link = await _link(db, A)
    await StoreLedger(db).store_reports(audit_id, [(link.id, replace(report, **changes))], now=NOW)  # type: ignore[arg-type]
    return audit_id


async def test_an_observation_is_kept_whole_but_for_the_body(db: Database) -> None:
    exchange = Exchange(
        url=A, remote_address="1", started_at=NOW, request_head=b"", response_head=b"", body=b"long"
    )
    await _report(db, observation=replace(SEEN, body=b"long body", exchanges=(exchange,)))
    (stored,) = (await list_observations(db, link_id=(await _link(db, A)).id)).items
    assert (stored.observation, stored.verdict, stored.stored_at) == (SEEN, VERDICT, NOW)
    assert (stored.written, stored.original, stored.accepted, stored.asked) == (A, A, None, ())


async def test_a_link_shows_its_last_check(db: Database) -> None:
    await _report(db)
    link = await _link(db, A)
    assert (link.outcome, link.status, link.last_checked_at) == (Outcome.MOVED, 200, NOW)
    assert (link.standing, link.standing_rule, link.standing_since) == (Standing.ALIVE, "standing/1", NOW)
    assert link.next_check_at is not None
    assert link.next_check_at > NOW


async def test_what_was_asked_before_a_repair_is_kept_with_its_verdicts(db: Database) -> None:
    best = Candidate(url=B, rule="hyphen", score=0.9, evidence=("title",))
    repair = Repair(decision=Decision.NEEDS_LIVE, best=best, candidates=(best,))
    gone = Verdict(outcome=Outcome.GONE, rule="status/404")
    as_written = Observation(url=A, final_url=A, observed_at=NOW, status=404)
    asked = ((as_written, gone), (replace(SEEN, url=B), VERDICT))
    audit_id = await _report(db, original=B, accepted=best, repair=repair, asked=asked)
    written, original = await _link(db, A), await _link(db, B)
    (first,) = (await list_observations(db, link_id=written.id)).items
    assert (first.verdict, first.observation, first.accepted, first.asked) == (gone, as_written, best, asked)
    (second,) = (await list_observations(db, link_id=original.id)).items
    assert (second.verdict, second.written, second.accepted) == (VERDICT, B, None)
    (citation,) = (await list_citations(db, 1)).items
    assert (citation.link_id, citation.accepted, citation.repair) == (original.id, best, repair)
    assert citation.outcome is Outcome.MOVED
    assert (written.cited_by, original.cited_by) == (0, 1)
    audit = await _stored(db, audit_id)
    assert (audit.progress.planned, audit.progress.by_outcome) == (1, {Outcome.MOVED: 1})


async def test_lookups_and_captures_are_kept_and_unknown_is_no_answer(db: Database) -> None:
    memento = Memento(
        original=A,
        archive="wayback",
        memento_datetime=NOW - timedelta(days=500),
        uri_m=f"https://web.archive.org/web/2024/{A}",
        status=200,
        quality=Quality.GOOD,
        reasons=("near",),
    )
    found = Lookup(archive="wayback", original=A, state=LookupState.FOUND, asked_at=NOW, mementos=(memento,))
    unknown = Lookup(archive="other", original=A, state=LookupState.UNKNOWN, asked_at=NOW, reason="throttled")
    await _report(db, mementos=(memento,), lookups=(found, unknown))
    (stored,) = (await list_observations(db)).items
    assert stored.lookups == (found, unknown)
    asked = A.upper().replace("HTTPS", "http").replace("/ONE", "/one")
    (entry,) = await list_nearest(db, asked, at=NOW, limit=5)
    assert (entry.archive, entry.uri_m, entry.exact) == ("wayback", memento.uri_m, memento.memento_datetime)
    assert (entry.status, entry.quality, entry.reasons) == (200, Quality.GOOD, ("near",))


async def test_a_report_without_an_observation_is_kept_too(db: Database) -> None:
    malformed = Verdict(outcome=Outcome.MALFORMED, rule="written/malformed")
    await _report(db, observation=None, verdict=malformed)
    (stored,) = (await list_observations(db)).items
    assert (stored.observation, stored.verdict) == (None, malformed)


async def test_two_workers_that_store_one_batch_store_it_once(db: Database) -> None:
    urls = [f"https://a.example/{n}" for n in range(50)]
    await _read(db, *map(citing, urls))
    audit_id = await _audit(db)
    ledger = StoreLedger(db)
    links = [await _link(db, url) for url in urls]
    reports = [
        (
            link.id,
            LinkReport(written=link.original, original=link.original, verdict=VERDICT, observation=SEEN),
        )
        for link in links
    ]
    await asyncio.gather(*(ledger.store_reports(audit_id, reports, now=NOW) for _ in range(4)))
    assert (await _stored(db, audit_id)).progress.stored == 50
    assert len((await list_observations(db, audit_id=audit_id, limit=1000)).items) == 50


async def test_writers_of_shared_originals_do_not_block_each_other_for_good(db: Database) -> None:
    urls = [f"https://a.example/{n}" for n in range(40)]
    await _read(db, *map(citing, urls))
    links = [await _link(db, url) for url in urls]
    ledger = StoreLedger(db)
    shared = [Candidate(url=f"https://c.example/{n}", rule="r", score=1.0) for n in range(5)]

    def reports(order: Sequence[StoredLink]) -> list[tuple[int, LinkReport]]:
        return [
            (
                link.id,
                LinkReport(
                    written=link.original,
                    original=shared[n % 5].url,
                    verdict=VERDICT,
                    observation=SEEN,
                    accepted=shared[n % 5],
                ),
            )
            for n, link in enumerate(order)
        ]

    audits = [await _audit(db, key=str(n)) for n in range(4)]
    orders = [links, links[::-1], links[20:] + links[:20], links[::2] + links[1::2]]
    await asyncio.gather(
        *(ledger.store_reports(a, reports(o), now=NOW) for a, o in zip(audits, orders, strict=True))
    )
    assert [(await _stored(db, audit_id)).progress.stored for audit_id in audits] == [5, 5, 5, 5]


async def test_progress_counts_by_outcome(db: Database) -> None:
    await _read(db, citing(A), citing(B), citing("https://c.example/"))
    audit_id = await _audit(db)
    assert (await _stored(db, audit_id)).state is AuditState.RUNNING
    await _check(db, audit_id, {A: Outcome.OK, B: Outcome.GONE})
    progress = (await _stored(db, audit_id)).progress
    assert (progress.planned, progress.stored) == (3, 2)
    assert progress.by_outcome == {Outcome.OK: 1, Outcome.GONE: 1}


async def test_an_audit_ends_once(db: Database) -> None:
    audit_id = await _audit(db)
    ledger = StoreLedger(db)
    await ledger.finish_audit(audit_id, now=NOW)
    await ledger.finish_audit(audit_id, now=NOW + timedelta(days=1), reason="too late")
    audit = await _stored(db, audit_id)
    assert (audit.state, audit.reason, audit.finished_at) == (AuditState.DONE, None, NOW)
    assert [a.id for a in (await list_audits(db, state=AuditState.DONE)).items] == [audit_id]


async def test_only_due_links_are_planned_for_a_due_audit(db: Database) -> None:
    await _read(db, citing(A), citing(B))
    first = await _audit(db)
    await _check(db, first, {A: Outcome.OK})
    due = await create_audit(db, Scope(only_due=True), cause=Cause.DUE, key="due")
    planned = await StoreLedger(db).plan_audit(due[0].id, now=NOW + timedelta(hours=1))
    assert [link.link_id for link in planned] == [(await _link(db, B)).id]
    later = await StoreLedger(db).plan_audit(due[0].id, now=NOW + timedelta(days=60))
    assert len(later) == 2


async def _fail_for_weeks(db: Database, url: str, outcome: Outcome) -> None:
    for day in range(0, 28, 4):
        at = NOW + timedelta(days=day)
        audit_id = await _audit(db, key=f"{url} {day}", at=at)
        await _check(db, audit_id, {url: outcome}, at=at)


async def test_a_link_gone_for_weeks_is_dead_and_told_once(db: Database) -> None:
    await _read(db, citing(A))
    await _fail_for_weeks(db, A, Outcome.GONE)
    link = await _link(db, A)
    assert link.standing is Standing.DEAD
    died = [each for each in (await list_events(db)).items if each.kind == "died"]
    assert [(each.link_id, each.audit_id is not None) for each in died] == [(link.id, True)]


async def test_a_host_that_is_down_as_a_whole_moves_no_streak(db: Database) -> None:
    urls = [f"https://a.example/{n}" for n in range(6)]
    await _read(db, *map(citing, urls), citing(B))
    audit_id = await _audit(db)
    await _check(db, audit_id, dict.fromkeys(urls, Outcome.DOWN) | {B: Outcome.OK})
    await StoreLedger(db).finish_audit(audit_id, now=NOW)
    async with db.read() as connection:
        outages = (await connection.execute(select(OUTAGE.c.audit_id, OUTAGE.c.host))).all()
    assert [tuple(row) for row in outages] == [(audit_id, "a.example")]
    standings = {(await _link(db, url)).standing for url in urls}
    assert Standing.SUSPECT not in standings
    assert Standing.DEAD not in standings


async def test_a_host_that_answers_again_before_the_end_was_not_out(db: Database) -> None:
    urls = [f"https://a.example/{n}" for n in range(12)]
    await _read(db, *map(citing, urls))
    audit_id = await _audit(db)
    await _check(db, audit_id, dict.fromkeys(urls[:5], Outcome.DOWN))
    await _check(db, audit_id, dict.fromkeys(urls[5:], Outcome.OK))
    await StoreLedger(db).finish_audit(audit_id, now=NOW)
    async with db.read() as connection:
        assert (await connection.execute(select(OUTAGE))).all() == []
    assert {(await _link(db, url)).standing for url in urls[:5]} == {Standing.SUSPECT}


async def test_a_person_holds_a_link_until_the_hold_is_lifted(db: Database) -> None:
    await _read(db, citing(A))
    await _check(db, await _audit(db), {A: Outcome.OK})
    link = await _link(db, A)
    held = await hold_link(db, link.id, hold=Standing.HELD_DEAD, reason="replaced by spam")
    assert held is not None
    assert (held.standing, held.hold_reason) == (Standing.HELD_DEAD, "replaced by spam")
    await _check(db, await _audit(db, key="again"), {A: Outcome.OK})
    assert (await _link(db, A)).standing is Standing.HELD_DEAD
    lifted = await hold_link(db, link.id, hold=None)
    assert lifted is not None
    assert (lifted.standing, lifted.hold) == (Standing.ALIVE, None)
    assert await get_link(db, link.id) == lifted


async def test_failures_are_kept_by_kind(db: Database) -> None:
    await _report(
        db,
        verdict=Verdict(outcome=Outcome.GONE, rule="dns/nxdomain"),
        observation=replace(SEEN, status=None, failure=Failure.NXDOMAIN, failure_reason="no such name"),
    )
    (stored,) = (await list_observations(db)).items
    assert stored.observation is not None
    assert (stored.observation.failure, stored.observation.failure_reason) == ("nxdomain", "no such name")


async def test_a_due_schedule_opens_one_audit_a_turn(db: Database) -> None:
    await _read(db, citing(A))
    ledger = StoreLedger(db)
    async with db.read() as connection:
        due_at = await connection.scalar(select(SCHEDULE.c.next_at))
    assert list(await ledger.open_scheduled(now=due_at - timedelta(seconds=1))) == []
    opened = await asyncio.gather(*(ledger.open_scheduled(now=due_at + timedelta(days=3)) for _ in range(4)))
    (audit_id,) = [each for some in opened for each in some]
    audit = await _stored(db, audit_id)
    assert (audit.cause, audit.scope) == (Cause.SCHEDULE, Scope(only_due=True))


async def test_a_schedule_of_due_links_opens_nothing_while_none_is_due(db: Database) -> None:
    assert list(await StoreLedger(db).open_scheduled(now=NOW + timedelta(days=9_000))) == []


async def test_aliases_of_a_dead_link_are_kept_with_its_observation(db: Database) -> None:
    await _read(db, citing(A))
    audit_id = await _audit(db)
    link = await _link(db, A)
    alias = Candidate(url="https://a.example/moved", rule="path_change", score=0.85, evidence=("3 moved",))
    (task,) = [task for _, task in await StoreLedger(db).load_tasks(audit_id, [link.id])]
    report = replace(report_of(task, Outcome.GONE, at=NOW, status=404), aliases=(alias,))
    await StoreLedger(db).store_reports(audit_id, [(link.id, report)], now=NOW)
    (stored,) = (await list_observations(db, link_id=link.id)).items
    assert stored.aliases == (alias,)


async def test_links_that_moved_are_told_by_host_the_latest_first(db: Database) -> None:
    await _read(db, citing(A))
    ledger, link = StoreLedger(db), await _link(db, A)
    for number, (outcome, final) in enumerate(
        [(Outcome.MOVED, "https://x.example/1"), (Outcome.OK, A), (Outcome.MOVED, "https://x.example/2")]
    ):
        audit_id = await _audit(db, key=f"moves-{number}")
        (task,) = [task for _, task in await ledger.load_tasks(audit_id, [link.id])]
        report = report_of(task, outcome, at=NOW, status=200)
        assert report.observation is not None
        seen = replace(report.observation, final_url=final)
        await ledger.store_reports(audit_id, [(link.id, replace(report, observation=seen))], now=NOW)
    known = StoreMoves(db)
    assert await known.moves_of(link.host) == [(A, "https://x.example/2"), (A, "https://x.example/1")]
    assert await known.moves_of("other.example") == []
