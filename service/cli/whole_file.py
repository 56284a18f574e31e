"""Writing a file so that whoever reads it finds all of it, or what was there before."""

import os
import tempfile
from pathlib import Path


def write_whole(target: Path, data: bytes) -> None:
    """Replace a file, its mode kept; a new one has the usual mode.

    A link stays one: what it leads to is replaced.

    A device or a pipe is written into: it has nothing to be kept whole.

    Raises:
        OSError: it cannot be written; then nothing has changed.
    """
    if target.exists() and (not target.is_file() or target.absolute().is_relative_to("/dev")):
        with target.open("wb") as stream:
            stream.write(data)
        return
    target = target.resolve()
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_current_umask()
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), mode)
            Path(file.name).replace(target)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _current_umask() -> int:
    """Return the process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
