"""Whether a live page, or a capture of it, shows that a repair candidate is the address the author meant.

Publishers answer for any slug with the right id, and some hosts for any path at all, so an answer alone
proves nothing. What the page says of itself is compared with what the article says of the link, and what
the candidate is answered with, with what the written form or an address that cannot exist is.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from workers.model import ALIVE, Observation, Outcome
from workers.url import host_of, lookup_key, without_fragment
from workers.verdict.address import Shape, read_address
from workers.verdict.context import Context
from workers.verdict.outcome import decide
from workers.verdict.page import Page
from workers.verdict.similarity import similarity
from workers.verdict.story import is_retold, read_story
from workers.verdict.titles import agreeing_title, carries_slug, is_off_topic

_STATUS_OK, _STATUS_REDIRECT = 200, 300
_ALIKE = 0.9
# What these leave of an address may be a section of the site that answers by itself.
_SHORTENING = frozenset({"cut_at_space", "glued_word", "other_reading", "truncated"})
_STUB, _WRAPPED = "truncated", "wrapped"
# One of several addresses that begin alike: all of them answer, and all carry their own slugs.
_AMONG = "completed_among"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one address was answered with; `page` is None where it brought no text."""

    observation: Observation
    page: Page | None
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A candidate and what is known of the link: what its article says, and what else was asked.

    `headline` is the citing article's, `anchors` the texts the link stands under, `contexts` the sentences
    around it. `written` is what the written form was answered with, None where it could not be asked or is
    itself the candidate; `sibling` what an address beside the candidate that cannot exist was, None where
    it was not asked. `rule` is the candidate's, `is_best` says that the repair puts it first, `is_unlikely`
    that by its looks what is written is far likelier.
    """

    url: str
    rule: str = ""
    is_best: bool = True
    is_unlikely: bool = False
    headline: str | None = None
    anchors: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    written: Answer | None = None
    sibling: Answer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Whether a candidate is proved, with the evidence for or against.

    Evidence is plain text, for reports are packed as they are. `is_open` says that it is not proved, and
    that the answer of a sibling that cannot exist might do it.
    """

    is_right: bool
    evidence: tuple[str, ...]
    is_open: bool = False


class Contrast(StrEnum):
    """How the host answers for the candidate, against what must not be answered there."""

    FAILS = "what is written fails on this host, this address answers"
    OTHER = "what is written is answered with another page"
    SAME = "the same page is shown for what is written"
    BARRED = "this address answers, what is written is refused as an address that cannot exist is"
    UNTOLD = "nothing to compare with was asked"


def confirm(page: Page | None, observation: Observation, sought: Sought) -> Confirmation:
    """Return whether the page answered for a candidate proves it."""
    if observation.status != _STATUS_OK:
        return _no(f"answered {observation.status or observation.failure}")
    context = Context(anchors=sought.anchors, headline=sought.headline)
    verdict = decide(observation, page=page, context=context)
    if verdict.outcome not in ALIVE:
        return _no(f"{verdict.outcome}: {verdict.rule}", *verdict.evidence)
    contrast = _contrast(page, observation, sought)
    if page is None or not page.is_html:
        return _by_contrast(contrast, sought, f"answers {_STATUS_OK}, and shows no page to compare")
    named = names_itself(page, observation, sought.url)
    if named is False:
        return _no("the page names another address", _titled(page))
    return _by_page(page, contrast, sought, named=named is True)


def confirm_capture(page: Page | None, observation: Observation, sought: Sought) -> Confirmation:
    """Return whether a capture of a candidate proves it.

    An archive keeps what was linked from somewhere, so a title with the words of the address is enough.
    """
    proof = confirm(page, observation, sought)
    is_named_otherwise = page is not None and names_itself(page, observation, sought.url) is False
    if proof.is_right or not proof.is_open or page is None or is_named_otherwise:
        return replace(proof, is_open=False)
    if not carries_slug(page, sought.url):
        return replace(proof, is_open=False)
    return _yes(*proof.evidence, "its title carries the words of the address")


def _by_page(page: Page, contrast: Contrast, sought: Sought, *, named: bool) -> Confirmation:
    """Judge a page that does not name another address as its own."""
    told = ("the page names this address as its own",) if named else ()
    if contrast is Contrast.SAME:
        if named and _is_named_by_written(sought):
            return _yes(*told, "so does the page shown for what is written")
        return _no(*told, contrast)
    title = agreeing_title(page, (sought.headline, *sought.anchors), sought.contexts)
    if title:
        return _yes(*told, f"its title agrees with: {title}")
    against = _against(page, sought, named=named)
    if against:
        return _no(*told, _titled(page), against)
    if carries_slug(page, sought.url) and (named or contrast is Contrast.OTHER):
        return _yes(*told, "its title carries the words of the address")
    return _by_contrast(contrast, sought, *told, _titled(page))


def _against(page: Page, sought: Sought, *, named: bool) -> str | None:
    """Return why only an agreeing title would prove the candidate, None where other signs count too."""
    if sought.rule == _AMONG:
        return "other addresses begin alike"
    if not named and is_off_topic(page, sought.url, (*sought.anchors, sought.headline or "")):
        return "which has no word of the address or of what stands around it"
    return None


def _by_contrast(contrast: Contrast, sought: Sought, *evidence: str) -> Confirmation:
    """Judge by how the host tells addresses apart, where the page itself does not settle it."""
    if contrast in {Contrast.FAILS, Contrast.BARRED} and _is_specific(sought):
        return _yes(*evidence, contrast)
    is_open = contrast is Contrast.UNTOLD and sought.sibling is None and _is_specific(sought)
    return Confirmation(is_right=False, evidence=tuple(map(str, evidence)), is_open=is_open)


def is_doubtful(answer: Answer, *, anchors: tuple[str, ...], headline: str | None) -> bool:
    """Whether a good answer to the written form may still belong to another address.

    Its page names another address as its own, shows nothing of what slug, anchor or headline speak of, or
    stands between the reader and an address that the written form wraps.
    """
    page, url = answer.page, answer.observation.url
    if answer.outcome not in ALIVE or page is None or not page.is_html:
        return False
    if "http" in url[8:].lower():
        return True
    if (page.canonical or page.og_url) and names_itself(page, answer.observation, url) is False:
        return True
    return is_off_topic(page, url, (*anchors, headline or ""))


def names_itself(page: Page, observation: Observation, url: str) -> bool | None:
    """Return whether canonical or og:url name `url`, None where the page names nothing.

    A page that answers for `url` by a redirect may name its new address. The query does not count, for
    pages leave it out as they like.
    """
    named = [address for address in (page.canonical, page.og_url) if address]
    if not named:
        return None
    wanted = {_bare(url), _bare(observation.final_url)}
    if any(_bare(address) in wanted for address in named):
        return True
    # A canonical address on another host of the same piece (syndication) keeps the path.
    return None if any(_path(address) == _path(url) for address in named) else False


def _is_named_by_written(sought: Sought) -> bool:
    """Whether the page shown for the written form calls the candidate its own address."""
    written = sought.written
    if written is None or written.page is None:
        return False
    named = (written.page.canonical, written.page.og_url)
    return any(address and lookup_key(address) == lookup_key(sought.url) for address in named)


def _contrast(page: Page | None, observation: Observation, sought: Sought) -> Contrast:
    """Return how the candidate's answer differs from the written form's, else from the sibling's.

    What is written fails plainly where its host refuses it. A page that only speaks of failure may have been
    misread, and a candidate that nobody would have written needs more: for both the sibling has to tell.
    """
    written = sought.written
    if written is not None and host_of(written.observation.url) == host_of(sought.url):
        if written.outcome in ALIVE:
            return _between(page, observation, written)
        if written.outcome is Outcome.BLOCKED:
            return _against_refusal(page, observation, sought, written)
        if _is_refused(written) and not sought.is_unlikely:
            return Contrast.FAILS if _lands_as_asked(page, observation, sought.url) else Contrast.UNTOLD
    if sought.sibling is None:
        return Contrast.UNTOLD
    between = _between(page, observation, sought.sibling)
    if sought.sibling.outcome in ALIVE or between is Contrast.SAME:
        return between
    return Contrast.FAILS if _lands_as_asked(page, observation, sought.url) else Contrast.UNTOLD


def _against_refusal(
    page: Page | None, observation: Observation, sought: Sought, written: Answer
) -> Contrast:
    """Return how the answer differs from a refusal, which by itself says nothing of the address."""
    sibling = sought.sibling
    if sibling is None:
        return Contrast.UNTOLD
    if sibling.outcome in ALIVE:
        return _between(page, observation, sibling)
    is_alike = sibling.observation.status == written.observation.status
    return Contrast.BARRED if is_alike and _lands_as_asked(page, observation, sought.url) else Contrast.UNTOLD


def _is_refused(answer: Answer) -> bool:
    status = answer.observation.status
    return status is not None and not (_STATUS_OK <= status < _STATUS_REDIRECT)


def _between(page: Page | None, observation: Observation, other: Answer) -> Contrast:
    if without_fragment(observation.final_url) == without_fragment(other.observation.final_url):
        return Contrast.SAME
    if page is None or other.page is None:
        return Contrast.OTHER if (page is None) != (other.page is None) else Contrast.UNTOLD
    is_alike = page.title == other.page.title and similarity(page.main_text, other.page.main_text) >= _ALIKE
    repeated = read_address(observation.url).spelled | read_address(other.observation.url).spelled
    is_same = is_alike or is_retold(read_story(page, repeated), read_story(other.page, repeated))
    return Contrast.SAME if is_same else Contrast.OTHER


def _lands_as_asked(page: Page | None, observation: Observation, url: str) -> bool:
    """Whether the answer is for `url` itself: some hosts send what they lack to whatever is nearest."""
    if lookup_key(observation.final_url) == lookup_key(url):
        return True
    return page is not None and names_itself(page, observation, url) is True


def _is_specific(sought: Sought) -> bool:
    """Whether nothing but the piece itself will stand at the candidate's address."""
    rules = set(sought.rule.split("+"))
    if _WRAPPED in rules and not sought.is_best:
        return False  # the address that another one mentions is alive by itself
    if rules & _SHORTENING:
        return _STUB not in rules and read_address(sought.url).shape is Shape.ITEM
    return True


def _bare(url: str) -> str:
    return lookup_key(url).partition("?")[0]


def _path(url: str) -> str:
    return _bare(url).partition(")")[2]


def _titled(page: Page) -> str:
    return f"its title is: {page.main_heading or page.title or 'empty'}"


def _yes(*evidence: str) -> Confirmation:
    return Confirmation(is_right=True, evidence=tuple(map(str, evidence)))


def _no(*evidence: str) -> Confirmation:
    return Confirmation(is_right=False, evidence=tuple(map(str, evidence)))
