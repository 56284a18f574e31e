"""What answers show of citations, repairs and observations: the shapes of the command's contract."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from service.api.fields import View
from service.reports import shapes
from service.store.values import Decided, StoredCitation, StoredObservation
from workers.model import Decision, Defect, Failure, Kind, LookupState, Outcome, RecoveryReason, Standing


class CandidateView(View):
    """A form that a written link may have had."""

    url: str
    rule: str
    score: float = Field(ge=0, le=1)
    evidence: tuple[str, ...]


class RepairView(View):
    """What is proposed for a written form, best first."""

    decision: Decision
    best: CandidateView
    candidates: tuple[CandidateView, ...]


class FoundTargetView(View):
    """A target that a stripped link may have had."""

    url: str
    score: float
    evidence: tuple[str, ...]


class FoundOnView(View):
    """The page on which a stripped link was found again."""

    kind: str
    url: str
    memento_datetime: str | None


class RecoveryView(View):
    """What was found again for a stripped link."""

    decision: Decision
    best: str | None
    candidates: tuple[FoundTargetView, ...]
    found_on: FoundOnView | None
    reason: RecoveryReason


class IdentifierView(View):
    """A scholarly identifier."""

    scheme: str
    value: str
    normal: str
    resolver: str | None


class DecisionView(View):
    """What a person decided about a citation."""

    choice: Decided
    url: str | None
    at: datetime
    note: str | None
    made_by: str | None


class CitationView(View):
    """One place in an article where a link stands, and what came of it."""

    id: int
    article_id: int
    position: int = Field(description="Place among the article's citations, in the order of its source.")
    source: str = Field(description="Name of the article.")
    raw: str = Field(description="The exact slice of the source, never changed.")
    target: str = Field(description="`raw` as its format decodes it, nothing repaired.")
    resolved: str | None = Field(description="The absolute address as written; null: nothing to fetch.")
    kind: Kind
    anchor: str
    context: str
    start: int | None = Field(description="Offset in code points; null for formats without a text source.")
    end: int | None
    line: int | None
    column: int | None
    locator: str | None
    base: str | None
    base_source: str | None
    rel: tuple[str, ...]
    defects: tuple[Defect, ...]
    readings: tuple[str, ...]
    identifier: IdentifierView | None
    link_id: int | None
    original: str | None = Field(description="The address that is checked; null: nothing can be fetched.")
    outcome: Outcome | None = Field(description="What the last check showed; null before the first.")
    standing: Standing | None
    repair: RepairView | None
    repaired: bool = Field(description="Whether a repair took the written form's place.")
    accepted: CandidateView | None
    recovery: RecoveryView | None
    decision: DecisionView | None


def citation_view(stored: StoredCitation, source: str) -> CitationView:
    """Return what is shown of a citation of the article named `source`."""
    accepted = stored.accepted
    return CitationView.model_validate(
        shapes.found_link(stored.found, source)
        | {
            "id": stored.id,
            "article_id": stored.article_id,
            "position": stored.position,
            "link_id": stored.link_id,
            "original": stored.original,
            "outcome": stored.outcome,
            "standing": stored.standing,
            "repair": shapes.repair(stored.repair),
            "repaired": accepted is not None,
            "accepted": None if accepted is None else shapes.candidate(accepted),
            "recovery": shapes.recovery(stored.recovery),
            "decision": stored.decision,
        }
    )


class HopView(View):
    """One answer on the way of a redirect chain."""

    url: str
    status: int


class AskedView(View):
    """One exchange of a check, with what it said."""

    url: str
    outcome: Outcome
    status: int | None
    final_url: str | None
    failure: Failure | None
    failure_reason: str | None
    evidence: tuple[str, ...]


class ArchiveAnswerView(View):
    """What an archive said when asked: `unknown` is never `none`."""

    archive: str
    state: LookupState
    reason: str | None
    original: str = Field(description="The address it was asked for: as written, or a candidate.")


class ObservationView(View):
    """What one check of a link showed; never changed, never removed."""

    id: int
    link_id: int
    audit_id: int | None
    stored_at: datetime
    observed_at: datetime | None
    written: str
    original: str
    outcome: Outcome
    rule: str
    evidence: tuple[str, ...]
    status: int | None
    final_url: str | None
    hops: tuple[HopView, ...]
    failure: Failure | None
    failure_reason: str | None = None
    attempts: int
    elapsed_ms: int
    accepted: CandidateView | None
    asked: tuple[AskedView, ...]
    archives: tuple[ArchiveAnswerView, ...]
    aliases: tuple[CandidateView, ...] = Field(
        description="Live addresses that the piece of a dead link stands at now, the surest first."
    )


def observation_view(stored: StoredObservation) -> ObservationView:
    """Return what is shown of an observation."""
    seen = stored.observation
    facts: Mapping[str, object] = shapes.observation(seen)
    return ObservationView.model_validate(
        {
            **facts,
            "id": stored.id,
            "link_id": stored.link_id,
            "audit_id": stored.audit_id,
            "stored_at": stored.stored_at,
            "observed_at": None if seen is None else seen.observed_at,
            "written": stored.written,
            "original": stored.original,
            "outcome": stored.verdict.outcome,
            "rule": stored.verdict.rule,
            "evidence": stored.verdict.evidence,
            "accepted": None if stored.accepted is None else shapes.candidate(stored.accepted),
            "asked": [
                {**shapes.observation(o), "url": o.url, "outcome": v.outcome, "evidence": v.evidence}
                for o, v in stored.asked
            ],
            "archives": stored.lookups,
            "aliases": [shapes.candidate(each) for each in stored.aliases],
        }
    )
