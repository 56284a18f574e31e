"""What follows where the first answer does not end a link: repaired, looked up, captured.

Most runs have links that end with their first answer, and many have no others: this module and what it
imports is loaded for the first that does not.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from workers.archive.verify import Expected, choose, with_seen
from workers.audit_policy import AuditPolicy
from workers.complete import try_completions
from workers.drift import measure_drift
from workers.errors import CaptureFailed, LinkwrightError
from workers.judge import Judge, Judged
from workers.link_report import by_witness, light, report_of
from workers.model import ALIVE, FAILED, LOST, Decision, LinkReport, LinkTask, Outcome, Repair
from workers.moved import KnownMoves, Moves
from workers.protocols import Archive, Fetcher
from workers.repair.moves import Learned
from workers.repair.propose import propose
from workers.repair.surroundings import Surroundings
from workers.repair.words import is_lexicon_read, lexicon
from workers.trial import Trial, is_barred, needs_trial, try_candidates
from workers.witness import Testimony, Witness

_FOUNDED = frozenset({Decision.AUTO, Decision.NEEDS_LIVE})


class FollowUp:
    """Follows up links of one `Auditor`, whose parts it shares; see there."""

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        archive: Archive | None,
        judge: Judge,
        policy: AuditPolicy,
        known_moves: KnownMoves | None,
    ) -> None:
        self._fetcher = fetcher
        self._archive = archive
        self._judge = judge
        self._policy = policy
        self._reading_words = asyncio.Lock()
        self._moves = Moves(
            fetcher=fetcher,
            judge=judge,
            archive=archive if policy.lookups else None,
            known=known_moves,
        )

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
        if self._policy.aliases and report.verdict.outcome in LOST:
            report = await self._moves.look_for(task, report)
        return light(await self._with_capture(task, report))

    async def foretell(self, task: LinkTask, report: LinkReport, rules: Sequence[Learned]) -> LinkReport:
        """Return the report of a dead link with where the moves of its host's other links lead."""
        return light(await self._moves.by_rules(task, report, rules))

    async def _trial(self, task: LinkTask, judged: Judged | None) -> Trial:
        """Return the trial of the link's repairs, an empty one where none is called for."""
        failed = judged is None or judged.verdict.outcome in FAILED
        if not self._policy.repairs or not (failed or task.hard_defect or needs_trial(task, judged)):
            return Trial(repair=None)
        repair = task.repair or await self._proposed(task)
        barred = judged is not None and is_barred(judged) and not task.hard_defect
        if barred and repair.decision not in _FOUNDED:
            return Trial(repair=task.repair)
        trial = await try_candidates(task, repair, judged, fetcher=self._fetcher, judge=self._judge)
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
        if self._archive is None or not self._policy.lookups:
            return trial
        return await try_completions(
            task, trial, judged, archive=self._archive, fetcher=self._fetcher, judge=self._judge
        )

    async def _hear(self, task: LinkTask, judged: Judged | None, trial: Trial) -> Testimony:
        """Return what the archives say of a failed link: its captures, and which repair they bear out."""
        counted = trial.judged or judged
        outcome = counted.verdict.outcome if counted else Outcome.MALFORMED
        if self._archive is None or not self._policy.lookups or outcome not in FAILED:
            return Testimony(trial=trial)
        witness = Witness(self._archive, task)
        if trial.accepted is not None:
            return replace(await witness.mementos_of(trial.accepted.url), trial=trial)
        return await witness.hear(trial)

    async def _with_choice(self, task: LinkTask, report: LinkReport) -> LinkReport:
        """Return the report with the capture that stands for a failed link, verified."""
        if self._archive is None or not self._policy.verify or not report.mementos:
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
        Surroundings(
            headline=task.headline,
            anchor=task.anchors[0] if task.anchors else None,
            text=" ".join(task.contexts) or None,
            readings=task.readings,
        ),
    )
