"""One pass over many links: answers as they come, follow-ups beside them, shared landing places seen.

A good answer from another place than the one asked is held back until the pass ends, where the other links
of its host could still turn it. Reading answers does not wait for follow-ups: these are kept in short and
take their turn, so that a slow host holds up nobody else.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from workers.judge import Judged
from workers.model import ALIVE, LinkReport, LinkTask, Observation
from workers.protocols import Fetcher, FetchRequest
from workers.steps import Steps

Reported = tuple[LinkTask, LinkReport]
QUEUE_LENGTH = 256
MAX_PAGES_WAITING = 256
"""So many pages may wait for the answer of a sibling before no further answers are read."""

MAX_LINKS_WAITING = 512
"""So many failed links may wait for their follow-up before no further answers are read."""


class Pipeline(Protocol):
    """The steps of one link; see `workers.audit.Auditor`."""

    fetcher: Fetcher
    max_follow_ups: int

    def request_for(self, task: LinkTask, number: int) -> FetchRequest | None:
        """Return how the written form of the task of that number is asked for, None where it cannot be."""
        ...

    def first_look(self, task: LinkTask, observation: Observation) -> Judged:
        """Return the verdict on the first answer, at once."""
        ...

    async def with_sibling(self, task: LinkTask, judged: Judged) -> Judged:
        """Return the verdict with what an address that cannot exist is answered with."""
        ...

    def second_look(self, task: LinkTask, judged: Judged) -> Judged:
        """Return the verdict with what siblings showed since."""
        ...

    def needs_follow_up(self, task: LinkTask, judged: Judged) -> bool:
        """Whether the first answer does not end the matter."""
        ...

    async def follow_up(self, task: LinkTask, judged: Judged | None) -> LinkReport:
        """Return the report of a link after all that its first answer asks for."""
        ...

    def finish(self, task: LinkTask, judged: Judged) -> LinkReport:
        """Return the report of a link that its first answer ends."""
        ...


async def run_tasks(pipeline: Pipeline, tasks: Sequence[LinkTask]) -> AsyncGenerator[Reported, None]:
    """Yield a report for each task as it is made; leaving early cancels what is under way."""
    reports: asyncio.Queue[Reported | None] = asyncio.Queue(maxsize=QUEUE_LENGTH)
    driving = asyncio.create_task(_Run(pipeline, tasks, reports).drive())
    try:
        while (item := await reports.get()) is not None:
            yield item
        await driving
    finally:
        driving.cancel()
        await asyncio.gather(driving, return_exceptions=True)


class _Run:
    """The state of one pass."""

    def __init__(
        self, pipeline: Pipeline, tasks: Sequence[LinkTask], reports: asyncio.Queue[Reported | None]
    ) -> None:
        self._pipeline = pipeline
        self._tasks = tasks
        self._reports = reports
        self._held_back: list[tuple[LinkTask, Judged]] = []
        self._siblings_asked = 0
        self._sibling_told = asyncio.Event()

    async def drive(self) -> None:
        """Ask for everything, follow up, and end the queue with None, also when something broke."""
        is_read = True
        try:
            async with asyncio.TaskGroup() as group:
                steps = Steps(group, most=self._pipeline.max_follow_ups)
                answers = self._pipeline.fetcher.observe_many(self._requests(steps))
                async for request, observation in answers:
                    await self._look(steps, self._tasks[request.number], observation)
                await self._all_siblings_told()
                for task, judged in self._held_back:
                    await asyncio.sleep(0)  # judging hundreds anew must not hold up what is under way
                    await self._settle(steps, task, self._pipeline.second_look(task, judged))
        except asyncio.CancelledError:
            is_read = False  # the reader has left, and a full queue would never take the end
            raise
        finally:
            if is_read:
                await self._reports.put(None)

    def _requests(self, steps: Steps) -> Iterator[FetchRequest]:
        """Yield what can be asked for; the rest goes to its follow-up."""
        for number, task in enumerate(self._tasks):
            request = self._pipeline.request_for(task, number)
            if request is not None:
                yield request
            else:
                steps.add(partial(self._follow_up, task, None))

    async def _look(self, steps: Steps, task: LinkTask, observation: Observation) -> None:
        judged = self._pipeline.first_look(task, observation)
        if judged.needs_sibling:
            await steps.room(waiting=MAX_PAGES_WAITING)
            self._siblings_asked += 1
            steps.add(partial(self._ask_sibling, task, _to_wait(task, judged)))
        elif not self._holds_back(task, judged):
            await self._settle(steps, task, judged)

    async def _ask_sibling(self, task: LinkTask, judged: Judged) -> None:
        """Judge anew beside a sibling's answer, and do what follows in the same turn.

        A step that waited for room would hold the turn that it waits for.
        """
        judged = await self._pipeline.with_sibling(task, judged)
        is_held = self._holds_back(task, judged)
        self._siblings_asked -= 1
        self._sibling_told.set()
        if is_held:
            return
        if self._pipeline.needs_follow_up(task, judged):
            await self._follow_up(task, _to_follow(task, judged))
        else:
            await self._reports.put((task, self._pipeline.finish(task, judged)))

    async def _all_siblings_told(self) -> None:
        """Wait until no sibling is asked for any more: only then is everything held back that will be."""
        while self._siblings_asked:
            self._sibling_told.clear()
            await self._sibling_told.wait()

    def _holds_back(self, task: LinkTask, judged: Judged) -> bool:
        """Keep a link for the end of the pass where the other links of its host could still turn it."""
        if not judged.may_turn or _needs_body(task):
            return False
        self._held_back.append((task, _without_body(judged)))
        return True

    async def _settle(self, steps: Steps, task: LinkTask, judged: Judged) -> None:
        if not self._pipeline.needs_follow_up(task, judged):
            await self._reports.put((task, self._pipeline.finish(task, judged)))
            return
        # What is to be kept or compared is large: it does not wait in a queue.
        await steps.room(waiting=0 if _needs_body(task) else MAX_LINKS_WAITING)
        steps.add(partial(self._follow_up, task, _to_follow(task, judged)))

    async def _follow_up(self, task: LinkTask, judged: Judged | None) -> None:
        await self._reports.put((task, await self._pipeline.follow_up(task, judged)))


def _needs_body(task: LinkTask) -> bool:
    """Whether the page itself is wanted after it was judged: to be captured, or compared with its capture."""
    return task.capture or task.kept is not None


def _to_wait(task: LinkTask, judged: Judged) -> Judged:
    """Return what was judged as it waits for a sibling: without its body, unless that is wanted after."""
    return judged if _needs_body(task) else _without_body(judged)


def _to_follow(task: LinkTask, judged: Judged) -> Judged:
    """Return what was judged as its follow-up needs it: of failed pages nothing is compared any more."""
    if _needs_body(task):
        return judged
    light = _without_body(judged)
    return light if light.verdict.outcome in ALIVE else replace(light, page=None)


def _without_body(judged: Judged) -> Judged:
    """Return what was judged without the bytes it came in, unless they are to be kept."""
    observation = judged.observation
    if observation.exchanges or not observation.body:
        return judged
    return replace(judged, observation=replace(observation, body=b""))
