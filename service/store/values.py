"""What the store hands out: frozen views of rows, in the words of `workers/model/`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from workers.ledger import ArticleState, AuditState, Cause, Progress, Scope
from workers.model import (
    DEAD,
    Candidate,
    Format,
    FoundLink,
    Lookup,
    Observation,
    Outcome,
    Recovery,
    Repair,
    Standing,
    Verdict,
)
from workers.verdict.standing import EventKind

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """Some items in the order of their ids; `next_cursor` goes on after them, None at the end."""

    items: tuple[Item, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """An article to be kept: its `content`, or None with a `url` that it is to be fetched from.

    `source` is the name people know it by: a path, an address, or a name given with it. `format` is
    None where it is to be told from the content.
    """

    source: str
    url: str | None = None
    format: Format | None = None
    media_type: str | None = None
    charset: str | None = None
    content: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """One article, without its content.

    `charset` is what its HTTP header said, if anything. `digest` is the SHA-256 of the content, None until
    it is fetched; `attempt` counts how often it was queued.
    """

    id: int
    source: str
    url: str | None
    format: Format | None
    media_type: str | None
    charset: str | None
    digest: str | None
    size_bytes: int
    headline: str | None
    published: datetime | None
    published_source: str | None
    language: str | None
    own_url: str | None
    state: ArticleState
    reason: str | None
    attempt: int
    citation_count: int
    created_at: datetime
    updated_at: datetime


class Decided(StrEnum):
    """What a person decided about the target of one citation."""

    ACCEPT = "accept"  # the proposal stands
    REJECT = "reject"  # the written form stands
    SET = "set"  # an address given by hand
    WITHDRAW = "withdraw"  # nobody decides; what is found and proved counts again


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """What a person decides: for `accept` the proposal's `url` or None for the best, for `set` the address.

    `made_by` is a name as it was given, `note` the reason in their words.
    """

    choice: Decided
    url: str | None = None
    note: str | None = None
    made_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationDecision:
    """A person's decision, which outlives later audits; `url` is the address that the citation stands for."""

    choice: Decided
    url: str | None
    at: datetime
    note: str | None = None
    made_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision:
    """One decision of a person about a citation, as it was kept; the last one counts."""

    id: int
    citation_id: int
    choice: Decided
    url: str | None
    note: str | None
    made_by: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCitation:
    """One citation with what came of it.

    `original` is the address of its link, None where nothing can be fetched. `outcome` is that of the
    link's last check, or says why there is no link; None before the first check.
    """

    id: int
    article_id: int
    position: int
    found: FoundLink
    link_id: int | None
    original: str | None
    outcome: Outcome | None
    standing: Standing | None
    repair: Repair | None
    accepted: Candidate | None
    recovery: Recovery | None
    decision: CitationDecision | None

    @property
    def is_dead(self) -> bool:
        """Whether its link is dead: by a person's word, else by its last outcome or its standing."""
        if self.standing in {Standing.HELD_ALIVE, Standing.HELD_DEAD}:
            return self.standing is Standing.HELD_DEAD
        return self.outcome in DEAD or self.standing is Standing.DEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLink:
    """One link with what is known of it now; `hold` is a person's override of its standing."""

    id: int
    original: str
    host: str
    standing: Standing
    standing_rule: str | None
    standing_since: datetime | None
    standing_reasons: tuple[str, ...]
    hold: Standing | None
    hold_reason: str | None
    outcome: Outcome | None
    status: int | None
    first_seen_at: datetime
    last_checked_at: datetime | None
    next_check_at: datetime | None
    cited_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObservation:
    """One check of one link as it was stored: never changed, never removed.

    `accepted` is the candidate that took the written form's place; `asked` is every exchange made, in
    order, with its verdict. `aliases` are live addresses that the piece of a dead link stands at now.
    """

    id: int
    link_id: int
    audit_id: int | None
    stored_at: datetime
    written: str
    original: str
    verdict: Verdict
    observation: Observation | None
    accepted: Candidate | None
    asked: tuple[tuple[Observation, Verdict], ...]
    lookups: tuple[Lookup, ...]
    aliases: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAudit:
    """One audit and how far it has come."""

    id: int
    cause: Cause
    scope: Scope
    schedule_id: int | None
    state: AuditState
    reason: str | None
    progress: Progress
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSchedule:
    """When audits start by themselves: a cron line in UTC, and what they cover."""

    id: int
    name: str
    cron: str
    scope: Scope
    enabled: bool
    created_at: datetime
    next_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """A change worth telling, in the order it was seen."""

    id: int
    kind: EventKind
    at: datetime
    link_id: int | None
    article_id: int | None
    audit_id: int | None
    detail: str
