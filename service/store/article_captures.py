"""The local captures of an article: of every link that it cites, and of its own address."""

from collections.abc import Sequence

from sqlalchemy import select

from service.store.captures import StoreCaptureIndex
from service.store.database import Database
from service.store.tables import ARTICLE, CITATION, LINK
from workers.archive.captures import LocalCapture
from workers.archive.wacz import gather
from workers.url import lookup_key


async def list_article_captures(db: Database, article_id: int) -> Sequence[LocalCapture]:
    """Return the captures of an article's links with all that replaying them needs, oldest first.

    That is: where they were redirected to, and what revisits stand for.
    """
    index = StoreCaptureIndex(db)
    cited = select(CITATION.c.link_id).where(CITATION.c.article_id == article_id)
    links = select(LINK.c.original).where(LINK.c.id.in_(cited)).order_by(LINK.c.id)
    own = select(ARTICLE.c.url, ARTICLE.c.own_url).where(ARTICLE.c.id == article_id)
    async with db.read() as connection:
        originals = list(await connection.scalars(links))
        for row in await connection.execute(own):
            originals += [url for url in row if url]
    captures: list[LocalCapture] = []
    for key in dict.fromkeys(map(lookup_key, originals)):
        captures += await index.list(key)
    return await gather(captures, index)
