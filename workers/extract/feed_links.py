"""The links of one feed element: which elements and attributes hold addresses, and what kind each is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from workers.extract import html
from workers.extract.embedded import EmbeddedText, carry_back
from workers.extract.finding import NO_BASE, Base, Found, placed
from workers.extract.source import Source
from workers.extract.source_map import SourceMap
from workers.extract.text import links_in_text
from workers.extract.xml_elements import Element
from workers.model import FoundLink, Kind
from workers.url import join

# Attributes that hold an address, by element; `link` and `content` of Atom are told apart below.
ATTRIBUTES: Mapping[str, tuple[str, Kind]] = {
    "enclosure": ("url", Kind.MEDIA),
    "player": ("url", Kind.MEDIA),
    "thumbnail": ("url", Kind.IMAGE),
    "image": ("href", Kind.IMAGE),
    "source": ("url", Kind.METADATA),
}
# Elements whose text is an address.
TEXTS: Mapping[str, Kind] = {
    "link": Kind.FEED_ITEM,
    "comments": Kind.LINK,
    "commentRss": Kind.ALTERNATE,
    "origLink": Kind.CANONICAL,
    "uri": Kind.METADATA,
    "docs": Kind.METADATA,
    "url": Kind.IMAGE,
    "logo": Kind.IMAGE,
    "icon": Kind.IMAGE,
}
RELATIONS: Mapping[str, Kind] = {
    "enclosure": Kind.MEDIA,
    "related": Kind.LINK,
    "via": Kind.LINK,
    "canonical": Kind.CANONICAL,
    "self": Kind.ALTERNATE,
    "replies": Kind.ALTERNATE,
}
RICH = frozenset({"description", "encoded", "summary", "content", "body", "subtitle", "tagline", "copyright"})
PLAIN = frozenset({"title", "author", "creator", "keywords", "rights"})
IDENTITIES = frozenset({"guid", "id"})
ITEMS = frozenset({"item", "entry"})
CLOSED = RICH | ITEMS | {"source"}  # what is inside is read as a whole, elsewhere, or is another feed's
MAX_HEADING = 300
MAX_BASE = 8_192
MAX_NESTED = 10_000  # elements of one item that are looked at


class FeedLinks:
    """Reads elements of one feed; `skipped` counts what was passed over."""

    def __init__(self, source: Source, source_map: SourceMap) -> None:
        self._source = source
        self._map = source_map
        self._feed_page: str | None = None
        self.skipped: Counter[str] = Counter()

    def learn_page(self, element: Element) -> None:
        """Take a link that stands in the feed itself: its first is what items' links are joined to."""
        if self._feed_page is None and element.attributes.get("rel", "alternate") == "alternate":
            self._feed_page = _bounded(element.attributes.get("href", element.text).strip())

    def of(self, owner: Element) -> list[FoundLink]:
        """Return the links of an item, or of a feed's own elements, in source order."""
        base = self._base(owner)
        title = owner.child("title")
        heading = " ".join(title.text.split())[:MAX_HEADING] if title else ""
        links: list[FoundLink] = []
        for element in _descendants(owner):
            links += self._of_element(element, owner, heading, base)
        return sorted(links, key=lambda link: (link.start or 0, link.end or 0))

    def _base(self, owner: Element) -> Base:
        """Return what relative addresses are joined to: xml:base, the item's link, the feed's link."""
        written = _bounded(_own_link(owner))
        declared = _bounded(owner.attributes.get("base"))
        above = owner.parent if owner.name in ITEMS else None
        given = self._source.base
        if above is not None:
            given = join(_bounded(above.attributes.get("base")) or self._feed_page or "", given) or given
        if declared and (joined := join(declared, given)):
            return Base(url=joined, source="xml:base")
        if written and (joined := join(written, given)):
            return Base(url=joined, source="item link" if owner.name in ITEMS else "feed link")
        return Base(url=given, source="feed link" if above is not None else "given") if given else NO_BASE

    def _of_element(self, element: Element, owner: Element, heading: str, base: Base) -> list[FoundLink]:
        if (found := self._in_attribute(element, owner, heading)) is not None:
            return [placed(found, self._map, base)]
        if element.name in IDENTITIES:
            return self._identity(element, owner, heading, base)
        is_markup = element.name in RICH or (element.name == "title" and "type" in element.attributes)
        if is_markup:
            return self._rich(element, base)
        if element.name in TEXTS and not element.children:
            kind = TEXTS[element.name]
            if kind is Kind.FEED_ITEM and owner.name not in ITEMS:
                kind = Kind.METADATA
            return [self._text_link(element, kind, heading, base)]
        if element.name in PLAIN:
            return self._scanned(element, base)
        return []

    def _in_attribute(self, element: Element, owner: Element, heading: str) -> Found | None:
        """Return the address in an element's attribute, None where it holds none."""
        name, kind = ATTRIBUTES.get(element.name, ("", Kind.LINK))
        if element.name == "link" and "href" in element.attributes:
            name, kind = "href", _relation(element, is_item=owner.name in ITEMS)
        elif element.name == "content":
            name = "src" if "src" in element.attributes else "url"
            described = element.attributes.get("medium", "") + element.attributes.get("type", "")
            kind = Kind.IMAGE if described.startswith("image") else Kind.MEDIA if name == "url" else Kind.LINK
        if name not in element.attributes:
            return None
        value = element.attribute(name)
        if value is None:
            return None
        start, end = value.span(0, len(value.text))
        return Found(
            start=start,
            end=end,
            kind=kind,
            target=element.attributes[name],
            anchor=element.attributes.get("title") or (heading if kind is Kind.FEED_ITEM else ""),
            context=heading,
            rel=tuple(element.attributes.get("rel", "").lower().split()),
            seen_at=element.start,
        )

    def _text_link(self, element: Element, kind: Kind, heading: str, base: Base) -> FoundLink:
        start, end = element.trimmed_span()
        anchor = heading if kind is Kind.FEED_ITEM else ""
        found = Found(start=start, end=end, kind=kind, target=element.text, anchor=anchor, context=heading)
        return placed(found, self._map, base)

    def _identity(self, element: Element, owner: Element, heading: str, base: Base) -> list[FoundLink]:
        """Return an item's guid or id where it is an address that its link does not give already."""
        written = element.text
        is_address = written.startswith(("http://", "https://"))
        if not is_address or element.attributes.get("isPermaLink", "").strip().lower() == "false":
            self.skipped["identifiers that are no address"] += 1
            return []
        if owner.name not in ITEMS or written == _own_link(owner):
            self.skipped["identifiers that repeat a link"] += 1
            return []
        kind = Kind.METADATA if _own_link(owner) else Kind.FEED_ITEM
        return [self._text_link(element, kind, heading, base)]

    def _rich(self, element: Element, base: Base) -> list[FoundLink]:
        """Return the findings of text that may be HTML, escaped, in CDATA or as elements of its own."""
        if element.attributes.get("type") == "xhtml" or element.children:
            start, end = element.inner_span()
            found = html.find_in_fragment(self._map.text, self._map, start, end)
            return [placed(item, self._map, base) for item in found]
        content = element.content
        if element.attributes.get("type") in {"text", "text/plain"} or not set("<&") & set(content.text):
            return self._scanned(element, base)
        inner = html.read(Source(name=self._source.name, text=content.text, base=base.url))
        return self._carried(inner.links, content, base)

    def _scanned(self, element: Element, base: Base) -> list[FoundLink]:
        content = element.content
        return self._carried(links_in_text(content.text, base=base), content, base)

    def _carried(self, links: Sequence[FoundLink], content: EmbeddedText, base: Base) -> list[FoundLink]:
        named = [
            replace(link, base_source=base.source) if link.base_source == "given" else link for link in links
        ]
        return carry_back(named, content, self._map)


def _bounded(written: str | None) -> str | None:
    """Return an address that others are joined to; a hostile one would be parsed again for each of them."""
    return written if written and len(written) <= MAX_BASE else None


def _relation(element: Element, *, is_item: bool) -> Kind:
    relation = element.attributes.get("rel", "alternate").lower()
    if relation == "alternate":
        return Kind.FEED_ITEM if is_item else Kind.METADATA
    return RELATIONS.get(relation, Kind.METADATA)


def _own_link(owner: Element) -> str | None:
    """Return the address of an item's or a feed's page as written, None where it gives none."""
    for child in owner.children:
        is_page = child.name == "link" and child.attributes.get("rel", "alternate") == "alternate"
        if is_page and (written := child.attributes.get("href", child.text).strip()):
            return written
    return None


def _descendants(owner: Element) -> Iterator[Element]:
    """Yield the elements under `owner`, but none inside of `CLOSED` ones."""
    waiting = list(reversed(owner.children))
    for _ in range(MAX_NESTED):
        if not waiting:
            return
        element = waiting.pop()
        yield element
        # The content of Media RSS holds elements of its own, that of Atom is text.
        if element.name not in CLOSED or (element.name == "content" and "url" in element.attributes):
            waiting.extend(reversed(element.children))
