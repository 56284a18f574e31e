"""What a worker has in hand, so that it can stop without losing or half-finishing anything."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Running = asyncio.Task[Any]


class InHand:
    """The jobs that run in this process: those that work, and those that only wait for others.

    A cancelled job is not an ended one: the engine keeps it as unfinished, and it goes on elsewhere, or
    here after the next start.
    """

    def __init__(self) -> None:
        self._working: set[Running] = set()
        self._waiting: set[Running] = set()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Count the current task as one that works, for the time of the block."""
        with _listed(self._working):
            yield

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count the current task as one that waits for other jobs, for the time of the block."""
        with _listed(self._waiting):
            yield

    def leave_waiting(self) -> None:
        """Cancel the jobs that only wait."""
        for task in tuple(self._waiting):
            task.cancel()

    async def leave_all(self) -> None:
        """Cancel every job and return when all have let go."""
        left = {*self._working, *self._waiting}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


@contextmanager
def _listed(tasks: set[Running]) -> Iterator[None]:
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("jobs run in tasks")
    tasks.add(task)
    try:
        yield
    finally:
        tasks.discard(task)
