"""After a kill: the files of dead writers are cut to their last whole record and listed anew."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workers.archive.captures import LocalCapture
from workers.archive.warc import MARKER, SUFFIX, lock_marker
from workers.archive.warc_reader import captures_in, whole_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveredFile:
    """A file that a dead writer left: how many bytes of it are whole, and the captures in them."""

    name: str
    whole_bytes: int
    captures: tuple[LocalCapture, ...]


def recover(home: Path) -> Iterator[RecoveredFile]:
    """Cut and read each file in `home` whose writer is dead; the marker goes once the caller comes back.

    The caller lists what it is given before it asks for the next, so that a second kill loses nothing.
    Files of living writers are left alone.
    """
    for marker in sorted(home.glob(f"*{SUFFIX}{MARKER}")):
        lock = lock_marker(marker, create=False)
        if lock is None:
            continue
        try:
            path = marker.with_name(marker.name.removesuffix(MARKER))
            if path.exists():
                yield _mended(path)
            marker.unlink(missing_ok=True)
        finally:
            os.close(lock)


def _mended(path: Path) -> RecoveredFile:
    whole = whole_bytes(path)
    if whole == 0:
        path.unlink()
        return RecoveredFile(name=path.name, whole_bytes=0, captures=())
    if whole < path.stat().st_size:
        os.truncate(path, whole)
    return RecoveredFile(name=path.name, whole_bytes=whole, captures=tuple(captures_in(path)))
