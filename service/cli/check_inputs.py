"""The inputs of a run, told in the order given: files a short while at a time, pages side by side."""

import asyncio
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import groupby, islice

from service.cli.inputs import Read, read_source, read_sources
from workers.errors import UnreadableDocument
from workers.extract.isolate import IsolatedReader
from workers.ingest import answered_source, page_request
from workers.model import Observation
from workers.protocols import Fetcher, FetchRequest
from workers.url import is_fetchable

READ_S = 0.2
# Pages asked for at a time: so many bodies, each as long as an article may be, may wait to be read.
PAGES = 32


async def read_inputs(inputs: Sequence[str], read: list[Read], *, fetcher: Fetcher, max_bytes: int) -> None:
    """Add every input, or its error, to `read` as it comes, in the order given."""
    with closing(IsolatedReader()) as reader:
        for are_addresses, names in groupby(inputs, is_fetchable):
            if are_addresses:
                while addresses := list(islice(names, PAGES)):
                    requests = [page_request(url, max_bytes=max_bytes) for url in addresses]
                    await _read_pages(requests, read, reader, fetcher=fetcher)
            else:
                sources = read_sources(list(names), reader)
                while some := await asyncio.to_thread(_read_some, sources):
                    read += some


async def _read_pages(
    requests: Sequence[FetchRequest], read: list[Read], reader: IsolatedReader, *, fetcher: Fetcher
) -> None:
    """Add pages, or their errors, to `read`, each as soon as all before it are there."""
    waiting = deque(request.url for request in requests)
    pages: dict[str, Read] = {}
    async for request, seen in fetcher.observe_many(dict.fromkeys(requests)):
        pages[request.url] = await asyncio.to_thread(_read_page, request, seen, reader)
        while waiting and waiting[0] in pages:
            read.append(pages[waiting.popleft()])


def _read_page(request: FetchRequest, seen: Observation, reader: IsolatedReader) -> Read:
    """Return the page at an address as read, or its error."""
    try:
        source = answered_source(request, seen)
    except UnreadableDocument as error:
        return error
    return read_source(source, reader)


def _read_some(sources: Iterator[Read]) -> list[Read]:
    """Return the inputs that can be read within a short while, at least one, none at the end."""
    some: list[Read] = []
    until = time.monotonic() + READ_S
    for read in sources:
        some.append(read)
        if time.monotonic() > until:
            break
    return some
