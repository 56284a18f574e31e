"""What a run need not hold in memory: records in a file without a name, read back by number."""

import logging
import os
import tempfile
from array import array
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, Generic, TypeVar

from workers.errors import SpillFailed
from workers.packed import Packed

log = logging.getLogger(__name__)
T = TypeVar("T")
U = TypeVar("U")
WRITTEN_AT_ONCE: Final = 256 * 1024
"""So many bytes are held before they are written: a short run makes no file at all."""
READ_AT_ONCE: Final = 16 * 1024
"""So many bytes are read and held: what was kept together is mostly wanted together."""
HELD: Final = 2048
"""So many values are held as they are: the run of an article or a small site packs nothing."""
_NOWHERE: Final = -1


class Spill:
    """Records of bytes by number, on disk but for the newest and twelve bytes for each.

    The file has no name and is gone with the process, however that ends.
    """

    def __init__(self) -> None:
        self._file: BinaryIO | None = None
        self._written = 0
        self._is_full = False
        self._tail = bytearray()
        self._window, self._window_start = b"", 0
        self._starts = array("q")
        self._lengths = array("I")

    def __len__(self) -> int:
        """Return how many numbers there are, those without a record too."""
        return len(self._starts)

    def __contains__(self, number: int) -> bool:
        """Whether there is a record of that number."""
        return 0 <= number < len(self._starts) and self._starts[number] != _NOWHERE

    def put(self, number: int, record: bytes) -> None:
        """Keep the record of a number, in place of the one that there was.

        Where the temporary folder takes no more, what comes from then on stays in memory: nothing is lost.
        """
        if (missing := number + 1 - len(self._starts)) > 0:
            self._starts.extend([_NOWHERE] * missing)
            self._lengths.extend([0] * missing)
        self._starts[number] = self._written + len(self._tail)
        self._lengths[number] = len(record)
        self._tail += record
        if len(self._tail) >= WRITTEN_AT_ONCE and not self._is_full:
            self._write()

    def read(self, number: int) -> bytes:
        """Return the record of a number.

        Raises:
            KeyError: there is none.
            SpillFailed: it cannot be read back.
        """
        if number not in self:
            raise KeyError(number)
        start, length = self._starts[number], self._lengths[number]
        if start >= self._written:
            start -= self._written
            return bytes(self._tail[start : start + length])
        at = start - self._window_start
        if at < 0 or at + length > len(self._window):
            self._look_at(start, max(length, READ_AT_ONCE))
            at = 0
        record = self._window[at : at + length]
        if len(record) < length:
            raise SpillFailed("what the run found cannot be read back from disk")
        return record

    def _look_at(self, start: int, length: int) -> None:
        if self._file is not None:
            self._window, self._window_start = os.pread(self._file.fileno(), length, start), start

    def __del__(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()

    def _write(self) -> None:
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - open as long as the run
            with memoryview(self._tail) as view:
                at = 0
                while at < len(view):
                    at += os.pwrite(self._file.fileno(), view[at:], self._written + at)
        except OSError as error:
            self._is_full = True
            # Where no folder at all can be written to, the error itself lists those that were tried.
            where = error.filename or (tempfile.gettempdir() if self._file is not None else "TMPDIR")
            why = (error.strerror or str(error)).lower()
            log.warning("%s: %s; what the run finds is kept in memory", where, why)
            return
        self._written += len(self._tail)
        self._tail = bytearray()


class Spilled(Generic[T]):
    """Values of one class by number: the first thousands as they are, the rest in a `Spill`.

    What comes back is the value itself, or a new one that is equal to it.
    """

    def __init__(self, packed: Packed[T]) -> None:
        self._packed = packed
        self._spill = Spill()
        self._held: dict[int, T] = {}
        self._end = 0

    def __len__(self) -> int:
        """Return how many numbers there are, those without a value too."""
        return self._end

    def __contains__(self, number: int) -> bool:
        """Whether there is a value of that number."""
        return number in self._held or number - HELD in self._spill

    def __getitem__(self, number: int) -> T:
        """Return the value of a number.

        Raises:
            KeyError: there is none.
        """
        return self._held[number] if number < HELD else self._packed.unpack(self._spill.read(number - HELD))

    def read(self, number: int, unpack: Callable[[bytes], U]) -> T | U:
        """Return the value of a number where it is held, else what `unpack` makes of its bytes.

        Raises:
            KeyError: there is none.
        """
        return self._held[number] if number < HELD else unpack(self._spill.read(number - HELD))

    def __setitem__(self, number: int, value: T) -> None:
        """Keep the value of a number."""
        self._end = max(self._end, number + 1)
        if number < HELD:
            self._held[number] = value
        else:
            self._spill.put(number - HELD, self._packed.pack(value))

    def append(self, value: T) -> None:
        """Keep a value under the next number."""
        self[len(self)] = value

    def values(self) -> Iterator[T]:
        """Yield all values in the order of their numbers."""
        return (self[number] for number in range(len(self)) if number in self)
