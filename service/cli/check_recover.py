"""The stripped links of a run of `check`, looked for on the pages that its articles were taken from."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from service.cli.inputs import ReadInput
from service.cli.selection import Selection
from service.cli.wiring import Parts, utc_now
from workers.model import Document, LinkReport, LinkTask, Recovery
from workers.plan import has_placeholder, plan_recovered
from workers.threads import OwnThreads

AT_ONCE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What was found again in each input (by identity): its document, and recoveries by the link's number.

    `tasks` are the links found that this run has not checked yet.
    """

    by_article: Mapping[int, tuple[Document, Mapping[int, Recovery]]] = field(default_factory=dict)
    tasks: Sequence[LinkTask] = ()

    def of(self, read: ReadInput) -> Mapping[int, Recovery]:
        """Return the recoveries of one input by the number of the link, empty where nothing was lost."""
        return self.by_article[id(read)][1] if id(read) in self.by_article else {}


async def recover_articles(
    parts: Parts,
    chosen: Sequence[tuple[ReadInput, Document]],
    reports: Mapping[str, LinkReport],
    *,
    selection: Selection,
    ask_archives: bool,
    capture: bool,
) -> Recovered:
    """Look for the stripped links of every input, a few at a time; each comes with its document."""
    chosen = [(read, document) for read, document in chosen if has_placeholder(document)]
    if not chosen:
        return Recovered()
    # What aligns texts takes a tenth of the start-up time, and most articles have lost nothing.
    from workers.recover import THREADS, LinkRecoverer

    archive = parts.archives if ask_archives else None
    known = {written: report.original for written, report in reports.items()}
    free = asyncio.Semaphore(AT_ONCE)

    async def look(read: ReadInput, document: Document) -> Mapping[int, Recovery]:
        given = [read.source.base] if read.source.base else []
        async with free:
            return await recoverer.recover(
                document,
                known=known,
                given=given,
                is_wanted=lambda url: selection.wants(document.source, url),
            )

    with OwnThreads("recover", threads=THREADS) as threads:
        recoverer = LinkRecoverer(fetcher=parts.fetcher, archive=archive, clock=utc_now, threads=threads)
        async with asyncio.TaskGroup() as group:
            looks = [group.create_task(look(read, document)) for read, document in chosen]
    found = {
        id(read): (document, task.result()) for (read, document), task in zip(chosen, looks, strict=True)
    }
    return Recovered(by_article=found, tasks=_tasks_of(found, reports, selection=selection, capture=capture))


def _tasks_of(
    found: Mapping[int, tuple[Document, Mapping[int, Recovery]]],
    reports: Mapping[str, LinkReport],
    *,
    selection: Selection,
    capture: bool,
) -> list[LinkTask]:
    """Return the links found that are wanted and not checked yet, each once."""
    tasks: dict[str, LinkTask] = {}
    for document, recoveries in found.values():
        for task in plan_recovered(document, recoveries, capture=capture):
            if task.written not in reports and selection.wants(document.source, task.written):
                tasks.setdefault(task.written, task)
    return list(tasks.values())
