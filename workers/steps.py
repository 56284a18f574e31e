"""Steps that take their turn beside a run: so many at once, the rest in the order they came."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

Step = Callable[[], Awaitable[None]]


class Steps:
    """At most `most` steps at once, as tasks of `group`; what fails ends the group."""

    def __init__(self, group: asyncio.TaskGroup, *, most: int) -> None:
        self._group = group
        self._most = most
        self._running = 0
        self._waiting: deque[Step] = deque()
        self._has_moved = asyncio.Event()

    def add(self, step: Step) -> None:
        """Let a step take its turn; never waits."""
        if self._running < self._most:
            self._running += 1
            self._group.create_task(self._run(step))
        else:
            self._waiting.append(step)

    async def room(self, *, waiting: int) -> None:
        """Wait until fewer than `waiting` steps wait for their turn, for `waiting` 0: until one is free."""
        while len(self._waiting) >= waiting and self._running >= self._most:
            self._has_moved.clear()
            await self._has_moved.wait()

    async def _run(self, step: Step) -> None:
        try:
            await step()
            self._has_moved.set()
            while self._waiting:
                await self._waiting.popleft()()
                self._has_moved.set()
        finally:
            self._running -= 1
            self._has_moved.set()
