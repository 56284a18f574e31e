"""What the answer of an address that cannot exist says against a page: that it is shown for any address."""

from workers.model import Outcome, Verdict
from workers.url import lookup_key
from workers.verdict.address import Shape, read_address
from workers.verdict.case import Case
from workers.verdict.context import Probe
from workers.verdict.missing import finds_nothing, landing_url
from workers.verdict.page import Page
from workers.verdict.remainder import is_about
from workers.verdict.similarity import fold, similarity, without_words
from workers.verdict.story import is_retold, read_story

_ALIKE = 0.9
_TELLING_WORDS = 5  # fewer words are alike by chance
_FEW_WORDS = 15


def judge_by_sibling(case: Case) -> Verdict | None:
    """Strong sign (a): an address that cannot exist is answered with the same page."""
    probe = case.context.probe
    if probe is None or not _is_comparable(case, probe):
        return None
    told = f"an address that cannot exist ({probe.observation.url})"
    if (place := _shared_place(case, probe)) is not None:
        return _same(f"{told} is sent to the same {place}: {case.landed_url}")
    if probe.page is None:
        return None
    if case.finds_nothing:
        return _by_echo(case, probe, told)
    if _titles_differ(case, probe.page):
        return None
    return _by_text(case.page, probe.page, told) or _by_story(case, probe, told)


def _is_comparable(case: Case, probe: Probe) -> bool:
    """Whether the sibling's answer can tell anything of this page."""
    if probe.observation.status != case.observation.status or case.asked.shape is Shape.ROOT:
        return False
    if lookup_key(case.observation.url) == lookup_key(probe.observation.url):
        return False  # the sibling itself is cited: its own answer tells nothing of it
    if lookup_key(case.observation.url) == lookup_key(_probe_landing(probe)):
        return False  # the place where the host sends what it lacks is a page like any other
    return not (case.page.is_shell or (probe.page is not None and probe.page.is_shell))


def _shared_place(case: Case, probe: Probe) -> str | None:
    """Return what kind of place both are sent to instead of an answer of their own, None where none."""
    landing = _probe_landing(probe)
    final = lookup_key(case.landed_url)
    if final == lookup_key(landing) and final != lookup_key(case.observation.url):
        return "place"
    return "search" if _is_searched_for(case, landing) else None


def _is_searched_for(case: Case, probe_landing: str) -> bool:
    """Whether the host sends what it lacks to its search: one place, whatever it is to look for there."""
    if not case.is_elsewhere or case.asked.asks_a_search or not case.landed.asks_a_search:
        return False
    sibling = read_address(probe_landing)
    places = {(place.host, place.segments) for place in (case.landed, sibling)}
    return sibling.asks_a_search and len(places) == 1


def _by_echo(case: Case, probe: Probe, told: str) -> Verdict | None:
    """Tell a host that looks for the words of any address: one page, but for the words that it repeats."""
    sibling = read_address(probe.observation.url)
    if probe.page is None or finds_nothing(probe.page, sibling) is None:
        return None
    repeated = case.asked.spelled | sibling.spelled
    page, shown = (without_words(each.main_text, repeated) for each in (case.page, probe.page))
    if len(shown.split()) < _TELLING_WORDS or similarity(page, shown) < _ALIKE:
        return None
    return _same(f"{told} finds nothing either", f"it says: {case.finds_nothing}")


def _by_text(page: Page, other: Page, told: str) -> Verdict | None:
    shown = _telling_text(other)
    alike = similarity(_telling_text(page), shown) if shown else 0.0
    if alike < _ALIKE:
        return None
    return _same(f"{told} shows the same text ({alike:.0%} alike)")


def _by_story(case: Case, probe: Probe, told: str) -> Verdict | None:
    """Tell the same story under other teasers: as much differs on both, and nothing of what was asked for."""
    if probe.page is None or case.topic or case.asked.asks_a_search:
        return None
    repeated = case.asked.spelled | read_address(probe.observation.url).spelled
    story, shown = read_story(case.page, repeated), read_story(probe.page, repeated)
    if not is_retold(story, shown) or is_about(case, story.lines_besides(shown)):
        return None
    return _same(f"{told} says the same: {story.lead}")


def _telling_text(page: Page) -> str:
    """Return the text that two pages are compared by, '' where there is too little.

    A list of teasers has no text of its own; where no script may still write one, all that is seen counts.
    """
    if page.main_words >= _TELLING_WORDS:
        return page.main_text
    is_whole = page.text_words >= _FEW_WORDS and not page.scripts
    return "\n".join(block.text for block in page.blocks) if is_whole else ""


def _probe_landing(probe: Probe) -> str:
    return landing_url(probe.observation, probe.page) if probe.page else probe.observation.final_url


def _titles_differ(case: Case, other: Page) -> bool:
    """Whether the page has a title of its own that shows what was asked for."""
    return case.topic is not None and fold(case.page.title) != fold(other.title)


def _same(*evidence: str) -> Verdict:
    return Verdict(outcome=Outcome.SOFT_404, rule="soft404/sibling", evidence=evidence)
