"""Captures of others taken in: the WARC files of a WACZ file, checked, copied and listed."""

import asyncio
import hashlib
import json
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]  # warcio has no types

from workers.archive.captures import CaptureIndex, LocalCapture
from workers.archive.warc import SUFFIX
from workers.archive.warc_reader import captures_in, whole_bytes
from workers.errors import UnreadableDocument

MAX_IMPORT_BYTES: Final = 2_000_000_000
MAX_MEMBERS: Final = 10_000
CHUNK_BYTES: Final = 1 << 20
DESCRIPTION: Final = "datapackage.json"


async def import_wacz(
    path: Path, *, home: Path, index: CaptureIndex, max_bytes: int = MAX_IMPORT_BYTES
) -> int:
    """Copy the WARC files of a WACZ file into `home`, list their captures and return how many were new.

    A file that brings nothing new is not kept.

    Raises:
        UnreadableDocument: it is no WACZ file, is damaged, or unpacks to more than `max_bytes`.
    """
    new = 0
    files = unpacked(path, home=home, max_bytes=max_bytes)
    while (copied := await asyncio.to_thread(next, files, None)) is not None:
        captures = await asyncio.to_thread(_captures, path, copied)
        fresh = [each for each in captures if await index.by_id(each.record_id) is None]
        for capture in fresh:
            await index.add(capture)
        new += len(fresh)
        if not fresh:
            copied.unlink()
    return new


def unpacked(path: Path, *, home: Path, max_bytes: int) -> Iterator[Path]:
    """Give each WARC file of a WACZ file as a copy in `home`, its digest compared where one is named.

    Raises:
        UnreadableDocument: as `import_wacz`; the copy at fault is removed.
    """
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
            if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > max_bytes:
                raise UnreadableDocument(str(path), f"it unpacks to more than {max_bytes} bytes")
            digests = _digests(package)
            home.mkdir(parents=True, exist_ok=True)
            for member in members:
                if member.filename.startswith("archive/") and member.filename.endswith(SUFFIX):
                    yield _copied(path, package, member, home=home, digest=digests.get(member.filename))
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise UnreadableDocument(str(path), f"no readable WACZ file: {error}") from error


def _copied(
    path: Path, package: zipfile.ZipFile, member: zipfile.ZipInfo, *, home: Path, digest: str | None
) -> Path:
    # The name is ours: that of the member may lead anywhere.
    copy = home / f"imported-{secrets.token_hex(8)}{SUFFIX}"
    fault: str | None = "it could not be copied"
    try:
        with package.open(member) as source, copy.open("xb") as out:
            shutil.copyfileobj(source, out, CHUNK_BYTES)
        fault = _fault(copy, digest)
    finally:
        if fault is not None:
            copy.unlink(missing_ok=True)
    if fault is not None:
        raise UnreadableDocument(str(path), f"{member.filename} {fault}")
    return copy


def _fault(copy: Path, digest: str | None) -> str | None:
    if digest is not None and digest != _sha256(copy):
        return f"is not what {DESCRIPTION} says"
    return None if whole_bytes(copy) == copy.stat().st_size else "is cut or damaged"


def _captures(path: Path, copied: Path) -> list[LocalCapture]:
    try:
        return list(captures_in(copied))
    except ArchiveLoadFailed as error:
        copied.unlink()
        raise UnreadableDocument(str(path), f"no WARC records: {error}") from error


def _digests(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the SHA-256 digests that the description names, by path."""
    try:
        described: Any = json.loads(package.read(DESCRIPTION))
        resources = described["resources"]
        return {each["path"]: each["hash"] for each in resources if each["hash"].startswith("sha256:")}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise zipfile.BadZipFile(f"{DESCRIPTION} is missing or cannot be read") from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
