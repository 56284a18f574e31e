"""A first look that tells pages which plainly are the piece that was asked for from all others.

It proves, at a twentieth of the cost, that no rule of this package could find anything: the page answers at
the very address, its title carries the words of the slug, and under its one heading stand paragraphs enough,
none of which may say that something is missing. What it cannot prove goes through all the rules.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import turbohtml
from turbohtml import Element, Node

from workers.model import Observation
from workers.url import lookup_key
from workers.verdict.blocks import is_beside_the_piece
from workers.verdict.lexicon import marks
from workers.verdict.page import OpenPage
from workers.verdict.phrases import may_hold, may_hold_missing
from workers.verdict.sieve import word_starts
from workers.verdict.signs import read_signs
from workers.verdict.walls import has_sign_in_headers

_OK = 200
_SLUG = re.compile(r"https?://[^/?#]+(?:/[^/?#]*)*/([a-z0-9_.-]+)/?")
_WORD = re.compile(r"[a-z]{3,}")
_DESCRIPTIVE_WORDS, _MOST = 3, 0.6
_ENOUGH_WORDS, _COUNTED_WORDS = 150, 500
_PARAGRAPH_WORDS = 18
_LEAD_CHARS, _TAIL_CHARS = 1500, 1500
_RUN_TAGS = ["h1", "h2", "h3", "h4", "h5", "h6", "p"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What the first look saw of a page that is plainly right.

    `main_words` counts the words of its paragraphs, up to 500: more tell no rule anything.
    """

    main_words: int


def glance(observation: Observation, page: OpenPage) -> Glance | None:
    """Return what was seen of a page that no rule could object to, None where that is not plain."""
    document = page.document
    if document is None or document.root is None or not _is_answer_itself(observation):
        return None
    if not _is_titled_by_slug(observation.url, document) or not _says_nothing_odd(observation.url, document):
        return None
    words = _words_of_piece(document, document.root)
    return Glance(main_words=words) if words >= _ENOUGH_WORDS else None


def _is_answer_itself(observation: Observation) -> bool:
    """Whether the very address answered well, with no sign of a wall in the headers."""
    return (
        observation.status == _OK
        and observation.final_url == observation.url
        and not has_sign_in_headers(observation)
    )


def _is_titled_by_slug(url: str, document: turbohtml.Document) -> bool:
    """Whether the title holds most words of a slug of three or more, and none that may speak of loss."""
    slug, title = _SLUG.fullmatch(url), document.find("title")
    if slug is None or title is None or "http" in url[len("https://") :]:  # an address that wraps another
        return False
    text = title.text
    words = set(_WORD.findall(slug[1].partition(".")[0])) - _generic_words()
    known = set(_WORD.findall(text.lower()))
    is_telling = len(words) >= _DESCRIPTIVE_WORDS and len(words & known) >= _MOST * len(words)
    return is_telling and not may_hold_missing(text)


@cache
def _generic_words() -> frozenset[str]:
    return frozenset(marks("generic_path_words"))


def _says_nothing_odd(url: str, document: turbohtml.Document) -> bool:
    """Whether the head and the markup name the page by its own address, and no error and no wall."""
    signs = read_signs(document, url)
    if signs.names_error or signs.status_hint or signs.has_ad_block_key or signs.holds_back:
        return False
    named = [address for address in (signs.canonical, signs.og.get("og:url")) if address and address != url]
    return not named or {lookup_key(address) for address in named} == {lookup_key(url)}


def _words_of_piece(document: turbohtml.Document, root: Element) -> int:
    """Return the words of the paragraphs between the only main heading and the next heading; 0 for doubt."""
    headings = document.find_all("h1")
    if len(headings) != 1 or is_beside_the_piece(headings[0]) or _may_object(headings[0], root):
        return 0
    words = 0
    inside: Node | None = None
    for paragraph in _paragraphs_below(document):
        count = _own_words(paragraph)
        if count < _PARAGRAPH_WORDS:
            continue
        is_known = paragraph.parent == inside and not paragraph.attrs
        if is_known or not is_beside_the_piece(paragraph):
            inside = paragraph.parent
            words += count
            if words >= _COUNTED_WORDS:
                break
    return words


def _may_object(heading: Element, root: Element) -> bool:
    """Whether the text by the heading may speak of loss, or the end of the page of a paywall."""
    text = root.text
    if len(text) <= _LEAD_CHARS + _TAIL_CHARS:
        lead = tail = text
        starts = before = word_starts(text)
    else:
        lead, tail = f"{heading.text} {_lead(heading)}", text[-_TAIL_CHARS:]
        starts, before = word_starts(lead), word_starts(tail)
    return may_hold_missing(lead, starts) or may_hold("paywall", tail, before)


def _lead(heading: Element) -> str:
    """Return the beginning of the text in the smallest part around a heading that is more than a line."""
    part = heading.parent
    while isinstance(part, Element):
        text = part.text
        if len(text) >= _LEAD_CHARS or part.tag == "body":
            return text[:_LEAD_CHARS]
        part = part.parent
    return ""


def _paragraphs_below(document: turbohtml.Document) -> Iterator[Element]:
    is_below = False
    for element in document.iter_elements(_RUN_TAGS):
        if element.tag == "p":
            if is_below:
                yield element
        elif is_below:
            return
        else:
            is_below = element.tag == "h1"


def _own_words(paragraph: Element) -> int:
    """Return the words of a paragraph, 0 where half of them or more are link text."""
    count = len(paragraph.text.split())
    linked = sum(len(link.text.split()) for link in paragraph.find_all("a"))
    return count if linked * 2 < count else 0
