"""When a host that refuses what it lacks clears a page whose words speak of something missing."""

from http import HTTPStatus

from workers.url import lookup_key
from workers.verdict.blocks import count_words
from workers.verdict.case import Case
from workers.verdict.phrases import Hit, find_missing_title, holds, sentences
from workers.verdict.remainder import read_remainder
from workers.verdict.similarity import fold
from workers.verdict.topic import cites_missing, names_missing
from workers.verdict.words import words_of

_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_TELLING_CHARS, _FIGURES, _A_FEW, _CLEAR, _MOST = 5, 2, 3, 0.7, 0.75
_CODE_CHARS = 3
_A_LINE, _SOME_WORDS, _LINES, _PARAGRAPH, _A_PIECE = 5, 8, 10, 25, 40


def is_cleared(case: Case, hit: Hit) -> bool:
    """Whether the host tells what it lacks apart from this page, and the page has enough to say of its own.

    The more of the page the sentence takes, the more there has to be: least where the address or an anchor
    speak of missing pages themselves, more where only the text says so, most where title or heading do.
    """
    if not refuses(case):
        return False
    rest = read_remainder(case)
    if _is_sought(case, hit):
        return rest.words >= _A_LINE
    if _is_headed_by_loss(case) or (_is_of_this(hit) and not rest.words_before):
        is_of_thing = rest.is_titled and hit.is_bare
        return rest.words >= (_LINES if rest.is_related or is_of_thing else _A_PIECE)
    is_shown = rest.is_titled or rest.is_related or rest.is_headed or rest.figures >= _FIGURES
    if is_shown or hit.is_bare or rest.words_before >= _A_LINE:
        return rest.words >= _SOME_WORDS
    return rest.words >= _PARAGRAPH


def _is_coded(case: Case) -> bool:
    """Whether title or heading begin with the very code that ends the address, such as `E1042: …`."""
    code = case.asked.segments[-1] if case.asked.segments else ""
    if len(code) < _CODE_CHARS or not (any(map(str.isdigit, code)) and any(map(str.isalpha, code))):
        return False
    return any(fold(text).startswith(code) for text in (case.page.title, case.page.main_heading))


def _is_headed_by_loss(case: Case) -> bool:
    """Whether heading, or title and text, say little else; a headline has a subject of its own beside."""
    if case.heading is None:
        return bool(case.title and case.body and case.title.coverage >= _CLEAR)
    besides = count_words(case.heading.sentence) * (1 - case.heading.coverage)
    return case.heading.coverage >= _CLEAR or besides < _A_FEW


def _is_of_this(hit: Hit) -> bool:
    """Whether a sentence says of `this` page that it is missing, and nothing else.

    What has ended or is closed, a sale or a talk, still has its page.
    """
    if hit.coverage < _MOST or hit.is_bare or (hit.is_pointing and not hit.is_passing):
        return False
    return holds("this", hit.sentence) is not None and holds("ended", hit.predicate) is None


def _is_sought(case: Case, hit: Hit) -> bool:
    """Whether address, anchor or the page's own code say that such a sentence is what was looked for."""
    if names_missing(case.asked) or cites_missing(case.context):
        return True
    return _is_cited_for(case, hit) or _is_coded(case)


def _is_cited_for(case: Case, hit: Hit) -> bool:
    """Whether address or anchor have the very word of loss, as `account-suspended` has."""
    told = max(words_of(hit.predicate), key=len, default="")
    cited = case.asked.subject.union(*(words_of(anchor) for anchor in case.context.anchors))
    return len(told) >= _TELLING_CHARS and told in cited


def refuses(case: Case) -> bool:
    """Whether the host answers an address that cannot exist otherwise than with a page such as this one."""
    probe = case.context.probe
    if probe is None or lookup_key(probe.observation.url) == lookup_key(case.observation.url):
        return False
    if probe.observation.status in _GONE:
        return True
    if probe.observation.status != HTTPStatus.OK or case.observation.status != HTTPStatus.OK:
        return False
    landed = lookup_key(probe.observation.final_url)
    if landed != lookup_key(probe.observation.url):
        return landed != lookup_key(case.landed_url)
    return probe.page is not None and not probe.page.is_shell and not _says_the_same(case)


def _says_the_same(case: Case) -> bool:
    """Whether the sibling's page has a sentence of loss that this page has."""
    other = case.context.probe.page if case.context.probe else None
    if other is None:
        return False
    said = {hit.sentence for hit in case.hits}
    title = find_missing_title(other.title)
    shown = {sentence for sentence, hit in sentences(fold(f"{other.main_heading}\n{other.main_text}")) if hit}
    return not said.isdisjoint(shown | ({title.sentence} if title else set()))
