"""Decisions carried over to an article that was read again: the same citation in its next version.

A version is known by its source or its address, a citation by what is written, its text and its sentence.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.tables import ARTICLE, CITATION, CITATION_DECISION, chunks

MAX_CARRIED = 10_000
Place = tuple[str, str, str]


async def carry_decisions(connection: AsyncConnection, article_id: int) -> None:
    """Give the citations of a newly read article the decisions that stand in its last version."""
    decided = await _decided(connection, article_id)
    if not decided:
        return
    query = select(CITATION).where(CITATION.c.article_id == article_id, CITATION.c.decision.is_(None))
    for citation in (await connection.execute(query)).all():
        earlier = decided.get(_place(citation))
        if earlier is not None:
            await _carry(connection, earlier, citation.id)


async def _decided(connection: AsyncConnection, article_id: int) -> Mapping[Place, Row[Any]]:
    """Return the decided citations of earlier versions by their places, the latest of each place."""
    article = (await connection.execute(select(ARTICLE).where(ARTICLE.c.id == article_id))).one()
    same = [ARTICLE.c.source == article.source]
    if article.url_hash is not None:
        same.append(ARTICLE.c.url_hash == article.url_hash)
    query = (
        select(CITATION)
        .join(ARTICLE, ARTICLE.c.id == CITATION.c.article_id)
        .where(and_(or_(*same), ARTICLE.c.id < article_id, CITATION.c.decision.is_not(None)))
        .order_by(CITATION.c.id.desc())
        .limit(MAX_CARRIED)
    )
    found: dict[Place, Row[Any]] = {}
    for row in await connection.execute(query):
        found.setdefault(_place(row), row)
    return found


def _place(citation: Row[Any]) -> Place:
    return (citation.raw, citation.anchor, citation.context)


async def _carry(connection: AsyncConnection, earlier: Row[Any], citation_id: int) -> None:
    stands = {"decision": earlier.decision, "link_id": earlier.link_id}
    await connection.execute(update(CITATION).where(CITATION.c.id == citation_id).values(stands))
    history = select(CITATION_DECISION).where(CITATION_DECISION.c.citation_id == earlier.id)
    rows = [
        {
            "citation_id": citation_id,
            "choice": row.choice,
            "url": row.url,
            "note": row.note,
            "made_by": row.made_by,
            "at": row.at,
        }
        for row in await connection.execute(history.order_by(CITATION_DECISION.c.id))
    ]
    for part in chunks(rows):
        await connection.execute(insert(CITATION_DECISION), part)
