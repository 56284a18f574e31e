"""The pipeline of a link: asked as written, repaired where that fails, looked up and captured.

Works over the Protocols of `workers/protocols.py`; knows no HTTP client, no archive and no database.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING

from workers.audit_policy import AuditPolicy
from workers.judge import Judge, Judged
from workers.link_report import report_of_first
from workers.model import FAILED, LinkReport, LinkTask, Observation
from workers.move_watch import MoveWatch
from workers.on_demand import on_demand
from workers.protocols import Archive, Fetcher, FetchRequest
from workers.recheck import conditional
from workers.run import Reported, run_tasks
from workers.trial import needs_trial
from workers.url import is_fetchable

if TYPE_CHECKING:
    from workers import follow_up as following
    from workers.moved import KnownMoves
else:
    following = on_demand("workers.follow_up")


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
        known_moves: "KnownMoves | None" = None,
    ) -> None:
        self.fetcher = fetcher
        self.policy = policy or AuditPolicy()
        self.max_follow_ups = self.policy.max_follow_ups
        self._archive = archive
        self._known_moves = known_moves
        self._judge = Judge(fetcher, clock=clock, acceptance=self.policy.acceptance)
        self._loading = asyncio.Lock()
        self._loaded: following.FollowUp | None = None

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
        return await (await self._following()).follow_up(task, judged)

    def finish(self, task: LinkTask, judged: Judged) -> LinkReport:
        """Return the report of a link that its first answer ends."""
        return report_of_first(task, judged)

    async def _following(self) -> "following.FollowUp":
        """Return what follows failed links up, loaded for the first beside the event loop, to let it turn."""
        async with self._loading:
            if self._loaded is None:
                make = await asyncio.to_thread(lambda: following.FollowUp)
                self._loaded = make(
                    fetcher=self.fetcher,
                    archive=self._archive,
                    judge=self._judge,
                    policy=self.policy,
                    known_moves=self._known_moves,
                )
        return self._loaded

    async def _foretold(self, held: Sequence[Reported], watch: MoveWatch) -> list[Reported]:
        """Return dead links with what the moves of other links foretell for them."""
        free = asyncio.Semaphore(self.max_follow_ups)

        async def foretell(task: LinkTask, report: LinkReport) -> Reported:
            rules = watch.rules_for(report)
            if not rules:
                return task, report
            async with free:
                return task, await (await self._following()).foretell(task, report, rules)

        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(foretell(task, report)) for task, report in held]
        return [each.result() for each in asked]
