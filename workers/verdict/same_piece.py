"""Whether a live page is the piece that once stood at an address that is gone."""

from dataclasses import dataclass

from workers.model import Observation
from workers.verdict.address import Shape, read_address
from workers.verdict.page import Page
from workers.verdict.similarity import similarity
from workers.verdict.titles import agreeing_title, carries_slug, titles_of
from workers.verdict.words import words_of

_STATUS_OK = 200
_ALIKE, _MUCH_ALIKE, _UNLIKE = 0.6, 0.9, 0.3
_COMPARED_WORDS = 40
_SLUG_WORDS = 3
_BY_MUCH_TEXT, _BY_TEXT, _BY_TITLE, _BY_ARTICLE, _BY_SLUG = 0.97, 0.9, 0.85, 0.75, 0.65


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """An address that is gone, and what is known of its piece.

    `last_good` is the page of its last good capture, None where none was read; `anchors` are the texts it
    is cited under, `headline` is the citing article's.
    """

    url: str
    headline: str | None = None
    anchors: tuple[str, ...] = ()
    last_good: Page | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sameness:
    """How surely a page is the piece, in 0…1, and what says so; 0 where nothing does."""

    score: float
    evidence: tuple[str, ...]


def sameness(page: Page | None, observation: Observation, lost: Lost) -> Sameness:
    """Return how surely a live page is the lost piece: by its text, its title or the words of its slug.

    Where the last good capture shows another text under another title, the slug alone is not enough.
    """
    against = _against(page, observation)
    if page is None or against:
        return Sameness(score=0.0, evidence=(against or "it shows no page to compare",))
    alike = _alike(page, lost.last_good)
    if alike is not None and alike >= _ALIKE:
        score = _BY_MUCH_TEXT if alike >= _MUCH_ALIKE else _BY_TEXT
        return Sameness(score=score, evidence=(f"its text is {alike:.0%} that of the last good capture",))
    return _by_title(page, lost, differs=alike is not None and alike < _UNLIKE)


def _against(page: Page | None, observation: Observation) -> str | None:
    if observation.status != _STATUS_OK or page is None or not page.is_html:
        return "it shows no page to compare"
    if read_address(observation.final_url).shape is Shape.ROOT:
        return "it leads to the front page"
    return None


def _by_title(page: Page, lost: Lost, *, differs: bool) -> Sameness:
    """Judge by titles; `differs` says that the last good capture shows another text."""
    title = _shared_title(page, lost.last_good)
    if title:
        return Sameness(score=_BY_TITLE, evidence=(f"its title is that of the last good capture: {title}",))
    agreed = agreeing_title(page, (*lost.anchors, lost.headline))
    if agreed:
        return Sameness(score=_BY_ARTICLE, evidence=(f"its title agrees with: {agreed}",))
    if not differs and len(read_address(lost.url).words) >= _SLUG_WORDS and carries_slug(page, lost.url):
        return Sameness(score=_BY_SLUG, evidence=("its title carries the words of the address",))
    return Sameness(score=0.0, evidence=(f"its title is: {page.main_heading or page.title or 'empty'}",))


def _alike(page: Page, other: Page | None) -> float | None:
    """Return how alike two texts are, None where one of them is too short to tell."""
    if other is None or min(page.main_words, other.main_words) < _COMPARED_WORDS:
        return None
    return similarity(page.main_text, other.main_text)


def _shared_title(page: Page, other: Page | None) -> str | None:
    """Return the heading that both pages have, most of its words in either direction."""
    if other is None:
        return None
    wanted = (text for text in titles_of(other) if words_of(text))
    return agreeing_title(page, wanted)
