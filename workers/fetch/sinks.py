"""Where observations go: to the one who awaits a single link, or to the reader of many."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from workers.model import Observation
from workers.protocols import FetchRequest

BACKLOG: Final = 64
"""So many observations may wait for a reader before no further link of his is asked."""
_ROOM_AGAIN: Final = BACKLOG // 2
"""And so few are left before links are asked again: to look for all that may start is done by the lot."""

_READ_IN_A_ROW: Final = 4
"""After so many the reader waits for a turn of the event loop, which sees what was answered meanwhile."""


class Sink(Protocol):
    """A receiver of observations."""

    @property
    def is_open(self) -> bool:
        """Whether a further link may be asked now."""
        ...

    @property
    def is_wanted(self) -> bool:
        """Whether anybody still waits."""
        ...

    def accept(self, request: FetchRequest, observation: Observation) -> None:
        """Take one observation."""
        ...

    def fail(self, error: BaseException) -> None:
        """Take a fault of our own, to be raised where the observation is awaited."""
        ...


class Single:
    """The receiver of one observation."""

    __slots__ = ("future",)

    def __init__(self) -> None:
        self.future: asyncio.Future[Observation] = asyncio.get_running_loop().create_future()

    @property
    def is_open(self) -> bool:
        """Single links never wait for a reader."""
        return True

    @property
    def is_wanted(self) -> bool:
        """Whether the one who asked is still there."""
        return not self.future.done()

    def accept(self, request: FetchRequest, observation: Observation) -> None:
        """Hand the observation over."""
        del request
        if not self.future.done():
            self.future.set_result(observation)

    def fail(self, error: BaseException) -> None:
        """Raise `error` where the observation is awaited."""
        if self.future.done():
            return
        if isinstance(error, asyncio.CancelledError):
            self.future.cancel()
        else:
            self.future.set_exception(error)


class Stream:
    """The receiver of many observations, read one by one with `read`."""

    def __init__(self, on_room: Callable[[], None]) -> None:
        self.expected = 0
        self._ready: deque[tuple[FetchRequest, Observation]] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._error: BaseException | None = None
        self._on_room = on_room
        self._is_closed = False
        self._is_behind = False
        self._in_a_row = 0

    @property
    def is_open(self) -> bool:
        """Whether the reader keeps up."""
        return not self._is_behind

    @property
    def is_wanted(self) -> bool:
        """Whether the reader is still there."""
        return not self._is_closed

    def accept(self, request: FetchRequest, observation: Observation) -> None:
        """Lay one observation ready."""
        if not self._is_closed:
            self._ready.append((request, observation))
            self._is_behind = self._is_behind or len(self._ready) >= BACKLOG
            self._wake()

    def fail(self, error: BaseException) -> None:
        """Raise `error` at the reader."""
        self._error = self._error or error
        self._wake()

    async def read(self) -> tuple[FetchRequest, Observation]:
        """Return the next observation, as soon as there is one."""
        if self._in_a_row == _READ_IN_A_ROW:
            self._in_a_row = 0
            await asyncio.sleep(0)
        self._in_a_row += 1
        while not self._ready:
            self._in_a_row = 1
            if self._error is not None:
                raise self._error
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        self.expected -= 1
        read = self._ready.popleft()
        if self._is_behind and len(self._ready) <= _ROOM_AGAIN:
            self._is_behind = False
            self._on_room()
        return read

    def close(self) -> None:
        """Drop what is ready and whatever comes."""
        self._is_closed = True
        self._is_behind = False
        self._ready.clear()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
