"""Whether a page shows the subject that its address, its anchors or its article named."""

from workers.regex import regex
from workers.verdict.address import Address
from workers.verdict.context import Context
from workers.verdict.lexicon import marks
from workers.verdict.page import Page
from workers.verdict.phrases import find_missing
from workers.verdict.similarity import fold
from workers.verdict.words import words_of

_WORD = regex(r"[^\W\d_]+")
# Scripts without spaces are compared by pairs of letters.
_WIDE_PAIR = regex(r"(?=([\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]{2}))")
_MIN_PAIRS, _HALF = 3, 0.5
_MIN_WORDS, _MIN_ANCHOR_CHARS = 2, 8
_MOST, _SOME = 0.6, 0.3
_MIN_WORD_CHARS = 3
_LONG_WORD_CHARS = 5
_STATUS_WORD = regex(r"(?:^|\D)404(?:$|\D)")


def shown_topic(page: Page, asked: Address, context: Context) -> str | None:
    """Return the words of the slug or anchor that the title or heading repeats, None where none do.

    A word for a kind of page, such as `noticia`, in both is no subject, in whatever language.
    """
    heads = [text for text in (page.title, page.main_heading, page.og_title) if text]
    known = words_of(" ".join(heads))
    if not known:
        return None
    kinds = set(marks("generic_path_words"))
    for wanted in (asked.words, *(words_of(anchor) for anchor in _telling(context.anchors))):
        both = {word for word in wanted if word in known}
        is_telling = len(wanted) >= _MIN_WORDS or any(len(word) >= _LONG_WORD_CHARS for word in wanted)
        if is_telling and len(both) >= _MOST * len(wanted) and not both <= kinds:
            return " ".join(sorted(both))
    joined = fold(" ".join(heads))
    shown = frozenset(_WIDE_PAIR.findall(joined))
    for anchor in context.anchors:
        pairs = frozenset(_WIDE_PAIR.findall(fold(anchor)))
        if len(pairs) >= _MIN_PAIRS and len(pairs & shown) >= _HALF * len(pairs):
            return anchor
    return None


def lost_topic(page: Page, asked: Address, landed: Address) -> bool:
    """Whether `asked` named a subject or an id and nothing of it is left where the link landed.

    An address without words and ids has nothing to lose.
    """
    words = frozenset(
        word for segment in asked.segments for word in _WORD.findall(segment) if len(word) >= _MIN_WORD_CHARS
    )
    words = words & asked.subject
    if not words and not asked.ids:
        return False
    addresses = " ".join(a for a in (page.canonical, page.og_url) if a)
    here = fold(f"{page.title} {page.main_heading} {page.og_title} {landed.host} {addresses}")
    here += " " + " ".join((*landed.segments, *(value for _, value in landed.query)))
    if any(number in here for number in asked.ids):
        return False
    left = sum(word in here for word in words)
    return left < max(1, _SOME * len(words))


def names_missing(asked: Address) -> bool:
    """Whether an address itself speaks of missing pages."""
    return any(_speaks(segment.replace("-", " ").replace("_", " ")) for segment in asked.segments)


def cites_missing(context: Context) -> bool:
    """Whether an anchor speaks of missing pages."""
    return any(_speaks(anchor) for anchor in context.anchors)


def _speaks(text: str) -> bool:
    return bool(_STATUS_WORD.search(text) or find_missing(text))


def _telling(anchors: tuple[str, ...]) -> list[str]:
    return [text for text in anchors if len(text) >= _MIN_ANCHOR_CHARS and "://" not in text]
