"""Hosts that show one short page for every address, the front page too: down, walled off or parked.

Words of any language run out. A page that stands at an address that cannot exist and at the front page as
well is the state of the whole site, not the loss of one piece; a full front page for any address is a
soft 404 still.
"""

import re

from workers.model import Observation, Outcome, Verdict
from workers.regex import regex
from workers.verdict.address import Shape, read_address
from workers.verdict.context import Context
from workers.verdict.missing import landing_url, looks_missing
from workers.verdict.neighbours import is_shown_everywhere, is_shown_for_any
from workers.verdict.page import Page
from workers.verdict.phrases import holds
from workers.verdict.similarity import fold

_SHORT, _A_NOTICE, _FEW_LINK_WORDS = 80, 45, 12
_HOSTING_LISTS = ("hosting_words", "default_page", "default_lines", "suspended")
_GATE_LISTS = ("gate_words", "consent_words", "login", "challenge")
_TOLD = "an address that cannot exist and the front page show it too"
_AGE_QUESTION = regex(r"\b(?:1[68]|2[01])\b[^.!?\uff1f\u061f\u037e;]*[?\uff1f\u061f\u037e;]")
# A telephone number or a price: the one page of a small business, which never had another.
_TRADE = regex(r"(?<![\d.])(?:\+|\(?0)\d[\d ()/.-]{6,18}\d(?![\d:])|[$€£¥₽₹₩]\s?\d|\d\s?[$€£¥₽₹₩]")


def may_be_one_page(observation: Observation, page: Page, context: Context) -> bool:
    """Whether a short page, shown for an address that cannot exist, may be what this host shows everywhere.

    Then the front page is worth a question.
    """
    return (
        context.front is None
        and _is_short(observation, page)
        and is_shown_for_any(observation, page, context)
    )


def find_one_page(observation: Observation, page: Page, context: Context) -> Verdict | None:
    """Return what a site is whose every address shows this short page, None where it is no such page.

    `parked` where it speaks of its own domain name or of hosting, `blocked` where it asks something of the
    reader, else `down`.
    """
    if not _is_short(observation, page) or not is_shown_everywhere(observation, page, context):
        return None
    text = "\n".join((page.title, page.noscript_text, *(block.text for block in page.blocks)))
    if _names_domain(text, observation.url):
        return _verdict(Outcome.PARKED, "parked/one-page", "it names its own domain")
    if looks_missing(page) or holds("for_good", text):
        return None
    return _parked(text) or _walled(text, page) or _down(page)


def _parked(text: str) -> Verdict | None:
    hosting = next((word for name in _HOSTING_LISTS if (word := holds(name, text))), None)
    return _verdict(Outcome.PARKED, "parked/one-page", f"it says: {hosting}") if hosting else None


def _walled(text: str, page: Page) -> Verdict | None:
    """Tell a gate by its words or its buttons; where something is sold, by both."""
    asked = next((block.text for block in page.blocks if _AGE_QUESTION.search(block.text)), None)
    word = asked or next((word for name in _GATE_LISTS if (word := holds(name, text))), None)
    is_enough = bool(word) and bool(page.controls) if _TRADE.search(text) else word or page.controls
    if not is_enough:
        return None
    return _verdict(
        Outcome.BLOCKED, "wall/one-page", f"it says: {word}" if word else "it has buttons or fields"
    )


def _down(page: Page) -> Verdict | None:
    if page.text_words >= _A_NOTICE or _TRADE.search(page.main_text):
        return None
    return _verdict(Outcome.DOWN, "down/one-page", f"all it says is: {page.main_text[:160]}")


def _is_short(observation: Observation, page: Page) -> bool:
    """Whether a page is too short for a front page, without a menu, and not the front page it was sent to."""
    if not page.is_html or page.is_shell or page.is_blank or page.text_words >= _SHORT:
        return False
    if sum(block.link_words for block in page.blocks) > _FEW_LINK_WORDS:
        return False
    landed = landing_url(observation, page)
    return landed == observation.url or read_address(landed).shape is not Shape.ROOT


def _names_domain(text: str, url: str) -> bool:
    domain = read_address(url).domain
    named = rf"(?<![\w@.-])(?:www\.)?{re.escape(domain)}(?![\w/])"
    return "." in domain and re.search(named, fold(text)) is not None


def _verdict(outcome: Outcome, rule: str, told: str) -> Verdict:
    return Verdict(outcome=outcome, rule=rule, evidence=(_TOLD, told))
