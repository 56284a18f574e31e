r"""The standard streams of the command: what a closed or full one means, and in which letters results go out.

Results are UTF-8 in every locale. Half a surrogate pair, as in the name of a file that is no UTF-8, goes out
as its escape (`caf\udce9.md`), which JSON reads back as the same name.
"""

import contextlib
import errno
import io
import os
import sys
from typing import TYPE_CHECKING

from workers.errors import OutputFailed, OutputUnwanted, UnreadableDocument

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

STDIN, STDOUT, STDERR = 0, 1, 2
# A closed input or output is held by what fails to be read or written, as in coreutils' `stdopen`; words for
# people that nobody can see are lost without harm.
_HOLDERS = ((STDIN, os.O_WRONLY), (STDOUT, os.O_RDONLY), (STDERR, os.O_WRONLY))
_INPUT_BYTES = 1 << 16


class _Input(io.FileIO):
    """Standard input, whose faults are told as those of any document."""

    def readinto(self, buffer: "WriteableBuffer", /) -> int | None:
        """Read some bytes; raises UnreadableDocument where there is a fault."""
        try:
            return super().readinto(buffer)
        except OSError as error:
            raise _unreadable(error) from error

    def readall(self) -> bytes:
        """Read all that is left; raises UnreadableDocument where there is a fault."""
        try:
            return super().readall()
        except OSError as error:
            raise _unreadable(error) from error


class _Output(io.FileIO):
    """Standard output, whose faults end the command with one line; where nobody reads any more, with none."""

    def write(self, data: "ReadableBuffer", /) -> int | None:  # type: ignore[override] # as FileIO itself has it
        """Write some bytes; raises OutputFailed where there is a fault."""
        try:
            return super().write(data)
        except BrokenPipeError as error:
            # As it came, click would end the process with 1, which stands for findings.
            raise OutputUnwanted("nobody reads standard output any more") from error
        except OSError as error:
            raise OutputFailed(_in_words("output", "written", error)) from error


def prepare_streams() -> None:
    """Make the three standard streams usable, whichever of them the caller has closed.

    Their numbers are taken first: a socket that got one would be taken for the stream, and libuv aborts.
    Streams that somebody put in the place of the interpreter's own are left alone.
    """
    for number, mode in _HOLDERS:
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # gets the lowest number that is free, which is this one
    if sys.stdin is sys.__stdin__:
        sys.stdin = io.TextIOWrapper(
            io.BufferedReader(_Input(STDIN, "r", closefd=False), _INPUT_BYTES), encoding="utf-8"
        )
    if sys.stdout is sys.__stdout__:
        given = sys.stdout
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(_Output(STDOUT, "w", closefd=False)),
            encoding="utf-8",
            errors="backslashreplace",
            line_buffering=given is not None and (given.line_buffering or given.write_through),
        )
    if sys.stderr is None:
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(io.FileIO(STDERR, "w", closefd=False)), encoding="utf-8", line_buffering=True
        )


def complain(message: str) -> None:
    """Say on standard error why the command ends; where that cannot be written either, say nothing."""
    try:
        sys.stderr.write(f"linkwright: {message}\n")
        sys.stderr.flush()
    except OSError:
        discard(STDERR)


def discard(number: int) -> None:
    """Let what a stream still holds go nowhere: Python writes it at exit, and would fail anew."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)


def _unreadable(error: OSError) -> UnreadableDocument:
    return UnreadableDocument("-", _in_words("input", "read", error))


def _in_words(stream: str, done: str, error: OSError) -> str:
    """Return what is wrong with a stream, for a person."""
    if error.errno == errno.EBADF:
        return f"standard {stream} is closed"
    return f"standard {stream} cannot be {done}: {(error.strerror or str(error)).lower()}"
