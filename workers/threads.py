"""Threads for one kind of work that takes the CPU, beside the event loop and apart from its own pool."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, Self, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")


class OwnThreads:
    """So many threads for one kind of work; further work waits for its turn.

    The loop's own pool serves files and look-ups of names, which work that does not end would hold up.
    """

    def __init__(self, name: str, *, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Nobody waits any more for what is left; a thread cannot be ended from outside.
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
        """Return what `work` makes in one of the threads.

        Where the caller is cancelled, work that waits is dropped, and work in hand keeps its thread.
        """
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(work, *args, **kwargs))
