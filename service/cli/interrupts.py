"""Ctrl-C and SIGTERM in a run: the first ends it with what was found so far, the second ends it at once."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from service.cli.exits import INTERRUPTED

SIGNALS = (signal.SIGINT, signal.SIGTERM)
# What shows a cursor that a display of progress has hidden.
_SHOW_CURSOR = b"\x1b[?25h"


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Cancel the current task at the first signal; from then on the next one ends the process at once.

    A signal that the process was started to ignore (`nohup`, a job in the background) stays ignored. After
    the block what was there before is there again, unless a signal came.
    """
    heard = [each for each in SIGNALS if signal.getsignal(each) is not signal.SIG_IGN]
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    came = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal came
        came = True
        for each in heard:
            signal.signal(each, end_at_once)
        if task is not None:
            loop.call_soon_threadsafe(task.cancel)

    before = {each: signal.signal(each, stop) for each in heard}
    try:
        yield
    finally:
        if not came:
            for each, handler in before.items():
                signal.signal(each, handler)


def forget_interruption() -> None:
    """Let the current task go on after an interruption that was dealt with."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()


def end_at_once(_number: int, _frame: FrameType | None) -> None:
    """End the process without another word."""
    if sys.stderr.isatty():
        os.write(sys.stderr.fileno(), _SHOW_CURSOR)
    os._exit(INTERRUPTED)
