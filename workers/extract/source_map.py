"""The one place that converts between byte, code point and UTF-16 offsets, lines and columns.

Code points are what Python counts and what every finding carries; pyromark counts UTF-8 bytes, web
editors UTF-16 units. Everything is computed when first asked for, in linear time.
"""

import re
from bisect import bisect_right

BLOCK = 512  # code points between two checkpoints: the most that one conversion looks at
LINE_FEED = re.compile(r"\n")  # a literal is searched for several times as fast
LINE_END = re.compile(r"\r\n|\r|\n")


class SourceMap:
    """Converts offsets into one text; all offsets count from 0, lines and columns from 1.

    A line ends with LF, CRLF or CR, as in CommonMark; a column counts code points.
    """

    __slots__ = ("_ascii", "_bytes", "_line_starts", "_units", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._ascii = text.isascii()
        self._bytes: list[int] | None = None
        self._units: list[int] | None = None
        self._line_starts: list[int] | None = None

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of the code point at `offset`."""
        starts = self._line_starts or self._lines()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Return the code point offset of a line and column."""
        return (self._line_starts or self._lines())[line - 1] + column - 1

    def from_byte(self, byte_offset: int) -> int:
        """Return the code point offset of a UTF-8 byte offset; one inside a sequence goes to its start."""
        if self._ascii:
            return byte_offset
        marks = self._byte_marks()
        block = bisect_right(marks, byte_offset) - 1
        piece = self._block(block).encode("utf-8", "replace")[: byte_offset - marks[block]]
        return min(block * BLOCK + len(piece.decode("utf-8", "ignore")), len(self.text))

    def to_byte(self, offset: int) -> int:
        """Return the UTF-8 byte offset of a code point offset."""
        if self._ascii:
            return offset
        block, rest = divmod(offset, BLOCK)
        marks = self._byte_marks()
        return marks[block] + len(self._block(block)[:rest].encode("utf-8", "replace"))

    def from_utf16(self, unit_offset: int) -> int:
        """Return the code point offset of a UTF-16 unit offset; one inside a pair goes to its start."""
        if self._ascii:
            return unit_offset
        marks = self._unit_marks()
        block = bisect_right(marks, unit_offset) - 1
        offset, units = block * BLOCK, marks[block]
        for character in self._block(block):
            units += _units_of(character)
            if units > unit_offset:
                break
            offset += 1
        return min(offset, len(self.text))

    def to_utf16(self, offset: int) -> int:
        """Return the UTF-16 unit offset of a code point offset."""
        if self._ascii:
            return offset
        block, rest = divmod(offset, BLOCK)
        return self._unit_marks()[block] + sum(map(_units_of, self._block(block)[:rest]))

    def line_starts(self) -> list[int]:
        """Return the offsets at which the lines begin, the first of them 0."""
        return self._line_starts or self._lines()

    def _lines(self) -> list[int]:
        line_end = LINE_END if "\r" in self.text else LINE_FEED
        self._line_starts = [0, *(match.end() for match in line_end.finditer(self.text))]
        return self._line_starts

    def _block(self, number: int) -> str:
        return self.text[number * BLOCK : (number + 1) * BLOCK]

    def _byte_marks(self) -> list[int]:
        if self._bytes is None:
            marks = [0]
            for start in range(0, len(self.text), BLOCK):
                piece = self.text[start : start + BLOCK]
                marks.append(marks[-1] + len(piece.encode("utf-8", "replace")))
            self._bytes = marks
        return self._bytes

    def _unit_marks(self) -> list[int]:
        if self._units is None:
            marks = [0]
            for start in range(0, len(self.text), BLOCK):
                marks.append(marks[-1] + sum(map(_units_of, self.text[start : start + BLOCK])))
            self._units = marks
        return self._units


def _units_of(character: str) -> int:
    return 2 if character > "\uffff" else 1
