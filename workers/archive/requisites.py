"""What a page needs to be looked at, images and style sheets, captured beside it within bounds."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from workers.errors import CaptureFailed, UnreadableDocument
from workers.extract.find import find_links
from workers.extract.source import Source
from workers.model import Exchange, Format, FoundLink, Kind, Observation
from workers.protocols import Archive, Fetcher, FetchRequest
from workers.url import is_fetchable, without_fragment

STYLES: Final = frozenset({"stylesheet"})
TYPES: Final = ("image/", "text/css", "font/")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequisiteBounds:
    """How much may be fetched for one page: how many addresses, and bytes of all together.

    The count is kept before asking; the bytes are counted as answers come, so the last answers under
    way may pass the bound by what one body may have.
    """

    max_count: int = 50
    max_bytes: int = 20_000_000
    at_once: int = 6


def find_requisites(page: Observation, *, max_count: int) -> tuple[str, ...]:
    """Return the addresses of a page's style sheets, then of its images, each once, at most `max_count`."""
    if page.media_type not in {"text/html", "application/xhtml+xml"} or not page.body:
        return ()
    source = Source(
        name=page.final_url,
        data=page.body,
        media_type=page.media_type,
        charset=page.charset,
        base=page.final_url,
    )
    try:
        links = find_links(source, format=Format.HTML).links
    except UnreadableDocument:
        return ()
    styles = _addresses(link for link in links if STYLES & set(link.rel))
    images = _addresses(link for link in links if link.kind is Kind.IMAGE)
    wanted = dict.fromkeys((*styles, *images))
    wanted.pop(without_fragment(page.final_url), None)
    return tuple(wanted)[:max_count]


async def capture_requisites(
    page: Observation, *, fetcher: Fetcher, archive: Archive, bounds: RequisiteBounds
) -> int:
    """Fetch and capture what a page needs; return how many were captured.

    What does not answer with an image, a style sheet or a font is left out. Style sheets are not read
    for what they need in turn.

    Raises:
        CaptureFailed: one could not be written whole.
    """
    waiting = iter(find_requisites(page, max_count=bounds.max_count))
    captured, received_bytes = 0, 0

    async def take() -> None:
        nonlocal captured, received_bytes
        for url in waiting:
            if received_bytes >= bounds.max_bytes:
                return
            seen = await fetcher.observe(FetchRequest(url=url, record=True))
            received_bytes += _bytes_of(seen.exchanges)
            if seen.status == 200 and (seen.media_type or "").startswith(TYPES):  # noqa: PLR2004  OK
                await archive.capture(seen.exchanges)
                captured += 1

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(bounds.at_once):
                group.create_task(take())
    except* CaptureFailed as failures:
        # One full disk fails several at once; the first says why.
        failed = next(iter(failures.exceptions))
        raise CaptureFailed(str(failed)) from failed
    return captured


def _addresses(links: Iterable[FoundLink]) -> list[str]:
    resolved = (without_fragment(link.resolved) for link in links if link.resolved)
    return [url for url in resolved if is_fetchable(url)]


def _bytes_of(exchanges: Iterable[Exchange]) -> int:
    return sum(len(exchange.body) for exchange in exchanges)
