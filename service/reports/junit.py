"""A run as JUnit XML: a suite an article, a case a citation."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from service.reports import wording
from workers.model import Outcome
from workers.report import ArticleReport, CitationReport, RunReport, is_finding

# What XML 1.0 cannot hold, even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNTOLD = frozenset({Outcome.BLOCKED, Outcome.REFUSED, Outcome.UNSUPPORTED})


def render(run: RunReport, fail_on: frozenset[Outcome]) -> Iterator[str]:
    """Yield the document; what could not be told is skipped, not failed."""
    seconds = (run.finished - run.started).total_seconds()
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="linkwright" time="{seconds:.3f}">\n'
    for article in run.articles:
        yield from _suite(article, fail_on)
    yield "</testsuites>\n"


def _suite(article: ArticleReport, fail_on: frozenset[Outcome]) -> Iterator[str]:
    """Yield one article."""
    cases = article.citations
    failures = sum(is_finding(each, fail_on) for each in cases)
    skipped = sum(each.outcome in _UNTOLD and not is_finding(each, fail_on) for each in cases)
    errors = int(article.error is not None)
    yield (
        f'<testsuite name={_attribute(article.source)} tests="{len(cases) + errors}" failures="{failures}" '
        f'skipped="{skipped}" errors="{errors}">\n'
    )
    if article.error is not None:
        yield f'<testcase name="read" classname={_attribute(article.source)}>'
        yield f"<error message={_attribute(article.error)}/></testcase>\n"
    for each in cases:
        yield _case(each, article.source, fail_on)
    yield "</testsuite>\n"


def _case(citation: CitationReport, source: str, fail_on: frozenset[Outcome]) -> str:
    """Return one citation."""
    name = _attribute(f"{wording.place(citation.found)} {wording.subject(citation)}")
    head = f"<testcase name={name} classname={_attribute(source)}>"
    if is_finding(citation, fail_on):
        kind, text = _attribute(citation.outcome), _attribute(wording.message(citation))
        return f"{head}<failure type={kind} message={text}/></testcase>\n"
    if citation.outcome in _UNTOLD:
        return f"{head}<skipped message={_attribute(wording.message(citation))}/></testcase>\n"
    return f"{head}</testcase>\n"


def _attribute(text: str) -> str:
    """Return text as a quoted attribute value."""
    return quoteattr(_NOT_XML.sub(_stand_in, text))


def _stand_in(found: re.Match[str]) -> str:
    """Return what stands for a character that XML cannot hold: half a surrogate pair is its escape."""
    return f"\\u{ord(found[0]):04x}" if "\ud800" <= found[0] <= "\udfff" else "\N{REPLACEMENT CHARACTER}"
