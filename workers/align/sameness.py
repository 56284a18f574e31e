"""Whether a page is the article: by its headline and by the text that both have."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workers.align.page_text import PageText
from workers.align.wording import triples, words_of

_MOST_TITLE, _HALF_TITLE = 0.75, 0.5
_MIN_TITLE_WORDS = 2
_MUCH, _SOME, _FEW = 0.25, 0.05, 4
_OF_PAGE, _OF_BEGINNING = 0.5, 0.25
_MIN_RUNS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Sameness:
    """Whether a page is the article, and why; `is_partial` where it shows a beginning only."""

    is_same: bool
    is_partial: bool
    evidence: str


def compare(article: Sequence[str], headline: str | None, page: PageText, titles: Sequence[str]) -> Sameness:
    """Return whether `page` is the article of these words; `titles` are the page's own headings and titles.

    An edited article keeps a part of its runs of three words; the beginning that a paywall shows is
    itself a part of the article.
    """
    of_article, of_page = triples(article), triples(page.words)
    of_content = triples(page.content_words)
    shared = len(of_article & of_page)
    there = shared / len(of_article) if of_article else 0.0
    ours = len(of_article & of_content) / len(of_content) if of_content else 0.0
    titled = _is_titled(headline, titles)
    told = f"{there:.0%} of the article's text is on it" + (", under its headline" if titled else "")
    much = len(of_article) >= _MIN_RUNS and there >= _MUCH
    little_known = len(of_article) < _MIN_RUNS
    beginning = shared >= _MIN_RUNS and ours >= _OF_PAGE
    under_title = titled and (
        (shared >= _MIN_RUNS and there >= _SOME)
        or (shared >= _FEW and ours >= _OF_BEGINNING)
        or (little_known and there >= _MUCH)
    )
    is_same = much or beginning or under_title
    return Sameness(
        is_same=is_same, is_partial=is_same and there < _OF_PAGE and ours >= _OF_PAGE, evidence=told
    )


def _is_titled(headline: str | None, titles: Sequence[str]) -> bool:
    """Whether one of the page's titles has most words of the headline, and not many others."""
    wanted = set(words_of(headline or ""))
    if len(wanted) < _MIN_TITLE_WORDS:
        return False
    for title in titles:
        words = set(words_of(title))
        shared = len(wanted & words)
        if shared >= _MOST_TITLE * len(wanted) and shared >= _HALF_TITLE * len(words):
            return True
    return False
