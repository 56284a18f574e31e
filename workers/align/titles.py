"""Titles found by themselves: a citation such as 'Related article: TITLE' names its target in full."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import unquote

from workers.align.cited import Cited
from workers.align.page_text import PageLink, PageText
from workers.align.wording import length_of, words_of
from workers.url import host_of, parse, registrable_domain

_MIN_LENGTH, _MIN_CAPTION = 4.0, 3.0
_MIN_SLUG_WORDS = 4
_EXTRA_WORDS = 40
_ALIKE = 0.9
_EXACT, _STARTS, _ALMOST = 0.95, 0.88, 0.84
_OF_SLUG, _OF_TITLE = 0.85, 0.7
_SLUG_SURE, _SLUG_FAIR = 0.86, 0.75
_SURE_WORDS = 6
_LABEL, _BARE = 4.0, 0.4
_EXTENSION = re.compile(r"\.\w{2,5}$")
_ID = re.compile(r"^(?=.*\d)[a-z0-9]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleFit:
    """A link that carries a citation's title, with a confidence 0…1 and how that shows."""

    link: PageLink
    confidence: float
    rule: str
    evidence: str


def is_title(anchor: Sequence[str]) -> bool:
    """Whether an anchor is long enough to name one page: four words, or eight letters without spaces."""
    return length_of(anchor) >= _MIN_LENGTH


def is_bare_title(cited: Cited) -> bool:
    """Whether a citation is a title by itself, but for a label such as 'Related article'."""
    around = length_of(cited.words[cited.low : cited.high]) - length_of(cited.anchor)
    if cited.is_image:
        return length_of(cited.anchor) >= _MIN_CAPTION
    return is_title(cited.anchor) and (
        cited.start is None or around <= max(_LABEL, _BARE * length_of(cited.anchor))
    )


def find_title(cited: Cited, page: PageText) -> list[TitleFit]:
    """Return the links of a page that carry the citation's title, best first; none for a short anchor."""
    if not is_bare_title(cited):
        return []
    fits = (fit for link in page.links if (fit := _title_fit(cited, page, link)) is not None)
    return sorted(fits, key=lambda fit: (-fit.confidence, not fit.link.is_content, fit.link.number))


def _title_fit(cited: Cited, page: PageText, link: PageLink) -> TitleFit | None:
    if link.is_image is not cited.is_image:
        return None
    for words in (page.words[link.start : link.end], link.label):
        confidence = _as_title(cited.anchor, words)
        if confidence:
            return TitleFit(
                link=link, confidence=confidence, rule="title", evidence="a link of the page has this title"
            )
    if link.is_image or _domain(link.url) != _domain(page.url):
        return None
    confidence = as_slug(cited.anchor, link.url)
    if not confidence:
        return None
    told = "an address of this publisher, linked on the page, is made of the title's words"
    return TitleFit(link=link, confidence=confidence, rule="slug", evidence=told)


def _as_title(title: Sequence[str], words: Sequence[str]) -> float:
    """Return how surely a link's words are this title: 0 where they are not."""
    if not words or len(words) > len(title) + _EXTRA_WORDS:
        return 0.0
    if tuple(words) == tuple(title):
        return _EXACT
    if tuple(words[: len(title)]) == tuple(title) or tuple(words[-len(title) :]) == tuple(title):
        return _STARTS
    ratio = SequenceMatcher(None, title, words, autojunk=False).ratio()
    return _ALMOST if ratio >= _ALIKE else 0.0


def as_slug(title: Sequence[str], url: str) -> float:
    """Return how surely the last part of an address is made of a title's words: 0 where it is not."""
    words = slug_words(url)
    if len(words) < _MIN_SLUG_WORDS:
        return 0.0
    shared = set(words) & set(title)
    if len(shared) < _OF_SLUG * len(set(words)) or len(shared) < _OF_TITLE * len(set(title)):
        return 0.0
    return _SLUG_SURE if len(shared) >= _SURE_WORDS else _SLUG_FAIR


def slug_words(url: str) -> tuple[str, ...]:
    """Return the words of the longest segment of an address's path, ids left out."""
    parsed = parse(url)
    if parsed is None:
        return ()
    segments = [words_of(_EXTENSION.sub("", segment)) for segment in unquote(parsed.pathname).split("/")]
    longest = max(segments, key=len, default=())
    return tuple(_without_ids(longest))


def _without_ids(words: Sequence[str]) -> Iterator[str]:
    """Yield the words of a slug; a word with digits at either end is an id."""
    last = len(words) - 1
    for number, word in enumerate(words):
        if number in {0, last} and _ID.match(word) and len(word) > 2:  # noqa: PLR2004 - 7 or 24 may be a word
            continue
        yield word


def _domain(url: str) -> str:
    return registrable_domain(host_of(url))
