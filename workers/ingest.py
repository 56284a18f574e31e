"""Reading articles for jobs: from what was submitted, or from their address on the web."""

import asyncio
from collections.abc import Callable

from workers.errors import UnreadableDocument
from workers.extract.entries import article_named
from workers.extract.source import Source
from workers.ledger import ArticleInput, Reading
from workers.model import Document, Format, Observation
from workers.protocols import Fetcher, FetchRequest
from workers.reading import plan_reading

FindLinks = Callable[[Source, Format | None], Document]


def page_request(url: str, *, max_bytes: int, walks: bool = False) -> FetchRequest:
    """Return how an article is asked for at its address; `walks`: only a list of its site names it."""
    return FetchRequest(url=url, max_body_bytes=max_bytes, walks=walks)


async def fetch_source(fetcher: Fetcher, url: str, *, max_bytes: int) -> Source:
    """Return the document that answers at `url`, with the final address as its base.

    Raises:
        UnreadableDocument: nothing answered, the status is no success, or it is longer than `max_bytes`.
    """
    request = page_request(url, max_bytes=max_bytes)
    return answered_source(request, await fetcher.observe(request))


def answered_source(request: FetchRequest, seen: Observation) -> Source:
    """Return the document that a `page_request` was answered with, with the final address as its base.

    Raises:
        UnreadableDocument: nothing answered, the status is no success, or it is longer than was asked for.
    """
    url, max_bytes = request.url, request.max_body_bytes
    if seen.status is None or not 200 <= seen.status < 300:  # noqa: PLR2004 - the class of success
        raise UnreadableDocument(url, _why_not(seen))
    if max_bytes is not None and not seen.body_complete and len(seen.body) >= max_bytes:
        raise UnreadableDocument(url, f"is longer than {max_bytes} bytes")
    return Source(
        name=url,
        data=seen.body,
        media_type=seen.media_type,
        charset=seen.charset,
        base=seen.final_url,
    )


def _why_not(seen: Observation) -> str:
    """Return in words why an article's own page could not be had."""
    if seen.status is not None:
        return f"answered with status {seen.status}"
    return f"could not be fetched: {seen.failure_reason or seen.failure}"


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
