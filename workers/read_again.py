"""A kept article read again as it was read when it was kept, with its citations at their places."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from workers.extract.source import Source
from workers.model import Document, FoundLink


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAgain:
    """An article as read again; `positions` are those of its links by the number of the citation there.

    A citation that stands in no place of this reading is left out.
    """

    source: Source
    document: Document
    positions: Mapping[int, int]


def kept_sources(
    *, name: str, content: bytes, media_type: str | None, charset: str | None, base: str | None
) -> Iterator[Source]:
    """Yield the ways in which kept content may have been read, the likeliest first.

    What came as JSON (without a media type) is text already; it reads otherwise where its own words name
    another charset.
    """
    yield Source(name=name, data=content, media_type=media_type, charset=charset, base=base)
    if media_type is None:
        with suppress(UnicodeDecodeError):
            yield Source(name=name, text=content.decode("utf-8"), base=base)


def read_again(
    sources: Iterable[Source], cited: Sequence[FoundLink], find_links: Callable[[Source], Document]
) -> ReadAgain | None:
    """Return the reading in which most citations stand at their places, None without a source.

    Blocking, for a thread.

    Raises:
        UnreadableDocument: a source cannot be read.
    """
    best: ReadAgain | None = None
    for source in sources:
        document = find_links(source)
        positions = find_places(document, cited)
        if best is None or len(positions) > len(best.positions):
            best = ReadAgain(source=source, document=document, positions=positions)
        if len(positions) == len(cited):
            break
    return best


def find_places(document: Document, cited: Iterable[FoundLink]) -> dict[int, int]:
    """Return the positions of the document's links by the number of the citation in the same place.

    Where several stand in one place, each takes its own, in order.
    """
    positions: dict[tuple[object, ...], deque[int]] = {}
    for position, found in enumerate(document.links):
        positions.setdefault(_place(found), deque()).append(position)
    placed: dict[int, int] = {}
    for number, found in enumerate(cited):
        waiting = positions.get(_place(found))
        if waiting:
            placed[number] = waiting.popleft()
    return placed


def _place(found: FoundLink) -> tuple[object, ...]:
    # A locator beside offsets says in other words what they say already.
    locator = found.locator if found.start is None else None
    return (found.start, found.end, locator, found.raw, found.target)
