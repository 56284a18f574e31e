"""What a page says of its own besides that something is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from workers.regex import regex
from workers.verdict.address import Address
from workers.verdict.case import Case
from workers.verdict.lexicon import marks
from workers.verdict.phrases import title_besides
from workers.verdict.similarity import fold
from workers.verdict.story import told_blocks
from workers.verdict.telling import Told, tell_apart
from workers.verdict.words import words_of

_STEM_CHARS, _LEAST_STEM_CHARS, _MOST = 5, 4, 0.6
# Scripts without spaces are compared by runs of letters, as long as they need to be to tell something.
_RUN = regex(
    r"(?=([\u3400-\u9fff][\u3040-\u30ff\u3400-\u9fff]|[\u3040-\u30ff][\u3400-\u9fff]|[\uac00-\ud7af]{2}"
    r"|[\u3040-\u30ff]{3}|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{5}))"
)
_SENTENCE_END = regex(r"(?<=[.!?\uff01\uff1f\u3002\u061f\u0964])\s*")
_FIGURE = regex(r"(?<![\d+])\d{1,4}(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """The text that only this page has.

    `words` counts it without headings, links, advice and what says that something is missing; `words_before`
    the part of it that stands before that. `is_related` says that it has a word of the address or an anchor,
    `is_headed` that title or heading have one, `is_sought` that there is one to have; `is_titled` that the
    title says something that neither the sibling nor the host's name does; `figures` counts the numbers.
    """

    words: int
    words_before: int
    is_related: bool
    is_headed: bool
    is_sought: bool
    is_titled: bool
    figures: int


def read_remainder(case: Case, notice: str = "") -> Remainder:
    """Return what a page says of its own; what a sibling that cannot exist shows too is not its own.

    `notice` is a sentence that counts as one of loss besides those that are known.
    """
    page, other = case.page, case.context.probe.page if case.context.probe else None
    shared = {fold(block.text) for block in other.blocks} if other else set()
    names = {name for text in (page.title, page.main_heading) if (name := fold(text))}
    texts = [fold(block.text) for block in told_blocks(page)]
    told = [tell_apart(_without(_own(text, shared), names)) for text in texts if text not in shared]
    besides = " ".join(part.besides for part in told)
    said = " ".join((*(part.said for part in told), *(hit.sentence for hit in case.hits), fold(notice)))
    wanted = _wanted(case, said)
    heads = " ".join(tell_apart(text).besides for text in (page.title, page.main_heading))
    return Remainder(
        words=sum(part.words for part in told),
        words_before=_words_before(told),
        is_related=_has_one(besides, wanted),
        is_headed=_has_one(heads, wanted),
        is_sought=bool(wanted),
        is_titled=_is_titled(case, " ".join(hit.sentence for hit in case.hits if hit.coverage >= _MOST)),
        figures=len(set(_FIGURE.findall(besides)) - {"404", "410"}),
    )


def is_about(case: Case, lines: Iterable[str]) -> bool:
    """Whether texts have most of the words of the address or the anchors."""
    wanted = _wanted(case, "")
    text = " ".join(lines)
    shown = _stems(words_of(text)) | _runs(text)
    return bool(wanted) and len(wanted & shown) * 2 > len(wanted)


def _is_titled(case: Case, said: str) -> bool:
    """Whether the title has words of its own, besides those of loss, of the site and of its refusal."""
    other = case.context.probe.page if case.context.probe else None
    seen = " ".join((other.title, *(block.text for block in other.blocks))) if other else ""
    own = words_of(title_besides(case.page.title)) - words_of(f"{seen} {case.page.site_name}")
    lost = _stems(words_of(said))
    return any(
        word[:_STEM_CHARS] not in lost and word not in case.asked.host for word in own - kinds_of_page()
    )


def _words_before(told: list[Told]) -> int:
    """Return the words before the first sentence of loss; 0 where the text has none."""
    words = 0
    for part in told:
        words += part.words_before
        if part.said:
            return words
    return 0


def _own(text: str, shared: set[str]) -> str:
    """Return a text without those of its sentences that stand in one of the shared texts."""
    own = (part for part in _SENTENCE_END.split(text) if not any(part in other for other in shared))
    return " ".join(own)


def _without(text: str, names: set[str]) -> str:
    """Return a text without the page's own name at its start: what follows is said of the thing so named."""
    name = next((name for name in names if f"{text} ".startswith(f"{name} ")), "")
    return text[len(name) :].strip()


def _wanted(case: Case, said: str) -> frozenset[str]:
    """Return beginnings of the words of address and anchors, of scripts without spaces runs of letters.

    Words that a sentence of loss has too, such as `advert`, name a kind of page and no subject.
    """
    anchors = " ".join(case.context.anchors)
    words = (_slug_words(case.asked) | words_of(anchors)) - kinds_of_page()
    return (_stems(words) | _runs(anchors)) - _stems(words_of(said)) - _runs(said)


def _slug_words(asked: Address) -> frozenset[str]:
    """Return the words of the last part of an address that has a telling one: before it stand sections."""
    named = (words_of(segment) - kinds_of_page() for segment in reversed(asked.segments))
    return next((words for words in named if _stems(words)), frozenset())


def _has_one(text: str, wanted: frozenset[str]) -> bool:
    return not wanted.isdisjoint(_stems(words_of(text)) | _runs(text))


def _stems(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word[:_STEM_CHARS] for word in words if len(word) >= _LEAST_STEM_CHARS)


def _runs(text: str) -> frozenset[str]:
    return frozenset(_RUN.findall(fold(text)))


@cache
def kinds_of_page() -> frozenset[str]:
    """Return the words of addresses that say the kind of a page and nothing of its subject."""
    return frozenset(marks("generic_path_words"))
