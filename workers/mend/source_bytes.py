"""The bytes behind a decoded text: edits by code points are carried to them, all others stay as they are.

A byte order mark, line ends and sequences that the charset does not know are kept, for nothing but the
edited spans is ever encoded again.
"""

import codecs
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workers.errors import CannotMend, UnreadableDocument
from workers.extract.source import MARKS, Decoded, Source, decode
from workers.extract.xml_parts import decode_xml
from workers.mend.change import ByteEdit

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# In these a byte means what the bytes before it shifted to: no piece can be written by itself.
SHIFTING = ("utf-7", "iso2022", "hz")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEdit:
    """Code points `start` to `end` of the decoded text give way to `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Text that was decoded without a fault, or one U+FFFD for bytes that the charset does not know."""

    text: str
    at: int
    data: bytes


class SourceBytes:
    """Carries offsets into the text of `source` to offsets into its bytes."""

    def __init__(self, source: Source, text: str) -> None:
        """Find how the reader decoded `source` into `text`.

        Raises:
            CannotMend: the text is not simply the decoded bytes, or cannot be encoded back.
        """
        decoded = _as_read(source, text)
        self.data = source.data if source.text is None else decoded.text.encode("utf-8")
        self.charset = decoded.charset
        self._stretches = _stretches(self.data, decoded)
        is_shifting = codecs.lookup(self.charset).name.startswith(SHIFTING)
        if is_shifting or "".join(stretch.text for stretch in self._stretches) != text:
            raise CannotMend(f"{source.name}: its charset ({decoded.charset}) cannot be written back")
        self._starts = [0]
        for stretch in self._stretches:
            if stretch.text != REPLACEMENT and _encoded(stretch.text, self.charset) != stretch.data:
                raise CannotMend(
                    f"{source.name}: its charset ({decoded.charset}) cannot be written back byte for byte"
                )
            self._starts.append(self._starts[-1] + len(stretch.text))

    def knows(self, text: str) -> bool:
        """Whether the charset has every character of `text`."""
        return _encoded(text, self.charset) is not None

    def offsets(self, ordered: Iterable[int]) -> Iterator[int]:
        """Yield the byte offsets of code points in ascending order, in one pass over the text."""
        seen, seen_bytes = 0, self._stretches[0].at
        index = 0
        for at in ordered:
            while index < len(self._stretches) - 1 and self._starts[index + 1] <= at:
                index += 1
                seen, seen_bytes = self._starts[index], self._stretches[index].at
            stretch, begin = self._stretches[index], self._starts[index]
            if at - begin >= len(stretch.text):
                yield stretch.at + len(stretch.data)
                continue
            seen_bytes += len(stretch.text[seen - begin : at - begin].encode(self.charset))
            seen = at
            yield seen_bytes

    def carried(self, edits: Sequence[TextEdit]) -> tuple[ByteEdit, ...]:
        """Return `edits`, which do not overlap, as edits of the bytes in the order of the document."""
        ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
        places = self.offsets(at for edit in ordered for at in (edit.start, edit.end))
        return tuple(
            ByteEdit(start=next(places), end=next(places), data=edit.text.encode(self.charset))
            for edit in ordered
        )


def _encoded(text: str, charset: str) -> bytes | None:
    try:
        return text.encode(charset)
    except UnicodeEncodeError:
        return None


def spliced(data: bytes, edits: Sequence[ByteEdit]) -> bytes:
    """Return `data` with `edits` made, which are in order and do not overlap."""
    pieces, at = [], 0
    for edit in edits:
        pieces += [data[at : edit.start], edit.data]
        at = edit.end
    return b"".join([*pieces, data[at:]])


def _as_read(source: Source, text: str) -> Decoded:
    """Return how `source` was decoded into `text`, by trying the ways that readers have."""
    for way in (decode, decode_xml, _decode_html):
        try:
            decoded = way(source)
        except UnreadableDocument:
            continue
        if decoded.text == text:
            return decoded
    raise CannotMend(f"{source.name}: is packed or converted before it is read, so it cannot be written back")


def _decode_html(source: Source) -> Decoded:
    return decode(source, meta=True)


def _stretches(data: bytes, decoded: Decoded) -> list[_Stretch]:
    """Return the bytes behind the byte order mark, cut where the charset does not know them."""
    mark = next((mark for mark, _ in MARKS if data.startswith(mark)), b"")
    is_marked = decoded.charset_source == "bom"
    at = len(mark) if is_marked else 0
    found: list[_Stretch] = []
    while at < len(data) or not found:
        try:
            found.append(_Stretch(str(memoryview(data)[at:], decoded.charset), at, data[at:]))
            break
        except UnicodeDecodeError as fault:
            good, bad = at + fault.start, at + fault.end
            if good > at:
                found.append(_Stretch(data[at:good].decode(decoded.charset), at, data[at:good]))
            found.append(_Stretch(REPLACEMENT, good, data[good:bad]))
            at = bad
    return found
