"""Stripped links found again: what was proposed for each, and the links that are certain."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import bindparam, or_, select, update

from service.store.citations import found_in
from service.store.coding import to_plain
from service.store.database import Database
from service.store.originals import ensure_links
from service.store.tables import ARTICLE, CITATION, LINK
from workers.ledger import ArticleInput, ArticleState, Recoverable
from workers.model import Decision, Kind, Outcome, Recovery, RecoveryReason

OWN_ADDRESS = (Kind.ORIGINAL_URL, Kind.CANONICAL)


async def load_recoverable(
    db: Database, article_id: int
) -> tuple[ArticleInput, Sequence[Recoverable]] | None:
    """Return an article with its stripped links to look for, None where there are none.

    Those are looked for that never were, and again those of which nothing could be told.

    Its `url` is its own address as the text names it, repaired where a repair was accepted.
    """
    could_not_tell = CITATION.c.recovery["reason"].as_string() == RecoveryReason.UNKNOWN
    lost = (
        select(CITATION)
        .where(CITATION.c.article_id == article_id, CITATION.c.outcome == Outcome.PLACEHOLDER)
        .where(or_(CITATION.c.recovery.is_(None), could_not_tell), CITATION.c.decision.is_(None))
        .order_by(CITATION.c.position)
    )
    own = (
        select(LINK.c.original)
        .join(CITATION, CITATION.c.link_id == LINK.c.id)
        .where(CITATION.c.article_id == article_id, CITATION.c.kind.in_(OWN_ADDRESS))
        .order_by(CITATION.c.position)
    )
    ready = select(ARTICLE).where(ARTICLE.c.id == article_id, ARTICLE.c.state == ArticleState.READY)
    async with db.read() as connection:
        article = (await connection.execute(ready)).first()
        rows = (await connection.execute(lost)).all()
        address = await connection.scalar(own.limit(1))
    if article is None or not rows:
        return None
    given = ArticleInput(
        article_id=article.id,
        source=article.source,
        url=address or article.own_url or article.url,
        format=article.format,
        media_type=article.media_type,
        charset=article.charset,
        content=None if article.content is None else bytes(article.content),
    )
    return given, [Recoverable(citation_id=row.id, found=found_in(row)) for row in rows]


async def store_recoveries(db: Database, recoveries: Sequence[tuple[int, Recovery]]) -> Sequence[int]:
    """Store recoveries and return the ids of the links that those decided `auto` now cite."""
    certain = {
        citation_id: recovery.best
        for citation_id, recovery in recoveries
        if recovery.decision is Decision.AUTO and recovery.best is not None
    }
    kept = [{"of": citation_id, "found": to_plain(recovery)} for citation_id, recovery in recoveries]
    undecided = (CITATION.c.id == bindparam("of")) & CITATION.c.decision.is_(None)
    async with db.write() as connection:
        links = await ensure_links(connection, certain.values(), now=datetime.now(UTC))
        if kept:
            change = update(CITATION).where(CITATION.c.id == bindparam("of"))
            await connection.execute(change.values(recovery=bindparam("found")), kept)
        if certain:
            rows = [{"of": citation_id, "to": links[url]} for citation_id, url in certain.items()]
            await connection.execute(update(CITATION).where(undecided).values(link_id=bindparam("to")), rows)
    return sorted(set(links.values()))
