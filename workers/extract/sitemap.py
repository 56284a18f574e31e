"""Reads sitemaps and sitemap indexes (sitemaps.org), plain or gzip, with their image and video extensions."""

import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from workers.errors import UnreadableDocument
from workers.extract.entries import SITEMAP_RELATION
from workers.extract.finding import NO_BASE, Base, Found, placed
from workers.extract.source import MAX_TEXT_BYTES, Source
from workers.extract.source_map import SourceMap
from workers.extract.xml_elements import Element, read_elements
from workers.extract.xml_parts import decode_xml
from workers.model import Document, Format, FoundLink, Kind

ROOTS = frozenset({"urlset", "sitemapindex"})
GZIP_MAGIC = b"\x1f\x8b"
AS_GZIP = 16 + zlib.MAX_WBITS
# The addresses of one entry: by the element's name and that of the element around it.
KINDS: Mapping[tuple[str, str], Kind] = {
    ("loc", "url"): Kind.FEED_ITEM,
    ("loc", "sitemap"): Kind.FEED_ITEM,
    ("loc", "image"): Kind.IMAGE,
    ("license", "image"): Kind.LINK,
    ("thumbnail_loc", "video"): Kind.IMAGE,
    ("content_loc", "video"): Kind.MEDIA,
    ("player_loc", "video"): Kind.MEDIA,
}


class _Sitemap:
    """Collects the addresses of a sitemap while its elements end."""

    def __init__(self, source_map: SourceMap, base: Base) -> None:
        self._map = source_map
        self._base = base
        self.links: list[FoundLink] = []
        self.root: str | None = None
        self.skipped: Counter[str] = Counter()

    def take(self, element: Element) -> None:
        """Read an element that has ended."""
        parent = element.parent
        if parent is None:
            self.root = element.name
            return
        if (kind := KINDS.get((element.name, parent.name))) is not None:
            start, end = element.trimmed_span()
            named = (SITEMAP_RELATION,) if parent.name == "sitemap" else ()
            self._add(Found(start=start, end=end, kind=kind, target=element.text, rel=named))
        elif element.name == "link" and (value := element.attribute("href")) is not None:
            start, end = value.span(0, len(value.text))
            rel = tuple(element.attributes.get("rel", "").lower().split())
            target = element.attributes["href"]
            self._add(Found(start=start, end=end, kind=Kind.ALTERNATE, target=target, rel=rel))
        elif element.text.startswith(("http://", "https://")):
            self.skipped["addresses in other elements"] += 1

    def _add(self, found: Found) -> None:
        self.links.append(placed(found, self._map, self._base))


def read(source: Source) -> Document:
    """Return the addresses of a sitemap: its pages, or an index's sitemaps, have kind `feed-item`.

    Raises:
        UnreadableDocument: it is no sitemap, is damaged, or unpacks beyond what is read.
    """
    if source.data.startswith(GZIP_MAGIC):
        source = replace(source, data=_gunzip(source))
    source_map = SourceMap(decode_xml(source).text)
    base = Base(url=source.base, source="given") if source.base else NO_BASE
    sitemap = _Sitemap(source_map, base)
    read_elements(source.name, source_map, sitemap.take, keep=lambda _: False)
    if sitemap.root not in ROOTS:
        raise UnreadableDocument(source.name, f"is not a sitemap: its root is <{sitemap.root}>")
    return Document(
        source=source.name,
        format=Format.SITEMAP,
        text=source_map.text,
        links=tuple(sitemap.links),
        skipped=dict(sitemap.skipped),
    )


def _gunzip(source: Source) -> bytes:
    """Return the unpacked bytes, of which no more are made than are read."""
    unpacker = zlib.decompressobj(AS_GZIP)
    try:
        data = unpacker.decompress(source.data, MAX_TEXT_BYTES + 1)
    except zlib.error as error:
        raise UnreadableDocument(source.name, "is damaged gzip data") from error
    if len(data) > MAX_TEXT_BYTES:
        raise UnreadableDocument(source.name, "unpacks to more than is read")
    if not unpacker.eof:
        raise UnreadableDocument(source.name, "is gzip data that is cut off")
    return data
