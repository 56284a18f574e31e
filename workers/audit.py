"""The pipeline of a link: asked as written, repaired where that fails, looked up and captured.

Works over the Protocols of `workers/protocols.py`; knows no HTTP client, no archive and no database.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from workers.archive.verify import Expected, choose, with_seen
from workers.complete import try_completions
from workers.drift import measure_drift
from workers.errors import CaptureFailed, LinkwrightError
from workers.judge import NOTHING_MORE, Judge, Judged
from workers.model import (
    ALIVE,
    Decision,
    LinkReport,
    LinkTask,
    Observation,
    Outcome,
    Repair,
    Verdict,
)
from workers.move_watch import MoveWatch
from workers.moved import LOST, KnownMoves, Moves
from workers.protocols import Archive, Fetcher, FetchRequest
from workers.recheck import conditional
from workers.repair.propose import propose
from workers.repair.words import is_lexicon_read, lexicon
from workers.run import Reported, run_tasks
from workers.trial import Trial, needs_trial, try_candidates
from workers.url import is_fetchable
from workers.verdict.acceptance import Acceptance
from workers.witness import Testimony, Witness

FAILED = frozenset({Outcome.GONE, Outcome.DOWN, Outcome.SOFT_404, Outcome.PARKED, Outcome.MALFORMED})
MALFORMED = Verdict(
    outcome=Outcome.MALFORMED, rule="written/malformed", evidence=("as written it is no address",)
)
KEPT_HEADERS = frozenset({"etag", "last-modified"})
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPolicy:
    """How links are audited.

    `lookups`, `repairs` and `aliases` switch these parts; `verify` has captures of failed links read and one
    chosen. `acceptance` says which statuses count as ok.
    `max_follow_ups` bounds the links whose repair, look-up or capture goes on at the same time.
    """

    lookups: bool = True
    repairs: bool = True
    aliases: bool = True
    verify: bool = False
    acceptance: Acceptance = NOTHING_MORE
    max_follow_ups: int = 64


class Auditor:
    """Checks links and tells what each turned out to be; one object serves a whole process.

    `archive` is None where no archive is asked and nothing is captured. `clock` gives the time in UTC.
    `known_moves` is the record of links that moved, None without a database.
    """

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        archive: Archive | None,
        clock: Callable[[], datetime],
        policy: AuditPolicy | None = None,
        known_moves: KnownMoves | None = None,
    ) -> None:
        self.fetcher = fetcher
        self.policy = policy or AuditPolicy()
        self.max_follow_ups = self.policy.max_follow_ups
        self._archive = archive
        self._reading_words = asyncio.Lock()
        self._judge = Judge(fetcher, clock=clock, acceptance=self.policy.acceptance)
        self._moves = Moves(
            fetcher=fetcher,
            judge=self._judge,
            archive=archive if self.policy.lookups else None,
            known=known_moves,
        )

    async def check(self, tasks: Sequence[LinkTask]) -> AsyncIterator[Reported]:
        """Yield a report for every task, as they are made; each task is answered exactly once.

        Dead links of a host that many links are checked of come last, with what the others show of moves.
        """
        watch = MoveWatch(tasks if self.policy.aliases else ())
        held: list[Reported] = []
        try:
            async with aclosing(run_tasks(self, tasks)) as reports:
                async for task, report in reports:
                    watch.note(report)
                    if watch.holds_back(report):
                        held.append((task, report))
                    else:
                        yield task, report
            held = await self._foretold(held, watch)
        except asyncio.CancelledError:
            for each in held:
                yield each  # an interrupted run tells what it has found
            raise
        for each in held:
            yield each

    def request_for(self, task: LinkTask, number: int) -> FetchRequest | None:
        """Return how a written form is asked for, or None where it is no address that can be."""
        if not is_fetchable(task.written):
            return None
        return FetchRequest(
            url=task.written,
            record=task.capture,
            walks=task.walks,
            validators=conditional(task),
            number=number,
        )

    def first_look(self, task: LinkTask, observation: Observation) -> Judged:
        """Return the verdict on the written form."""
        return self._judge.look(task, observation)

    async def with_sibling(self, task: LinkTask, judged: Judged) -> Judged:
        """Return the verdict with what an address that cannot exist is answered with."""
        return await self._judge.with_sibling(task, judged)

    def second_look(self, task: LinkTask, judged: Judged) -> Judged:
        """Return the verdict with what the host's other links have shown since."""
        return self._judge.judge_again(task, judged)

    def needs_follow_up(self, task: LinkTask, judged: Judged) -> bool:
        """Whether a link is not finished with its first answer."""
        if judged.verdict.outcome in FAILED or task.capture or task.kept is not None:
            return True
        return self.policy.repairs and (task.hard_defect or needs_trial(task, judged))

    async def follow_up(self, task: LinkTask, judged: Judged | None) -> LinkReport:
        """Repair, look up and capture as the first answer asks for; `judged` is None where none was asked."""
        trial = await self._completed(task, judged, await self._trial(task, judged))
        heard = await self._hear(task, judged, trial)
        report = report_of(task, judged, heard.trial)
        if trial.accepted is None and heard.trial.accepted is not None:
            report = by_witness(report)
        report = replace(report, lookups=heard.lookups, mementos=heard.mementos)
        report = await self._with_choice(task, report)
        report = await self._with_drift(task, report)
        if self.policy.aliases and report.verdict.outcome in LOST:
            report = await self._moves.look_for(task, report)
        return light(await self._with_capture(task, report))

    def finish(self, task: LinkTask, judged: Judged) -> LinkReport:
        """Return the report of a link that its first answer ends."""
        return light(report_of(task, judged, Trial(repair=task.repair)))

    async def _trial(self, task: LinkTask, judged: Judged | None) -> Trial:
        """Return the trial of the link's repairs, an empty one where none is called for."""
        failed = judged is None or judged.verdict.outcome in FAILED
        if not self.policy.repairs or not (failed or task.hard_defect or needs_trial(task, judged)):
            return Trial(repair=None)
        repair = task.repair or await self._proposed(task)
        trial = await try_candidates(task, repair, judged, fetcher=self.fetcher, judge=self._judge)
        stands = not failed and not task.hard_defect and trial.accepted is None
        if stands and repair.decision is Decision.KEEP:
            return replace(trial, repair=None)
        return trial

    async def _proposed(self, task: LinkTask) -> Repair:
        """Return the repairs of a link; the word list is read beside the event loop, to let it turn."""
        async with self._reading_words:
            if not is_lexicon_read():
                await asyncio.to_thread(lexicon, "en")
        return propose_for(task)

    async def _completed(self, task: LinkTask, judged: Judged | None, trial: Trial) -> Trial:
        """Return the trial with the completions of an address that was cut short."""
        if self._archive is None or not self.policy.lookups:
            return trial
        return await try_completions(
            task, trial, judged, archive=self._archive, fetcher=self.fetcher, judge=self._judge
        )

    async def _foretold(self, held: Sequence[Reported], watch: MoveWatch) -> list[Reported]:
        """Return dead links with what the moves of other links foretell for them."""
        free = asyncio.Semaphore(self.max_follow_ups)

        async def foretell(task: LinkTask, report: LinkReport) -> Reported:
            rules = watch.rules_for(report)
            if not rules:
                return task, report
            async with free:
                return task, light(await self._moves.by_rules(task, report, rules))

        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(foretell(task, report)) for task, report in held]
        return [each.result() for each in asked]

    async def _hear(self, task: LinkTask, judged: Judged | None, trial: Trial) -> Testimony:
        """Return what the archives say of a failed link: its captures, and which repair they bear out."""
        counted = trial.judged or judged
        outcome = counted.verdict.outcome if counted else Outcome.MALFORMED
        if self._archive is None or not self.policy.lookups or outcome not in FAILED:
            return Testimony(trial=trial)
        witness = Witness(self._archive, task)
        if trial.accepted is not None:
            return replace(await witness.mementos_of(trial.accepted.url), trial=trial)
        return await witness.hear(trial)

    async def _with_choice(self, task: LinkTask, report: LinkReport) -> LinkReport:
        """Return the report with the capture that stands for a failed link, verified."""
        if self._archive is None or not self.policy.verify or not report.mementos:
            return report
        expected = Expected(original=report.original, anchors=task.anchors, headline=task.headline)
        try:
            choice = await choose(report.mementos, expected, near=task.published, reader=self._archive)
        except LinkwrightError:
            # A part of ours failed while reading; the captures stand as they were listed.
            return report
        return replace(report, choice=choice, mementos=with_seen(report.mementos, choice))

    async def _with_drift(self, task: LinkTask, report: LinkReport) -> LinkReport:
        """Return the report with how far a live page has moved from its capture."""
        seen, kept = report.observation, task.kept
        if self._archive is None or kept is None or seen is None or report.verdict.outcome not in ALIVE:
            return report
        return replace(report, drift=await measure_drift(seen, kept, archive=self._archive))

    async def _with_capture(self, task: LinkTask, report: LinkReport) -> LinkReport:
        """Return the report with a capture of a live page, where one is asked for."""
        if self._archive is None or not task.capture or report.verdict.outcome not in ALIVE:
            return report
        return await self._capture(self._archive, report)

    async def _capture(self, archive: Archive, report: LinkReport) -> LinkReport:
        """Return the report with the local capture; a capture that fails is said and loses nothing else."""
        if report.observation is None or not report.observation.exchanges:
            return report
        try:
            memento = await archive.capture(report.observation.exchanges)
        except CaptureFailed as error:
            evidence = (*report.verdict.evidence, f"not captured: {error}")
            return replace(report, verdict=replace(report.verdict, evidence=evidence))
        return report if memento is None else replace(report, mementos=(memento,))


def propose_for(task: LinkTask) -> Repair:
    """Return the repairs of a link, with what its article says of it as evidence."""
    return propose(
        task.written,
        headline=task.headline,
        anchor=task.anchors[0] if task.anchors else None,
        text=" ".join(task.contexts) or None,
        readings=task.readings,
    )


def report_of(task: LinkTask, judged: Judged | None, trial: Trial) -> LinkReport:
    """Return what asking showed; the accepted candidate's answer counts, else the written form's."""
    counted = trial.judged or judged
    asked = (*([judged] if judged else []), *trial.asked)
    return LinkReport(
        written=task.written,
        original=trial.accepted.url if trial.accepted else task.written,
        verdict=counted.verdict if counted else MALFORMED,
        observation=counted.observation if counted else None,
        repair=trial.repair,
        accepted=trial.accepted,
        asked=tuple((each.observation, each.verdict) for each in asked),
    )


def by_witness(report: LinkReport) -> LinkReport:
    """Return the report of a link that is dead, and whose repaired form the archives bear out."""
    told = f"no live page, but the archives know {report.original} as what was cited"
    verdict = replace(report.verdict, evidence=(told, *report.verdict.evidence))
    return replace(report, verdict=verdict)


def light(report: LinkReport) -> LinkReport:
    """Return the report without bodies and raw exchanges, fit to be kept by the thousand."""
    counted = report.observation and without_bodies(report.observation)
    asked = tuple(
        (counted if counted and seen is report.observation else without_bodies(seen), verdict)
        for seen, verdict in report.asked
    )
    return replace(report, observation=counted, asked=asked)


def without_bodies(observation: Observation) -> Observation:
    """Return the observation without body and raw exchanges, of its headers what a recheck needs."""
    if not (observation.body or observation.exchanges or observation.headers):
        return observation
    kept = {name: value for name, value in observation.headers.items() if name in KEPT_HEADERS}
    return replace(observation, body=b"", exchanges=(), headers=kept or NO_HEADERS)
