"""The JSON shapes of the command's contract: one place that turns values into dictionaries."""

from datetime import UTC, datetime
from typing import Any

from workers.model import (
    Candidate,
    Defect,
    FoundLink,
    LinkReport,
    Lookup,
    Memento,
    Observation,
    Recovery,
    Repair,
    Verdict,
)
from workers.report import ArticleReport, CitationReport, RunReport

Shape = dict[str, Any]


def rfc3339(moment: datetime | None) -> str | None:
    """Return an aware datetime as RFC 3339 in UTC, to the second, or None."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def found_link(found: FoundLink, source: str) -> Shape:
    """Return one citation as `linkwright extract` prints it, the fields of the contract first."""
    identifier = found.identifier
    return {
        "source": source,
        "raw": found.raw,
        "target": None if Defect.BARE_TITLE in found.defects else found.target,
        "resolved": found.resolved,
        "kind": str(found.kind),
        "anchor": found.anchor,
        "context": found.context,
        "start": found.start,
        "end": found.end,
        "line": found.line,
        "column": found.column,
        "defects": [str(defect) for defect in found.defects],
        "identifier": None
        if identifier is None
        else {
            "scheme": identifier.scheme,
            "value": identifier.value,
            "normal": identifier.normal,
            "resolver": identifier.resolver,
        },
        "locator": found.locator,
        "base": found.base,
        "base_source": found.base_source,
        "rel": list(found.rel),
        "readings": list(found.readings),
    }


def candidate(value: Candidate) -> Shape:
    """Return one candidate."""
    return {
        "url": value.url,
        "rule": value.rule,
        "score": round(value.score, 4),
        "evidence": list(value.evidence),
    }


def repair(value: Repair | None) -> Shape | None:
    """Return a repair as `linkwright repair` prints it, without its id."""
    if value is None:
        return None
    return {
        "decision": str(value.decision),
        "best": candidate(value.best),
        "candidates": [candidate(each) for each in value.candidates],
    }


def recovery(value: Recovery | None) -> Shape | None:
    """Return what was found again for a stripped link."""
    if value is None:
        return None
    page = value.found_on
    return {
        "decision": str(value.decision),
        "best": value.best,
        "candidates": [
            {"url": each.url, "score": round(each.score, 4), "evidence": list(each.evidence)}
            for each in value.candidates
        ],
        "found_on": None
        if page is None
        else {"kind": page.kind, "url": page.url, "memento_datetime": rfc3339(page.memento_datetime)},
        "reason": str(value.reason),
    }


def citation(value: CitationReport, source: str) -> Shape:
    """Return one checked citation."""
    return found_link(value.found, source) | {
        "original": value.original,
        "outcome": str(value.outcome),
        "evidence": list(value.evidence),
        "repair": repair(value.repair),
        "repaired": value.repaired,
        "known": value.is_known,
        "recovery": recovery(value.recovery),
    }


def article_head(value: ArticleReport) -> Shape:
    """Return one article without its citations; `error` stands only where it could not be read."""
    shape: Shape = {
        "source": value.source,
        "headline": value.headline,
        "published": rfc3339(value.published),
    }
    return shape if value.error is None else shape | {"error": value.error}


def memento(value: Memento) -> Shape:
    """Return one capture."""
    return {
        "original": value.original,
        "archive": value.archive,
        "datetime": rfc3339(value.memento_datetime),
        "uri": value.uri_m,
        "status": value.status,
        "media_type": value.media_type,
        "quality": str(value.quality),
        "reasons": list(value.reasons),
    }


def observation(value: Observation | None) -> Shape:
    """Return the facts of one exchange with the web; all empty where nobody was asked."""
    if value is None:
        return {
            "status": None,
            "final_url": None,
            "hops": [],
            "failure": None,
            "attempts": 0,
            "elapsed_ms": 0,
        }
    return {
        "status": value.status,
        "final_url": value.final_url if value.status is not None else None,
        "hops": [{"url": hop.url, "status": hop.status} for hop in value.hops],
        "failure": None if value.failure is None else str(value.failure),
        "failure_reason": value.failure_reason,
        "attempts": value.attempts,
        "elapsed_ms": value.elapsed_ms,
    }


def asked(seen: Observation, verdict: Verdict) -> Shape:
    """Return in short what one address of a link was answered with."""
    return {
        "url": seen.url,
        "outcome": str(verdict.outcome),
        "evidence": list(verdict.evidence),
        "status": seen.status,
        "final_url": seen.final_url if seen.status is not None else None,
        "failure": None if seen.failure is None else str(seen.failure),
        "failure_reason": seen.failure_reason,
    }


def looked_up(value: Lookup) -> Shape:
    """Return what an archive said of one address; `original` may be a candidate of the link's repair."""
    return {
        "archive": value.archive,
        "state": str(value.state),
        "reason": value.reason,
        "original": value.original,
    }


def link(value: LinkReport, cited_by: int) -> Shape:
    """Return one link of a run."""
    return {
        "original": value.original,
        "written": value.written,
        "outcome": str(value.verdict.outcome),
        "rule": value.verdict.rule,
        **observation(value.observation),
        "evidence": list(value.verdict.evidence),
        "asked": [asked(seen, verdict) for seen, verdict in value.asked],
        "mementos": [memento(each) for each in value.mementos],
        "archives": [looked_up(each) for each in value.lookups],
        "aliases": [candidate(each) for each in value.aliases],
        "cited_by": cited_by,
    }


def run_head(value: RunReport) -> Shape:
    """Return what stands before articles and links in `linkwright check --format json`."""
    return {
        "version": value.version,
        "started": rfc3339(value.started),
        "finished": rfc3339(value.finished),
        "complete": value.complete,
        "summary": dict(value.summary),
    }
