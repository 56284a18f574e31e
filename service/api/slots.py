"""Bounds of long answers: how many at a time (who finds no slot free comes again), how long one may stall."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from service.api.problem import RequestProblem

BUSY_S = 10
LOOKUPS = 16
STALLED_S = 60.0
"""How long a client may leave one piece of an answer unread before the answer is broken off."""


class Slots:
    """As many slots as things may be under way; `what` names these in words, in the plural."""

    def __init__(self, count: int, *, what: str) -> None:
        self._count = self._free = count
        self._what = what

    @property
    def free(self) -> int:
        """How many are free now."""
        return self._free

    def take(self) -> None:
        """Take a slot, which `give_back` ends.

        Raises:
            RequestProblem: 503, all are taken.
        """
        if not self._free:
            detail = f"{self._count} {self._what} are under way already; try again."
            raise RequestProblem(503, "busy", detail=detail, headers={"Retry-After": str(BUSY_S)})
        self._free -= 1

    def give_back(self) -> None:
        """Let somebody else have a slot that was taken."""
        self._free += 1

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a slot while the block runs.

        Raises:
            RequestProblem: 503, all are taken.
        """
        self.take()
        try:
            yield
        finally:
            self.give_back()


LOOKUP_SLOTS = web.AppKey("lookup_slots", Slots)


async def send(response: web.StreamResponse, piece: bytes) -> None:
    """Send a piece of a streamed answer.

    Raises:
        TimeoutError: the client took nothing for too long.
        ConnectionError: it has left.
    """
    async with asyncio.timeout(STALLED_S):
        await response.write(piece)
