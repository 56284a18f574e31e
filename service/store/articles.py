"""Articles: submitted once each, listed, read back whole."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import Database
from service.store.paging import DEFAULT_LIMIT, Cut, fetch_page
from service.store.tables import ARTICLE, text_hash, upsert
from service.store.values import NewArticle, Page, StoredArticle
from workers.ledger import ArticleState

CHARSET_LENGTH = 64
_COLUMNS = [
    column for column in ARTICLE.c if column.name not in ("content", "submit_hash", "url_hash", "skipped")
]


async def submit_article(db: Database, article: NewArticle) -> tuple[StoredArticle, bool]:
    """Keep an article to be read, or return the one kept before; True where it is new.

    Articles are the same where source and content are, or the address they are to be fetched from.
    One that had failed waits to be read again.

    Raises:
        ValueError: there is neither content nor an address.
    """
    if article.content is None and article.url is None:
        raise ValueError("an article needs content or an address")
    row = _new_row(article, datetime.now(UTC))
    async with db.write() as connection:
        insert = upsert(connection, ARTICLE).values(row).on_conflict_do_nothing()
        is_new = (await connection.execute(insert.returning(ARTICLE.c.id))).first() is not None
        if not is_new:
            await _queue_again(connection, row["submit_hash"], row["created_at"])
        query = select(*_COLUMNS).where(ARTICLE.c.submit_hash == row["submit_hash"])
        stored = make_article((await connection.execute(query)).one())
    return stored, is_new


async def get_article(db: Database, article_id: int) -> StoredArticle | None:
    """Return one article, None where there is none of that id."""
    async with db.read() as connection:
        row = (await connection.execute(select(*_COLUMNS).where(ARTICLE.c.id == article_id))).first()
    return None if row is None else make_article(row)


async def get_article_content(db: Database, article_id: int) -> bytes | None:
    """Return the bytes of an article as they came; None where it is unknown or not yet fetched."""
    async with db.read() as connection:
        content = await connection.scalar(select(ARTICLE.c.content).where(ARTICLE.c.id == article_id))
    return None if content is None else bytes(content)


async def list_articles(
    db: Database, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT, state: ArticleState | None = None
) -> Page[StoredArticle]:
    """Return articles, the newest first.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    query = select(*_COLUMNS)
    if state is not None:
        query = query.where(ARTICLE.c.state == state)
    cut = Cut(cursor=cursor, limit=limit, newest_first=True)
    async with db.read() as connection:
        return await fetch_page(connection, query, ARTICLE.c.id, cut, make_article)


def make_article(row: Row[Any]) -> StoredArticle:
    """Return the view of one row."""
    return StoredArticle(**row._mapping)  # noqa: SLF001 - public in SQLAlchemy, by its own documentation


def _new_row(article: NewArticle, now: datetime) -> dict[str, Any]:
    content = article.content
    digest = None if content is None else hashlib.sha256(content).hexdigest()
    same = f"content\0{digest}\0{article.source}" if digest else f"address\0{article.url}"
    return {
        "submit_hash": text_hash(same),
        "source": article.source,
        "url": article.url,
        "url_hash": None if article.url is None else text_hash(article.url),
        "format": article.format,
        "media_type": article.media_type,
        "charset": None if article.charset is None else article.charset[:CHARSET_LENGTH],
        "content": content,
        "size_bytes": len(content or b""),
        "digest": digest,
        "state": ArticleState.QUEUED,
        "created_at": now,
        "updated_at": now,
    }


async def _queue_again(connection: AsyncConnection, submit_hash: str, now: datetime) -> None:
    failed = (ARTICLE.c.submit_hash == submit_hash) & (ARTICLE.c.state == ArticleState.FAILED)
    queued = {
        "state": ArticleState.QUEUED,
        "attempt": ARTICLE.c.attempt + 1,
        "reason": None,
        "updated_at": now,
    }
    await connection.execute(update(ARTICLE).where(failed).values(queued))
