"""The pages that sitemaps and feeds list, read one after the other within bounds, as robots.txt allows.

Every page is asked for once in a run, through the fetcher's own queue: its gap, its limit a host, and the
site's Crawl-delay hold. What cannot be had is an error in its place, and the rest goes on.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from workers.article_page import answered_source, page_request
from workers.errors import UnreadableDocument
from workers.extract.entries import SITEMAP_RELATION
from workers.extract.source import Source
from workers.fetch.target import read_target
from workers.model import Document, Format, FoundLink, Kind, Observation
from workers.protocols import Fetcher, FetchRequest

PAGES = 32
"""Pages asked for at a time: so many bodies, each as long as an article may be, may wait to be read."""

KEPT_BODY_BYTES = 65_536
_BEYOND = "listed pages beyond the bound"

ReadPage = tuple[Source, Document] | UnreadableDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkBounds:
    """How far one run walks: pages read, sitemaps followed, and sitemaps one below the other."""

    pages: int = 100
    lists: int = 100
    depth: int = 3


async def read_pages(
    requests: Iterable[FetchRequest],
    *,
    fetcher: Fetcher,
    find_links: Callable[[Source], Document],
    on_answer: Callable[[FetchRequest, Observation], None] | None = None,
) -> AsyncIterator[ReadPage]:
    """Yield every page, or its error, in the order asked for, each as soon as all before it are there.

    `find_links` parses, in a thread. `on_answer` is told of every answer as it comes.
    """
    ordered = list(requests)
    waiting = deque(request.url for request in ordered)
    pages: dict[str, ReadPage] = {}
    async for request, seen in fetcher.observe_many(dict.fromkeys(ordered)):
        if on_answer is not None:
            on_answer(request, seen)
        pages[request.url] = await asyncio.to_thread(_read, request, seen, find_links)
        while waiting and waiting[0] in pages:
            yield pages[waiting.popleft()]


def _read(request: FetchRequest, seen: Observation, find_links: Callable[[Source], Document]) -> ReadPage:
    try:
        source = answered_source(request, seen)
        return source, find_links(source)
    except UnreadableDocument as error:
        return error


class SiteWalk:
    """One walk over all the lists of a run; `answers` holds what each page was answered with, by address.

    `is_wanted` says of a list's name and an address whether that page may be asked for. `passed_over` counts,
    by list, the pages that were left when the bound was reached.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        find_links: Callable[[Source], Document],
        *,
        bounds: WalkBounds,
        max_bytes: int,
        is_wanted: Callable[[str, str], bool] = lambda _list, _address: True,
    ) -> None:
        self.answers: dict[str, Observation] = {}
        self.passed_over: Counter[str] = Counter()
        self._fetcher = fetcher
        self._find_links = find_links
        self._max_bytes = max_bytes
        self._is_wanted = is_wanted
        self._bounds = bounds
        self._pages_left = bounds.pages
        self._lists_left = bounds.lists
        self._begun: set[str] = set()

    async def pages_of(self, document: Document, *, depth: int = 0) -> AsyncIterator[ReadPage]:
        """Yield the pages that a list names, in its order; a sitemap it names comes before its own pages.

        Of a sitemap that was followed only what was walked is left among its links. What is no list has no
        pages.
        """
        if depth == 0:
            self._begun.add(_key(document.source))
        for address in self._unbegun(document, listed_sitemaps(document)):
            if self._pages_left <= 0 or self._lists_left <= 0 or depth >= self._bounds.depth:
                self.passed_over[document.source] += 1
                continue
            async for page in self._follow(address, depth=depth + 1):
                yield page
        addresses = list(self._unbegun(document, listed_pages(document)))
        if len(addresses) > self._pages_left:
            self.passed_over[document.source] += len(addresses) - self._pages_left
            del addresses[self._pages_left :]
        self._pages_left -= len(addresses)
        for at in range(0, len(addresses), PAGES):
            async for page in self._read(addresses[at : at + PAGES]):
                yield page

    def _unbegun(self, document: Document, addresses: Iterable[str]) -> Iterator[str]:
        """Yield those addresses that are wanted and not begun yet; each is begun when it is taken."""
        for address in addresses:
            if _key(address) not in self._begun and self._is_wanted(document.source, address):
                self._begun.add(_key(address))
                yield address

    async def _follow(self, address: str, *, depth: int) -> AsyncIterator[ReadPage]:
        """Yield a sitemap that a list names, and its pages."""
        self._lists_left -= 1
        async for page in self._read([address]):
            if isinstance(page, UnreadableDocument):
                yield page
                continue
            source, document = page
            below = [each async for each in self.pages_of(document, depth=depth)]
            yield source, self._walked(document)
            for each in below:
                yield each

    def _walked(self, document: Document) -> Document:
        """Return a followed sitemap with the links that were walked; the rest is counted."""
        links = tuple(link for link in document.links if self._was_walked(link))
        if document.format is not Format.SITEMAP or len(links) == len(document.links):
            return document
        skipped = dict(document.skipped) | {_BEYOND: len(document.links) - len(links)}
        return replace(document, links=links, skipped=skipped)

    def _was_walked(self, link: FoundLink) -> bool:
        return link.resolved is not None and link.resolved in self.answers

    async def _read(self, addresses: Iterable[str]) -> AsyncIterator[ReadPage]:
        requests = [page_request(url, max_bytes=self._max_bytes, walks=True) for url in addresses]
        pages = read_pages(requests, fetcher=self._fetcher, find_links=self._find_links, on_answer=self._keep)
        async for page in pages:
            yield page

    def _keep(self, request: FetchRequest, seen: Observation) -> None:
        """Keep an answer for the check of its link, and of its body as much as a check reads."""
        is_long = len(seen.body) > KEPT_BODY_BYTES
        self.answers[request.url] = (
            replace(seen, body=seen.body[:KEPT_BODY_BYTES], body_complete=False) if is_long else seen
        )


def _key(address: str) -> str:
    """Return what is the same for two ways to write one address; the fragment is nothing of it."""
    target = read_target(address)
    return address if target is None else target.url


def listed_sitemaps(document: Document) -> Iterator[str]:
    """Yield the sitemaps that a sitemap index names, in its order."""
    for link in document.links:
        if link.resolved is not None and SITEMAP_RELATION in link.rel and document.format is Format.SITEMAP:
            yield link.resolved


def listed_pages(document: Document) -> Iterator[str]:
    """Yield the pages that a document lists without their text: all of a sitemap, of a feed those without."""
    if document.format is Format.SITEMAP:
        for link in document.links:
            is_page = link.kind is Kind.FEED_ITEM and SITEMAP_RELATION not in link.rel
            if is_page and link.resolved is not None:
                yield link.resolved
    for entry in document.entries:
        if entry.page is not None and not entry.has_content:
            yield entry.page


class AnsweredFetcher:
    """A `Fetcher` that hands out answers which a walk has had already, each once, and asks for the rest."""

    def __init__(self, inner: Fetcher, answers: Mapping[str, Observation]) -> None:
        self._inner = inner
        self._answers = dict(answers)

    async def observe(self, request: FetchRequest) -> Observation:
        """Ask for one address."""
        return await self._inner.observe(request)

    async def observe_many(
        self, requests: Iterable[FetchRequest]
    ) -> AsyncIterator[tuple[FetchRequest, Observation]]:
        """Ask for many addresses; what is known comes first."""
        unknown = []
        for request in requests:
            known = None if request.record else self._answers.pop(request.url, None)
            if known is None:
                unknown.append(request)
            else:
                yield request, known
        async for answered in self._inner.observe_many(unknown):
            yield answered
