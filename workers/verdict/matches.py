"""Whether a live page shows that a repair candidate is the address the author meant."""

from collections.abc import Sequence

from workers.model import Observation, Outcome
from workers.url import lookup_key
from workers.verdict.address import read_address
from workers.verdict.context import Context
from workers.verdict.outcome import decide
from workers.verdict.page import Page
from workers.verdict.similarity import fold
from workers.verdict.words import words_of

_GOOD = frozenset({Outcome.OK, Outcome.MOVED})
_STATUS_OK = 200
_MOST, _HALF = 0.7, 0.5
_MIN_TITLE_WORDS = 3
_MIN_SLUG_WORDS = 2


def confirms(
    page: Page | None, observation: Observation, *, url: str, headline: str | None, anchors: Sequence[str]
) -> tuple[bool, tuple[str, ...]]:
    """Return whether the page answered for candidate `url` proves it, with the evidence for or against.

    `headline` is the citing article's, `anchors` the texts the link stands under. Publishers answer for
    any slug with the right id, so an answer alone proves nothing: the title has to agree, or the page
    has to name exactly this address as its own and carry the words of its slug.
    """
    if observation.status != _STATUS_OK:
        return False, (f"answered {observation.status or observation.failure}",)
    verdict = decide(observation, page=page, context=Context(anchors=tuple(anchors), headline=headline))
    if verdict.outcome not in _GOOD:
        return False, (f"{verdict.outcome}: {verdict.rule}", *verdict.evidence)
    if page is None or not page.is_html:
        return False, (f"answers {_STATUS_OK}, and shows no page to compare",)
    named = _named_self(page, observation, url)
    title = _agreeing_title(page, (headline, *anchors))
    if title:
        return named is not False, (*_told(named), f"its title agrees with: {title}")
    if named and _carries_slug(page, url):
        return True, (*_told(named), "its title carries the words of the address")
    return False, (*_told(named), f"its title is: {page.main_heading or page.title or 'empty'}")


def _named_self(page: Page, observation: Observation, url: str) -> bool | None:
    """Return whether canonical or og:url name `url` (query aside), None where the page names nothing.

    A page on another host that answers for `url` by a redirect may name its new address.
    """
    named = [address for address in (page.canonical, page.og_url) if address]
    if not named:
        return None
    wanted = {_bare(url), _bare(observation.final_url)}
    if any(_bare(address) in wanted for address in named):
        return True
    # A canonical address on another host of the same piece (syndication) keeps the path.
    return None if any(_path(address) == _path(url) for address in named) else False


def _bare(url: str) -> str:
    return lookup_key(url).partition("?")[0]


def _path(url: str) -> str:
    return _bare(url).partition(")")[2]


def _agreeing_title(page: Page, wanted: Sequence[str | None]) -> str | None:
    """Return the headline or anchor most of whose words, in both directions, a title of the page has."""
    titles = [words_of(text) for text in (page.main_heading, page.og_title, page.title) if text]
    for text in wanted:
        words = words_of(text or "")
        if len(words) < _MIN_TITLE_WORDS:
            if text and len(fold(text)) >= _MIN_TITLE_WORDS and not text.isascii() and _is_in(text, page):
                return text
            continue
        for title in titles:
            shared = len(words & title)
            if shared >= _MOST * len(words) and shared >= _HALF * len(title):
                return text
    return None


def _is_in(text: str, page: Page) -> bool:
    return any(fold(text) in fold(title) for title in (page.main_heading, page.og_title, page.title) if title)


def _carries_slug(page: Page, url: str) -> bool:
    words = read_address(url).words
    if len(words) < _MIN_SLUG_WORDS:
        return False
    known = words_of(f"{page.main_heading} {page.og_title} {page.title}")
    return len(words & known) >= _MOST * len(words)


def _told(named: bool | None) -> tuple[str, ...]:
    if named is None:
        return ()
    return ("the page names this address as its own" if named else "the page names another address",)
