"""Addresses and identifiers in the running text of a page, also where inline tags cut them in two.

A page writes `https://a.org/<wbr>long` or puts half of an address into a `span`; a reader sees one word.
Pieces of text with nothing but such tags between them are read as one; `raw` is then the slice of the
source with its tags, `target` what a reader sees.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from workers.extract.embedded import EmbeddedText, Piece
from workers.extract.finding import Found
from workers.extract.html_source import decode_text
from workers.extract.scanner import scan
from workers.extract.text import bare_finding, with_mentions
from workers.model import Kind

# What stands between two pieces of text: nothing, a place to break a line, tags that open or close, a cut.
WBR, OPENED, CLOSED, CUT = 1, 2, 4, 8
SEPARATORS = frozenset("/.-_=&?%:#+")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """One text token: `text[at:stop]` of the source says `data`; `seam` is what stands before it."""

    at: int
    stop: int
    data: str
    seam: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding, and where it begins in its piece of decoded text."""

    found: Found
    piece: int
    within: int


def find_in_pieces(
    text: str, pieces: Sequence[TextPiece], may_hold: Callable[[str], bool]
) -> Iterator[Placed]:
    """Yield the findings in the pieces of one block of text, in order."""
    first = 0
    while first < len(pieces):
        end = _run_end(pieces, first)
        run = pieces[first:end]
        if may_hold(run[0].data if len(run) == 1 else "".join(piece.data for piece in run)):
            yield from _find_in_run(text, run, first)
        first = end


def _run_end(pieces: Sequence[TextPiece], first: int) -> int:
    """Return the index behind the last piece that a reader sees as one word with those before it."""
    end, opened = first + 1, False
    while end < len(pieces):
        before, piece = pieces[end - 1], pieces[end]
        seam = piece.seam
        if seam & CUT or before.data[-1:].isspace() or piece.data[:1].isspace():
            break
        is_inside = seam == 0 or bool(seam & (WBR | OPENED)) or opened
        if not is_inside and before.data[-1:] not in SEPARATORS:
            break
        opened = bool(seam & OPENED) or (opened and not seam & CLOSED)
        end += 1
    return end


def _find_in_run(text: str, run: Sequence[TextPiece], first: int) -> Iterator[Placed]:
    if len(run) == 1:
        for found in _find(text, run[0].at, run[0].stop):
            yield Placed(found, first, _within(run[0], found))
        return
    embedded = EmbeddedText(
        Piece(text=text[piece.at : piece.stop], start=piece.at, end=piece.stop) for piece in run
    )
    for found in _find(embedded.text, 0, len(embedded.text)):
        length = found.end - found.start
        found.start, found.end = embedded.span(found.start, found.end)
        index = next(i for i in range(len(run) - 1, -1, -1) if run[i].at <= found.start)
        if found.end - found.start > length and not found.readings:
            found.readings = _readings(found, text[found.start : run[index].stop], run[index + 1 :])
        yield Placed(found, first + index, _within(run[index], found))


def _readings(found: Found, cut: str, later: Sequence[TextPiece]) -> tuple[str, ...]:
    """Return the joined and the cut form of an address that tags divide; a place to break is no doubt."""
    if found.kind is Kind.IDENTIFIER or all(piece.seam == WBR for piece in later if piece.at < found.end):
        return ()
    return tuple(dict.fromkeys((found.target, decode_text(cut))))


def _within(piece: TextPiece, found: Found) -> int:
    if piece.stop - piece.at == len(piece.data):
        return found.start - piece.at
    return max(0, piece.data.find(found.target[:40]))


def _find(text: str, at: int, stop: int) -> list[Found]:
    """Return the addresses and identifiers in `text[at:stop]`, in order."""
    piece = text if at == 0 and stop == len(text) else text[at:stop]
    found = []
    for span in scan(piece):
        item = bare_finding(piece, span)
        # Markdown's brackets mean nothing here.
        item.kind, item.seen_at, item.anchor, item.is_bare = Kind.BARE, None, "", True
        found.append(item)
    found = with_mentions(piece, (), found)
    for item in found:
        item.target = decode_text(item.target)
        item.readings = tuple(decode_text(reading) for reading in item.readings)
        item.start += at
        item.end += at
    found.sort(key=_start)
    return found


def _start(found: Found) -> int:
    return found.start
