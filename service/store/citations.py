"""Citations: what stands where in an article, and what came of it."""

from typing import Any

from sqlalchemy import Row, Select, select

from service.store.coding import from_plain
from service.store.database import Database
from service.store.paging import DEFAULT_LIMIT, Cut, fetch_page
from service.store.tables import CITATION, LINK
from service.store.values import CitationDecision, Page, StoredCitation
from workers.model import Candidate, Defect, FoundLink, Identifier, Recovery, Repair


async def list_citations(
    db: Database, article_id: int, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[StoredCitation]:
    """Return the citations of an article in the order of its source.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    query = citation_query().where(CITATION.c.article_id == article_id)
    cut = Cut(cursor=cursor, limit=limit)
    async with db.read() as connection:
        return await fetch_page(connection, query, CITATION.c.position, cut, make_citation)


async def load_citations(db: Database, article_id: int) -> tuple[StoredCitation, ...]:
    """Return all citations of an article in the order of its source; there are no more than it has bytes."""
    query = citation_query().where(CITATION.c.article_id == article_id).order_by(CITATION.c.position)
    async with db.read() as connection:
        return tuple(make_citation(row) for row in await connection.execute(query))


async def list_citing(
    db: Database, link_id: int, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[StoredCitation]:
    """Return the citations of one link, over all articles, oldest first.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    query = citation_query().where(CITATION.c.link_id == link_id)
    cut = Cut(cursor=cursor, limit=limit)
    async with db.read() as connection:
        return await fetch_page(connection, query, CITATION.c.id, cut, make_citation)


async def get_citation(db: Database, citation_id: int) -> StoredCitation | None:
    """Return one citation, None where there is none of that id."""
    async with db.read() as connection:
        row = (await connection.execute(citation_query().where(CITATION.c.id == citation_id))).first()
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
    """Return the view of one row of `citation_query`."""
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


def citation_query() -> Select[Any]:
    """Return the query of citations with what is known of their links."""
    return select(
        CITATION,
        LINK.c.original.label("link_original"),
        LINK.c.last_outcome.label("link_outcome"),
        LINK.c.standing.label("link_standing"),
    ).outerjoin(LINK, LINK.c.id == CITATION.c.link_id)
