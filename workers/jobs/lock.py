"""The lock of a data folder: one process does everything there, and no second one beside it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from workers.errors import LinkwrightError
from workers.folders import make_folder, unusable


class AlreadyRunning(LinkwrightError):
    """Another process holds the data folder; two would do every job twice."""


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Hold `folder`, made where it is missing, for the time of the block; a killed process holds nothing.

    Raises:
        AlreadyRunning: another process holds it; the message names its process id.
        FolderUnusable: it cannot be made or written to.
    """
    with _open_lock(folder) as lock:
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


def _open_lock(folder: Path) -> TextIO:
    make_folder(folder)
    try:
        return (folder / "serve.lock").open("a+", encoding="ascii")
    except OSError as error:
        raise unusable(folder, error) from error
