"""Reads RSS (all versions) and Atom: the items, what they carry, and the HTML written in them."""

from workers.errors import UnreadableDocument
from workers.extract.entries import EntryFacts, entries_of
from workers.extract.feed_entries import date_of, facts_of, text_of
from workers.extract.feed_links import ITEMS, FeedLinks
from workers.extract.source import Source
from workers.extract.source_map import SourceMap
from workers.extract.xml_elements import Element, read_elements
from workers.extract.xml_parts import decode_xml
from workers.model import Document, Format, FoundLink, Kind

ROOTS = frozenset({"rss", "RDF", "feed"})
FEEDS = frozenset({"channel", "feed"})
DATES = ("pubDate", "published", "lastBuildDate", "updated", "date", "modified")


class _Feed:
    """What is known of a feed while its elements end."""

    def __init__(self, source: Source, source_map: SourceMap) -> None:
        self._reader = FeedLinks(source, source_map)
        self.skipped = self._reader.skipped
        self.links: list[FoundLink] = []
        self.entries: list[EntryFacts] = []
        self.root: str | None = None
        self.facts: Element | None = None

    def take(self, element: Element) -> None:
        """Read an element that has ended, if it is an item or the feed; then let its content go."""
        if element.parent is None:
            self.root = element.name
        elif element.name == "link" and element.parent.name in FEEDS:
            self._reader.learn_page(element)
        if element.name in ITEMS:
            found = self._reader.of(element)
            self.links += found
            self.entries.append(facts_of(element, found))
            element.children.clear()
            if element.parent is not None:
                element.parent.children.pop()
        elif element.name in FEEDS and self.facts is None:
            self.facts = element
            self.links += self._reader.of(element)


def read(source: Source) -> Document:
    """Return the findings of a feed: what its items link to has kind `feed-item`.

    Raises:
        UnreadableDocument: it is no well-formed feed, or declares XML entities.
    """
    source_map = SourceMap(decode_xml(source).text)
    feed = _Feed(source, source_map)
    read_elements(source.name, source_map, feed.take, keep=lambda _: True)
    if feed.root not in ROOTS:
        raise UnreadableDocument(source.name, f"is not an RSS or Atom feed: its root is <{feed.root}>")
    facts = feed.facts
    published, published_source = date_of(facts, DATES)
    links = tuple(sorted(feed.links, key=lambda link: (link.start or 0, link.end or 0)))
    own = next(iter(_own(facts, feed.links)), None) if facts else None
    return Document(
        source=source.name,
        format=Format.FEED,
        text=source_map.text,
        links=links,
        headline=text_of(facts, "title"),
        published=published,
        published_source=published_source,
        language=text_of(facts, "language") or (facts.attributes.get("lang") if facts else None),
        own_url=own,
        skipped=dict(feed.skipped),
        entries=entries_of(feed.entries, links),
    )


def _own(facts: Element, links: list[FoundLink]) -> list[str]:
    """Return the addresses that the feed gives as its own page, absolute where that is known."""
    pages = [child for child in facts.children if child.name == "link"]
    written = {page.attributes.get("href", page.text).strip() for page in pages}
    own = [link for link in links if link.kind is Kind.METADATA and link.target.strip() in written]
    return [link.resolved or link.target for link in own]
