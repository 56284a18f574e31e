"""The inputs of a run, told in the order given: files a short while at a time, pages side by side."""

import asyncio
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import groupby, islice

from service.cli.inputs import Read, ReadInput, articles_in, read_sources
from service.cli.selection import Selection
from workers.article_page import page_request
from workers.errors import UnreadableDocument
from workers.extract.isolate import IsolatedReader
from workers.listed import PAGES, ReadPage, SiteWalk, WalkBounds, read_pages
from workers.protocols import Fetcher
from workers.url import is_fetchable

READ_S = 0.2


class InputReader:
    """Reads the inputs of one run and gives each to `keep`, so that an interruption loses none before it.

    An entry of a feed that carries its text is an article of its own, in feeds that a copy for every entry
    makes no longer than `copies_bytes`. `bounds` says how far
    what sitemaps and feeds list is walked, None that it is not; `walked` are the addresses that only a list
    named, and `walk` what is known of them, None before anything is read.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        selection: Selection,
        keep: Callable[[Read], None],
        *,
        max_bytes: int,
        copies_bytes: float = math.inf,
        bounds: WalkBounds | None = None,
    ) -> None:
        self.walked: set[str] = set()
        self.walk: SiteWalk | None = None
        self._fetcher = fetcher
        self._selection = selection
        self._keep_one = keep
        self._max_bytes = max_bytes
        self._copies_bytes = copies_bytes
        self._bounds = bounds

    async def read_all(self, names: Sequence[str]) -> None:
        """Read every input, in the order given; what a list names stands behind it."""
        with closing(IsolatedReader()) as reader:
            if self._bounds is not None:
                self.walk = SiteWalk(
                    self._fetcher,
                    reader.find_links,
                    bounds=self._bounds,
                    max_bytes=self._max_bytes,
                    is_wanted=self._selection.wants,
                )
            for are_addresses, some in groupby(names, is_fetchable):
                if are_addresses:
                    await self._read_addresses(some, reader)
                else:
                    await self._read_files(list(some), reader)

    async def _read_addresses(self, names: Iterator[str], reader: IsolatedReader) -> None:
        while addresses := list(islice(names, PAGES)):
            requests = [page_request(url, max_bytes=self._max_bytes) for url in addresses]
            async for page in read_pages(requests, fetcher=self._fetcher, find_links=reader.find_links):
                await self._add(_as_read(page))

    async def _read_files(self, names: Sequence[str], reader: IsolatedReader) -> None:
        sources = read_sources(names, reader)
        while some := await asyncio.to_thread(_read_some, sources):
            some.reverse()
            while some:
                await self._add(some.pop())  # a large one is let go as soon as it is kept

    async def _add(self, read: Read) -> None:
        self._keep(read)
        if self.walk is None or isinstance(read, UnreadableDocument):
            return
        async for page in self.walk.pages_of(read.document):
            below = _as_read(page)
            self.walked.add(below.source if isinstance(below, UnreadableDocument) else below.source.name)
            self._keep(below)

    def _keep(self, read: Read) -> None:
        for each in articles_in(read, copies_bytes=self._copies_bytes):
            self._keep_one(each)


def _as_read(page: ReadPage) -> Read:
    if isinstance(page, UnreadableDocument):
        return page
    source, document = page
    return ReadInput(source=source, document=document)


def _read_some(sources: Iterator[Read]) -> list[Read]:
    """Return the inputs that can be read within a short while, at least one, none at the end."""
    some: list[Read] = []
    until = time.monotonic() + READ_S
    for read in sources:
        some.append(read)
        if time.monotonic() > until:
            break
    return some
