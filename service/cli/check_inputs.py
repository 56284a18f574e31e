"""The inputs of a run, read in the order given: files a short while at a time, pages from their addresses."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import groupby

from service.cli.inputs import Read, read_source, read_sources
from workers.errors import UnreadableDocument
from workers.extract.isolate import IsolatedReader
from workers.ingest import fetch_source
from workers.protocols import Fetcher
from workers.url import is_fetchable

READ_S = 0.2


async def read_inputs(inputs: Sequence[str], read: list[Read], *, fetcher: Fetcher, max_bytes: int) -> None:
    """Add every input, or its error, to `read` as it comes, in the order given."""
    with closing(IsolatedReader()) as reader:
        for are_addresses, names in groupby(inputs, is_fetchable):
            if are_addresses:
                for name in names:
                    page = await _read_page(name, reader, fetcher=fetcher, max_bytes=max_bytes)
                    read.append(page)
            else:
                sources = read_sources(list(names), reader)
                while some := await asyncio.to_thread(_read_some, sources):
                    read += some


async def _read_page(address: str, reader: IsolatedReader, *, fetcher: Fetcher, max_bytes: int) -> Read:
    """Return the page at an address as read, or its error."""
    try:
        source = await fetch_source(fetcher, address, max_bytes=max_bytes)
    except UnreadableDocument as error:
        return error
    return await asyncio.to_thread(read_source, source, reader)


def _read_some(sources: Iterator[Read]) -> list[Read]:
    """Return the inputs that can be read within a short while, at least one, none at the end."""
    some: list[Read] = []
    until = time.monotonic() + READ_S
    for read in sources:
        some.append(read)
        if time.monotonic() > until:
            break
    return some
