"""People's decisions on both databases: kept one by one, told as events, untouched by audits."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.store.citations import get_citation, list_citations, load_citations
from service.store.database import Database
from service.store.decisions import NothingProposed, decide_citation, list_decisions, list_proposals
from service.store.events import list_events
from service.store.ledger import StoreLedger
from service.store.links import find_link, hold_link
from service.store.values import Decided, NewDecision
from tests.integration.store.test_store_articles import REPAIR, A, B, _read
from tests.readings import citing, placeholder
from workers.ledger import Cause, Scope
from workers.model import Candidate, LinkReport, Outcome, Standing, Verdict

C = "https://c.example/"


async def test_every_decision_is_kept_and_the_last_one_counts(db: Database) -> None:
    article = await _read(db, replace(citing(A), original=B, repair=REPAIR))
    (citation,) = await load_citations(db, article.id)
    await decide_citation(db, citation.id, NewDecision(choice=Decided.REJECT, note="no", made_by="Ada"))
    await decide_citation(db, citation.id, NewDecision(choice=Decided.SET, url=C))
    await decide_citation(db, citation.id, NewDecision(choice=Decided.WITHDRAW))
    first = await list_decisions(db, citation.id, limit=2)
    second = await list_decisions(db, citation.id, limit=2, cursor=first.next_cursor)
    assert [(each.choice, each.url, each.note, each.made_by) for each in (*first.items, *second.items)] == [
        (Decided.WITHDRAW, B, None, None),
        (Decided.SET, C, None, None),
        (Decided.REJECT, A, "no", "Ada"),
    ]
    assert await get_citation(db, citation.id) == citation
    events = (await list_events(db)).items
    assert [(each.kind, each.article_id, each.detail) for each in events] == [
        ("decided", article.id, f"reject: {A}; Ada; no"),
        ("decided", article.id, f"set: {C}"),
        ("decided", article.id, f"withdraw: {B}"),
    ]


async def test_only_what_is_proposed_can_be_accepted(db: Database) -> None:
    article = await _read(db, replace(citing(A), repair=REPAIR), placeholder("said"))
    damaged, lost = (await list_citations(db, article.id)).items
    assert await list_proposals(db, [damaged, lost]) == {damaged.id: (B,), lost.id: ()}
    with pytest.raises(NothingProposed, match=r"c\.example/ is not among what is proposed"):
        await decide_citation(db, damaged.id, NewDecision(choice=Decided.ACCEPT, url=C))
    with pytest.raises(NothingProposed, match="Nothing is proposed"):
        await decide_citation(db, lost.id, NewDecision(choice=Decided.ACCEPT))
    accepted = await decide_citation(db, damaged.id, NewDecision(choice=Decided.ACCEPT, url=B))
    assert accepted is not None
    assert accepted.original == B
    assert (await list_events(db)).items[-1].link_id == accepted.link_id


async def test_where_a_dead_links_piece_stands_now_can_be_accepted(db: Database) -> None:
    article = await _read(db, citing(A))
    (citation,) = (await list_citations(db, article.id)).items
    alias = Candidate(url=C, rule="same_id", score=0.9)
    ledger = StoreLedger(db)
    audit = await ledger.open_audit(Scope(article_ids=(article.id,)), Cause.REQUEST, key="a")
    now = datetime.now(UTC)
    ((link_id, _),) = await ledger.load_tasks(
        audit, [each.link_id for each in await ledger.plan_audit(audit, now=now)]
    )
    gone = LinkReport(
        written=A,
        original=A,
        verdict=Verdict(outcome=Outcome.GONE, rule="status/404"),
        observation=None,
        aliases=(alias,),
    )
    await ledger.store_reports(audit, [(link_id, gone)], now=now)
    assert await list_proposals(db, [citation]) == {citation.id: (C,)}
    accepted = await decide_citation(db, citation.id, NewDecision(choice=Decided.ACCEPT, url=C))
    assert accepted is not None
    assert accepted.original == C


async def test_a_rejected_placeholder_leads_nowhere(db: Database) -> None:
    article = await _read(db, placeholder("said"))
    (citation,) = (await list_citations(db, article.id)).items
    rejected = await decide_citation(db, citation.id, NewDecision(choice=Decided.REJECT))
    assert rejected is not None
    assert (rejected.original, rejected.link_id) == (None, None)


async def test_holds_are_told_as_events(db: Database) -> None:
    await _read(db, citing(A))
    link = await find_link(db, A)
    assert link is not None
    await hold_link(db, link.id, hold=Standing.HELD_DEAD, reason="spam")
    await hold_link(db, link.id, hold=None)
    assert [(each.kind, each.link_id, each.detail) for each in (await list_events(db)).items] == [
        ("held", link.id, "held_dead; spam"),
        ("released", link.id, "override lifted"),
    ]
    assert await hold_link(db, 999, hold=Standing.HELD_ALIVE) is None
