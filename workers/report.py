"""What a run over articles showed, as values that every report is written from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workers.model import Candidate, Decision, FoundLink, LinkReport, Outcome, Recovery, Repair

FINDINGS = frozenset(
    {
        Outcome.GONE,
        Outcome.DOWN,
        Outcome.SOFT_404,
        Outcome.PARKED,
        Outcome.MALFORMED,
        Outcome.PLACEHOLDER,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationReport:
    """One citation with what its link turned out to be.

    `original` is None where nothing can be fetched; `repaired` says that a repair was accepted,
    `is_known` that the baseline of the run has this finding already, `aliases` where the piece of a dead
    link stands now.
    """

    found: FoundLink
    outcome: Outcome
    original: str | None
    repair: Repair | None = None
    recovery: Recovery | None = None
    repaired: bool = False
    is_known: bool = False
    evidence: tuple[str, ...] = ()
    aliases: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReport:
    """One article of a run; `error` says why it could not be read, and then it has no citations.

    `is_walked` says that only a list of its site named it: how its link stands is told there.
    """

    source: str
    headline: str | None = None
    published: datetime | None = None
    citations: Sequence[CitationReport] = ()
    error: str | None = None
    is_walked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """A whole run: articles in the order given, links in the order first cited, one an original.

    `summary` counts citations by outcome, commonest first; `cited_by` says how many stand for each link.
    `has_mended` is False where no citation was repaired or found again, so that outcomes alone make findings.
    `complete` is False when the run was interrupted and holds what was found so far. `passed_over` counts, by
    list, the pages that were not read as the bound of the walk was reached.
    """

    version: str
    started: datetime
    finished: datetime
    articles: Sequence[ArticleReport]
    links: Sequence[LinkReport]
    cited_by: Sequence[int]
    summary: Mapping[str, int]
    has_mended: bool = True
    complete: bool = True
    passed_over: Mapping[str, int] = field(default_factory=dict)


def has_finding(run: RunReport, fail_on: frozenset[Outcome] = FINDINGS) -> bool:
    """Whether any citation is a finding; a run whose counts tell that there is none is not looked through."""
    if not run.has_mended and not any(str(outcome) in run.summary for outcome in fail_on):
        return False
    return any(is_finding(each, fail_on) for article in run.articles for each in article.citations)


def is_finding(citation: CitationReport, fail_on: frozenset[Outcome] = FINDINGS) -> bool:
    """Whether an editor has to do something about a citation: its link fails, or its text needs mending.

    What the baseline has already is none.
    """
    if citation.is_known:
        return False
    return citation.outcome in fail_on or citation.repaired or is_recovered(citation)


def is_recovered(citation: CitationReport) -> bool:
    """Whether a stripped link was found again with certainty."""
    return citation.recovery is not None and citation.recovery.decision is Decision.AUTO
