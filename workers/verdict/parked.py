"""Domains for sale, suspended accounts, default server pages and hijacked names.

Hosts, paths and marks are facts about parking companies, registrars and hosting panels as their own
pages show them.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote

from workers.model import Observation, Outcome, Verdict
from workers.url import registrable_domain
from workers.verdict.address import Address, read_address
from workers.verdict.context import Context
from workers.verdict.lexicon import marks
from workers.verdict.missing import landing_url
from workers.verdict.page import Page
from workers.verdict.phrases import all_held, holds
from workers.verdict.similarity import fold
from workers.verdict.topic import shown_topic

_PARKING_HEADERS = ("x-adblock-key", "x-parked", "x-domain-parking", "x-buckets", "x-template-parking")
_PANEL_PATH = re.compile(
    r"/cgi-sys/(?:suspendedpage|defaultwebpage)\.cgi|/suspended(?:page)?(?:\.html?)?/?$|/defaultsite"
)
_HOST_NAME = re.compile(r"\b[\w-]{1,63}\.[^\W\d_]{2,24}\b")
_NUMBERED_HOST = re.compile(r"^ww\d{1,2}\.")
_LITTLE, _SOME = 40, 120
_MOSTLY, _BRIEF_PAGE_WORDS = 0.6, 60
_FEWEST_WORDS, _FEW_WORDS, _LANDER_WORDS = 20, 160, 400
_LEADING_BLOCKS = 6
_SPAM_TERMS, _HEADING_WORDS = 2, 16
_HEAD_CHARS = 1200
_NOT_LATIN = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")


def find_parked(observation: Observation, page: Page, context: Context) -> Verdict | None:
    """Return `parked` where the page shows nobody's content or a stranger's, else None."""
    asked = read_address(observation.url)
    landed = read_address(landing_url(observation, page))
    by_machine = _by_place(asked, landed, observation) or _by_marks(observation, page, asked)
    if by_machine:
        return by_machine
    lead = _lead(page)
    if shown_topic(page, asked, context):
        return None
    return (
        _for_sale(page, asked, landed, lead)
        or _suspended(page, lead)
        or _default_page(page, lead)
        or _hijacked(page, asked, context)
    )


def _by_place(asked: Address, landed: Address, observation: Observation) -> Verdict | None:
    """Tell by where it ended: a marketplace, a panel's page, a numbered parking host."""
    if asked.domain != landed.domain and landed.domain in marks("marketplaces"):
        return _parked("parked/marketplace", f"it was sent to {landed.host}, where domains are sold")
    if _PANEL_PATH.search(observation.final_url) and not _PANEL_PATH.search(observation.url):
        return _parked("parked/suspended", f"it was sent to the host's own page: {observation.final_url}")
    if (
        _NUMBERED_HOST.match(landed.host)
        and not _NUMBERED_HOST.match(asked.host)
        and asked.domain == landed.domain
    ):
        return _parked("parked/lander", f"it was sent to {landed.host}, as parking services do")
    return None


def _by_marks(observation: Observation, page: Page, asked: Address) -> Verdict | None:
    """Tell by what parking services leave in headers, scripts and attributes of pages without a text."""
    if page.substance >= _SOME or asked.domain in marks("marketplaces"):
        return None
    if page.has_ad_block_key:
        return _parked("parked/lander", "the page carries the key of a parking service")
    header = next((name for name in _PARKING_HEADERS if name in observation.headers), None)
    if header:
        return _parked("parked/lander", f"the answer carries the header {header}")
    hosts = {registrable_domain(host) for host in page.hosts}
    if page.main_words < _FEW_WORDS:
        sold = sorted(hosts & set(marks("marketplaces")))
        script = next((mark for mark in marks("parking_scripts") if mark in page.script_text), None)
        if script and page.text_words < _LANDER_WORDS:
            return _parked("parked/lander", f"a parking service's script: {script}")
        if sold and holds("domain_nouns", page.main_text + page.title):
            return _parked("parked/lander", f"its parts come from {', '.join(sold)}")
    return None


def _lead(page: Page) -> list[str]:
    """Return title, description-free headings and the first sentences of the content."""
    content = [b.text for b in page.blocks if b.words <= _LITTLE and (b.is_content or b.level)]
    return [page.title, page.main_heading, *content[:_LEADING_BLOCKS]]


def _for_sale(page: Page, asked: Address, landed: Address, lead: list[str]) -> Verdict | None:
    if page.substance >= _SOME or page.text_words >= _LANDER_WORDS or asked.domain in marks("marketplaces"):
        return None
    for text in lead:
        if holds("lapsed", text) and (_HOST_NAME.search(text) or _names_this_domain(text)):
            return _parked("parked/for-sale", f"its name has run out: {text[:160]}")
        own = _names_host(text, asked, landed)
        if not own and holds("domain_nouns", text) is None:
            continue
        word = holds("for_sale", text) or holds("parked_words", text)
        if word and (own or holds("this", text) or page.text_words < _FEW_WORDS):
            return _parked("parked/for-sale", f"it says: {text[:160]}")
    return None


def _names_this_domain(text: str) -> bool:
    return bool(holds("domain_nouns", text) and holds("this", text))


def _names_host(text: str, asked: Address, landed: Address) -> bool:
    folded = fold(text)
    return any(domain and "." in domain and domain in folded for domain in (asked.domain, landed.domain))


def _suspended(page: Page, lead: list[str]) -> Verdict | None:
    if page.substance >= _LITTLE or page.text_words >= _FEW_WORDS:
        return None
    for text in lead[: _LEADING_BLOCKS - 1]:
        phrase = holds("suspended", text)
        # A longer page under a longer title speaks of suspensions rather than being one.
        if phrase and (len(phrase) >= _MOSTLY * len(text) or page.text_words < _BRIEF_PAGE_WORDS):
            return _parked("parked/suspended", f"it says: {text[:160]}")
    return None


def _default_page(page: Page, lead: list[str]) -> Verdict | None:
    """Tell a server's or panel's own page: its title or heading is little more than that phrase."""
    if page.substance >= _SOME:
        return None
    for text in lead[:2]:
        phrase = holds("default_page", text)
        if phrase is None or len(text.split()) > _HEADING_WORDS or holds("outage", text):
            continue
        is_whole = len(phrase) >= 0.5 * len(text) or page.text_words < _FEWEST_WORDS
        if is_whole and not page.is_dated:
            return _parked("parked/default-page", f"a server's default page: {text[:160]}")
    line = next((text for text in lead[2:] if holds("default_lines", text)), None)
    if line and page.text_words < _BRIEF_PAGE_WORDS and not page.is_dated:
        return _parked("parked/default-page", f"it says: {line[:160]}")
    return None


def _hijacked(page: Page, asked: Address, context: Context) -> Verdict | None:
    """Tell a name taken over by another trade: spam words head the page, and nothing cited it for them."""
    cited = " ".join(
        (asked.host.replace("-", " "), *asked.segments, *context.anchors, context.headline or "")
    )
    terms = _spam_terms(page, cited)
    if not terms or _titled_by_host(page, asked):
        return None
    if any(holds("spam", text) for text in (cited, cited.replace("-", " "))):
        return None
    return _parked("parked/hijacked", f"another trade: {', '.join(terms[:5])}")


def _spam_terms(page: Page, cited: str) -> list[str]:
    """Return the spam words of the head if they are enough, an offer counted as one; else none.

    A page in another script than all that cited it is read with its first lines, where one more is wanted.
    """
    head = f"{page.title} {page.main_heading} {page.description}"
    terms = _terms_if_enough(head, _SPAM_TERMS)
    if terms or not _is_foreign(head, cited):
        return terms
    return _terms_if_enough(" ".join((head, *_lead(page)[2:]))[:_HEAD_CHARS], _SPAM_TERMS + 1)


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


def _titled_by_host(page: Page, asked: Address) -> bool:
    """Whether the page is dated writing of a site that names itself: news about a trade, not the trade."""
    return page.is_dated and page.substance >= _SOME and bool(page.site_name)


def _parked(rule: str, *evidence: str) -> Verdict:
    return Verdict(outcome=Outcome.PARKED, rule=rule, evidence=evidence)
