"""What one item of a feed says of itself, and whether its text stands in the feed."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape

from workers.extract.dates import read_date
from workers.extract.entries import EntryFacts
from workers.extract.xml_elements import Element
from workers.model import FoundLink, Kind

TAG = re.compile(r"</?[A-Za-z][^<>]*>")
CONTENTS = frozenset({"encoded", "content", "body"})
TEASERS = frozenset({"description", "summary"})  # the whole text where they hold HTML, else a line or two
DATES = ("pubDate", "published", "issued", "created", "date", "updated", "modified")
MARKUP_TYPES = frozenset({"html", "text/html", "xhtml"})


def facts_of(item: Element, links: Sequence[FoundLink]) -> EntryFacts:
    """Return what an item says of itself; `links` are the findings in it."""
    published, published_source = date_of(item, DATES)
    listed = [link for link in links if link.kind is Kind.FEED_ITEM]
    page = next((link.resolved for link in listed if link.resolved is not None), None)
    return EntryFacts(
        ids=(text_of(item, "guid") or text_of(item, "id") or item.attributes.get("about"), page),
        page=page,
        headline=_headline(item),
        published=published,
        published_source=published_source,
        language=text_of(item, "language") or item.attributes.get("lang"),
        has_content=any(_holds_text(child) for child in item.children),
        links=list(links),
    )


def _holds_text(element: Element) -> bool:
    """Whether an element holds the text of its item."""
    if not element.text and not element.children:
        return False
    if element.name in CONTENTS:
        return not {"src", "url"} & element.attributes.keys()
    return element.name in TEASERS and (bool(element.children) or TAG.search(element.text) is not None)


def _headline(item: Element) -> str | None:
    title = item.child("title")
    written = text_of(item, "title")
    if title is None or written is None or title.attributes.get("type") not in MARKUP_TYPES:
        return written
    return " ".join(unescape(TAG.sub("", written)).split()) or None


def text_of(element: Element | None, name: str) -> str | None:
    """Return the text of an element's first child of that name on one line, None where there is none."""
    child = element.child(name) if element else None
    return (" ".join(child.text.split()) or None) if child else None


def date_of(element: Element | None, names: Sequence[str]) -> tuple[datetime | None, str | None]:
    """Return the date in the first child that can be read as one, and the name of that child."""
    for name in names:
        if (written := text_of(element, name)) and (found := read_feed_date(written)):
            return found, name
    return None, None


def read_feed_date(written: str) -> datetime | None:
    """Return a date in the form of RFC 822 (RSS) or RFC 3339 (Atom) in UTC, None where it is neither."""
    try:
        found = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return read_date(written)
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:
        return None
