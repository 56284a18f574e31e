"""Observations: what each check showed, only ever added."""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.coding import from_plain
from service.store.database import Database
from service.store.paging import DEFAULT_LIMIT, Cut, fetch_page
from service.store.tables import OBSERVATION, chunks
from service.store.values import Page, StoredObservation
from workers.model import Candidate, Lookup, Observation, Outcome, Verdict


async def list_observations(
    db: Database,
    *,
    link_id: int | None = None,
    audit_id: int | None = None,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Page[StoredObservation]:
    """Return the observations of a link, of an audit, or all, the newest first.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    query = select(OBSERVATION)
    if link_id is not None:
        query = query.where(OBSERVATION.c.link_id == link_id)
    if audit_id is not None:
        query = query.where(OBSERVATION.c.audit_id == audit_id)
    cut = Cut(cursor=cursor, limit=limit, newest_first=True)
    async with db.read() as connection:
        return await fetch_page(connection, query, OBSERVATION.c.id, cut, make_observation)


async def list_aliases(
    connection: AsyncConnection, link_ids: Iterable[int]
) -> Mapping[int, tuple[Candidate, ...]]:
    """Return the live addresses that the last check of each link found its piece at; most have none."""
    last = select(func.max(OBSERVATION.c.id)).group_by(OBSERVATION.c.link_id)
    found: dict[int, tuple[Candidate, ...]] = {}
    for part in chunks(sorted(set(link_ids))):
        newest = last.where(OBSERVATION.c.link_id.in_(part))
        query = select(OBSERVATION.c.link_id, OBSERVATION.c.aliases).where(
            OBSERVATION.c.id.in_(newest), OBSERVATION.c.aliases.is_not(None)
        )
        for row in await connection.execute(query):
            found[row.link_id] = tuple(from_plain(Candidate, alias) for alias in row.aliases)
    return found


async def list_asked_dead(
    db: Database, link_ids: Sequence[int], *, dead: Container[Outcome]
) -> Mapping[int, frozenset[str]]:
    """Return which addresses the last check of each link asked for and found to be one of `dead`."""
    last = select(func.max(OBSERVATION.c.id)).group_by(OBSERVATION.c.link_id)
    found: dict[int, frozenset[str]] = {}
    async with db.read() as connection:
        for part in chunks(sorted(set(link_ids))):
            newest = last.where(OBSERVATION.c.link_id.in_(part))
            query = select(OBSERVATION).where(OBSERVATION.c.id.in_(newest), OBSERVATION.c.asked.is_not(None))
            for row in await connection.execute(query):
                asked = make_observation(row).asked
                found[row.link_id] = frozenset(seen.url for seen, verdict in asked if verdict.outcome in dead)
    return found


def make_observation(row: Row[Any]) -> StoredObservation:
    """Return the view of one row."""
    return StoredObservation(
        id=row.id,
        link_id=row.link_id,
        audit_id=row.audit_id,
        stored_at=row.stored_at,
        written=row.written,
        original=row.original,
        verdict=Verdict(outcome=row.outcome, rule=row.rule, evidence=tuple(row.evidence or ())),
        observation=None if row.observation is None else from_plain(Observation, row.observation),
        accepted=None if row.accepted is None else from_plain(Candidate, row.accepted),
        asked=tuple(
            (from_plain(Observation, seen), from_plain(Verdict, verdict)) for seen, verdict in row.asked or ()
        ),
        lookups=tuple(from_plain(Lookup, answer) for answer in row.lookups or ()),
        aliases=tuple(from_plain(Candidate, alias) for alias in row.aliases or ()),
    )
