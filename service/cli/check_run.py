"""One run of `check`, from inputs to a report, without a database unless it is to be recorded."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from service import __version__
from service.cli.check_inputs import InputReader
from service.cli.check_recover import recover_articles
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
from workers.gathered import Gathered
from workers.listed import AnsweredFetcher, WalkBounds
from workers.model import Document, LinkReport, LinkTask, Recovery
from workers.report import RunReport
from workers.written import has_placeholder

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
    run = _Run(asked, settings, progress or Silent(), keeps_inputs=asked.record or then is not None)
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
            await recorder.record(run.articles, run.gathered.by_address(), run.recovered, key=key)
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
    """What gathers in one run; an interruption leaves it as it is, and it can still be told.

    Inputs are let go as soon as they are read but for those that have lost links, or all kept with
    `keeps_inputs`: then `read` holds them in the order given.
    """

    def __init__(
        self, asked: CheckPlan, settings: Settings, progress: Progress, *, keeps_inputs: bool
    ) -> None:
        self.started = utc_now()
        self.progress = progress
        self.gathered = Gathered(capture=asked.record)
        self.read: list[Read] = []
        self.recovered: dict[int, tuple[Document, Mapping[int, Recovery]]] = {}
        self._keeps_inputs = keeps_inputs
        self._lost: dict[int, ReadInput] = {}
        self._inputs: InputReader | None = None
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
    def articles(self) -> list[ReadInput]:
        """The inputs that could be read, of those that are kept."""
        return [each for each in self.read if isinstance(each, ReadInput)]

    async def go(self, parts: Parts) -> None:
        """Read, check, find stripped links again and check those too, and have live ones saved."""
        asked = self._asked
        self._inputs = inputs = InputReader(
            parts.fetcher,
            self._selection,
            self._keep,
            max_bytes=self._settings.max_article_bytes,
            copies_bytes=asked.copies_bytes,
            bounds=asked.walk,
        )
        await inputs.read_all(asked.inputs)
        self.gathered.forget_addresses()
        if inputs.walk is not None:
            parts.auditor.fetcher = AnsweredFetcher(parts.fetcher, inputs.walk.answers)
        await self._check(parts)
        if self._lost:
            await self._recover(parts)
            await self._check(parts)
        if asked.save and parts.archives is not None:
            from service.cli.public_saves import save_alive

            await save_alive(parts.archives, self.gathered)

    def _keep(self, read: Read) -> None:
        """Take what is to be checked of one input, or why it could not be read."""
        if self._keeps_inputs:
            self.read.append(read)
        if isinstance(read, UnreadableDocument):
            walked = self._inputs is not None and read.source in self._inputs.walked
            self.gathered.add_unreadable(read.source, str(read), is_walked=walked)
            return
        document = self._selection.select(read.document)
        article = self.gathered.add(document)
        if self._asked.recover and has_placeholder(document):
            self._lost[article] = read

    async def _recover(self, parts: Parts) -> None:
        """Look for the stripped links, so that those found are checked next."""
        recoveries = await recover_articles(
            parts,
            list(self._lost.values()),
            self.gathered.originals(),
            selection=self._selection,
            ask_archives=self._asked.lookups,
        )
        for (article, read), found in zip(self._lost.items(), recoveries, strict=True):
            document = self._selection.select(read.document)
            self.recovered[id(read)] = document, found
            wants = partial(self._selection.wants, document.part_of or document.source)
            self.gathered.add_recovered(article, document, found, is_wanted=wants)

    async def _check(self, parts: Parts) -> None:
        """Gather the reports of links that have none; what the cache has is not asked for."""
        tasks = self.gathered.tasks()
        self.progress.begin(tasks)
        if self._cache:
            for task in tasks:
                if (kept := self._cache.recall(task)) is not None:
                    self._note(task, kept)
            tasks = self.gathered.tasks()
        try:
            async for task, report in parts.auditor.check(tasks):
                self._note(task, report)
                if self._cache:
                    self._cache.keep(task, report)
        finally:
            if self._cache:
                self._cache.save()

    def _note(self, task: LinkTask, report: LinkReport) -> None:
        self.gathered.note(task.number, report)
        self.progress.note(task, report)

    def report(self, *, complete: bool) -> RunReport:
        """Return what was found, or what was so far."""
        walk = self._inputs.walk if self._inputs else None
        links, cited_by = self.gathered.links()
        return RunReport(
            version=__version__,
            started=self.started,
            finished=utc_now(),
            articles=self.gathered.articles(),
            links=links,
            cited_by=cited_by,
            summary=self.gathered.summary(),
            has_mended=self.gathered.has_mended(),
            complete=complete,
            passed_over=dict(walk.passed_over) if walk else {},
        )
