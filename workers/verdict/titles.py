"""What the titles of a page have in common with an anchor, a headline, a sentence or a slug."""

from collections.abc import Iterable

from workers.verdict.address import read_address
from workers.verdict.page import Page
from workers.verdict.similarity import fold
from workers.verdict.words import words_of

_MOST, _HALF = 0.7, 0.5
_NEARLY_ALL = 0.8
_MIN_TITLE_WORDS = 3
_MIN_SLUG_WORDS = 2
_MIN_SENTENCE_WORDS = 4
_MIN_CHARS = 3
_SHORTEST_SUBJECT = 3


def titles_of(page: Page) -> tuple[str, ...]:
    """Return what a page calls itself, the heading of its piece first."""
    return tuple(text for text in (page.main_heading, page.og_title, page.title) if text)


def agreeing_title(page: Page, wanted: Iterable[str | None], sentences: Iterable[str] = ()) -> str | None:
    """Return the headline or anchor most of whose words, in both directions, a title of the page has.

    Else the title that nearly whole stands in one of the sentences around the link; None without either.
    """
    titles = titles_of(page)
    folded = [words_of(text) for text in titles]
    for text in wanted:
        words = words_of(text or "")
        if len(words) < _MIN_TITLE_WORDS:
            if text and len(fold(text)) >= _MIN_CHARS and not text.isascii() and _is_in(text, titles):
                return text
            continue
        for title in folded:
            shared = len(words & title)
            if shared >= _MOST * len(words) and shared >= _HALF * len(title):
                return text
    return _title_in(titles, sentences)


def carries_slug(page: Page, url: str) -> bool:
    """Whether the titles of the page hold most words of the address's most descriptive part."""
    words = read_address(url).words
    if len(words) < _MIN_SLUG_WORDS:
        return False
    return len(words & words_of(" ".join(titles_of(page)))) >= _MOST * len(words)


def is_off_topic(page: Page, url: str, wanted: Iterable[str]) -> bool:
    """Whether no title of the page has a word of the address or of what stands around the link.

    False where these say too little to tell, or are in another script than the page.
    """
    shown = " ".join((*titles_of(page), *page.headings))
    known = words_of(" ".join(wanted)) | read_address(url).subject
    if len(known) < _SHORTEST_SUBJECT or not shown.isascii():
        return False
    return not known & words_of(shown)


def _title_in(titles: Iterable[str], sentences: Iterable[str]) -> str | None:
    around = [words_of(sentence) for sentence in sentences]
    for title in titles:
        words = words_of(title)
        if len(words) >= _MIN_SENTENCE_WORDS and any(
            len(words & sentence) >= _NEARLY_ALL * len(words) for sentence in around
        ):
            return title
    return None


def _is_in(text: str, titles: Iterable[str]) -> bool:
    return any(fold(text) in fold(title) for title in titles)
