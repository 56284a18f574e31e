"""A first look that tells pages which plainly are the piece that was asked for from all others.

It proves, at a tenth of the cost, what all the rules of this package would say: nothing. The page answers at
the very address, its title carries the words of the slug, under its one heading stand paragraphs enough, and
no text that a rule reads may say that something is missing. What it cannot prove goes through all the rules.
"""

from collections.abc import Set
from functools import cache
from urllib.parse import unquote

import turbohtml

from workers.model import Observation
from workers.regex import regex
from workers.url import host_of, lookup_key
from workers.verdict.address import says_error, without_extension
from workers.verdict.lexicon import marks
from workers.verdict.page import OpenPage, title_of
from workers.verdict.paragraphs import FEWEST_WORDS, MOST_WORDS, Paragraphs, find_paragraphs
from workers.verdict.pieces import Pieces, shown_pieces
from workers.verdict.signs import Signs, read_signs
from workers.verdict.similarity import fold
from workers.verdict.walls import has_sign_in_headers
from workers.verdict.words import words_of

_OK = 200
_SLUG = regex(r"https?://[^/?#\s\\]+/((?:[^/?#\s\\]*/)*([a-z0-9_.-]+)/?)")
_WORD = regex(r"[a-z]{3,}")
_DESCRIPTIVE_WORDS, _MOST = 3, 0.6
_MOST_PIECES = 4000  # no rule looks at more blocks


def glance(observation: Observation, page: OpenPage) -> int:
    """Return the words of a page that no rule could object to, up to 500; 0 where that is not plain."""
    document = page.document
    if document is None or document.root is None or not _is_answer_itself(observation):
        return 0
    title = title_of(document)
    subject = _subject_of(observation.url, title)
    if not subject or not _says_nothing_odd(observation.url, read_signs(document, observation.url), subject):
        return 0
    paragraphs = find_paragraphs(document)
    if paragraphs is None or paragraphs.words < FEWEST_WORDS or _may_object(document, title, paragraphs):
        return 0
    return paragraphs.words


def _is_answer_itself(observation: Observation) -> bool:
    """Whether the very address answered well and at once, with no sign of a wall in the headers."""
    return (
        observation.status == _OK
        and observation.final_url == observation.url
        and len(observation.hops) <= 1
        and not has_sign_in_headers(observation)
    )


def _subject_of(url: str, title: str) -> Set[str]:
    """Return the words of the slug that the title holds, if they are most of three or more, else none."""
    slug = _SLUG.fullmatch(url)
    if slug is None or "http" in url[len("https://") :]:  # an address that wraps another
        return frozenset()
    path, last = slug[1], without_extension(slug[2])
    words = set(_WORD.findall(last)) - _generic_words()
    if len(words) < _DESCRIPTIVE_WORDS or "." in last:
        return frozenset()
    both = words & (set(_WORD.findall(title.lower())) if title.isascii() else words_of(title))
    if len(both) < _MOST * len(words):
        return frozenset()
    is_plain = path.isascii() and "%" not in path
    return frozenset() if says_error("/" + (path.lower() if is_plain else fold(unquote(path)))) else both


@cache
def _generic_words() -> frozenset[str]:
    return frozenset(marks("generic_path_words"))


def _says_nothing_odd(url: str, signs: Signs, subject: Set[str]) -> bool:
    """Whether the head and the markup name the page by its own address, and no error and no wall."""
    if signs.names_error or signs.status_hint or signs.has_ad_block_key or signs.holds_back:
        return False
    named = [address for address in (signs.canonical, signs.og.get("og:url")) if address]
    if named:
        return all(address == url or lookup_key(address) == lookup_key(url) for address in named)
    site = f"{signs.og.get('og:site_name', '')} {host_of(url)}"
    site = site.lower() if site.isascii() else fold(site)
    return not all(word in site for word in subject)


def _may_object(document: turbohtml.Document, title: str, paragraphs: Paragraphs) -> bool:
    """Whether what the rules read may say that something is missing, or that the rest is for subscribers.

    Of a long piece no rule reads more than its beginning.
    """
    is_long = paragraphs.words >= MOST_WORDS
    pieces = shown_pieces(document, until=paragraphs.lead_end if is_long else None)
    if pieces is None or len(pieces) > _MOST_PIECES:
        return True
    said = Pieces([title, *pieces])
    return said.may_hold_missing() or (not is_long and said.may_hold_paywall())
