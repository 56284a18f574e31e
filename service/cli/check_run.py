"""One run of `check`, from inputs to a report, without a database unless it is to be recorded."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass

from service.cli.check_recover import Recovered, recover_articles
from service.cli.host_settings import acceptance
from service.cli.inputs import Read, ReadInput, read_source, read_sources, split_addresses
from service.cli.selection import Selection
from service.cli.wiring import Parts, open_parts, utc_now, version
from service.settings import Settings
from workers.audit import AuditPolicy
from workers.errors import UnreadableDocument
from workers.extract.isolate import IsolatedReader
from workers.ingest import fetch_source
from workers.model import LinkReport, LinkTask
from workers.plan import distinct_links, plan, report_article
from workers.report import ArticleReport, RunReport


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPlan:
    """What one run was asked to do."""

    inputs: tuple[str, ...]
    lookups: bool = True
    recover: bool = True
    record: bool = False


Then = Callable[[Parts, Sequence[Read], RunReport], Awaitable[None]]


async def run_check(asked: CheckPlan, settings: Settings, *, then: Then | None = None) -> RunReport:
    """Read the inputs, check their links and return what was found, also when interrupted.

    `then` is called with the outcome while the parts (web, archives) are still open.

    Raises:
        InvalidSetting: a setting or pattern cannot be used.
    """
    started = utc_now()
    selection = Selection(settings)
    policy = AuditPolicy(lookups=asked.lookups, acceptance=acceptance(settings))
    reports: dict[str, LinkReport] = {}
    async with AsyncExitStack() as stack:
        recorder = None
        if asked.record:
            # The database is a third of the start-up time, and most runs at a desk keep no records.
            from service.cli.record import open_recorder

            recorder = await stack.enter_async_context(open_recorder(settings))
        parts = await stack.enter_async_context(
            open_parts(
                settings,
                policy=policy,
                ask_archives=asked.lookups,
                keep_captures=asked.record,
                database=recorder.database if recorder else None,
            )
        )
        read = await read_inputs(asked.inputs, parts, max_bytes=settings.max_article_bytes)
        articles = [each for each in read if isinstance(each, ReadInput)]
        chosen = [(each, selection.select(each.document)) for each in articles]
        tasks = plan((document for _, document in chosen), capture=asked.record)
        complete = await gather_reports(parts, tasks, reports)
        recovered = Recovered()
        if asked.recover and complete:
            recovered = await recover_articles(
                parts,
                chosen,
                reports,
                selection=selection,
                ask_archives=asked.lookups,
                capture=asked.record,
            )
            tasks += recovered.tasks
            complete = await gather_reports(parts, recovered.tasks, reports)
        if recorder is not None:
            key = f"check:{started.isoformat()}"
            await recorder.record(articles, reports, recovered.by_article, key=key)
        ordered = [reports[task.written] for task in tasks if task.written in reports]
        run = RunReport(
            version=version(),
            started=started,
            finished=utc_now(),
            articles=tuple(article_of(each, selection, reports, recovered) for each in read),
            links=distinct_links(ordered),
            complete=complete,
        )
        if then is not None:
            await then(parts, read, run)
    return run


async def gather_reports(parts: Parts, tasks: Sequence[LinkTask], reports: dict[str, LinkReport]) -> bool:
    """Fill `reports` by written address; returns False where the run was interrupted on the way."""
    try:
        async for task, report in parts.auditor.check(tasks):
            reports[task.written] = report
    except asyncio.CancelledError:
        # Ctrl-C: what was found so far is told; the process ends after that.
        current = asyncio.current_task()
        if current is not None:
            current.uncancel()
        return False
    return True


async def read_inputs(inputs: Sequence[str], parts: Parts, *, max_bytes: int) -> list[Read]:
    """Return every input read, or its error: paths in the order given, then addresses."""
    paths, addresses = split_addresses(inputs)
    with closing(IsolatedReader()) as reader:
        read = await asyncio.to_thread(lambda: list(read_sources(paths, reader)))
        for address in addresses:
            try:
                source = await fetch_source(parts.fetcher, address, max_bytes=max_bytes)
                read.append(await asyncio.to_thread(read_source, source, reader))
            except UnreadableDocument as error:
                read.append(error)
    return read


def article_of(
    read: Read, selection: Selection, reports: dict[str, LinkReport], recovered: Recovered
) -> ArticleReport:
    """Return one input with what its links turned out to be, or with its error."""
    if isinstance(read, UnreadableDocument):
        return ArticleReport(source=read.source, error=str(read))
    return report_article(selection.select(read.document), reports, recovered.of(read))
