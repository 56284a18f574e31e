"""The parts of a ZIP container, read under caps that count what really comes out.

Declared sizes, ratios and member counts are never trusted: a bomb lies about all three. Nothing is ever
written to disk.
"""

import io
import zipfile
import zlib
from collections.abc import Mapping

from workers.errors import UnreadableDocument
from workers.extract.source import Source

MAX_MEMBERS = 10_000
MAX_PART_BYTES = 64 * 1024 * 1024
MAX_TOTAL_BYTES = 256 * 1024 * 1024
MAX_RATIO = 300
MAX_NAME = 1_000
RATIO_COUNTS_FROM_BYTES = 4 * 1024 * 1024  # a short run of spaces may pack 1,000 to 1
CHUNK_BYTES = 256 * 1024
CENTRAL_RECORD = b"PK\x01\x02"
ENCRYPTED_FLAG = 0x1


OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def open_office_zip(source: Source, what: str) -> "ZipParts":
    """Return the parts of an office document or book; `what` names its kind in errors.

    Raises:
        UnreadableDocument: it is empty, encrypted, of the older binary kind, or no ZIP container.
    """
    if not source.data:
        raise UnreadableDocument(source.name, "is empty")
    if source.data.startswith(OLE_MAGIC):
        is_locked = OLE_ENCRYPTED in source.data
        reason = "is encrypted and needs a password" if is_locked else "is an older binary office file"
        raise UnreadableDocument(source.name, f"{reason}, not {what} that can be read")
    return ZipParts(source.name, source.data)


class ZipParts:
    """A ZIP container in memory; parts are read by name, each read counted against one total."""

    __slots__ = ("_archive", "_infos", "_read_bytes", "source_name")

    def __init__(self, source_name: str, data: bytes) -> None:
        """Open the container's directory.

        Raises:
            UnreadableDocument: it is no ZIP file, is cut off, or lists too many members.
        """
        self.source_name = source_name
        self._read_bytes = 0
        # zipfile makes an object a record before it can be asked for their number.
        if data.count(CENTRAL_RECORD) > MAX_MEMBERS:
            raise self._unreadable(f"holds more than {MAX_MEMBERS} members")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise self._unreadable("is not a ZIP container, or is cut off") from error
        self._infos: Mapping[str, zipfile.ZipInfo] = {
            info.filename: info
            for info in self._archive.infolist()
            if len(info.filename) <= MAX_NAME  # a name stands in every locator
        }

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all members but folders, in the order of the container."""
        return tuple(name for name in self._infos if not name.endswith("/"))

    @property
    def is_spent(self) -> bool:
        """Whether as much has come out as is read of one container; every further read fails."""
        return self._read_bytes > MAX_TOTAL_BYTES

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def read(self, name: str) -> bytes:
        """Return the bytes of one part.

        Raises:
            UnreadableDocument: there is no such part, it is encrypted or damaged, or more comes out
                than the caps allow.
        """
        info = self._infos.get(name)
        if info is None:
            raise self._unreadable(f"has no part {name}")
        if info.flag_bits & ENCRYPTED_FLAG:
            raise self._unreadable(f"is encrypted (part {name})")
        try:
            return self._counted(info)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            ValueError,
            OSError,
        ) as error:
            raise self._unreadable(f"has a damaged part {name}") from error

    def get(self, name: str) -> bytes | None:
        """Return the bytes of one part as `read` does, or None where there is no such part."""
        return self.read(name) if name in self._infos else None

    def _counted(self, info: zipfile.ZipInfo) -> bytes:
        out = bytearray()
        with self._archive.open(info) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                out += chunk
                self._read_bytes += len(chunk)
                self._check(info, len(out))
        return bytes(out)

    def _check(self, info: zipfile.ZipInfo, size_bytes: int) -> None:
        if size_bytes > MAX_PART_BYTES or self._read_bytes > MAX_TOTAL_BYTES:
            raise self._unreadable(f"unpacks to more than is read (part {info.filename})")
        if size_bytes > RATIO_COUNTS_FROM_BYTES and size_bytes > MAX_RATIO * max(info.compress_size, 1):
            raise self._unreadable(f"unpacks like a bomb, more than {MAX_RATIO} to 1 (part {info.filename})")

    def _unreadable(self, reason: str) -> UnreadableDocument:
        return UnreadableDocument(self.source_name, reason)
