"""The writer of local WARC files: one file a process, whole pages or nothing, safe against a kill.

A page's records are put together in memory and written with one call, so that what a killed writer
leaves is whole records and at most one torn tail. Beside each file that is being written stands a
marker `NAME.open` under a lock of the kernel, which a dead process cannot hold: a marker without a
lock names a file that `workers/archive/recovery.py` has to look at.
"""

import fcntl
import os
import secrets
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from io import BytesIO, FileIO
from pathlib import Path
from typing import Final

from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]  # warcio has no types

from workers.archive.captures import LocalCapture
from workers.archive.records import WARC_VERSION, Draft, request_record, response_record
from workers.archive.throttle import utc_now
from workers.errors import CaptureFailed

SUFFIX: Final = ".warc.gz"
MARKER: Final = ".open"
SOFTWARE: Final = "linkwright"
NAME_TRIES: Final = 5
LEVEL: Final = 6
GZIP: Final = 16 + zlib.MAX_WBITS


class WarcFile:
    """One WARC file that this process alone writes, from its warcinfo record on."""

    def __init__(self, home: Path, *, at: datetime) -> None:
        self._lock, self.path = _claim(home, at)
        self._out: FileIO | None = None
        try:
            self._out = FileIO(self.path, "xb")
            self.size_bytes = 0
            self._write(warcinfo_record(self.path.name))
        except OSError:
            self.close(recheck=True)
            raise

    @property
    def name(self) -> str:
        """The file's name inside its home."""
        return self.path.name

    def append(self, page: bytes) -> int:
        """Write one page's records and return where they start, in bytes.

        Raises:
            OSError: nothing of it stands in the file; or `close(recheck=True)` is needed, and done.
        """
        start = self.size_bytes
        self._write(page)
        return start

    def close(self, *, recheck: bool) -> None:
        """Give the file up; with `recheck` its marker stays, so that the next start reads it over."""
        try:
            if self._out is not None:
                self._out.close()
            if not recheck:
                marker_of(self.path).unlink(missing_ok=True)
        finally:
            os.close(self._lock)

    def _write(self, content: bytes) -> None:
        if self._out is None or self._out.closed:
            raise OSError("the file is closed")
        view = memoryview(content)
        try:
            while view:
                view = view[self._out.write(view) or 0 :]
        except OSError:
            self._out.truncate(self.size_bytes)
            self._out.seek(self.size_bytes)
            raise
        self.size_bytes += len(content)


class WarcWriter:
    """The files of one process, one after another; every call runs in the one writer thread."""

    def __init__(self, home: Path, *, rotate_bytes: int, clock: Callable[[], datetime] = utc_now) -> None:
        self._home = home
        self._rotate_bytes = rotate_bytes
        self._clock = clock
        self._file: WarcFile | None = None
        self._recheck = False

    def write(self, page: Sequence[tuple[Draft, LocalCapture | None]]) -> tuple[LocalCapture, ...]:
        """Write the exchanges of one page, each with the capture it revisits or None, and return the facts.

        Raises:
            CaptureFailed: the page could not be written whole, and nothing of it counts.
        """
        content, spans = _packed(page)
        try:
            file = self._file or self._open()
            start = file.append(content)
        except OSError as error:
            # The file may end in bytes that could not be taken back: a new one starts, the next start looks.
            self.recheck_later()
            self.close()
            raise CaptureFailed(f"captures in {self._home}: {error.strerror or error}") from error
        captures = tuple(
            replace(
                draft.capture,
                file=file.name,
                offset=start + offset,
                length=length,
                revisit_of=None if revisit_of is None else revisit_of.record_id,
            )
            for (draft, revisit_of), (offset, length) in zip(page, spans, strict=True)
        )
        if file.size_bytes >= self._rotate_bytes:
            # The page is whole: a file that does not close well keeps its marker, and the next start looks.
            with suppress(OSError):
                self.close()
        return captures

    def recheck_later(self) -> None:
        """Have the present file read over at the next start: not all of it could be listed."""
        self._recheck = True

    def close(self) -> None:
        """End the present file; the next page starts a new one."""
        file, recheck = self._file, self._recheck
        self._file, self._recheck = None, False
        if file is not None:
            file.close(recheck=recheck)

    def _open(self) -> WarcFile:
        self._home.mkdir(parents=True, exist_ok=True)
        self._file = WarcFile(self._home, at=self._clock())
        return self._file


def marker_of(path: Path) -> Path:
    """Return the path of a WARC file's marker."""
    return path.with_name(path.name + MARKER)


def lock_marker(marker: Path, *, create: bool) -> int | None:
    """Lock a marker and return its open file, or None where another process holds it or took it away."""
    try:
        descriptor = os.open(marker, os.O_RDWR | (os.O_CREAT | os.O_EXCL if create else 0), 0o600)
    except (FileExistsError, FileNotFoundError):
        return None
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return descriptor
    os.close(descriptor)
    return None


def _claim(home: Path, at: datetime) -> tuple[int, Path]:
    for _ in range(NAME_TRIES):
        name = f"{SOFTWARE}-{at:%Y%m%d%H%M%S%f}-{os.getpid()}-{secrets.token_hex(4)}{SUFFIX}"
        # A start that looks for dead writers may lock the new marker first; then another name is taken.
        lock = lock_marker(marker_of(home / name), create=True)
        if lock is not None:
            return lock, home / name
    raise OSError("no marker could be locked")


def warcinfo_record(name: str) -> bytes:
    """Return the first record of a WARC file of that name, as one gzip member."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version=WARC_VERSION)
    info = {
        "software": SOFTWARE,
        "format": f"WARC File Format {WARC_VERSION}",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    }
    writer.write_record(writer.create_warcinfo_record(name, info))
    return out.getvalue()


class _Members:
    """A stream that takes records from warcio and holds each as one gzip member.

    warcio compresses at level 9, which takes up to four times as long as level 6 for at most a few parts in
    a hundred of size, and hands every piece over by itself; here a record is compressed in one go.
    """

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._members: list[bytes] = []
        self.size_bytes = 0

    def write(self, part: bytes) -> None:
        """Take a piece of a record."""
        self._parts.append(part)

    def flush(self) -> None:
        """End the record, as warcio does after each."""
        member = zlib.compress(b"".join(self._parts), LEVEL, wbits=GZIP)
        self._parts.clear()
        self._members.append(member)
        self.size_bytes += len(member)

    def whole(self) -> bytes:
        """Return all members."""
        return b"".join(self._members)


def _packed(page: Sequence[tuple[Draft, LocalCapture | None]]) -> tuple[bytes, list[tuple[int, int]]]:
    out = _Members()
    writer = WARCWriter(out, gzip=False, warc_version=WARC_VERSION)
    spans = []
    for draft, revisit_of in page:
        offset = out.size_bytes
        writer.write_record(response_record(writer, draft, revisit_of=revisit_of))
        spans.append((offset, out.size_bytes - offset))
        writer.write_record(request_record(writer, draft))
    return out.whole(), spans
