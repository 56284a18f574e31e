"""The in-memory twins of the ledger and of the leases, and a pipeline that asks nobody."""

import itertools
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from workers.errors import UnreadableDocument
from workers.ledger import (
    ArticleInput,
    ArticleState,
    AuditState,
    Cause,
    CitationPlan,
    HeldHost,
    PlannedLink,
    Reading,
    Recoverable,
    Scope,
    StandingChange,
    Waiting,
    shard_of,
)
from workers.model import (
    Decision,
    LinkReport,
    LinkTask,
    Observation,
    Outcome,
    Recovery,
    RecoveryReason,
    Repair,
    Standing,
    Validators,
    Verdict,
)
from workers.recheck import Checked, validators_of
from workers.url import host_of, lookup_key, registrable_domain
from workers.verdict.standing import Seen, standing

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@dataclass
class KeptArticle:
    """An article as the memory ledger keeps it."""

    given: ArticleInput
    state: ArticleState = ArticleState.QUEUED
    attempt: int = 1
    reason: str | None = None
    reading: Reading | None = None


@dataclass
class KeptCitation:
    """A citation as the memory ledger keeps it."""

    id: int
    article_id: int
    plan: CitationPlan
    link_id: int | None
    repair: Repair | None = None
    recovery: Recovery | None = None


@dataclass
class KeptAudit:
    """An audit as the memory ledger keeps it: reports by link id."""

    scope: Scope
    cause: Cause
    state: AuditState = AuditState.QUEUED
    reason: str | None = None
    planned: int | None = None
    started_at: datetime | None = None
    reports: dict[int, LinkReport] = field(default_factory=dict)


@dataclass
class MemoryLedger:
    """The ledger of one process and one test."""

    articles: dict[int, KeptArticle] = field(default_factory=dict)
    citations: list[KeptCitation] = field(default_factory=list)
    links: dict[str, int] = field(default_factory=dict)
    standings: dict[int, Standing] = field(default_factory=dict)
    audits: dict[int, KeptAudit] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    hosts: dict[str, HeldHost] = field(default_factory=dict)
    seen: dict[int, list[Seen]] = field(default_factory=dict)
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def add_article(self, content: bytes | None, *, source: str = "a.md", url: str | None = None) -> int:
        """Queue an article, as the store's `submit_article` does, and return its id."""
        article_id = next(self._ids)
        given = ArticleInput(
            article_id=article_id,
            source=source,
            url=url,
            format=None,
            media_type=None,
            charset=None,
            content=content,
        )
        self.articles[article_id] = KeptArticle(given)
        return article_id

    async def load_article(self, article_id: int) -> ArticleInput | None:
        kept = self.articles.get(article_id)
        return kept.given if kept is not None and kept.state is ArticleState.QUEUED else None

    async def store_reading(self, article_id: int, reading: Reading) -> int:
        kept = self.articles[article_id]
        if kept.state is ArticleState.QUEUED:
            kept.state, kept.reading = ArticleState.READY, reading
            for plan in reading.citations:
                link_id = None if plan.original is None else self.link(plan.original)
                self.citations.append(KeptCitation(next(self._ids), article_id, plan, link_id, plan.repair))
        return len({c.link_id for c in self.citations if c.article_id == article_id and c.link_id})

    async def fail_article(self, article_id: int, reason: str) -> None:
        kept = self.articles[article_id]
        if kept.state is ArticleState.QUEUED:
            kept.state, kept.reason = ArticleState.FAILED, reason

    async def load_recoverable(self, article_id: int) -> tuple[ArticleInput, Sequence[Recoverable]] | None:
        kept = self.articles[article_id]
        lost = [
            Recoverable(citation_id=c.id, found=c.plan.found)
            for c in self.citations
            if c.article_id == article_id and c.plan.outcome is Outcome.PLACEHOLDER and _is_open(c.recovery)
        ]
        if kept.reading is None or not lost:
            return None
        return replace(kept.given, url=kept.reading.document.own_url or kept.given.url), lost

    async def store_recoveries(self, recoveries: Sequence[tuple[int, Recovery]]) -> Sequence[int]:
        by_id = {citation.id: citation for citation in self.citations}
        found = set()
        for citation_id, recovery in recoveries:
            by_id[citation_id].recovery = recovery
            if recovery.decision is Decision.AUTO and recovery.best is not None:
                by_id[citation_id].link_id = self.link(recovery.best)
                found.add(self.link(recovery.best))
        return sorted(found)

    async def open_audit(self, scope: Scope, cause: Cause, *, key: str) -> int:
        if key not in self.keys:
            self.keys[key] = next(self._ids)
            self.audits[self.keys[key]] = KeptAudit(scope, cause)
        return self.keys[key]

    async def open_scheduled(self, *, now: datetime) -> Sequence[int]:
        return ()

    async def plan_audit(self, audit_id: int, *, now: datetime) -> Sequence[PlannedLink]:
        audit = self.audits.get(audit_id)
        if audit is None:
            return ()
        wanted = set(audit.scope.link_ids)
        wanted |= {c.link_id for c in self.citations if c.link_id and c.article_id in audit.scope.article_ids}
        if not audit.scope.link_ids and not audit.scope.article_ids:
            wanted = set(self.links.values())
        audit.state, audit.planned = AuditState.RUNNING, len(wanted)
        audit.started_at = audit.started_at or now
        return self._planned(wanted)

    async def extend_audit(self, audit_id: int, link_ids: Sequence[int]) -> Sequence[PlannedLink]:
        audit = self.audits[audit_id]
        fresh = set(link_ids) - set(audit.reports)
        audit.planned = (audit.planned or 0) + len(fresh)
        return self._planned(fresh)

    async def load_scope(self, audit_id: int) -> Scope | None:
        audit = self.audits.get(audit_id)
        ended = audit is None or audit.state in (AuditState.DONE, AuditState.FAILED)
        return None if ended or audit is None else audit.scope

    async def load_tasks(self, audit_id: int, link_ids: Sequence[int]) -> Sequence[tuple[int, LinkTask]]:
        audit = self.audits[audit_id]
        wanted = [link_id for link_id in sorted(link_ids) if link_id not in audit.reports]
        return [
            (link_id, replace(self._task(link_id), validators=self._validators(link_id, audit)))
            for link_id in wanted
        ]

    async def store_reports(
        self, audit_id: int, reports: Sequence[tuple[int, LinkReport]], *, now: datetime
    ) -> Sequence[StandingChange]:
        audit, changes = self.audits[audit_id], []
        for link_id, report in sorted(reports, key=lambda item: item[0]):
            if link_id in audit.reports:
                continue
            audit.reports[link_id] = report
            original_id = self.link(report.original)
            for citation in self.citations:
                if citation.link_id == link_id:
                    citation.repair = report.repair or citation.repair
                    citation.link_id = original_id
            changes += self._restate(link_id, _as_written(report), now)
            if original_id != link_id and original_id not in audit.reports:
                audit.reports[original_id] = report
                changes += self._restate(original_id, report.verdict, now)
        return sorted(changes, key=lambda change: change.link_id)

    async def finish_audit(self, audit_id: int, *, now: datetime, reason: str | None = None) -> None:
        audit = self.audits.get(audit_id)
        if audit is not None and audit.state in (AuditState.QUEUED, AuditState.RUNNING):
            audit.state, audit.reason = (AuditState.FAILED if reason else AuditState.DONE), reason

    async def list_waiting(self, *, before: datetime) -> Waiting:
        undone = (AuditState.QUEUED, AuditState.RUNNING)
        return Waiting(
            articles=tuple(
                (article_id, kept.attempt)
                for article_id, kept in self.articles.items()
                if kept.state is ArticleState.QUEUED
            ),
            audits=tuple(audit_id for audit_id, audit in self.audits.items() if audit.state in undone),
        )

    async def load_held_hosts(self, *, now: datetime) -> Sequence[HeldHost]:
        held = [host for host in self.hosts.values() if host.held_until > now]
        return sorted(held, key=lambda host: host.held_until, reverse=True)

    async def save_held_hosts(self, hosts: Sequence[HeldHost]) -> None:
        for host in hosts:
            known = self.hosts.get(host.key)
            later = host.held_until if known is None else max(known.held_until, host.held_until)
            self.hosts[host.key] = replace(host, held_until=later)

    def link(self, original: str) -> int:
        """Return the id of a link, made where it is new."""
        if original not in self.links:
            self.links[original] = next(self._ids)
        return self.links[original]

    def _planned(self, link_ids: set[int]) -> list[PlannedLink]:
        names = {link_id: original for original, link_id in self.links.items()}
        planned = [
            PlannedLink(link_id=link_id, shard=shard_of(registrable_domain(host_of(names[link_id]))))
            for link_id in link_ids
        ]
        return sorted(planned, key=lambda link: (link.shard, link.link_id))

    def _task(self, link_id: int) -> LinkTask:
        names = {known: original for original, known in self.links.items()}
        citing = [c for c in self.citations if c.link_id == link_id]
        documents = [
            reading.document for c in citing if (reading := self.articles[c.article_id].reading) is not None
        ]
        anchors = [c.plan.found.anchor for c in citing if c.plan.found.anchor not in ("", c.plan.found.raw)]
        return LinkTask(
            written=names[link_id],
            headline=next((d.headline for d in documents if d.headline), None),
            published=min((d.published for d in documents if d.published), default=None),
            anchors=tuple(dict.fromkeys(anchors)),
            readings=tuple(dict.fromkeys(r for c in citing for r in c.plan.found.readings)),
            repair=next((c.repair for c in citing if c.repair is not None), None),
            hard_defect=any(c.plan.hard_defect for c in citing),
            capture=True,
        )

    def _validators(self, link_id: int, audit: KeptAudit) -> Validators | None:
        reports = [each.reports[link_id] for each in self.audits.values() if link_id in each.reports]
        history = [
            Checked(
                outcome=report.verdict.outcome,
                observation=report.observation,
                tried_others=report.accepted is not None or len(report.asked) > 1,
                compared_with=report.drift and report.drift.memento.uri_m,
            )
            for report in reversed(reports)
        ]
        return None if audit.started_at is None else validators_of(history, now=audit.started_at)

    def _restate(self, link_id: int, verdict: Verdict, now: datetime) -> list[StandingChange]:
        names = {known: original for original, known in self.links.items()}
        history = self.seen.setdefault(link_id, [])
        history.append(Seen(observed_at=now, outcome=verdict.outcome, rule=verdict.rule))
        before = self.standings.get(link_id, Standing.UNCHECKED)
        after = standing(history, now=now, link_key=lookup_key(names[link_id])).standing
        self.standings[link_id] = after
        change = StandingChange(link_id=link_id, before=before, after=after, at=now)
        return [] if before is after else [change]


def _as_written(report: LinkReport) -> Verdict:
    return next((v for seen, v in report.asked if seen.url == report.written), report.verdict)


@dataclass
class MemoryLeases:
    """The leases of one process and one test: worker to (end of lease, claimer or None)."""

    rows: dict[str, tuple[datetime, str | None]] = field(default_factory=dict)

    async def enter(self, worker: str, *, now: datetime, lease_s: float) -> None:
        self.rows[worker] = now + timedelta(seconds=lease_s), None

    async def beat(self, worker: str, *, now: datetime, lease_s: float) -> bool:
        expires_at, claimed_by = self.rows.get(worker, (now, None))
        if expires_at <= now or claimed_by is not None:
            return False
        self.rows[worker] = now + timedelta(seconds=lease_s), None
        return True

    async def claim_dead(self, worker: str, *, now: datetime) -> Sequence[str]:
        dead = [
            name
            for name, (expires_at, claimed_by) in sorted(self.rows.items())
            if name != worker and expires_at <= now and claimed_by is None
        ]
        for name in dead:
            self.rows[name] = self.rows[name][0], worker
        return dead

    async def settle_dead(self, dead: str) -> None:
        self.rows.pop(dead, None)

    async def give_up(self, worker: str, *, now: datetime) -> None:
        if worker in self.rows:
            self.rows[worker] = now, self.rows[worker][1]

    async def list_workers(self) -> Sequence[str]:
        return sorted(self.rows)


def report_of(
    task: LinkTask, outcome: Outcome = Outcome.OK, *, at: datetime = NOW, status: int | None = 200
) -> LinkReport:
    """Return the report of a link that answered at its written address."""
    seen = Observation(url=task.written, final_url=task.written, observed_at=at, status=status)
    verdict = Verdict(outcome=outcome, rule=f"test/{outcome}", evidence=("as the test says",))
    return LinkReport(
        written=task.written,
        original=task.written,
        verdict=verdict,
        observation=seen,
        asked=((seen, verdict),),
    )


@dataclass
class FakeChecker:
    """A checker whose answers are given: outcomes by written address, `ok` where none is."""

    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    before_each: Callable[[LinkTask], None] = lambda _task: None

    async def check(self, tasks: Sequence[LinkTask]) -> AsyncIterator[tuple[LinkTask, LinkReport]]:
        for task in reversed(tasks):
            self.before_each(task)
            self.asked.append(task.written)
            yield task, report_of(task, self.outcomes.get(task.written, Outcome.OK))


def _is_open(recovery: Recovery | None) -> bool:
    return recovery is None or recovery.reason is RecoveryReason.UNKNOWN


@dataclass
class FakeReader:
    """A reader whose readings are given by source; a source without one is unreadable."""

    readings: Mapping[str, Reading] = field(default_factory=dict)

    async def read(self, article: ArticleInput) -> Reading:
        if article.source not in self.readings:
            raise UnreadableDocument(article.source, "is not in the test's hands")
        return self.readings[article.source]
