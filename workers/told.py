"""What is told of a citation: what its written form says, or what its link turned out to be."""

from dataclasses import dataclass

from workers.model import Candidate, FoundLink, LinkReport, Outcome, Recovery, Repair, Verdict
from workers.report import CitationReport

NOT_CHECKED = "found again, and not checked in this run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the report of a link says of every citation of it; see `CitationReport` for the fields."""

    outcome: Outcome
    original: str | None
    repair: Repair | None = None
    repaired: bool = False
    evidence: tuple[str, ...] = ()
    aliases: tuple[Candidate, ...] = ()


def told_of(report: LinkReport) -> Told:
    """Return what a link's report says of its citations; what is malformed has no original."""
    outcome = report.verdict.outcome
    return Told(
        outcome=outcome,
        original=None if outcome is Outcome.MALFORMED else report.original,
        repair=report.repair,
        repaired=report.accepted is not None,
        evidence=report.verdict.evidence,
        aliases=report.aliases,
    )


def report_asked(found: FoundLink, told: Told) -> CitationReport:
    """Return a citation with what its link turned out to be."""
    return CitationReport(
        found=found,
        outcome=told.outcome,
        original=told.original,
        repair=told.repair,
        repaired=told.repaired,
        evidence=told.evidence,
        aliases=told.aliases,
    )


def report_written(found: FoundLink, verdict: Verdict, recovery: Recovery | None) -> CitationReport:
    """Return a citation that its written form ends; `recovery` says what was looked for in its place."""
    original = None if recovery is None or not recovery.is_sure else recovery.best
    evidence = verdict.evidence if original is None else (*verdict.evidence, NOT_CHECKED)
    return CitationReport(
        found=found, outcome=verdict.outcome, original=original, recovery=recovery, evidence=evidence
    )


def report_recovered(found: FoundLink, told: Told, recovery: Recovery) -> CitationReport:
    """Return a citation whose stripped link was found again, with what that link turned out to be."""
    return CitationReport(
        found=found,
        outcome=told.outcome,
        original=told.original,
        recovery=recovery,
        evidence=told.evidence,
        aliases=told.aliases,
    )
