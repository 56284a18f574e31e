"""One pass over many links: answers as they come, follow-ups beside them, shared landing places seen.

A link that was sent to another place is held back until the pass ends, so that what the other links
of its host showed counts for it too.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Protocol

from workers.judge import Judged
from workers.model import LinkReport, LinkTask, Observation
from workers.protocols import Fetcher, FetchRequest
from workers.url import lookup_key

Reported = tuple[LinkTask, LinkReport]
QUEUE_LENGTH = 256


class Pipeline(Protocol):
    """The steps of one link; see `workers.audit.Auditor`."""

    fetcher: Fetcher
    max_follow_ups: int

    def request_for(self, task: LinkTask) -> FetchRequest | None:
        """Return how the written form is asked for, None where it cannot be."""
        ...

    async def first_look(self, task: LinkTask, observation: Observation) -> Judged:
        """Return the verdict on the first answer."""
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


async def run_tasks(pipeline: Pipeline, tasks: Sequence[LinkTask]) -> AsyncIterator[Reported]:
    """Yield a report for each task as it is made; leaving early cancels what is under way.

    Tasks must not share a written form.
    """
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
        self._by_address = {task.written: task for task in tasks}
        self._reports = reports
        self._slots = asyncio.Semaphore(pipeline.max_follow_ups)
        self._sent_elsewhere: list[tuple[LinkTask, Judged]] = []

    async def drive(self) -> None:
        """Ask for everything, follow up, and end the queue with None, also when something broke."""
        try:
            async with asyncio.TaskGroup() as follow_ups:
                for task in self._unaskable():
                    await self._start(follow_ups, task, None)
                await self._look_at_all(follow_ups)
                for task, judged in self._sent_elsewhere:
                    await self._settle(follow_ups, task, self._pipeline.second_look(task, judged))
        finally:
            await self._reports.put(None)

    def _requests(self) -> Iterator[FetchRequest]:
        for task in self._by_address.values():
            if (request := self._pipeline.request_for(task)) is not None:
                yield request

    def _unaskable(self) -> list[LinkTask]:
        return [task for task in self._by_address.values() if self._pipeline.request_for(task) is None]

    async def _look_at_all(self, follow_ups: asyncio.TaskGroup) -> None:
        """Judge answers as they come, side by side: a probe of a sibling may take a while."""
        answers = self._pipeline.fetcher.observe_many(self._requests())
        async with asyncio.TaskGroup() as looks:
            async for request, observation in answers:
                await self._slots.acquire()
                looks.create_task(self._judge(follow_ups, self._by_address[request.url], observation))

    async def _judge(self, follow_ups: asyncio.TaskGroup, task: LinkTask, observation: Observation) -> None:
        try:
            judged = await self._pipeline.first_look(task, observation)
        finally:
            self._slots.release()
        if lookup_key(observation.final_url) != lookup_key(task.written):
            self._sent_elsewhere.append((task, judged))
        else:
            await self._settle(follow_ups, task, judged)

    async def _settle(self, follow_ups: asyncio.TaskGroup, task: LinkTask, judged: Judged) -> None:
        if self._pipeline.needs_follow_up(task, judged):
            await self._start(follow_ups, task, judged)
        else:
            await self._reports.put((task, self._pipeline.finish(task, judged)))

    async def _start(self, follow_ups: asyncio.TaskGroup, task: LinkTask, judged: Judged | None) -> None:
        await self._slots.acquire()
        follow_ups.create_task(self._follow_up(task, judged))

    async def _follow_up(self, task: LinkTask, judged: Judged | None) -> None:
        try:
            report = await self._pipeline.follow_up(task, judged)
        finally:
            self._slots.release()
        await self._reports.put((task, report))
