"""What the last good check of a link left for the next one to ask with."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.coding import from_plain
from service.store.tables import AUDIT, DRIFT, OBSERVATION
from workers.model import Observation, Validators
from workers.recheck import HISTORY, Checked, validators_of

_COLUMNS = ("link_id", "id", "audit_id", "outcome", "accepted", "asked", "via_link_id", "observation")


async def list_validators(
    connection: AsyncConnection, audit_id: int, link_ids: Sequence[int]
) -> Mapping[int, Validators]:
    """Return the validators of these links as of the audit's start; links without any are left out."""
    now = await connection.scalar(select(AUDIT.c.started_at).where(AUDIT.c.id == audit_id))
    if now is None:
        return {}
    compared = await _compared(connection, link_ids)
    history: dict[int, list[Checked]] = {}
    for row in await _last_checks(connection, link_ids):
        history.setdefault(row.link_id, []).append(_checked(row, compared.get((row.link_id, row.audit_id))))
    found = {link_id: validators_of(checks, now=now) for link_id, checks in history.items()}
    return {link_id: validators for link_id, validators in found.items() if validators is not None}


async def _last_checks(connection: AsyncConnection, link_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the last few observations of each link, the newest first."""
    number = func.row_number().over(partition_by=OBSERVATION.c.link_id, order_by=OBSERVATION.c.id.desc())
    newest = (
        select(*(OBSERVATION.c[name] for name in _COLUMNS), number.label("number"))
        .where(OBSERVATION.c.link_id.in_(link_ids))
        .subquery()
    )
    query = select(newest).where(newest.c.number <= HISTORY).order_by(newest.c.link_id, newest.c.id.desc())
    return (await connection.execute(query)).all()


async def _compared(
    connection: AsyncConnection, link_ids: Sequence[int]
) -> Mapping[tuple[int, int | None], str]:
    """Return the capture of each link's last comparison, by link and audit."""
    newest = select(func.max(DRIFT.c.id)).where(DRIFT.c.link_id.in_(link_ids)).group_by(DRIFT.c.link_id)
    query = select(DRIFT.c.link_id, DRIFT.c.audit_id, DRIFT.c.uri_m).where(DRIFT.c.id.in_(newest))
    return {(row.link_id, row.audit_id): row.uri_m for row in await connection.execute(query)}


def _checked(row: Row[Any], compared_with: str | None) -> Checked:
    others = (row.accepted, row.asked, row.via_link_id)
    return Checked(
        outcome=row.outcome,
        observation=None if row.observation is None else from_plain(Observation, row.observation),
        tried_others=any(each is not None for each in others),
        compared_with=compared_with,
    )
