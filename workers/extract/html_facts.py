"""What an HTML article says of itself: headline, publication date and its source, language, own address.

Structured data comes before the page's chrome: JSON-LD, Open Graph, then heading and title. A page from
an archive tells the address it was captured from.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workers.extract.dates import read_date
from workers.extract.finding import Base
from workers.extract.metadata import date_in_lines
from workers.url import is_fetchable, join

DATE_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "citation_publication_date",
    "citation_date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "sailthru.date",
    "parsely-pub-date",
    "pubdate",
    "publishdate",
    "publish-date",
    "date",
)
ARTICLE_TYPES = re.compile(r"article|posting|report|webpage", re.IGNORECASE)
ARCHIVED = re.compile(r"/web/\d{4,14}(?:[a-z]{2}_)?/(https?:/{1,2}[^\s]+)", re.IGNORECASE)
SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)|FILE ARCHIVED .{0,200}? (https?://\S+)", re.IGNORECASE)
MAX_DEPTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """The facts of a page; None where it is silent."""

    headline: str | None
    published: datetime | None
    published_source: str | None
    language: str | None
    own_url: str | None


@dataclass(slots=True)
class Seen:
    """What a walk saw of the page itself: meta tags by name, and the texts that stand for a title."""

    meta: dict[str, str]
    times: list[str]
    json_ld: list[str]
    comments: list[str]
    language: str | None = None
    canonical: str | None = None
    title: str | None = None
    heading: str | None = None
    lines: list[str] = field(default_factory=list)


def facts_of(seen: Seen, base: Base) -> PageFacts:
    """Return the facts of the page that was seen; its own address is joined to `base`."""
    article = _article(seen.json_ld)
    published, published_source = _published(seen, article)
    return PageFacts(
        headline=_text(article.get("headline"))
        or seen.meta.get("og:title")
        or seen.meta.get("headline")
        or seen.heading
        or seen.title,
        published=published,
        published_source=published_source,
        language=_language(seen, article),
        own_url=_own_url(seen, article, base),
    )


def _published(seen: Seen, article: Mapping[str, object]) -> tuple[datetime | None, str | None]:
    if (stated := _text(article.get("datePublished"))) and (found := read_date(stated)):
        return found, "json-ld"
    for name in DATE_NAMES:
        if (stated := seen.meta.get(name)) and (found := read_date(stated)):
            return found, f"meta {name}"
    for stated in seen.times[:1]:
        if found := read_date(stated):
            return found, "time element"
    if found := date_in_lines(seen.lines):
        return found, "dateline"
    return None, None


def _language(seen: Seen, article: Mapping[str, object]) -> str | None:
    said = article.get("inLanguage")
    if isinstance(said, dict):
        said = said.get("alternateName") or said.get("name")
    return seen.language or _text(said) or seen.meta.get("content-language") or seen.meta.get("og:locale")


def _own_url(seen: Seen, article: Mapping[str, object], base: Base) -> str | None:
    """Return the page's own address: of an archive's copy the original, else canonical or og:url."""
    for comment in seen.comments:
        saved = SAVED_FROM.search(comment)
        if saved and is_fetchable(saved[1] or saved[2]):
            return saved[1] or saved[2]
    page = article.get("mainEntityOfPage")
    page = page.get("@id") if isinstance(page, dict) else page
    for written in (seen.canonical, seen.meta.get("og:url"), _text(article.get("url")), _text(page)):
        if written and (joined := join(written, base.url)) is not None:
            archived = ARCHIVED.search(joined)
            return archived[1] if archived else joined
    archived = ARCHIVED.search(base.url or "")
    return archived[1] if archived else None


def _article(blocks: list[str]) -> Mapping[str, object]:
    """Return the article of JSON-LD, one with a headline if there is one; empty where there is none."""
    first: Mapping[str, object] = {}
    for block in blocks:
        try:
            loaded = json.loads(block)
        except (ValueError, RecursionError):
            continue
        for item in _objects(loaded, MAX_DEPTH):
            kinds = item.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and ARTICLE_TYPES.search(name) for name in names):
                if item.get("headline"):
                    return item
                first = first or item
    return first


def _objects(value: object, depth: int) -> Iterator[dict[str, object]]:
    if depth == 0:
        return
    if isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph"), depth - 1)
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item, depth - 1)


def _text(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None
