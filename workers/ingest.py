"""Reading articles for jobs: from what was submitted, or from their address on the web."""

import asyncio
from collections.abc import Callable

from workers.article_page import fetch_source
from workers.errors import UnreadableDocument
from workers.extract.entries import article_named
from workers.extract.source import Source
from workers.ledger import ArticleInput, Reading
from workers.model import Document, Format
from workers.protocols import Fetcher
from workers.reading import plan_reading

FindLinks = Callable[[Source, Format | None], Document]


class ArticleReader:
    """Reads articles for jobs; implements `workers.ledger.Reader`.

    `find_links` parses, apart from the event loop and within its own limits.
    """

    def __init__(self, fetcher: Fetcher, find_links: FindLinks, *, max_bytes: int) -> None:
        self._fetcher = fetcher
        self._find_links = find_links
        self._max_bytes = max_bytes

    async def read(self, article: ArticleInput) -> Reading:
        """Read one article, fetched first where only its address is known.

        Raises:
            UnreadableDocument: it cannot be fetched or read.
        """
        if article.content is None:
            if article.url is None:
                raise UnreadableDocument(article.source, "has neither content nor address")
            source = await fetch_source(self._fetcher, article.url, max_bytes=self._max_bytes)
        else:
            source = Source(
                name=article.source,
                data=article.content,
                media_type=article.media_type,
                charset=article.charset,
                base=article.url,
            )
        document = await asyncio.to_thread(self._find_links, source, article.format)
        reading = plan_reading(article_named(document, article.source))
        if article.content is not None:
            return reading
        return Reading(
            document=reading.document,
            citations=reading.citations,
            content=source.data,
            media_type=source.media_type,
            charset=source.charset,
        )
