"""Reports of an audit: observations added, citations pointed to the originals that were accepted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.coding import to_plain
from service.store.database import Database
from service.store.drifts import write_drifts
from service.store.mementos import write_lookups, write_mementos
from service.store.originals import ensure_links
from service.store.outages import note_outages
from service.store.picks import write_pick
from service.store.standings import restate_links
from service.store.tables import CITATION, OBSERVATION, upsert
from workers.ledger import StandingChange
from workers.model import LinkReport, Observation, Verdict

Reported = tuple[int, LinkReport]


async def store_reports(
    db: Database, audit_id: int, reports: Sequence[Reported], *, now: datetime
) -> Sequence[StandingChange]:
    """Store reports in one transaction and return the changes of standing that they made.

    A link that the audit has already is left as it is, so that a batch may come twice.
    """
    if not reports:
        return ()
    ordered = sorted(reports, key=lambda item: item[0])
    async with db.write() as connection:
        originals = {report.original for _, report in ordered}
        links = await ensure_links(connection, originals, now=now)
        rows = [row for item in ordered for row in _rows(audit_id, item, links, now)]
        added = await _add_observations(connection, rows)
        fresh = [(link_id, report) for link_id, report in ordered if link_id in added]
        await _point_citations(connection, fresh, links)
        await write_mementos(connection, [each for _, report in fresh for each in report.mementos], now=now)
        await write_lookups(connection, [each for _, report in fresh for each in report.lookups])
        await _write_choices(connection, fresh, now=now)
        await write_drifts(connection, audit_id, [(links[r.original], r.drift) for _, r in fresh if r.drift])
        await note_outages(connection, audit_id, sorted(added), now=now)
        return await restate_links(connection, sorted(added), audit_id=audit_id, now=now)


async def _write_choices(connection: AsyncConnection, reports: Sequence[Reported], *, now: datetime) -> None:
    for _, report in reports:
        if report.choice is not None:
            await write_pick(connection, report.original, report.choice, now=now)


async def _add_observations(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> set[int]:
    insert = upsert(connection, OBSERVATION).on_conflict_do_nothing().returning(OBSERVATION.c.link_id)
    return set((await connection.execute(insert, rows)).scalars())


def _rows(
    audit_id: int, item: Reported, links: Mapping[str, int], now: datetime
) -> Iterator[Mapping[str, Any]]:
    """Yield the row of a link, and that of the accepted original where it is another."""
    link_id, report = item
    common: dict[str, Any] = {
        "audit_id": audit_id,
        "stored_at": now,
        "written": report.written,
        "original": report.original,
    }
    counted = _columns(report.verdict, report.observation)
    found = {"lookups": to_plain(report.lookups) or None, "aliases": to_plain(report.aliases) or None}
    original_id = links[report.original]
    if report.accepted is None or original_id == link_id:
        yield common | counted | found | _story(report) | {"link_id": link_id, "via_link_id": None}
        return
    nothing = {"lookups": None, "aliases": None, "link_id": link_id, "via_link_id": None}
    as_written = _columns(*_as_written(report))
    yield common | as_written | _story(report) | nothing
    told = {"accepted": None, "asked": None, "link_id": original_id, "via_link_id": link_id}
    yield common | {"written": report.original} | counted | found | told


def _story(report: LinkReport) -> dict[str, Any]:
    asked = report.asked if len(report.asked) > 1 or report.accepted is not None else ()
    return {
        "accepted": to_plain(report.accepted),
        "asked": [[_plain(seen), to_plain(verdict)] for seen, verdict in asked] or None,
    }


def _as_written(report: LinkReport) -> tuple[Verdict, Observation | None]:
    """Return what the written form itself answered; a form that is no address was never asked."""
    for observation, verdict in report.asked:
        if observation.url == report.written:
            return verdict, observation
    return replace(report.verdict, evidence=("the repaired form was asked instead",)), None


def _columns(verdict: Verdict, observation: Observation | None) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome,
        "rule": verdict.rule[:64],
        "evidence": list(verdict.evidence) or None,
        "observed_at": None if observation is None else observation.observed_at,
        "status": None if observation is None else observation.status,
        "failure": None if observation is None else observation.failure,
        "final_url": None if observation is None else observation.final_url,
        "digest": None if observation is None else observation.digest,
        "observation": None if observation is None else _plain(observation),
    }


def _plain(observation: Observation) -> Any:  # noqa: ANN401 - JSON has no one type
    return to_plain(replace(observation, body=b"", exchanges=()))


async def _point_citations(
    connection: AsyncConnection, reports: Sequence[Reported], links: Mapping[str, int]
) -> None:
    """Keep repairs with the citations of their links; what a person decided stays."""
    repairs = [
        {"of": link_id, "new_repair": to_plain(report.repair)}
        for link_id, report in reports
        if report.repair is not None
    ]
    undecided = (CITATION.c.link_id == bindparam("of")) & CITATION.c.decision.is_(None)
    if repairs:
        change = update(CITATION).where(undecided).values(repair=bindparam("new_repair"))
        await connection.execute(change, repairs)
    moves = [
        {"of": link_id, "to": links[report.original], "taken": to_plain(report.accepted)}
        for link_id, report in reports
        if report.accepted is not None and links[report.original] != link_id
    ]
    if moves:
        pointed: dict[str, Any] = {"link_id": bindparam("to"), "accepted": bindparam("taken")}
        await connection.execute(update(CITATION).where(undecided).values(pointed), moves)
