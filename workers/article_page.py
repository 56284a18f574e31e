"""An article at its address on the web: how it is asked for, and what answers as a document."""

from workers.errors import UnreadableDocument
from workers.extract.source import Source
from workers.model import Observation
from workers.protocols import Fetcher, FetchRequest


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
