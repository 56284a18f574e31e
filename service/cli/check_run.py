"""One run of `check`, from inputs to a report, without a database unless it is to be recorded."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

from service import __version__
from service.cli.check_inputs import InputReader
from service.cli.check_recover import Recovered, recover_articles
from service.cli.host_settings import acceptance
from service.cli.inputs import Read, ReadInput
from service.cli.interrupts import forget_interruption
from service.cli.progress import Progress, Silent
from service.cli.result_cache import ResultCache
from service.cli.selection import Selection
from service.cli.wiring import Parts, open_parts, utc_now
from service.settings import Settings
from workers.audit_policy import AuditPolicy
from workers.errors import InvalidSetting, UnreadableDocument
from workers.listed import AnsweredFetcher, WalkBounds
from workers.model import LinkReport, LinkTask
from workers.plan import distinct_links, plan, report_article
from workers.report import ArticleReport, RunReport

MAX_COPIES_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPlan:
    """What one run was asked to do.

    `apart` gives the entries of a feed as articles of their own; `walk` says how far what sitemaps and feeds
    list is read too, None that it is not.
    """

    inputs: tuple[str, ...]
    apart: bool = True
    walk: WalkBounds | None = None
    lookups: bool = True
    recover: bool = True
    record: bool = False
    save: bool = False
    verify: bool = False  # read captures of failed links, and choose one

    @property
    def copies_bytes(self) -> float:
        """How much the copies of a feed may take, one for every entry: only records keep them."""
        if not self.apart:
            return -1.0
        return MAX_COPIES_BYTES if self.record else math.inf


Then = Callable[[Parts, Sequence[Read], RunReport], Awaitable[None]]


async def run_check(
    asked: CheckPlan, settings: Settings, *, then: Then | None = None, progress: Progress | None = None
) -> RunReport:
    """Read the inputs, check their links and return what was found, also when interrupted.

    `then` is called with the outcome while the parts (web, archives) are still open.

    Raises:
        InvalidSetting: a setting or pattern cannot be used.
    """
    if asked.save and not settings.can_save:
        raise InvalidSetting("--save needs a key for Save Page Now: set LINKWRIGHT_SPN_KEY to access:secret")
    run = _Run(asked, settings, progress or Silent())
    async with AsyncExitStack() as stack:
        recorder = None
        if asked.record:
            # The database is a third of the start-up time, and most runs at a desk keep no records.
            from service.cli.record import open_recorder

            recorder = await stack.enter_async_context(open_recorder(settings))
        opening = open_parts(
            settings,
            policy=AuditPolicy(lookups=asked.lookups, verify=asked.verify, acceptance=acceptance(settings)),
            ask_archives=asked.lookups or asked.save,
            keep_captures=asked.record,
            database=recorder.database if recorder else None,
        )
        parts = await stack.enter_async_context(opening)
        async with run.progress.shown():
            complete = await is_finished(run.go(parts))
        if recorder is not None:
            key = f"check:{run.started.isoformat()}"
            await recorder.record(run.articles, run.reports, run.recovered.by_article, key=key)
        report = run.report(complete=complete)
        if then is not None:
            await then(parts, run.read, report)
    return report


async def is_finished(step: Awaitable[None]) -> bool:
    """Wait for a step; returns False where it was interrupted on the way."""
    try:
        await step
    except asyncio.CancelledError:
        forget_interruption()
        return False
    return True


class _Run:
    """What gathers in one run; an interruption leaves it as it is, and it can still be told."""

    def __init__(self, asked: CheckPlan, settings: Settings, progress: Progress) -> None:
        self.started = utc_now()
        self.progress = progress
        self.inputs: InputReader | None = None
        self.reports: dict[str, LinkReport] = {}
        self.recovered = Recovered()
        self._tasks: list[LinkTask] = []
        self._asked = asked
        self._settings = settings
        self._selection = Selection(settings)
        age = timedelta(hours=settings.cache_age_h)
        self._cache = (
            ResultCache(settings.cache_file, age=age, version=__version__, now=self.started)
            if settings.cache_file
            else None
        )

    @property
    def read(self) -> list[Read]:
        """What was read so far, in the order given."""
        return self.inputs.read if self.inputs else []

    @property
    def articles(self) -> list[ReadInput]:
        """The inputs that could be read."""
        return [each for each in self.read if isinstance(each, ReadInput)]

    async def go(self, parts: Parts) -> None:
        """Read, check, find stripped links again and check those too, and have live ones saved."""
        asked, max_bytes = self._asked, self._settings.max_article_bytes
        self.inputs = inputs = InputReader(
            parts.fetcher,
            self._selection,
            max_bytes=max_bytes,
            copies_bytes=asked.copies_bytes,
            bounds=asked.walk,
        )
        await inputs.read_all(asked.inputs)
        if inputs.walk is not None:
            parts.auditor.fetcher = AnsweredFetcher(parts.fetcher, inputs.walk.answers)
        chosen = [(each, self._selection.select(each.document)) for each in self.articles]
        await self._check(parts, plan((document for _, document in chosen), capture=asked.record))
        if asked.recover:
            self.recovered = await recover_articles(
                parts,
                chosen,
                self.reports,
                selection=self._selection,
                ask_archives=asked.lookups,
                capture=asked.record,
            )
            await self._check(parts, self.recovered.tasks)
        if asked.save and parts.archives is not None:
            from service.cli.public_saves import save_alive

            await save_alive(parts.archives, self.reports)

    async def _check(self, parts: Parts, tasks: Sequence[LinkTask]) -> None:
        """Gather the reports of links; what the cache has is not asked for."""
        self._tasks += tasks
        self.progress.begin(tasks)
        kept = {task.written: self._cache.recall(task) for task in tasks} if self._cache else {}
        for task in tasks:
            if (report := kept.get(task.written)) is not None:
                self._note(task, report)
        try:
            async for task, report in parts.auditor.check([t for t in tasks if kept.get(t.written) is None]):
                self._note(task, report)
                if self._cache:
                    self._cache.keep(task, report)
        finally:
            if self._cache:
                self._cache.save()

    def _note(self, task: LinkTask, report: LinkReport) -> None:
        self.reports[task.written] = report
        self.progress.note(task, report)

    def report(self, *, complete: bool) -> RunReport:
        """Return what was found, or what was so far."""
        walk = self.inputs.walk if self.inputs else None
        ordered = [self.reports[task.written] for task in self._tasks if task.written in self.reports]
        return RunReport(
            version=__version__,
            started=self.started,
            finished=utc_now(),
            articles=tuple(map(self._article, self.read)),
            links=distinct_links(ordered),
            complete=complete,
            passed_over=dict(walk.passed_over) if walk else {},
        )

    def _article(self, read: Read) -> ArticleReport:
        """Return one input with what its links turned out to be, or with its error."""
        if isinstance(read, UnreadableDocument):
            walked = self.inputs is not None and read.source in self.inputs.walked
            return ArticleReport(source=read.source, error=str(read), is_walked=walked)
        document = self._selection.select(read.document)
        return report_article(document, self.reports, self.recovered.of(read))
