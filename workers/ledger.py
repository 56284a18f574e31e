"""The third seam: the record of what was read and seen, as jobs need it.

`service/store/ledger.py` implements it on SQLite and PostgreSQL, `tests/fakes_ledger.py` in memory;
both run the same contract tests.
"""

import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from workers.model import (
    Document,
    Format,
    FoundLink,
    LinkReport,
    LinkTask,
    Outcome,
    Recovery,
    Repair,
    Standing,
)

SHARDS = 64
BATCH_LINKS = 50


class ArticleState(StrEnum):
    """How far an article has come: waiting to be read, read, or not readable."""

    QUEUED = "queued"
    READY = "ready"
    FAILED = "failed"


class AuditState(StrEnum):
    """How far an audit has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Cause(StrEnum):
    """What started an audit."""

    ARTICLE = "article"  # an article was submitted
    REQUEST = "request"  # a person or program asked
    SCHEDULE = "schedule"
    DUE = "due"  # links whose next check had come


def shard_of(domain: str, shards: int = SHARDS) -> int:
    """Return the shard of a registrable domain: the same in every process and release."""
    return zlib.crc32(domain.encode("utf-8", "surrogatepass")) % shards


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an audit covers: these articles, these links, every link whose next check has come, or all.

    All empty means every link known.
    """

    article_ids: tuple[int, ...] = ()
    link_ids: tuple[int, ...] = ()
    only_due: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleInput:
    """An article waiting to be read; `content` is None where it is to be fetched from `url` first.

    `charset` is what the HTTP header said that the content came with.
    """

    article_id: int
    source: str
    url: str | None
    format: Format | None
    media_type: str | None
    charset: str | None
    content: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationPlan:
    """One citation and what is to be done with it.

    `original` is the address to check (as written, or repaired with certainty), None where nothing can
    be fetched; then `outcome` says why (placeholder, malformed, unsupported). `hard_defect` says that
    the written form cannot stand even if it answers.
    """

    found: FoundLink
    original: str | None
    outcome: Outcome | None = None
    repair: Repair | None = None
    hard_defect: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article as read.

    `content`, `media_type` and `charset` (of the HTTP header) are set where it was fetched for this reading.
    """

    document: Document
    citations: tuple[CitationPlan, ...]
    content: bytes | None = None
    media_type: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLink:
    """A link of an audit, with the shard that its registrable domain falls into."""

    link_id: int
    shard: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recoverable:
    """A citation without a target, and whatever is needed to look for it again."""

    citation_id: int
    found: FoundLink


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldHost:
    """What politeness must remember of a host when its shard moves to another worker.

    `key` is the fetcher's own (host and port); nothing is asked there before `held_until`. `mean_s` is
    what a request took there, `backoffs` how often the host asked for rest in a row.
    """

    key: str
    held_until: datetime
    mean_s: float
    backoffs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Work that no finished job covers: queued articles as (id, attempt), and audits not yet done."""

    articles: tuple[tuple[int, int], ...] = ()
    audits: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an audit has come, by outcome; `planned` is None until its plan is made."""

    planned: int | None
    by_outcome: Mapping[Outcome, int] = field(default_factory=dict)

    @property
    def stored(self) -> int:
        """Return the number of links with a stored report."""
        return sum(self.by_outcome.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingChange:
    """A link whose standing changed with a stored report."""

    link_id: int
    before: Standing
    after: Standing
    at: datetime


class Checker(Protocol):
    """The pipeline for links, as jobs drive it; `workers/audit.py` has the real one."""

    def check(self, tasks: Sequence[LinkTask]) -> AsyncIterator[tuple[LinkTask, LinkReport]]:
        """Check many links; every task comes back exactly once, in any order, with its report."""
        ...


class Reader(Protocol):
    """The pipeline for articles: fetched where needed, read, repaired as far as is certain."""

    async def read(self, article: ArticleInput) -> Reading:
        """Read one article.

        Raises:
            UnreadableDocument: it cannot be fetched or read; the reason is stored with it.
        """
        ...


class Recoverer(Protocol):
    """The pipeline for stripped links of one article."""

    async def recover(
        self, article: ArticleInput, lost: Sequence[Recoverable]
    ) -> Sequence[tuple[int, Recovery]]:
        """Look for the targets of stripped links; returns (citation id, recovery) for each of `lost`."""
        ...


class Ledger(Protocol):
    """The record of articles, links and observations, as jobs write it.

    Every call is one transaction, and each may be repeated: what is stored already stays as it is.
    """

    async def load_article(self, article_id: int) -> ArticleInput | None:
        """Return a queued article, or None where it is unknown or no longer queued."""
        ...

    async def store_reading(self, article_id: int, reading: Reading) -> int:
        """Store what was read, with its citations and links; returns how many links it cites."""
        ...

    async def fail_article(self, article_id: int, reason: str) -> None:
        """Mark a queued article as failed, with a reason for a person."""
        ...

    async def load_recoverable(self, article_id: int) -> tuple[ArticleInput, Sequence[Recoverable]] | None:
        """Return an article with its placeholders still to be recovered, None where there are none."""
        ...

    async def store_recoveries(self, recoveries: Sequence[tuple[int, Recovery]]) -> Sequence[int]:
        """Store recoveries and return the ids of the links that those decided `auto` now cite."""
        ...

    async def open_audit(self, scope: Scope, cause: Cause, *, key: str) -> int:
        """Create an audit, or return the one that was created under the same `key`."""
        ...

    async def plan_audit(self, audit_id: int, *, now: datetime) -> Sequence[PlannedLink]:
        """Mark the audit as running and return its links, by shard and id; no link comes twice."""
        ...

    async def load_tasks(self, audit_id: int, link_ids: Sequence[int]) -> Sequence[tuple[int, LinkTask]]:
        """Return the tasks of these links, those that this audit has stored already left out."""
        ...

    async def store_reports(
        self, audit_id: int, reports: Sequence[tuple[int, LinkReport]], *, now: datetime
    ) -> Sequence[StandingChange]:
        """Store reports in one transaction; a link that this audit has already is left as it is.

        Citations of a repaired link point to the link of the accepted original from then on, the
        evidence kept. Standing and next check are brought up to date, events written.
        """
        ...

    async def finish_audit(self, audit_id: int, *, now: datetime, reason: str | None = None) -> None:
        """Mark an audit as done, or as failed where a reason is given."""
        ...

    async def extend_audit(self, audit_id: int, link_ids: Sequence[int]) -> Sequence[PlannedLink]:
        """Add links found on the way to a running audit; returns those that it has not stored yet."""
        ...

    async def load_scope(self, audit_id: int) -> Scope | None:
        """Return what an audit covers, None where it is unknown or has ended."""
        ...

    async def open_scheduled(self, *, now: datetime) -> Sequence[int]:
        """Open an audit for every schedule that has come due, each turn once, and return their ids."""
        ...

    async def list_waiting(self, *, before: datetime) -> Waiting:
        """Return what has been waiting since `before`, oldest first, bounded."""
        ...

    async def load_held_hosts(self, *, now: datetime) -> Sequence[HeldHost]:
        """Return the hosts that are to be left alone still."""
        ...

    async def save_held_hosts(self, hosts: Sequence[HeldHost]) -> None:
        """Remember hosts that asked to be left alone; of stored and given times the later is kept."""
        ...


class HostMemory(Protocol):
    """The politeness of one process, to be handed over: what it learnt, and what others did."""

    def held_hosts(self, *, now: datetime) -> Sequence[HeldHost]:
        """Return the hosts that asked to be left alone."""
        ...

    def hold_hosts(self, hosts: Sequence[HeldHost], *, now: datetime) -> None:
        """Leave these hosts alone as another worker was asked to."""
        ...


class Leases(Protocol):
    """Which worker processes are alive, by what they wrote themselves."""

    async def enter(self, worker: str, *, now: datetime, lease_s: float) -> None:
        """Take a first lease under an id that was never used before."""
        ...

    async def beat(self, worker: str, *, now: datetime, lease_s: float) -> bool:
        """Renew a worker's lease; False when it has run out or was claimed, and the worker must exit."""
        ...

    async def claim_dead(self, worker: str, *, now: datetime) -> Sequence[str]:
        """Return workers whose lease has run out, each to one claimer only, to be recovered by `worker`."""
        ...

    async def settle_dead(self, dead: str) -> None:
        """Forget a dead worker once its jobs run again."""
        ...

    async def give_up(self, worker: str, *, now: datetime) -> None:
        """End a worker's own lease at a clean stop, so that others take over what it leaves."""
        ...

    async def list_workers(self) -> Sequence[str]:
        """Return the ids of all workers with a lease, run out or not."""
        ...


class JobQueue(Protocol):
    """How the web side and the command line ask for work; every call may be repeated."""

    async def enqueue_article(self, article_id: int, *, attempt: int = 1) -> None:
        """Ask for a queued article to be read and its links to be audited; `attempt` is the article's."""
        ...

    async def enqueue_audit(self, audit_id: int) -> None:
        """Ask for a queued audit to be run."""
        ...

    async def enqueue_errand(self, errand_id: int) -> None:
        """Ask for a queued errand of `workers/errands.py` to be done."""
        ...
