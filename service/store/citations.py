"""Citations: what stands where in an article, and what came of it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, select, update

from service.store.coding import from_plain, to_plain
from service.store.database import Database
from service.store.paging import DEFAULT_LIMIT, Cut, fetch_page
from service.store.tables import CITATION, LINK
from service.store.values import Choice, CitationDecision, Page, StoredCitation
from workers.model import Candidate, Defect, FoundLink, Identifier, Recovery, Repair


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
    db: Database, citation_id: int, *, choice: Choice, url: str | None
) -> StoredCitation | None:
    """Keep a person's decision on a citation, which outlives later audits; None where it is unknown."""
    decision = CitationDecision(choice=choice, url=url, at=datetime.now(UTC))
    change = update(CITATION).where(CITATION.c.id == citation_id).values(decision=to_plain(decision))
    async with db.write() as connection:
        await connection.execute(change)
        row = (await connection.execute(_query().where(CITATION.c.id == citation_id))).first()
    return None if row is None else make_citation(row)


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
        outcome=row.outcome or row.link_outcome,
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
