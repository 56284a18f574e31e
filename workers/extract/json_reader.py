"""Reads JSON and JSON Feed: every string, by its key, as an address, as HTML or as running text."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from workers.extract import html
from workers.extract.dates import read_date
from workers.extract.embedded import carry_back
from workers.extract.entries import entries_of
from workers.extract.finding import NO_BASE, Base, Found, placed
from workers.extract.identifiers import identifier_in_field
from workers.extract.json_feed import is_json_feed, item_facts
from workers.extract.json_strings import JsonString, load, strings, value_at
from workers.extract.source import Source, decode
from workers.extract.source_map import SourceMap
from workers.extract.text import links_in_text
from workers.model import Document, Format, FoundLink, Kind
from workers.url import join

ADDRESS_KEY = re.compile(
    r"(?:.*[_\-. ]|.*(?-i:(?=[A-Z])))?(?:url|uri|href|link|permalink)|"
    r"\$schema|@id|@context|website|home_?page",
    re.IGNORECASE,
)
IMAGE_KEY = re.compile(
    r"(?:.*[_\-. ])?(?:image|thumbnail|icon|favicon|avatar|photo|picture|logo|poster)(?:_?ur[li])?",
    re.IGNORECASE,
)
HTML = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
MAX_TITLE = 300
MAX_KEY = 100
MAX_IDENTIFIER = 600
MAX_BASE = 8_192
TITLE_KEYS = ("title", "headline", "name", "label", "text")
ARTICLE_KEYS: Mapping[str, tuple[str, ...]] = {
    "headline": ("headline", "title"),
    "published": (
        "date_published",
        "datePublished",
        "published",
        "published_at",
        "publishedAt",
        "date",
        "created",
    ),
    "language": ("language", "lang", "inLanguage"),
    "own_url": ("home_page_url", "canonical_url", "canonicalUrl", "original_url", "url", "permalink"),
}
FEED_KINDS: Mapping[str, Kind] = {
    "external_url": Kind.LINK,
    "home_page_url": Kind.METADATA,
    "feed_url": Kind.ALTERNATE,
    "next_url": Kind.ALTERNATE,
}


class _Reader:
    """Reads the strings of one JSON document."""

    def __init__(self, source: Source, text: str) -> None:
        self.loaded: Any = load(source.name, text)
        self.skipped: Counter[str] = Counter()
        self._name = source.name
        self._map = SourceMap(text)
        self._given = Base(url=source.base, source="given") if source.base else NO_BASE
        self._is_feed = is_json_feed(self.loaded)
        self.in_items: defaultdict[int, list[FoundLink]] = defaultdict(list)

    def links(self) -> Iterator[FoundLink]:
        """Yield the findings in the order of the source; those in items of a feed are noted by item."""
        for string in strings(self._map.text):
            found = self._of(string)
            within = string.path[:2]
            if self._is_feed and within[:1] == ("items",) and isinstance(within[-1], int):
                self.in_items[within[-1]].extend(found)
            yield from found

    def _of(self, string: JsonString) -> list[FoundLink]:
        if string.is_key:
            return self._running(string, NO_BASE)
        if self._is_feed and string.path in {("version",), *self._repeated_id(string)}:
            self.skipped["identifiers that are no link"] += 1
            return []
        base = self._base(string)
        kind = self._kind(string)
        if kind is not None:
            return [self._address(string, kind, base)]
        if (identified := self._identifier(string)) is not None:
            return [identified]
        if string.key != "content_text" and HTML.search(string.value.text):
            inner = html.read(Source(name=self._name, text=string.value.text, base=base.url))
            return self._carried(inner.links, string, base)
        return self._running(string, base)

    def _repeated_id(self, string: JsonString) -> set[tuple[str | int, ...]]:
        """Return the path of an item's id where it is this string and repeats the item's address."""
        item = value_at(self.loaded, string.path[:-1])
        is_item = len(string.path) == 3 and string.path[0] == "items" and isinstance(item, dict)  # noqa: PLR2004
        return (
            {string.path} if is_item and string.key == "id" and item.get("url") == item.get("id") else set()
        )

    def _base(self, string: JsonString) -> Base:
        """Return what addresses are joined to: in a JSON Feed, the address of the item or of its home."""
        if not self._is_feed:
            return self._given
        for path, source in ((string.path[:2], "item link"), ((), "feed link")):
            owner = value_at(self.loaded, path)
            written = owner.get("url" if path else "home_page_url") if isinstance(owner, dict) else None
            if not isinstance(written, str) or len(written) > MAX_BASE:
                continue
            if joined := join(written, self._given.url):
                return Base(url=joined, source=source)
        return self._given

    def _kind(self, string: JsonString) -> Kind | None:
        """Return the kind of a string that is one address by its key, None for any other text."""
        text, key = string.value.text, string.key[:MAX_KEY]
        is_step = bool(string.path) and isinstance(string.path[-1], str)
        if not is_step and not (key and _is_one_address(text)):
            return None
        if not _may_be_address(text) or HTML.search(text):
            return None
        if IMAGE_KEY.fullmatch(key):
            return Kind.IMAGE if _is_one_address(text) or key.lower().endswith(("url", "uri")) else None
        if not ADDRESS_KEY.fullmatch(key):
            return None
        return self._feed_kind(string) if self._is_feed else self._object_kind(string)

    def _object_kind(self, string: JsonString) -> Kind:
        key = string.key
        if string.path == (key,) and key in ARTICLE_KEYS["own_url"] and _fact(self.loaded, "headline"):
            return Kind.CANONICAL  # of an article kept as an object
        return Kind.METADATA if key[0] in "$@" else Kind.LINK

    def _feed_kind(self, string: JsonString) -> Kind:
        path = string.path
        if string.key == "url" and len(path) == 3 and path[0] == "items":  # noqa: PLR2004 - items/N/url
            return Kind.FEED_ITEM
        if "attachments" in path:
            return Kind.MEDIA
        return FEED_KINDS.get(string.key, Kind.METADATA)

    def _identifier(self, string: JsonString) -> FoundLink | None:
        """Return the identifier in a member for one."""
        written = string.value.text.strip()
        key = string.key[:MAX_KEY]
        mention = identifier_in_field(key, written) if len(written) <= MAX_IDENTIFIER else None
        if mention is None:
            return None
        first = string.value.text.index(written[0])
        start, end = string.value.span(first, first + len(written))
        found = Found(
            start=start,
            end=end,
            kind=Kind.IDENTIFIER,
            target=written,
            anchor=self._anchor(string),
            defects=mention.defects,
            identifier=mention.identifier,
        )
        return replace(placed(found, self._map, NO_BASE), locator=string.pointer)

    def _address(self, string: JsonString, kind: Kind, base: Base) -> FoundLink:
        text = string.value.text
        target = text.strip()
        first = len(text) - len(text.lstrip()) if target else 0
        start, end = string.value.span(first, first + len(target))
        found = Found(start=start, end=end, kind=kind, target=target, anchor=self._anchor(string))
        return replace(placed(found, self._map, base), locator=string.pointer)

    def _anchor(self, string: JsonString) -> str:
        """Return the title that stands beside an address in its object."""
        owner = value_at(self.loaded, string.path[:-1])
        if not isinstance(owner, dict):
            return ""
        titles = (owner.get(key) for key in TITLE_KEYS)
        short = (title for title in titles if isinstance(title, str) and 0 < len(title) <= MAX_TITLE)
        return next((" ".join(title.split()) for title in short), "")

    def _running(self, string: JsonString, base: Base) -> list[FoundLink]:
        found = links_in_text(string.value.text, base=base, markup="](" in string.value.text)
        return self._carried(found, string, base)

    def _carried(self, links: Sequence[FoundLink], string: JsonString, base: Base) -> list[FoundLink]:
        named = [
            replace(link, base_source=base.source) if link.base_source == "given" else link for link in links
        ]
        return carry_back(named, string.value, self._map, locator=string.pointer)


def read(source: Source) -> Document:
    """Return the findings of a JSON document; `locator` is the JSON Pointer of the string.

    Raises:
        UnreadableDocument: it is no valid JSON, or nested too deeply.
    """
    text = decode(source).text
    reader = _Reader(source, text)
    links = tuple(reader.links())
    published = _fact(reader.loaded, "published")
    date = read_date(published) if published else None
    return Document(
        source=source.name,
        format=Format.JSON,
        text=text,
        links=links,
        headline=_fact(reader.loaded, "headline"),
        published=date,
        published_source="json" if date else None,
        language=_fact(reader.loaded, "language"),
        own_url=_fact(reader.loaded, "own_url"),
        skipped=dict(reader.skipped),
        entries=entries_of(item_facts(reader.loaded, reader.in_items), links),
    )


def _is_one_address(text: str) -> bool:
    return re.fullmatch(r"\s*(?:https?:)?//\S+\s*", text) is not None


def _may_be_address(text: str) -> bool:
    """Whether a text under a key for addresses may be one: empty, or a word with a mark of an address."""
    written = text.strip()
    return not written or (len(written.split()) == 1 and any(mark in written for mark in "./:#"))


def _fact(loaded: object, name: str) -> str | None:
    """Return what the top object says of itself, None where it is silent or no object."""
    if not isinstance(loaded, dict):
        return None
    values = (loaded.get(key) for key in ARTICLE_KEYS[name])
    return next((value for value in values if isinstance(value, str) and value), None)
