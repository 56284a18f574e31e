"""Domains for sale, suspended accounts, default server pages and hijacked names.

Hosts, paths and marks are facts about parking companies, registrars and hosting panels as their own
pages show them.
"""

from dataclasses import replace

from workers.model import Observation, Outcome, Verdict
from workers.regex import regex
from workers.url import is_public_name, registrable_domain
from workers.verdict.address import Address, read_address
from workers.verdict.blocks import Block
from workers.verdict.context import Context
from workers.verdict.hijacked import find_hijacked
from workers.verdict.lexicon import marks
from workers.verdict.missing import landing_url
from workers.verdict.neighbours import is_shown_for_any, refuses
from workers.verdict.page import Page
from workers.verdict.phrases import holds
from workers.verdict.similarity import fold
from workers.verdict.topic import shown_topic

_PARKING_HEADERS = ("x-adblock-key", "x-parked", "x-domain-parking", "x-buckets", "x-template-parking")
_PANEL_PATH = regex(
    r"/cgi-sys/(?:suspendedpage|defaultwebpage)\.cgi|/suspended(?:page)?(?:\.html?)?/?$|/defaultsite"
)
_HOST_NAME = regex(r"\b(?:[\w-]{1,63}\.){1,3}[^\W\d_]{2,24}\b")
_MONEY = r"(?:[$€£¥₽₹₩]|\b(?:usd|eur|gbp|chf|pln|kč|kr|ft)\b)"
_PRICE = regex(rf"(?i){_MONEY}\s?\d[\d.,' ]*|\d[\d.,' ]*{_MONEY}")
_NUMBERED_HOST = regex(r"^ww\d{1,2}\.")
_LITTLE, _SOME = 40, 120
_MOSTLY, _BRIEF_PAGE_WORDS = 0.6, 60
_FEWEST_WORDS, _FEW_WORDS, _LANDER_WORDS = 20, 160, 400
_NO_TEXT, _NOTICE_WORDS = 8, 25
_LEADING_BLOCKS = 6
_HEADING_WORDS = 16


def find_parked(observation: Observation, page: Page, context: Context) -> Verdict | None:
    """Return `parked` where the page shows nobody's content or a stranger's, else None."""
    asked = read_address(observation.url)
    landed = read_address(landing_url(observation, page))
    by_machine = _by_place(asked, landed, observation) or _by_marks(observation, page, asked)
    if by_machine:
        return by_machine
    is_one_for_all = is_shown_for_any(observation, page, context)
    if not is_one_for_all and shown_topic(_without_host_names(page), asked, context):
        return None
    is_honest = refuses(observation, page, context)
    return (
        (None if is_honest else _offered(page, asked, landed, is_one_for_all=is_one_for_all))
        or _by_words(page, asked, landed, is_honest=is_honest)
        or find_hijacked(page, asked, context, is_one_for_all=is_one_for_all)
    )


def _without_host_names(page: Page) -> Page:
    """Return a page without domain names in its titles: a lander repeats the name, and that is no subject."""
    if "." not in f"{page.title}{page.main_heading}{page.og_title}":
        return page
    title, heading, name = (
        _HOST_NAME.sub(" ", text) for text in (page.title, page.main_heading, page.og_title)
    )
    return replace(page, title=title, main_heading=heading, og_title=name)


def _by_words(page: Page, asked: Address, landed: Address, *, is_honest: bool) -> Verdict | None:
    """Tell by sentences of registrars and panels; a text of a host that refuses what it lacks quotes them.

    There an account that is suspended is a user's, what is being built one piece of a site that lives, and a
    name for sale has to be its own.
    """
    lead = _lead(page)
    if is_honest:
        if page.main_words >= _NOTICE_WORDS or any(holds("being_built", text) for text in lead):
            return None
        is_own = any(_names_host(text, asked, landed) for text in lead)
        return (_for_sale(page, asked, landed, lead) if is_own else None) or _default_page(page, lead)
    return _for_sale(page, asked, landed, lead) or _suspended(page, lead) or _default_page(page, lead)


def _offered(page: Page, asked: Address, landed: Address, *, is_one_for_all: bool) -> Verdict | None:
    """Tell a page headed by a bare domain name and nothing else that offers that name, or links in its place.

    It has to be the name of the host, or to head what any address shows or another site does: others are
    names of shops and files.
    """
    if page.substance >= _SOME or page.main_words >= _FEW_WORDS or asked.domain in marks("marketplaces"):
        return None
    own = [block.text for block in page.blocks if block.is_content]
    heads = [page.title, page.main_heading, *own[:_LEADING_BLOCKS]]
    named = next((text for text in heads if _heads_with_name(text, asked, landed)), None)
    is_elsewhere = asked.domain != landed.domain
    if named is None or not (is_one_for_all or is_elsewhere or _names_host(named, asked, landed)):
        return None
    text = "\n".join((page.title, *(block.text for block in page.blocks)))
    price = _PRICE.search(text)
    word = holds("for_sale", text) or holds("domain_offers", text) or (price and price[0])
    return (
        _parked("parked/for-sale", f"headed by a domain name: {named[:80]}", f"it says: {word}")
        if word
        else None
    )


def _heads_with_name(text: str, asked: Address, landed: Address) -> bool:
    """Whether a text is a domain name, or begins with the very one that was asked for."""
    name = _HOST_NAME.match(text.strip())
    if name is None:
        return False
    is_all = not text.strip()[name.end() :].strip(" .!-") and is_public_name(name[0].lower())
    return is_all or _names_host(name[0], asked, landed)


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
        if sold and (page.text_words < _NO_TEXT or holds("domain_nouns", page.main_text + page.title)):
            return _parked("parked/lander", f"its parts come from {', '.join(sold)}")
    return None


def _lead(page: Page) -> list[str]:
    """Return title, main heading and the first lines of the content; a teaser's headline is none of them."""
    content = [block.text for block in page.blocks if block.words <= _LITTLE and _is_own(block)]
    return [page.title, page.main_heading, *content[:_LEADING_BLOCKS]]


def _is_own(block: Block) -> bool:
    return block.is_content and not (block.level and block.is_linked)


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


def _parked(rule: str, *evidence: str) -> Verdict:
    return Verdict(outcome=Outcome.PARKED, rule=rule, evidence=evidence)
