"""Hosts that went down in one audit: what was seen of their links then counts for nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.tables import LINK, OBSERVATION, OUTAGE, chunks, upsert
from workers.model import Outcome
from workers.verdict.standing import is_outage


async def note_outages(
    connection: AsyncConnection, audit_id: int, link_ids: Sequence[int], *, now: datetime
) -> None:
    """Keep as outages the hosts of these links that are down in this audit as a whole."""
    hosts: set[str] = set()
    for part in chunks(list(link_ids)):
        down = (
            select(LINK.c.host)
            .join(OBSERVATION, OBSERVATION.c.link_id == LINK.c.id)
            .where(OBSERVATION.c.audit_id == audit_id, OBSERVATION.c.link_id.in_(part))
            .where(OBSERVATION.c.outcome == Outcome.DOWN)
        )
        hosts |= set((await connection.execute(down.distinct())).scalars())
    if hosts:
        counted = await connection.execute(_counts(audit_id).where(LINK.c.host.in_(hosts)))
        await _keep(connection, audit_id, [row.host for row in counted if _is_out(row)], now)


async def settle_outages(connection: AsyncConnection, audit_id: int, *, now: datetime) -> Sequence[int]:
    """Judge all hosts of a finished audit again; returns the links whose round changed its meaning.

    A host may have answered again before the end, or failed only after its first links.
    """
    noted = set(
        (await connection.execute(select(OUTAGE.c.host).where(OUTAGE.c.audit_id == audit_id))).scalars()
    )
    out = {row.host for row in await connection.execute(_counts(audit_id)) if _is_out(row)}
    await _keep(connection, audit_id, sorted(out - noted), now)
    if noted - out:
        over = (OUTAGE.c.audit_id == audit_id) & OUTAGE.c.host.in_(noted - out)
        await connection.execute(delete(OUTAGE).where(over))
    if noted == out:
        return ()
    touched = (
        select(OBSERVATION.c.link_id)
        .join(LINK, LINK.c.id == OBSERVATION.c.link_id)
        .where(OBSERVATION.c.audit_id == audit_id, LINK.c.host.in_(noted ^ out))
    )
    return sorted((await connection.execute(touched)).scalars())


def _counts(audit_id: int) -> Select[Any]:
    down = func.sum(case((OBSERVATION.c.outcome == Outcome.DOWN, 1), else_=0))
    return (
        select(LINK.c.host, func.count().label("links"), down.label("down"))
        .join(OBSERVATION, OBSERVATION.c.link_id == LINK.c.id)
        .where(OBSERVATION.c.audit_id == audit_id, LINK.c.host != "")
        .group_by(LINK.c.host)
    )


def _is_out(row: Any) -> bool:  # noqa: ANN401 - a row of `_counts`
    return is_outage(down=row.down, links=row.links)


async def _keep(connection: AsyncConnection, audit_id: int, hosts: Sequence[str], now: datetime) -> None:
    if hosts:
        rows = [{"audit_id": audit_id, "host": host, "at": now} for host in hosts]
        await connection.execute(upsert(connection, OUTAGE).on_conflict_do_nothing(), rows)
