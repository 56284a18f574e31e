"""One page of a PDF through PDFium: its text, its link annotations, and the rectangles of both.

Rectangles are in points, left, bottom, right, top, from the lower left corner of the page.
"""

import ctypes
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # the package ships no types
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # the package ships no types

MAX_ANNOTATIONS = 2_000
MAX_URI_BYTES = 16 * 1024
EDGE = 2.0  # points by which annotations are commonly drawn wider or narrower than their text
# PDFium puts U+FFFE (U+0002 in other calls) in the place of a hyphen and the line break after it.
HYPHEN = re.compile("[\ufffe\x02]")
LINE_BREAK = re.compile("[\ufffe\x02]|\r\n")

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfLink:
    """A link annotation: its address, where it is drawn, the text shown there and where that begins.

    `at` is the offset of its first character in the page's text, None where no text is under it.
    """

    uri: str
    rectangles: tuple[Rectangle, ...]
    anchor: str
    at: int | None
    until: int | None


class _LineBreaks:
    """The way between PDFium's text and ours, which differ in length at every line break."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, pdfium_text: str) -> None:
        self._outer: list[int] = []  # where each line break ends in PDFium's text, and in ours
        self._inner: list[int] = []
        shift = 0
        for match in LINE_BREAK.finditer(pdfium_text):
            end = match.end()
            shift += 1 if end - match.start() == 1 else -1
            self._outer.append(end)
            self._inner.append(end + shift)

    def outer(self, offset: int) -> int:
        """Return the offset in PDFium's text of a character of ours that is no line break."""
        index = bisect_right(self._inner, offset)
        return offset if index == 0 else self._outer[index - 1] + offset - self._inner[index - 1]

    def inner(self, offset: int) -> int:
        """Return the offset in our text of a character of PDFium's that is no line break."""
        index = bisect_right(self._outer, offset)
        return offset if index == 0 else self._inner[index - 1] + offset - self._outer[index - 1]


class PdfPage:
    """A loaded page; `text` has plain line ends, and a hyphen with a line end where a word was broken."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = page
        self._textpage = page.get_textpage()
        self._pdfium_text = self._textpage.get_text_range()
        self.text = HYPHEN.sub("-\n", self._pdfium_text.replace("\r\n", "\n"))
        self._breaks: _LineBreaks | None = None

    def _line_breaks(self) -> _LineBreaks:
        """Return the way back to PDFium's text; made only for pages on which something is found."""
        if self._breaks is None:
            self._breaks = _LineBreaks(self._pdfium_text)
        return self._breaks

    def close(self) -> None:
        """Give the page's memory back."""
        self._textpage.close()
        self._page.close()

    def rectangles(self, start: int, end: int) -> tuple[Rectangle, ...]:
        """Return the rectangles, one a line, that show `text[start:end]`."""
        breaks = self._line_breaks()
        index = self._char_index(breaks.outer(start))
        count = self._char_index(breaks.outer(end - 1)) - index + 1 if end > start else 0
        if index < 0 or count <= 0:
            return ()
        number = pdfium_c.FPDFText_CountRects(self._textpage.raw, index, count)
        return tuple(self._rectangle(position) for position in range(number))

    def line_height(self, offset: int) -> float:
        """Return the height in points of the character at `offset`, 0 where it is not drawn."""
        box = pdfium_c.FS_RECTF()
        index = self._char_index(self._line_breaks().outer(offset))
        if index < 0 or not pdfium_c.FPDFText_GetLooseCharBox(self._textpage.raw, index, box):
            return 0.0
        return float(abs(box.top - box.bottom))

    def links(self, document: pdfium.PdfDocument) -> Iterator[PdfLink | None]:
        """Yield the link annotations that name an address; None for each that leads inside the file."""
        position, annotation = ctypes.c_int(0), pdfium_c.FPDF_LINK()
        for _ in range(MAX_ANNOTATIONS):
            if not pdfium_c.FPDFLink_Enumerate(self._page.raw, position, annotation):
                return
            uri = _uri(document, annotation)
            yield None if uri is None else self._link(uri, _annotation_rectangles(annotation))

    def _link(self, uri: str, rectangles: tuple[Rectangle, ...]) -> PdfLink:
        at = until = None
        if rectangles:
            at = self._offset_in(rectangles[0], at_end=False)
            until = self._offset_in(rectangles[-1], at_end=True)
        if at is not None and until is not None and at <= until:
            anchor = self.text[at : until + 1].replace("-\n", "-")
        else:
            anchor = " ".join(self._textpage.get_text_bounded(*rectangle) for rectangle in rectangles)
        return PdfLink(uri=uri, rectangles=rectangles, anchor=anchor.strip(), at=at, until=until)

    def _offset_in(self, rectangle: Rectangle, *, at_end: bool) -> int | None:
        """Return the offset in `text` of the first or last character in a rectangle, None where it is empty.

        Annotations are often drawn wider than their text, so that the nearest character counts.
        """
        left, bottom, right, top = rectangle
        x, y = (right - EDGE if at_end else left + EDGE), (bottom + top) / 2
        for reach in (EDGE, abs(right - left)):
            index = pdfium_c.FPDFText_GetCharIndexAtPos(
                self._textpage.raw, x, y, 2 * reach, abs(top - bottom)
            )
            if index >= 0 and self._is_in(index, rectangle):
                units = pdfium_c.FPDFText_GetTextIndexFromCharIndex(self._textpage.raw, index)
                return None if units < 0 else self._line_breaks().inner(self._points(units))
        return None

    def _is_in(self, index: int, rectangle: Rectangle) -> bool:
        """Whether the middle of a character lies in a rectangle."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        if not pdfium_c.FPDFText_GetCharBox(self._textpage.raw, index, left, right, bottom, top):
            return False
        x, y = (left.value + right.value) / 2, (bottom.value + top.value) / 2
        return rectangle[0] <= x <= rectangle[2] and rectangle[1] <= y <= rectangle[3]

    def _char_index(self, offset: int) -> int:
        """Return PDFium's index of the character at an offset into its text."""
        units = offset
        if not self._pdfium_text.isascii():
            units = len(self._pdfium_text[:offset].encode("utf-16-le", "replace")) // 2
        return int(pdfium_c.FPDFText_GetCharIndexFromTextIndex(self._textpage.raw, units))

    def _points(self, units: int) -> int:
        if self._pdfium_text.isascii():
            return units
        encoded = self._pdfium_text.encode("utf-16-le", "replace")
        return len(encoded[: units * 2].decode("utf-16-le", "ignore"))

    def _rectangle(self, position: int) -> Rectangle:
        left, top, right, bottom = (ctypes.c_double() for _ in range(4))
        pdfium_c.FPDFText_GetRect(self._textpage.raw, position, left, top, right, bottom)
        return left.value, bottom.value, right.value, top.value


def _uri(document: pdfium.PdfDocument, annotation: pdfium_c.FPDF_LINK) -> str | None:
    """Return the address of a link's action, None where it has another action or a destination."""
    action = pdfium_c.FPDFLink_GetAction(annotation)
    if not action or pdfium_c.FPDFAction_GetType(action) != pdfium_c.PDFACTION_URI:
        return None
    size = min(pdfium_c.FPDFAction_GetURIPath(document.raw, action, None, 0), MAX_URI_BYTES)
    buffer = ctypes.create_string_buffer(size)
    if pdfium_c.FPDFAction_GetURIPath(document.raw, action, buffer, size) > size:
        return None
    written = buffer.raw[:size].rstrip(b"\0")
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:  # the format says ASCII; writers put in what they have
        return written.decode("windows-1252", "replace")


def _annotation_rectangles(annotation: pdfium_c.FPDF_LINK) -> tuple[Rectangle, ...]:
    """Return the quadrilaterals of an annotation as rectangles, or the one that bounds it."""
    found: list[Rectangle] = []
    for position in range(min(pdfium_c.FPDFLink_CountQuadPoints(annotation), MAX_ANNOTATIONS)):
        quad = pdfium_c.FS_QUADPOINTSF()
        if pdfium_c.FPDFLink_GetQuadPoints(annotation, position, quad):
            xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            found.append((min(xs), min(ys), max(xs), max(ys)))
    box = pdfium_c.FS_RECTF()
    if not found and pdfium_c.FPDFLink_GetAnnotRect(annotation, box):
        found.append((box.left, min(box.bottom, box.top), box.right, max(box.bottom, box.top)))
    return tuple(found)
