"""The inputs of a run, read: files and folders a short while at a time, then pages from their addresses."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import closing

from service.cli.inputs import Read, read_source, read_sources, split_addresses
from workers.errors import UnreadableDocument
from workers.extract.isolate import IsolatedReader
from workers.ingest import fetch_source
from workers.protocols import Fetcher

READ_S = 0.2


async def read_inputs(inputs: Sequence[str], read: list[Read], *, fetcher: Fetcher, max_bytes: int) -> None:
    """Add every input, or its error, to `read` as it comes: paths in the order given, then addresses."""
    paths, addresses = split_addresses(inputs)
    with closing(IsolatedReader()) as reader:
        sources = read_sources(paths, reader)
        while some := await asyncio.to_thread(_read_some, sources):
            read += some
        for address in addresses:
            try:
                source = await fetch_source(fetcher, address, max_bytes=max_bytes)
                read.append(await asyncio.to_thread(read_source, source, reader))
            except UnreadableDocument as error:
                read.append(error)


def _read_some(sources: Iterator[Read]) -> list[Read]:
    """Return the inputs that can be read within a short while, at least one, none at the end."""
    some: list[Read] = []
    until = time.monotonic() + READ_S
    for read in sources:
        some.append(read)
        if time.monotonic() > until:
            break
    return some
