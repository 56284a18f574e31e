"""Weak signs of an error page that answers 200; two of them are needed, and none against."""

from collections.abc import Callable

from workers.url import lookup_key
from workers.verdict.address import Address, Shape, is_opaque, read_address
from workers.verdict.case import Case
from workers.verdict.similarity import text_digest
from workers.verdict.topic import lost_topic

_LITTLE, _SOME = 60, 130
_THIN_SHARE, _THIN_WORDS = 0.2, 100
_CROWD = 2  # others, so three with this one
_LONG_SLUG = 3
_DEEP = 2


def weak_signs(case: Case) -> tuple[str, ...]:
    """Return the words of every weak sign that is there, the place where the link landed first."""
    return tuple(sign for rule in _WEAK_SIGNS if (sign := rule(case)))


def sign_of_place(case: Case) -> str | None:
    """Tell of a redirect to the front page, to a section, or to an address that says not-found."""
    if not case.is_elsewhere:
        return None
    if case.landed.names_error and not case.asked.names_error:
        return f"it was sent to an error address: {case.landed_url}"
    return _sign_of_height(case) if _is_deep(case.asked) and not _is_shortener(case) else None


def _sign_of_height(case: Case) -> str | None:
    if case.landed.shape is Shape.ROOT and not case.landed.query:
        return f"a deep link was sent to the front page: {case.landed_url}"
    if case.landed.shape is Shape.ITEM:
        return None
    own_section = case.asked.segments[: case.landed.depth] == case.landed.segments
    shorter = case.asked.depth - case.landed.depth
    if shorter >= _DEEP or (shorter and own_section and case.asked.shape is Shape.ITEM):
        return f"a deep link was sent to a section: {case.landed_url}"
    return None


def _is_deep(asked: Address) -> bool:
    if asked.depth >= _DEEP:
        return True
    return asked.shape is Shape.ITEM and (len(asked.words) >= _LONG_SLUG or bool(asked.ids))


def _is_shortener(case: Case) -> bool:
    """Whether the link is a token of another domain, which may stand for any page, a front page too."""
    if case.asked.domain == case.landed.domain or not case.asked.segments:
        return False
    last = case.asked.segments[-1]
    return case.landed.domain in case.observation.url.lower().partition("://")[2] or (
        len(case.asked.words) < _DEEP and ("-" not in last or is_opaque(last)) and not last.isdigit()
    )


def _sign_of_loss(case: Case) -> str | None:
    """Tell that nothing of the subject is left, where the page is another than the one asked."""
    elsewhere = sign_of_place(case) or _sign_of_crowd(case) or _sign_of_self(case)
    if elsewhere and lost_topic(case.page, case.asked, case.landed):
        return "nothing there names what the address was about"
    return None


def _sign_of_crowd(case: Case) -> str | None:
    host = case.context.host
    sent = host.final_urls.get(lookup_key(case.landed_url), 0) if case.is_elsewhere else 0
    same = host.text_digests.get(text_digest(case.page.main_text), 0) if host.text_digests else 0
    if max(sent, same) < _CROWD:
        return None
    return (
        f"{max(sent, same)} other links of the host end at the same {'address' if sent >= same else 'text'}"
    )


def _sign_of_words(case: Case) -> str | None:
    hit = case.title or case.body
    if hit and case.substance < _SOME and not (hit.is_passing and case.substance >= _LITTLE):
        return f"it says: {hit.sentence}"
    return None


def _sign_of_thinness(case: Case) -> str | None:
    median = case.context.host.median_main_words
    words = case.page.main_words
    if median and words < _THIN_WORDS and words < _THIN_SHARE * median and not case.page.is_shell:
        return f"{words} words, where pages of the host have {median:.0f}"
    return None


def sign_of_markup(case: Case) -> str | None:
    """Tell that class or id names of the page call it an error page."""
    if case.page.names_error and case.substance < _SOME:
        return "its markup calls it an error page"
    return None


def _sign_of_self(case: Case) -> str | None:
    """Tell that the page names the front page or an error page as its own address."""
    if case.asked.shape is Shape.ROOT or not _is_deep(case.asked):
        return None
    for address in (case.page.canonical, case.page.og_url):
        own = read_address(address) if address else None
        if own and own.domain == case.landed.domain and (own.names_error or own.shape is Shape.ROOT):
            return f"it names {address} as its own address"
    return None


def _sign_of_media(case: Case) -> str | None:
    if case.asked.file_type and case.page.is_html and case.substance < _SOME:
        return f"a .{case.asked.file_type} was asked for, a page came"
    return None


def _sign_of_noindex(case: Case) -> str | None:
    if (
        case.page.is_noindex
        and case.substance < _LITTLE
        and (case.page.names_error or case.title or case.body)
    ):
        return "search engines are told to leave it out"
    return None


_WEAK_SIGNS: tuple[Callable[[Case], str | None], ...] = (
    sign_of_place,
    _sign_of_loss,
    _sign_of_crowd,
    _sign_of_words,
    _sign_of_thinness,
    sign_of_markup,
    _sign_of_self,
    _sign_of_media,
    _sign_of_noindex,
)
