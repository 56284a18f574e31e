"""Citations: what stands where in an article, and what came of it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, select, update

from service.store.coding import from_plain, to_plain
from service.store.database import Database
from service.store.originals import ensure_links
from service.store.paging import DEFAULT_LIMIT, Cut, fetch_page
from service.store.tables import CITATION, LINK
from service.store.values import Choice, CitationDecision, Page, StoredCitation
from workers.model import Candidate, Defect, FoundLink, Identifier, Recovery, Repair
from workers.plan import address_to_ask, verdict_as_written


async def list_citations(
    db: Database, article_id: int, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[StoredCitation]:
    """Return the citations of an article in the order of its source.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    query = _query().where(CITATION.c.article_id == article_id)
    cut = Cut(cursor=cursor, limit=limit)
    async with db.read() as connection:
        return await fetch_page(connection, query, CITATION.c.position, cut, make_citation)


async def list_citing(
    db: Database, link_id: int, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[StoredCitation]:
    """Return the citations of one link, over all articles, oldest first.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    query = _query().where(CITATION.c.link_id == link_id)
    cut = Cut(cursor=cursor, limit=limit)
    async with db.read() as connection:
        return await fetch_page(connection, query, CITATION.c.id, cut, make_citation)


async def get_citation(db: Database, citation_id: int) -> StoredCitation | None:
    """Return one citation, None where there is none of that id."""
    async with db.read() as connection:
        row = (await connection.execute(_query().where(CITATION.c.id == citation_id))).first()
    return None if row is None else make_citation(row)


async def decide_citation(
    db: Database, citation_id: int, *, choice: Choice, url: str | None = None
) -> StoredCitation | None:
    """Keep a person's decision, which outlives later audits, and point the citation accordingly.

    `accept` takes `url`, else the best that was proposed; `set` needs it; `reject` goes back to what is
    written. Returns None where the citation is unknown.

    Raises:
        ValueError: there is nothing to accept, or nothing to set.
    """
    async with db.write() as connection:
        row = (await connection.execute(_query().where(CITATION.c.id == citation_id))).first()
        if row is None:
            return None
        now = datetime.now(UTC)
        target = _decided(make_citation(row), choice, url)
        links = await ensure_links(connection, [target] if target else [], now=now)
        decided = {
            "decision": to_plain(CitationDecision(choice=choice, url=target, at=now)),
            "link_id": links[target] if target else None,
        }
        await connection.execute(update(CITATION).where(CITATION.c.id == citation_id).values(decided))
        return make_citation((await connection.execute(_query().where(CITATION.c.id == citation_id))).one())


def _decided(citation: StoredCitation, choice: Choice, url: str | None) -> str | None:
    """Return the address that a decision points to, None where the written form leads nowhere."""
    if choice is Choice.REJECT:
        fetched = verdict_as_written(citation.found) is None
        return address_to_ask(citation.found) if fetched else None
    if choice is Choice.ACCEPT and url is None:
        url = _proposal(citation)
    if url is None:
        raise ValueError(f"there is nothing to {choice} for citation {citation.id}")
    return url


def _proposal(citation: StoredCitation) -> str | None:
    if citation.accepted is not None:
        return citation.accepted.url
    if citation.recovery is not None and citation.recovery.best is not None:
        return citation.recovery.best
    return None if citation.repair is None else citation.repair.best.url


def found_in(row: Row[Any]) -> FoundLink:
    """Return the found link that a row of the citation table keeps whole."""
    return FoundLink(
        raw=row.raw,
        target=row.target,
        kind=row.kind,
        resolved=row.resolved,
        base=row.base,
        base_source=row.base_source,
        anchor=row.anchor,
        context=row.context,
        start=row.start,
        end=row.end,
        line=row.line,
        column=row.column,
        locator=row.locator,
        rel=tuple(row.rel or ()),
        defects=tuple(map(Defect, row.defects or ())),
        identifier=None if row.identifier is None else from_plain(Identifier, row.identifier),
        readings=tuple(row.readings or ()),
    )


def make_citation(row: Row[Any]) -> StoredCitation:
    """Return the view of one row of `_query`."""
    return StoredCitation(
        id=row.id,
        article_id=row.article_id,
        position=row.position,
        found=found_in(row),
        link_id=row.link_id,
        original=row.link_original,
        outcome=row.outcome if row.link_id is None else row.link_outcome,
        standing=row.link_standing,
        repair=None if row.repair is None else from_plain(Repair, row.repair),
        accepted=None if row.accepted is None else from_plain(Candidate, row.accepted),
        recovery=None if row.recovery is None else from_plain(Recovery, row.recovery),
        decision=None if row.decision is None else from_plain(CitationDecision, row.decision),
    )


def _query() -> Select[Any]:
    return select(
        CITATION,
        LINK.c.original.label("link_original"),
        LINK.c.last_outcome.label("link_outcome"),
        LINK.c.standing.label("link_standing"),
    ).outerjoin(LINK, LINK.c.id == CITATION.c.link_id)
