"""Names taken over by another trade: gambling, pills, loans, where nothing cited the page for them."""

from collections.abc import Iterable
from urllib.parse import unquote

from workers.model import Outcome, Verdict
from workers.regex import regex
from workers.verdict.address import Address
from workers.verdict.context import Context
from workers.verdict.lexicon import marks
from workers.verdict.page import Page
from workers.verdict.phrases import all_held, holds
from workers.verdict.similarity import fold
from workers.verdict.words import words_of

_LITTLE, _SOME = 40, 120
_LEADING_BLOCKS, _HEAD_CHARS, _MAX_CHARS = 6, 1200, 4000
_IN_HEAD, _IN_LEAD, _IN_TEXT = 2, 3, 3
_MOSTLY = 0.6
_NOT_LATIN = regex(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")


def find_hijacked(page: Page, asked: Address, context: Context, *, is_one_for_all: bool) -> Verdict | None:
    """Return `parked` where another trade has the page and nothing cited it for that, else None.

    `is_one_for_all` says that an address that cannot exist shows the same page: then the words need not
    head it.
    """
    cited = " ".join(
        (asked.host.replace("-", " "), *asked.segments, *context.anchors, context.headline or "")
    )
    terms = _terms_of(page, cited, is_one_for_all=is_one_for_all)
    if not terms or _is_writing(page) or _is_cited_for(terms, cited):
        return None
    return Verdict(
        outcome=Outcome.PARKED, rule="parked/hijacked", evidence=(f"another trade: {', '.join(terms[:5])}",)
    )


def trade_words(page: Page) -> list[str]:
    """Return the words of such trades that a page has anywhere, its links included, longest first."""
    return _apart(all_held("spam", _text_of(page)), fold(_text_of(page)))


def _terms_of(page: Page, cited: str, *, is_one_for_all: bool) -> list[str]:
    """Return the words of a trade if they are enough, an offer such as a bonus counted as one; else none."""
    head = f"{page.title} {page.main_heading} {page.description}"
    terms = _terms_if_enough(head, _IN_HEAD)
    if not terms and _is_foreign(head, cited):
        terms = _terms_if_enough(" ".join((head, *_lines(page)))[:_HEAD_CHARS], _IN_LEAD)
    if terms:
        return terms
    text = _text_of(page)
    if is_one_for_all:
        return _terms_if_enough(text, _IN_HEAD)
    is_offer = holds("spam", head) and holds("spam_offers", text)
    content = "\n".join((head, page.main_text[:_MAX_CHARS]))
    return _terms_if_enough(content, _IN_TEXT) if is_offer or holds("spam_offers", head) else []


def _lines(page: Page) -> list[str]:
    own = [
        block.text for block in page.blocks if block.words <= _LITTLE and (block.is_content or block.level)
    ]
    return own[:_LEADING_BLOCKS]


def _text_of(page: Page) -> str:
    return "\n".join((page.title, page.description, *(block.text for block in page.blocks)))[:_MAX_CHARS]


def _terms_if_enough(text: str, wanted: int) -> list[str]:
    terms = _apart(all_held("spam", text), fold(text))
    return terms if len(terms) + bool(terms and holds("spam_offers", text)) >= wanted else []


def _apart(terms: Iterable[str], text: str) -> list[str]:
    """Return the terms that stand in `text` beside one another, the longest first: no letter counts twice."""
    found = []
    for term in terms:
        if term in text:
            text = text.replace(term, "|")
            found.append(term)
    return found


def _is_foreign(head: str, cited: str) -> bool:
    """Whether a head is mostly in scripts of which nothing stands in what cited the page."""
    written = [character for character in head if character.isalpha()]
    strange = _NOT_LATIN.findall(head)
    return len(strange) >= _MOSTLY * len(written) > 0 and not _NOT_LATIN.search(unquote(cited))


def _is_cited_for(terms: list[str], cited: str) -> bool:
    """Whether address, anchors or headline speak of that trade, in its words or in one of them."""
    if any(holds("spam", text) for text in (cited, cited.replace("-", " "))):
        return True
    telling = words_of(" ".join(terms)) - set(marks("trade_side_words"))
    return not telling.isdisjoint(words_of(cited.replace("-", " ").replace("_", " ")))


def _is_writing(page: Page) -> bool:
    """Whether the page is dated writing of a site that names itself: news about a trade, not the trade."""
    return page.is_dated and page.substance >= _SOME and bool(page.site_name)
