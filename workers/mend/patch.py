"""The changes of a text document as a unified patch that `patch` and `git apply` take.

Made from the edits themselves, so that a large document costs no comparison. Line ends are part of the
lines: a CRLF document gives a CRLF patch.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from workers.mend.change import ByteEdit

CONTEXT_LINES = 3
NO_NEWLINE = b"\\ No newline at end of file\n"
QUOTED_BYTES = frozenset(b'"\\\t\n\r')
ASCII_PRINTABLE = range(0x20, 0x7F)


@dataclass(frozen=True, slots=True)
class _Swap:
    """Lines `first` to `last` of the old document (from 0, `last` not among them) become `new`."""

    first: int
    last: int
    new: tuple[bytes, ...]


def unified_patch(name: str, data: bytes, edits: Sequence[ByteEdit]) -> bytes:
    """Return the patch that turns `data` into itself with `edits` made; empty where there are none.

    `name` is the path in the patch, below `a/` and `b/`.
    """
    if not edits:
        return b""
    lines = _lines(data)
    swaps = list(_swaps(data, lines, edits))
    head = b"".join([b"--- ", _quoted(f"a/{name}"), b"\n+++ ", _quoted(f"b/{name}"), b"\n"])
    shift, out = 0, [head]
    for hunk in _hunks(swaps):
        text, grown = _hunk(lines, hunk, shift)
        out.append(text)
        shift += grown
    return b"".join(out)


def _lines(data: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _swaps(data: bytes, lines: Sequence[bytes], edits: Sequence[ByteEdit]) -> Iterator[_Swap]:
    """Yield the lines that edits change; edits that share a line together."""
    starts = list(accumulate((len(line) for line in lines), initial=0))
    index = 0
    while index < len(edits):
        first = _line_at(starts, edits[index].start)
        last = first
        together: list[ByteEdit] = []
        while index < len(edits) and (not together or _line_at(starts, edits[index].start) < last):
            # What ends in a line end takes the next line with it: they become one.
            last = max(last, _line_at(starts, edits[index].end) + 1)
            together.append(edits[index])
            index += 1
        yield _Swap(first, last, tuple(_lines(_rewritten(data, starts[first], starts[last], together))))


def _line_at(starts: Sequence[int], at: int) -> int:
    """Return the number of the line that holds byte `at`; the end of the document is in its last line."""
    return min(bisect_right(starts, at) - 1, len(starts) - 2)


def _rewritten(data: bytes, begin: int, end: int, edits: Sequence[ByteEdit]) -> bytes:
    pieces, at = [], begin
    for edit in edits:
        pieces += [data[at : edit.start], edit.data]
        at = edit.end
    return b"".join([*pieces, data[at:end]])


def _hunks(swaps: Sequence[_Swap]) -> Iterator[list[_Swap]]:
    """Yield the swaps that share their context."""
    hunk: list[_Swap] = []
    for swap in swaps:
        if hunk and swap.first - hunk[-1].last > 2 * CONTEXT_LINES:
            yield hunk
            hunk = []
        hunk.append(swap)
    if hunk:
        yield hunk


def _hunk(lines: Sequence[bytes], hunk: Sequence[_Swap], shift: int) -> tuple[bytes, int]:
    """Return the text of one hunk, and by how many lines it makes the document longer."""
    begin = max(0, hunk[0].first - CONTEXT_LINES)
    end = min(len(lines), hunk[-1].last + CONTEXT_LINES)
    body, at = [], begin
    for swap in hunk:
        body += [_line(b" ", line) for line in lines[at : swap.first]]
        body += [_line(b"-", line) for line in lines[swap.first : swap.last]]
        body += [_line(b"+", line) for line in swap.new]
        at = swap.last
    body += [_line(b" ", line) for line in lines[at:end]]
    grown = sum(len(swap.new) - (swap.last - swap.first) for swap in hunk)
    old, new = end - begin, end - begin + grown
    head = f"@@ -{begin + 1},{old} +{begin + shift + 1},{new} @@\n".encode()
    return b"".join([head, *body]), grown


def _line(sign: bytes, line: bytes) -> bytes:
    return sign + line if line.endswith(b"\n") else b"".join([sign, line, b"\n", NO_NEWLINE])


def _quoted(path: str) -> bytes:
    """Return a path as git writes it: in quotes where it holds what would be misread."""
    raw = path.encode("utf-8", "surrogateescape")
    plain = [byte in ASCII_PRINTABLE and byte not in QUOTED_BYTES for byte in raw]
    if not all(plain):
        signs = (
            chr(byte) if is_plain else f"\\{byte:03o}" for byte, is_plain in zip(raw, plain, strict=True)
        )
        return f'"{"".join(signs)}"'.encode()
    return raw + (b"\t" if b" " in raw else b"")
