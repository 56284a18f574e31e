"""Whether a page that says `404` or `not found` treats of that, rather than being such a page."""

from http import HTTPStatus

from workers.regex import regex
from workers.verdict.case import Case
from workers.verdict.phrases import find_missing
from workers.verdict.topic import cites_missing, names_missing

_LITTLE, _FEW = 60, 12
_SIGNS = 3
# Alone it says nothing here: a list of what else is called 404 holds it in each line.
_NUMBER = regex("404|410")


def treats_of_missing(case: Case) -> bool:
    """Whether missing pages are the subject of the page asked for, so that its words for them tell nothing.

    The address or an anchor has to name that subject: such a citation wants a page that does so. A shown
    topic or a text of some length is enough then; else three signs are, one of them that more stands on it.
    """
    by_address, by_anchor = names_missing(case.asked), cites_missing(case.context)
    if not (by_address or by_anchor):
        return False
    if case.topic or case.page.main_words >= _LITTLE:
        return True
    if case.is_elsewhere or _other_words(case) < _FEW:
        return False
    return 1 + by_address + by_anchor + case.is_named_by_page + _may_be_honest(case) >= _SIGNS


def _other_words(case: Case) -> int:
    """Return the words of the content in blocks that do not say that something is missing."""
    blocks = (block for block in case.page.blocks if block.is_content and not block.level)
    told = (block for block in blocks if not (block.is_linked or find_missing(_NUMBER.sub(" ", block.text))))
    return sum(block.words for block in told)


def _may_be_honest(case: Case) -> bool:
    """Whether the host does not answer well for an address that cannot exist, or has not been asked yet.

    Such a page is always asked about (`probe.is_suspect`), and the verdict made anew with the answer.
    """
    probe = case.context.probe
    return probe is None or probe.observation.status != HTTPStatus.OK
