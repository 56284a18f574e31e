"""Standings brought up to date from stored observations, by the rule of `workers/verdict/standing.py`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.tables import ARTICLE, CITATION, EVENT, LINK, OBSERVATION, OUTAGE, chunks, upsert
from workers.ledger import StandingChange
from workers.url import lookup_key
from workers.verdict.standing import Seen, StandingVerdict, standing

# The rule looks back over streaks of weeks; a link that is checked daily keeps a quarter in view.
LOOK_BACK = 100
# Not the observation itself: its JSON would be read for nothing, a hundred times a link.
SEEN_COLUMNS = (
    "id",
    "link_id",
    "audit_id",
    "stored_at",
    "observed_at",
    "outcome",
    "rule",
    "status",
    "final_url",
    "digest",
)


async def restate_links(
    connection: AsyncConnection, link_ids: Sequence[int], *, audit_id: int | None, now: datetime
) -> Sequence[StandingChange]:
    """Judge these links by all their stored observations; writes standing, next check and events."""
    changes: list[StandingChange] = []
    for part in chunks(list(link_ids)):
        links = (await connection.execute(select(LINK).where(LINK.c.id.in_(part)).order_by(LINK.c.id))).all()
        history = await _history(connection, part)
        young = {row.link_id: row.published for row in await connection.execute(_youngest(part))}
        verdicts = [(link, _judge(link, history, young, now)) for link in links if link.id in history]
        await _write(connection, verdicts, history, now)
        events = [row for link, verdict in verdicts for row in _events(link, verdict, audit_id)]
        if events:
            # A link may be judged again on the same observations: each change is told once.
            await connection.execute(upsert(connection, EVENT).on_conflict_do_nothing(), events)
        changes += [
            StandingChange(link_id=link.id, before=link.standing, after=verdict.standing, at=now)
            for link, verdict in verdicts
            if link.standing is not verdict.standing
        ]
    return changes


def _judge(
    link: Row[Any], history: Mapping[int, Sequence[Row[Any]]], young: Mapping[int, datetime], now: datetime
) -> StandingVerdict:
    return standing(
        [_seen(row) for row in history[link.id]],
        now=now,
        override=link.hold,
        link_key=lookup_key(link.original),
        published=young.get(link.id),
    )


def _seen(row: Row[Any]) -> Seen:
    return Seen(
        observed_at=row.observed_at or row.stored_at,
        outcome=row.outcome,
        rule=row.rule,
        final_url=row.final_url,
        digest=row.digest,
        is_void=row.is_void,
    )


async def _history(connection: AsyncConnection, link_ids: Sequence[int]) -> Mapping[int, Sequence[Row[Any]]]:
    """Return the newest observations of each link, oldest first."""
    number = func.row_number().over(partition_by=OBSERVATION.c.link_id, order_by=OBSERVATION.c.id.desc())
    newest = select(OBSERVATION, number.label("number")).where(OBSERVATION.c.link_id.in_(link_ids)).subquery()
    void = select(OUTAGE.c.id).where(OUTAGE.c.audit_id == newest.c.audit_id, OUTAGE.c.host == LINK.c.host)
    query = (
        select(newest, void.exists().label("is_void"))
        .join(LINK, LINK.c.id == newest.c.link_id)
        .where(newest.c.number <= LOOK_BACK)
        .order_by(newest.c.link_id, newest.c.id)
    )
    history: dict[int, list[Row[Any]]] = {}
    for row in await connection.execute(query):
        history.setdefault(row.link_id, []).append(row)
    return history


def _youngest(link_ids: Sequence[int]) -> Select[Any]:
    return (
        select(CITATION.c.link_id, func.max(ARTICLE.c.published).label("published"))
        .join(ARTICLE, ARTICLE.c.id == CITATION.c.article_id)
        .where(CITATION.c.link_id.in_(link_ids), ARTICLE.c.published.is_not(None))
        .group_by(CITATION.c.link_id)
    )


async def _write(
    connection: AsyncConnection,
    verdicts: Sequence[tuple[Row[Any], StandingVerdict]],
    history: Mapping[int, Sequence[Row[Any]]],
    now: datetime,
) -> None:
    rows = [_link_row(link, verdict, history[link.id][-1], now) for link, verdict in verdicts]
    if rows:
        names = [name for name in rows[0] if name != "of"]
        change = update(LINK).where(LINK.c.id == bindparam("of"))
        await connection.execute(change.values({name: bindparam(name) for name in names}), rows)


def _link_row(link: Row[Any], verdict: StandingVerdict, last: Row[Any], now: datetime) -> dict[str, Any]:
    changed = link.standing is not verdict.standing
    return {
        "of": link.id,
        "standing": verdict.standing,
        "standing_rule": verdict.rule,
        "standing_since": now if changed or link.standing_since is None else link.standing_since,
        "standing_reasons": list(verdict.reasons) or None,
        "next_check_at": verdict.next_check_at,
        "last_checked_at": last.observed_at or last.stored_at,
        "last_outcome": last.outcome,
        "last_status": last.status,
    }


def _events(link: Row[Any], verdict: StandingVerdict, audit_id: int | None) -> Iterator[dict[str, Any]]:
    for each in verdict.events:
        yield {
            "kind": each.kind,
            "at": each.at,
            "link_id": link.id,
            "audit_id": audit_id,
            "detail": each.detail,
        }
