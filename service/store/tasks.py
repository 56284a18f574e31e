"""What an audit has to check: its links, and for each what its articles know about it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select, update

from service.store.coding import from_plain
from service.store.database import Database
from service.store.kept import list_kept
from service.store.rechecks import list_validators
from service.store.tables import ARTICLE, AUDIT, CAPTURE, CITATION, LINK, OBSERVATION, chunks
from workers.ledger import AuditState, PlannedLink, Scope
from workers.model import LinkTask, Repair
from workers.plan import MAX_CONTEXTS

# A link of a footer may be cited by every article of a site; the first few say enough.
CITATIONS_A_LINK = 16


async def plan_audit(db: Database, audit_id: int, *, now: datetime) -> Sequence[PlannedLink]:
    """Mark an audit as running and return its links, by shard and id; empty where it is unknown."""
    async with db.write() as connection:
        audit = (await connection.execute(select(AUDIT).where(AUDIT.c.id == audit_id))).first()
        if audit is None:
            return ()
        query = _links_of(from_plain(Scope, audit.scope), now)
        rows = (await connection.execute(query.order_by(LINK.c.shard, LINK.c.id))).all()
        running = {
            "state": AuditState.RUNNING,
            "planned": len(rows),
            "started_at": func.coalesce(AUDIT.c.started_at, now),
        }
        await connection.execute(update(AUDIT).where(AUDIT.c.id == audit_id).values(running))
    return [PlannedLink(link_id=row.id, shard=row.shard) for row in rows]


async def extend_audit(db: Database, audit_id: int, link_ids: Sequence[int]) -> Sequence[PlannedLink]:
    """Add links found on the way to a running audit; returns those that it has not stored yet."""
    stored = select(OBSERVATION.c.link_id).where(
        OBSERVATION.c.audit_id == audit_id, OBSERVATION.c.link_id == LINK.c.id
    )
    fresh = select(LINK.c.id, LINK.c.shard).where(LINK.c.id.in_(link_ids), ~stored.exists())
    done = select(func.count()).where(OBSERVATION.c.audit_id == audit_id, OBSERVATION.c.accepted.is_(None))
    async with db.write() as connection:
        rows = (await connection.execute(fresh.order_by(LINK.c.shard, LINK.c.id))).all()
        if rows:
            planned = done.scalar_subquery() + len(rows)
            await connection.execute(update(AUDIT).where(AUDIT.c.id == audit_id).values(planned=planned))
    return [PlannedLink(link_id=row.id, shard=row.shard) for row in rows]


async def load_scope(db: Database, audit_id: int) -> Scope | None:
    """Return what an audit covers, None where it is unknown or has ended."""
    running = AUDIT.c.state.in_((AuditState.QUEUED, AuditState.RUNNING))
    async with db.read() as connection:
        scope = await connection.scalar(select(AUDIT.c.scope).where(AUDIT.c.id == audit_id, running))
    return None if scope is None else from_plain(Scope, scope)


async def load_tasks(db: Database, audit_id: int, link_ids: Sequence[int]) -> Sequence[tuple[int, LinkTask]]:
    """Return the tasks of these links, those that this audit has stored already left out."""
    tasks: list[tuple[int, LinkTask]] = []
    for part in chunks(list(link_ids)):
        async with db.read() as connection:
            links = (await connection.execute(_unstored(audit_id, part))).all()
            ids = [link.id for link in links]
            citing = (await connection.execute(_citing(ids))).all()
            validators = await list_validators(connection, audit_id, ids)
        by_link: dict[int, list[Row[Any]]] = {}
        for row in citing:
            by_link.setdefault(row.link_id, []).append(row)
        made = [(link, _make_task(link, by_link.get(link.id, []))) for link in links]
        kept = await list_kept(db, {task.written: task.published for link, task in made if link.is_captured})
        tasks += [
            (link.id, replace(task, kept=kept.get(task.written), validators=validators.get(link.id)))
            for link, task in made
        ]
    return tasks


def _links_of(scope: Scope, now: datetime) -> Select[Any]:
    query = select(LINK.c.id, LINK.c.shard)
    wanted = []
    if scope.article_ids:
        cited = select(CITATION.c.link_id).where(CITATION.c.article_id.in_(scope.article_ids))
        wanted.append(LINK.c.id.in_(cited))
    if scope.link_ids:
        wanted.append(LINK.c.id.in_(scope.link_ids))
    if wanted:
        query = query.where(or_(*wanted))
    if scope.only_due:
        query = query.where(or_(LINK.c.next_check_at.is_(None), LINK.c.next_check_at <= now))
    return query


def _unstored(audit_id: int, link_ids: Sequence[int]) -> Select[Any]:
    stored = select(OBSERVATION.c.link_id).where(
        OBSERVATION.c.audit_id == audit_id, OBSERVATION.c.link_id == LINK.c.id
    )
    captured = select(CAPTURE.c.id).where(CAPTURE.c.key_hash == LINK.c.key_hash)
    return (
        select(LINK.c.id, LINK.c.original, captured.exists().label("is_captured"))
        .where(LINK.c.id.in_(link_ids), ~stored.exists())
        .order_by(LINK.c.id)
    )


def _citing(link_ids: Sequence[int]) -> Select[Any]:
    number = func.row_number().over(partition_by=CITATION.c.link_id, order_by=CITATION.c.id)
    columns = ("link_id", "id", "article_id", "raw", "anchor", "context", "readings", "hard_defect", "repair")
    first = (
        select(*(CITATION.c[name] for name in columns), number.label("number"))
        .where(CITATION.c.link_id.in_(link_ids))
        .subquery()
    )
    return (
        select(first, ARTICLE.c.headline, ARTICLE.c.published)
        .join(ARTICLE, ARTICLE.c.id == first.c.article_id)
        .where(first.c.number <= CITATIONS_A_LINK)
        .order_by(first.c.link_id, first.c.id)
    )


def _make_task(link: Row[Any], citing: Sequence[Row[Any]]) -> LinkTask:
    anchors = dict.fromkeys(row.anchor for row in citing if row.anchor and row.anchor != row.raw)
    contexts = dict.fromkeys(row.context for row in citing[:MAX_CONTEXTS] if row.context)
    readings = dict.fromkeys(reading for row in citing for reading in row.readings or ())
    repair = next((row.repair for row in citing if row.repair is not None), None)
    return LinkTask(
        written=link.original,
        headline=next((row.headline for row in citing if row.headline), None),
        published=min((row.published for row in citing if row.published), default=None),
        anchors=tuple(anchors),
        contexts=tuple(contexts),
        readings=tuple(readings),
        repair=None if repair is None else from_plain(Repair, repair),
        hard_defect=any(row.hard_defect for row in citing),
        capture=not link.is_captured,
    )
