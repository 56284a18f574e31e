"""Articles as read: their facts, their citations and the links these cite, stored in one step."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.articles import CHARSET_LENGTH
from service.store.carried import carry_decisions
from service.store.coding import to_plain
from service.store.database import Database
from service.store.originals import ensure_links
from service.store.tables import ARTICLE, CITATION, chunks
from workers.ledger import ArticleInput, ArticleState, CitationPlan, Reading
from workers.model import Candidate
from workers.written import address_to_ask

LANGUAGE_LENGTH = 35


async def load_article(db: Database, article_id: int) -> ArticleInput | None:
    """Return a queued article with its content, None where it is unknown or no longer queued."""
    query = select(ARTICLE).where(ARTICLE.c.id == article_id, ARTICLE.c.state == ArticleState.QUEUED)
    async with db.read() as connection:
        row = (await connection.execute(query)).first()
    if row is None:
        return None
    return ArticleInput(
        article_id=row.id,
        source=row.source,
        url=row.url,
        format=row.format,
        media_type=row.media_type,
        charset=row.charset,
        content=None if row.content is None else bytes(row.content),
    )


async def store_reading(db: Database, article_id: int, reading: Reading) -> int:
    """Store what was read of a queued article; returns how many distinct links it cites.

    An article that is not queued any more is left as it is.
    """
    now = datetime.now(UTC)
    async with db.write() as connection:
        state = select(ARTICLE.c.state).where(ARTICLE.c.id == article_id).with_for_update()
        if await connection.scalar(state) == ArticleState.QUEUED:
            await write_reading(connection, article_id, reading, now=now)
        count = select(func.count(CITATION.c.link_id.distinct())).where(CITATION.c.article_id == article_id)
        return int(await connection.scalar(count) or 0)


async def write_reading(
    connection: AsyncConnection, article_id: int, reading: Reading, *, now: datetime
) -> None:
    """Write the facts and citations of an article that has none yet, inside the caller's transaction."""
    originals = [plan.original for plan in reading.citations if plan.original is not None]
    links = await ensure_links(connection, originals, now=now)
    rows = [
        _citation_row(article_id, position, plan, links) for position, plan in enumerate(reading.citations)
    ]
    for part in chunks(rows):
        await connection.execute(insert(CITATION), part)
    change = update(ARTICLE).where(ARTICLE.c.id == article_id).values(_facts(reading, now))
    await connection.execute(change)
    await carry_decisions(connection, article_id)


async def fail_article(db: Database, article_id: int, reason: str) -> None:
    """Mark a queued article as failed, with a reason for a person."""
    queued = (ARTICLE.c.id == article_id) & (ARTICLE.c.state == ArticleState.QUEUED)
    failed = {"state": ArticleState.FAILED, "reason": reason, "updated_at": datetime.now(UTC)}
    async with db.write() as connection:
        await connection.execute(update(ARTICLE).where(queued).values(failed))


def _facts(reading: Reading, now: datetime) -> dict[str, Any]:
    document = reading.document
    facts: dict[str, Any] = {
        "format": document.format,
        "headline": document.headline,
        "published": document.published,
        "published_source": document.published_source,
        "language": (document.language or "")[:LANGUAGE_LENGTH] or None,
        "own_url": document.own_url,
        "skipped": dict(document.skipped),
        "state": ArticleState.READY,
        "reason": None,
        "citation_count": len(reading.citations),
        "updated_at": now,
    }
    if reading.content is not None:
        facts |= {
            "content": reading.content,
            "size_bytes": len(reading.content),
            "digest": hashlib.sha256(reading.content).hexdigest(),
            "media_type": reading.media_type,
            "charset": None if reading.charset is None else reading.charset[:CHARSET_LENGTH],
        }
    return facts


def _citation_row(
    article_id: int, position: int, plan: CitationPlan, links: Mapping[str, int]
) -> dict[str, Any]:
    found = plan.found
    return {
        "article_id": article_id,
        "position": position,
        "link_id": None if plan.original is None else links[plan.original],
        "kind": found.kind,
        "raw": found.raw,
        "target": found.target,
        "resolved": found.resolved,
        "base": found.base,
        "base_source": found.base_source,
        "anchor": found.anchor,
        "context": found.context,
        "start": found.start,
        "end": found.end,
        "line": found.line,
        "column": found.column,
        "locator": found.locator,
        "rel": list(found.rel) or None,
        "defects": to_plain(found.defects) or None,
        "identifier": to_plain(found.identifier),
        "readings": list(found.readings) or None,
        "hard_defect": plan.hard_defect,
        "outcome": plan.outcome,
        "repair": to_plain(plan.repair),
        "accepted": to_plain(_certain_repair(plan)),
    }


def _certain_repair(plan: CitationPlan) -> Candidate | None:
    """Return the candidate that already stands in the written form's place, None where none does."""
    if plan.repair is None or plan.original is None or plan.original == address_to_ask(plan.found):
        return None
    return next((each for each in plan.repair.candidates if each.url == plan.original), None)
