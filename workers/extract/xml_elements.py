"""The elements of an XML text with the places of their contents and attributes in it.

For formats that are lists of short elements (feeds, sitemaps, outlines): each element is handed over when
it ends, with what it holds.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape

from workers.extract.embedded import EmbeddedText, Piece
from workers.extract.source_map import SourceMap
from workers.extract.xml_parts import parse_xml

ATTRIBUTE = re.compile(r"\s+([^\s=/>]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
TAG_NAME = re.compile(r"<[^\s/>]+")
REFERENCE = re.compile(r"&[^;&]{1,40};")


@dataclass(slots=True, kw_only=True)
class Element:
    """One element; offsets are code points into the source text.

    `name` and the keys of `attributes` are local names; `namespace` is '' where there is none. `end`
    is the `<` of the end tag, known when the element has ended. `children` are kept only where the
    reader asked for them.
    """

    source: str
    name: str
    namespace: str
    attributes: Mapping[str, str]
    start: int
    end: int = 0
    parent: "Element | None" = None
    children: "list[Element]" = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def content(self) -> EmbeddedText:
        """Return the element's own text, decoded, without that of its children."""
        return EmbeddedText(self.pieces)

    @property
    def text(self) -> str:
        """Return the element's own text, decoded and trimmed."""
        return "".join(piece.text for piece in self.pieces).strip()

    def child(self, *names: str) -> "Element | None":
        """Return the first child of one of these names, the names tried in turn."""
        for name in names:
            for child in self.children:
                if child.name == name:
                    return child
        return None

    def inner_span(self) -> tuple[int, int]:
        """Return the span between the start tag and the end tag; empty for an empty-element tag."""
        at = _after_name(self.source, self.start)
        while match := ATTRIBUTE.match(self.source, at):
            at = match.end()
        at = self.source.find(">", at) + 1
        return at, max(at, self.end)

    def trimmed_span(self) -> tuple[int, int]:
        """Return the span in the source that `text` was written as."""
        content = self.content
        written = content.text.strip()
        if not written:
            at = self.inner_span()[0]
            return at, at
        start = content.text.index(written[0])
        return content.span(start, start + len(written))

    def attribute(self, name: str) -> EmbeddedText | None:
        """Return an attribute's value with its place, None where there is none of that local name."""
        at = _after_name(self.source, self.start)
        while match := ATTRIBUTE.match(self.source, at):
            at = match.end()
            if match[1].rpartition(":")[2] == name:
                group = 2 if match[2] is not None else 3
                return EmbeddedText(_unescaped(match[group], match.start(group)))
        return None


def _after_name(source: str, start: int) -> int:
    match = TAG_NAME.match(source, start)
    return start if match is None else match.end()


def _unescaped(written: str, start: int) -> list[Piece]:
    """Return an attribute's value as pieces; references are decoded, each whole."""
    pieces, at = [], 0
    for match in REFERENCE.finditer(written):
        pieces.append(Piece(text=written[at : match.start()], start=start + at, end=start + match.start()))
        pieces.append(Piece(text=unescape(match[0]), start=start + match.start(), end=start + match.end()))
        at = match.end()
    pieces.append(Piece(text=written[at:], start=start + at, end=start + len(written)))
    return pieces


class _Events:
    """Builds elements from what the parser tells."""

    def __init__(
        self, source_map: SourceMap, on_end: Callable[[Element], None], keep: Callable[[Element], bool]
    ) -> None:
        self._map = source_map
        self._on_end = on_end
        self._keep = keep
        self._open: Element | None = None

    def start(self, tag: str, attributes: Mapping[str, str], at: int) -> None:
        namespace, _, name = tag.rpartition(" ")
        self._open = Element(
            source=self._map.text,
            name=name,
            namespace=namespace,
            attributes={key.rpartition(" ")[2]: value for key, value in attributes.items()},
            start=self._map.from_byte(at),
            parent=self._open,
        )

    def end(self, _tag: str, at: int) -> None:
        ended = self._open
        if ended is None:
            return
        ended.end = self._map.from_byte(at)
        self._open = ended.parent
        if ended.parent is not None and self._keep(ended.parent):
            ended.parent.children.append(ended)
        self._on_end(ended)

    def text(self, text: str, at: int) -> None:
        if self._open is None:
            return
        start = self._map.from_byte(at)
        self._open.pieces.append(Piece(text=text, start=start, end=self._end_of(text, start)))

    def _end_of(self, text: str, start: int) -> int:
        """Return where character data ends that may be one reference or one line end."""
        source = self._map.text
        if source[start] == "&":
            return source.index(";", start) + 1
        return start + (2 if source.startswith("\r\n", start) and text == "\n" else len(text))


def read_elements(
    source_name: str,
    source_map: SourceMap,
    on_end: Callable[[Element], None],
    *,
    keep: Callable[[Element], bool],
) -> None:
    """Hand every element over when it ends; `keep` says which elements keep their children.

    Raises:
        UnreadableDocument: as `parse_xml`.
    """
    parse_xml(source_name, source_map.text, _Events(source_map, on_end, keep))
