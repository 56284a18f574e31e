"""The lock of a data folder: one process does everything there, and no second one beside it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workers.errors import LinkwrightError


class AlreadyRunning(LinkwrightError):
    """Another process holds the data folder; two would do every job twice."""


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Hold `folder`, made where it is missing, for the time of the block; a killed process holds nothing.

    Raises:
        AlreadyRunning: another process holds it; the message names its process id.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "serve.lock"
    with path.open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise AlreadyRunning(f"{folder} is in use by process {holder}") from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
