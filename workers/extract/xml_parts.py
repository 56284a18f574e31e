"""Reading XML with expat under caps: positions for every event, no entities, nothing fetched.

Tags and attribute names come as `{namespace}local` does elsewhere, here with a space between:
`http://www.w3.org/2005/Atom link`, or `link` alone where there is no namespace.
"""

import codecs
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol
from xml.parsers import expat

from workers.errors import UnreadableDocument
from workers.extract.source import Decoded, Source, decode

MAX_DEPTH = 2_000
DECLARED_ENCODING = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})[\"']")

LATE_DECLARATION = re.compile(r"([ \t\r\n]+)<\?xml\s[!-;=?-~ \t\r\n]{0,200}?\?>")


class XmlEvents(Protocol):
    """What is told of an XML document; `at` is the UTF-8 byte offset of the event."""

    def start(self, tag: str, attributes: Mapping[str, str], at: int) -> None:
        """Take the start of an element; `at` is its `<`."""

    def end(self, tag: str, at: int) -> None:
        """Take the end of an element; `at` is the `<` of its end tag (of its start tag where it is empty)."""

    def text(self, text: str, at: int) -> None:
        """Take some character data, decoded: a whole entity, a line end, or a run as it is written."""


class XmlLeaves:
    """The texts of a flat document's leaf elements by local name, the first of each name, trimmed."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self._pieces: list[str] = []

    def start(self, _tag: str, _attributes: Mapping[str, str], _at: int) -> None:
        """Take the start of an element: what was read before it belongs to no leaf."""
        self._pieces = []

    def end(self, tag: str, _at: int) -> None:
        """Take the end of an element."""
        if written := "".join(self._pieces).strip():
            self.values.setdefault(tag.rpartition(" ")[2], written)
        self._pieces = []

    def text(self, text: str, _at: int) -> None:
        """Take character data."""
        self._pieces.append(text)


def decode_xml(source: Source) -> Decoded:
    """Return the text of an XML source; its declaration is believed where no header says otherwise.

    Raises:
        UnreadableDocument: it is empty, too large or binary.
    """
    declared = DECLARED_ENCODING.match(source.data) if source.text is None else None
    if declared and source.charset is None:
        source = replace(source, charset=declared[1].decode("ascii"))
    return decode(source)


def part_text(source_name: str, part: str, data: bytes) -> str:
    """Return the text of an XML part of a container, which is UTF-8 or UTF-16.

    Raises:
        UnreadableDocument: it is neither.
    """
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableDocument(source_name, f"has a part that is not Unicode: {part}") from error


def parse_part(source_name: str, part: str, data: bytes, events: XmlEvents) -> None:
    """Tell `events` of an XML part of a container; errors as in `part_text` and `parse_xml`."""
    parse_xml(source_name, part_text(source_name, part, data), events, part=part)


def parse_xml(source_name: str, text: str, events: XmlEvents, *, part: str | None = None) -> None:
    """Tell `events` of every element and text of `text`; `part` stands in errors.

    Raises:
        UnreadableDocument: it is not well-formed, nested too deeply, or declares entities.
    """
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = False  # a buffered text has no position of its own
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise UnreadableDocument(source_name, f"nests XML elements more than {MAX_DEPTH} deep")
        events.start(tag, attributes, parser.CurrentByteIndex)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        events.end(tag, parser.CurrentByteIndex)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda data: events.text(data, parser.CurrentByteIndex)
    _refuse_entities(parser, source_name)
    try:
        # In one call: expat looks again at an unfinished token with every further piece.
        parser.Parse(_with_late_declaration_blank(text).encode("utf-8"), True)
    except expat.ExpatError as error:
        where = f"line {error.lineno}" if part is None else f"{part}, line {error.lineno}"
        reason = f"is not well-formed XML: {expat.ErrorString(error.code)} ({where})"
        raise UnreadableDocument(source_name, reason) from error


def _with_late_declaration_blank(text: str) -> str:
    """Return `text` with spaces for an XML declaration that stands after empty lines, as in many feeds."""
    late = LATE_DECLARATION.match(text)
    if late is None:
        return text
    return late[1] + " " * (late.end() - late.end(1)) + text[late.end() :]


def _refuse_entities(parser: expat.XMLParserType, source_name: str) -> None:
    """Refuse a document type with declarations of its own; one that only names a DTD is passed over."""

    def refuse_subset(_name: str, _system: str | None, _public: str | None, has_subset: bool) -> None:
        if has_subset:
            raise UnreadableDocument(source_name, "declares its own XML entities or DTD, which are refused")

    def refuse_entity(*_declaration: object) -> None:
        raise UnreadableDocument(source_name, "declares XML entities, which are refused")

    parser.StartDoctypeDeclHandler = refuse_subset
    parser.EntityDeclHandler = refuse_entity
