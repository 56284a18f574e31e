"""Error pages that answer 200: strong signs alone, weak signs in pairs, and the signs against."""

from collections.abc import Callable

from workers.model import Observation, Outcome, Verdict
from workers.url import lookup_key
from workers.verdict.blocks import count_words
from workers.verdict.case import Case, gather
from workers.verdict.clearing import is_cleared, refuses
from workers.verdict.context import Context
from workers.verdict.notice import notice_of, says_nothing_else
from workers.verdict.own_subject import treats_of_missing
from workers.verdict.page import Page
from workers.verdict.phrases import Hit, holds
from workers.verdict.sibling import judge_by_sibling
from workers.verdict.weak_signs import sign_of_markup, sign_of_place, weak_signs

_OK = 200
_FEW, _TALK, _BRIEF, _LITTLE, _SOME, _MUCH = 15, 30, 45, 60, 130, 400
_NEARLY_ALL, _CLEAR, _MOSTLY = 0.9, 0.7, 0.6
_PAIR = 2


def find_soft404(observation: Observation, page: Page, context: Context) -> Verdict | None:
    """Return `soft_404` with its evidence where that suffices, else None."""
    case = gather(observation, page, context)
    if page.is_blank and observation.status == _OK and observation.body_complete:
        return _soft("soft404/blank", "the page is empty")
    if treats_of_missing(case):
        return judge_by_sibling(case)  # its words and names are its subject
    return next((verdict for rule in _RULES if (verdict := rule(case))), None)


def may_turn(observation: Observation, page: Page, context: Context) -> bool:
    """Whether what more links of the host show could turn a good answer into an error page.

    A page where nothing that was asked for is seen needs only one more weak sign: that others land there too.
    """
    if lookup_key(observation.url) == lookup_key(observation.final_url):
        return False
    case = gather(observation, page, context)
    return case.is_elsewhere and case.topic is None and not _names_itself(case)


def _by_words(case: Case) -> Verdict | None:
    """Strong sign (b): a not-found sentence is heading or content, with nothing of substance beside it."""
    found = _said(case)
    if found is None or is_cleared(case, found[2]):
        return None
    rule, told, hit = found
    return _soft(rule, f"{told}: {hit.sentence}", *_more(case))


def _said(case: Case) -> tuple[str, str, Hit] | None:
    """Return the rule, the place and the sentence where words alone say that the page is missing."""
    if case.heading and not _is_named(case, case.heading) and _is_heading_enough(case):
        return "soft404/heading", "the heading says", case.heading
    if case.title and _is_title_enough(case, case.title):
        return "soft404/title", "the title says", case.title
    if case.body and _is_all_it_says(case, case.body):
        return "soft404/sentence", "all it says is", case.body
    return None


def _is_title_enough(case: Case, title: Hit) -> bool:
    """Whether the title says little else, or the page does, with little of substance beside it."""
    if case.topic or case.substance >= _SOME or not (case.body or case.substance < _LITTLE):
        return False
    return title.coverage >= _CLEAR or case.page.main_words < _TALK


def _is_heading_enough(case: Case) -> bool:
    """Whether the heading says little else, or title or text say the same, with little beside it."""
    heading, title = case.heading, case.title
    if heading is None:
        return False
    is_seconded = bool((title and title.coverage >= _CLEAR) or (case.body and case.body != heading))
    if heading.coverage < _CLEAR and not is_seconded:
        most = _BRIEF if heading.coverage >= _MOSTLY else _TALK
        return case.page.main_words < most and not case.substance
    if case.substance < (_SOME if case.topic else _MUCH):
        return True
    return bool(title and title.coverage > _NEARLY_ALL)


def _is_all_it_says(case: Case, hit: Hit) -> bool:
    """Whether the sentence is the content; on a page that shows the subject, nearly every word of it."""
    if _is_named(case, hit) or (case.title is None and case.page.is_divided):
        return False
    if case.topic is None:
        return case.substance < _LITTLE and (hit.coverage >= _CLEAR or case.page.main_words < _BRIEF)
    rest = case.page.main_words - count_words(hit.sentence) - count_words(case.page.main_heading)
    is_of_this = hit.coverage >= _MOSTLY or holds("this", hit.sentence) is not None
    if hit.is_bare and case.page.main_heading and not case.page.names_error:
        return False  # "closed on Mondays" under a heading of its own says nothing of the page
    return is_of_this and rest < _FEW


def _is_named(case: Case, hit: Hit) -> bool:
    """Whether the page shows the subject asked for, so that the sentence is about less than the page."""
    if case.topic is None:
        return False
    return hit.is_passing or case.substance >= _LITTLE


def _by_declaration(case: Case) -> Verdict | None:
    if case.page.status_hint and case.substance < _LITTLE and not case.topic:
        return _soft("soft404/declared", f"its own data names the status {case.page.status_hint}")
    body = case.body
    if case.page.names_error and body and body.coverage >= _MOSTLY and case.substance < _LITTLE:
        return _soft("soft404/declared", "its markup calls it an error page", f"it says: {body.sentence}")
    return None


def _by_weak_signs(case: Case) -> Verdict | None:
    if case.topic or _names_itself(case):
        return None
    signs = weak_signs(case)
    if len(signs) < _PAIR:
        return None
    return _soft("soft404/weak-signs", *signs)


def _by_notice(case: Case) -> Verdict | None:
    """Two weak signs on a host that refuses what it lacks: the page speaks of itself, and of nothing sought.

    Elsewhere the sibling tells, and such a page may be a gate that any address shows.
    """
    notice = notice_of(case) if refuses(case) else None
    if notice is None or not says_nothing_else(case, notice):
        return None
    nothing = "nothing there names what the link was about"
    return _soft("soft404/notice", f"it speaks of itself: {notice[:160]}", nothing)


def _names_itself(case: Case) -> bool:
    """Whether canonical and og:url name the address asked for, on a page with something on it."""
    return case.substance >= _SOME and case.is_named_by_page


def _more(case: Case) -> tuple[str, ...]:
    return tuple(sign for rule in (sign_of_place, sign_of_markup) if (sign := rule(case)))


def _soft(rule: str, *evidence: str) -> Verdict:
    return Verdict(outcome=Outcome.SOFT_404, rule=rule, evidence=evidence)


_RULES: tuple[Callable[[Case], Verdict | None], ...] = (
    _by_words,
    _by_declaration,
    judge_by_sibling,
    _by_weak_signs,
    _by_notice,
)
