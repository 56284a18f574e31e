"""What is told of a citation: what its written form says, or what its link turned out to be."""

from dataclasses import dataclass

from workers.model import Candidate, FoundLink, LinkReport, Outcome, Recovery, Repair, Verdict
from workers.report import CitationReport

NOT_CHECKED = "found again, and not checked in this run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The fields of a `LinkReport` that say something of every citation of its link."""

    original: str
    verdict: Verdict
    repair: Repair | None = None
    accepted: Candidate | None = None
    aliases: tuple[Candidate, ...] = ()


def report_asked(found: FoundLink, told: Told | LinkReport) -> CitationReport:
    """Return a citation with what its link turned out to be; what is malformed has no original."""
    outcome = told.verdict.outcome
    return CitationReport(
        found=found,
        outcome=outcome,
        original=None if outcome is Outcome.MALFORMED else told.original,
        repair=told.repair,
        repaired=told.accepted is not None,
        evidence=told.verdict.evidence,
        aliases=told.aliases,
    )


def report_written(found: FoundLink, verdict: Verdict, recovery: Recovery | None) -> CitationReport:
    """Return a citation that its written form ends; `recovery` says what was looked for in its place."""
    original = None if recovery is None or not recovery.is_sure else recovery.best
    evidence = verdict.evidence if original is None else (*verdict.evidence, NOT_CHECKED)
    return CitationReport(
        found=found, outcome=verdict.outcome, original=original, recovery=recovery, evidence=evidence
    )


def report_recovered(found: FoundLink, told: Told | LinkReport, recovery: Recovery) -> CitationReport:
    """Return a citation whose stripped link was found again, with what that link turned out to be."""
    return CitationReport(
        found=found,
        outcome=told.verdict.outcome,
        original=told.original,
        recovery=recovery,
        evidence=told.verdict.evidence,
        aliases=told.aliases,
    )
