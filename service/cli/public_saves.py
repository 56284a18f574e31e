"""Asking public archives to save the live links of a run, once each, at the pace that they allow."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from workers.archive.saves import SaveRecord
from workers.gathered import Gathered
from workers.model import ALIVE, LinkReport
from workers.url import is_fetchable

if TYPE_CHECKING:
    from workers.archive.archives import Archives

AT_ONCE = 4


async def save_alive(archives: "Archives", gathered: Gathered) -> None:
    """Have every live link saved; each report gets the capture, or says why there is none.

    An interruption leaves the reports that are done as they are.
    """
    alive = (
        (link, report)
        for link, report in gathered.reported()
        if report.verdict.outcome in ALIVE and is_fetchable(report.original)
    )

    async def save() -> None:
        for link, report in alive:
            record = await archives.save(report.original)
            if record is not None:
                gathered.note(link, with_save(report, record))

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(save())


def with_save(report: LinkReport, record: SaveRecord) -> LinkReport:
    """Return the report with what became of its save: a capture, or the reason there is none yet."""
    told = f"public save: {record.state}" + (f": {record.reason}" if record.reason else "")
    verdict = replace(report.verdict, evidence=(*report.verdict.evidence, told))
    mementos = report.mementos if record.memento is None else (*report.mementos, record.memento)
    return replace(report, verdict=verdict, mementos=mementos)
