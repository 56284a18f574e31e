"""Text that stands inside another text in escaped form, and the way back to the places it came from.

A JSON string, the text of an XML element or a quoted CSV cell is decoded before it is read; what is
found in it is then carried back to the outer source, where `raw` is the slice as it is written there.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workers.extract.source_map import SourceMap
from workers.model import FoundLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some decoded text and the span of the outer source that it was written as.

    Where both have the same length they are taken to be the same characters; any other piece (an
    escape, an entity) cannot be divided.
    """

    text: str
    start: int
    end: int


class EmbeddedText:
    """A decoded text, made of pieces in source order; offsets into it can be carried back."""

    __slots__ = ("_empty_at", "_offsets", "_pieces", "text")

    def __init__(self, pieces: Iterable[Piece]) -> None:
        every = list(pieces)
        self._empty_at = every[0].start if every else 0
        self._pieces: Sequence[Piece] = [piece for piece in every if piece.text]
        self._offsets: list[int] = []
        offset = 0
        for piece in self._pieces:
            self._offsets.append(offset)
            offset += len(piece.text)
        self.text = "".join(piece.text for piece in self._pieces)

    @property
    def pieces(self) -> Sequence[Piece]:
        """Return the pieces that hold text, in source order."""
        return self._pieces

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the outer span that `text[start:end]` was written as; an empty one where that is empty."""
        if not self._pieces:
            return self._empty_at, self._empty_at
        first, start_within = self._place(start)
        outer_start = first.start + start_within if _is_verbatim(first) else first.start
        if end <= start:
            return outer_start, outer_start
        last, end_within = self._place(end - 1)
        outer_end = last.start + end_within + 1 if _is_verbatim(last) else last.end
        return outer_start, outer_end

    def inner(self, outer_offset: int) -> int:
        """Return the offset in `text` of what stands at `outer_offset`, or of what follows it."""
        index = bisect_right(self._pieces, outer_offset, key=lambda piece: piece.start) - 1
        if index < 0:
            return 0
        piece, offset = self._pieces[index], self._offsets[index]
        if outer_offset >= piece.end:
            return offset + len(piece.text)
        return offset + (outer_offset - piece.start if _is_verbatim(piece) else 0)

    def _place(self, offset: int) -> tuple[Piece, int]:
        """Return the piece that holds the code point at `offset`, and its offset within the piece."""
        index = max(bisect_right(self._offsets, offset) - 1, 0)
        return self._pieces[index], offset - self._offsets[index]


def _is_verbatim(piece: Piece) -> bool:
    return piece.end - piece.start == len(piece.text)


def carry_back(
    links: Iterable[FoundLink], embedded: EmbeddedText, outer: SourceMap, *, locator: str | None = None
) -> list[FoundLink]:
    """Return `links`, found in `embedded.text`, with places and `raw` in the outer source, in its order.

    `target`, `anchor` and the rest stay as they were read. `locator` names the place in the outer
    format's own terms.
    """
    carried = []
    for link in links:
        if link.start is None or link.end is None:
            carried.append(replace(link, locator=locator))
            continue
        start, end = embedded.span(link.start, link.end)
        line, column = outer.position(start)
        carried.append(
            replace(
                link,
                raw=outer.text[start:end],
                start=start,
                end=end,
                line=line,
                column=column,
                locator=locator,
            )
        )
    return sorted(carried, key=_outer_place)


def _outer_place(link: FoundLink) -> tuple[int, int]:
    return (link.start or 0, link.end or 0)
