"""What a command was pointed at, read one after the other: files, folders, standard input, addresses."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workers.errors import UnreadableDocument
from workers.extract.entries import articles_of
from workers.extract.isolate import IsolatedReader
from workers.extract.source import Source
from workers.extract.walk import walk
from workers.model import Document

STANDARD_INPUT = "-"
MAX_INPUT_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadInput:
    """One article as it came and as it was read."""

    source: Source
    document: Document


Read = ReadInput | UnreadableDocument


def find_sources(names: Sequence[str]) -> Iterator[Source | UnreadableDocument]:
    """Yield every article that paths hold; `-` is standard input; what cannot be read is its error."""
    for name in names:
        if name == STANDARD_INPUT:
            yield _standard_input()
        else:
            yield from walk([name])


def read_sources(names: Sequence[str], reader: IsolatedReader) -> Iterator[Read]:
    """Yield every article that paths hold, read; one that cannot be read comes back as its error."""
    for source in find_sources(names):
        yield source if isinstance(source, UnreadableDocument) else read_source(source, reader)


def read_source(source: Source, reader: IsolatedReader) -> Read:
    """Return one article as read, or its error."""
    try:
        return ReadInput(source=source, document=reader.find_links(source))
    except UnreadableDocument as error:
        return error


def articles_in(read: Read, *, copies_bytes: float) -> Iterator[Read]:
    """Yield an input, and apart from it each entry of a feed that carries its text.

    A feed stays whole where a copy of it for every entry would take more than `copies_bytes`.
    """
    if isinstance(read, UnreadableDocument):
        yield read
        return
    whole, *entries = articles_of(read.document)
    if len(read.source.data) * len(entries) > copies_bytes:
        yield read
        return
    yield replace(read, document=whole)
    for entry in entries:
        source = replace(read.source, name=entry.source, base=entry.own_url or read.source.base)
        yield ReadInput(source=source, document=entry)


def _standard_input() -> Source | UnreadableDocument:
    try:
        data = sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
    except UnreadableDocument as error:
        return error
    if len(data) > MAX_INPUT_BYTES:
        return UnreadableDocument(STANDARD_INPUT, f"is larger than {MAX_INPUT_BYTES} bytes")
    return Source(name=STANDARD_INPUT, data=data)
