"""Reads OPML outlines: feeds, pages and included outlines, each with its title."""

from collections.abc import Mapping

from workers.errors import UnreadableDocument
from workers.extract.embedded import carry_back
from workers.extract.feed_entries import read_feed_date
from workers.extract.finding import NO_BASE, Base, Found, placed
from workers.extract.source import Source
from workers.extract.source_map import SourceMap
from workers.extract.text import links_in_text
from workers.extract.xml_elements import Element, read_elements
from workers.extract.xml_parts import decode_xml
from workers.model import Document, Format, FoundLink, Kind

ATTRIBUTES: Mapping[str, Kind] = {
    "xmlUrl": Kind.FEED_ITEM,
    "htmlUrl": Kind.LINK,
    "url": Kind.LINK,
    "href": Kind.LINK,
    "imageUrl": Kind.IMAGE,
}
TEXTS = ("text", "title", "description", "comment", "_note")
MAX_ANCHOR = 500
HEAD = frozenset({"title", "dateModified", "dateCreated", "docs", "ownerId"})


class _Outlines:
    """Collects the addresses of an outline while its elements end."""

    def __init__(self, source_map: SourceMap, base: Base) -> None:
        self._map = source_map
        self._base = base
        self.links: list[FoundLink] = []
        self.root: str | None = None
        self.head: dict[str, str] = {}

    def take(self, element: Element) -> None:
        """Read an element that has ended."""
        if element.parent is None:
            self.root = element.name
        elif element.name == "outline":
            self._outline(element)
        elif element.name in HEAD:
            self.head[element.name] = element.text
            content = element.content
            self.links += carry_back(links_in_text(content.text, base=self._base), content, self._map)

    def _outline(self, element: Element) -> None:
        written = element.attributes
        anchor = (written.get("title") or written.get("text") or "")[:MAX_ANCHOR]
        for name, kind in ATTRIBUTES.items():
            if name in written and (value := element.attribute(name)) is not None:
                start, end = value.span(0, len(value.text))
                self.links.append(
                    placed(
                        Found(start=start, end=end, kind=kind, target=written[name], anchor=anchor),
                        self._map,
                        self._base,
                    )
                )
        for name in TEXTS:
            if name in written and (value := element.attribute(name)) is not None:
                self.links += carry_back(links_in_text(value.text, base=self._base), value, self._map)


def read(source: Source) -> Document:
    """Return the findings of an outline: the feeds it lists have kind `feed-item`.

    Raises:
        UnreadableDocument: it is no well-formed OPML, or declares XML entities.
    """
    source_map = SourceMap(decode_xml(source).text)
    outlines = _Outlines(source_map, Base(url=source.base, source="given") if source.base else NO_BASE)
    read_elements(source.name, source_map, outlines.take, keep=lambda _: False)
    if outlines.root != "opml":
        raise UnreadableDocument(source.name, f"is not OPML: its root is <{outlines.root}>")
    dated = outlines.head.get("dateCreated") or outlines.head.get("dateModified")
    published = read_feed_date(dated) if dated else None
    return Document(
        source=source.name,
        format=Format.OPML,
        text=source_map.text,
        links=tuple(sorted(outlines.links, key=lambda link: (link.start or 0, link.end or 0))),
        headline=outlines.head.get("title") or None,
        published=published,
        published_source="opml" if published else None,
    )
