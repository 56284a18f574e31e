"""Walks what a person names on the command line, article by article: files, folders, globs, ZIP archives.

Everything is a generator, so that a folder of a million files needs no more memory than its largest. What
cannot be read is a value in its place, and the walk goes on.
"""

import glob
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from workers.errors import UnreadableDocument
from workers.extract.detect import BY_EXTENSION
from workers.extract.source import Source
from workers.on_demand import on_demand

if TYPE_CHECKING:
    from workers.extract import zip_parts
else:
    zip_parts = on_demand("workers.extract.zip_parts")

MAX_FILE_BYTES = 128 * 1024 * 1024
READ_BYTES = 1024 * 1024
# Not to wait for the writer of a pipe; a regular file does not mind.
OPEN_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
ZIP_MAGIC = b"PK\x03\x04"
ARTICLE_EXTENSIONS = frozenset(BY_EXTENSION) | {".xml", ".gz"}
OFFICE_EXTENSIONS = frozenset({".docx", ".odt", ".epub"})
OFFICE_MARKS = frozenset({"word/document.xml", "META-INF/container.xml", "META-INF/manifest.xml"})
ARCHIVE_EXTENSION = ".zip"
SKIPPED_FOLDERS = frozenset({"__MACOSX", "node_modules", "__pycache__"})

Walked = Source | UnreadableDocument


def walk(paths: Iterable[str]) -> Iterator[Walked]:
    """Yield every article under `paths` in order, or the error that stands for it.

    A file is always read; in folders and archives only what has the extension of an article, hidden
    files and folders left out. Folders are read in the order of their names.
    """
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - paths stay as they were given, in errors too
            yield from _not_empty(path, _walk_folder(path, set()), "holds no article that can be read")
        elif glob.has_magic(path) and not os.path.lexists(path):
            yield from _not_empty(path, _walk_glob(path), "matches no file")
        else:
            yield from _walk_file(path)


def _not_empty(path: str, found: Iterator[Walked], reason: str) -> Iterator[Walked]:
    is_empty = True
    for item in found:
        is_empty = False
        yield item
    if is_empty:
        yield UnreadableDocument(path, reason)


def _walk_glob(pattern: str) -> Iterator[Walked]:
    for path in sorted(glob.iglob(pattern, recursive=True)):  # noqa: PTH207 - a pattern may be absolute
        if not os.path.isdir(path):  # noqa: PTH112
            yield from _walk_file(path)


def _walk_folder(folder: str, above: set[tuple[int, int]]) -> Iterator[Walked]:
    """Yield the articles of a folder; `above` holds the folders on the way to it, against loops."""
    try:
        status = os.stat(folder)  # noqa: PTH116
        with os.scandir(folder) as entries:
            names = sorted((entry.name, entry.is_dir()) for entry in entries)
    except OSError as error:
        yield UnreadableDocument(folder, _os_reason(error))
        return
    identity = (status.st_dev, status.st_ino)
    if identity in above:
        return
    for name, is_folder in names:
        path = f"{folder}{name}" if folder.endswith("/") else f"{folder}/{name}"
        if _is_hidden(name):
            continue
        if is_folder:
            yield from _walk_folder(path, above | {identity})
        elif _is_article(name):
            yield from _walk_file(path)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name in SKIPPED_FOLDERS


def _is_article(name: str) -> bool:
    suffix = _suffix(name)
    return suffix in ARTICLE_EXTENSIONS or suffix == ARCHIVE_EXTENSION


def _walk_file(path: str) -> Iterator[Walked]:
    source = read_file(path)
    if isinstance(source, Source) and _may_be_archive(source):
        yield from walk_archive(source)
    else:
        yield source


def read_file(path: str) -> Walked:
    """Return one file as a source named as it was given, or the error that stands for it."""
    try:
        handle = os.open(path, OPEN_FLAGS)
    except (OSError, ValueError) as error:
        return UnreadableDocument(path, _os_reason(error))
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):  # a pipe without a writer would never end
            kind = "is a folder" if stat.S_ISDIR(status.st_mode) else "is not a regular file"
            return UnreadableDocument(path, kind)
        if status.st_size > MAX_FILE_BYTES:
            megabytes = MAX_FILE_BYTES // (1024 * 1024)
            return UnreadableDocument(path, f"is larger than {megabytes} MB, the most that is read")
        return Source(name=path, data=_read_whole(handle, status.st_size))
    except OSError as error:
        return UnreadableDocument(path, _os_reason(error))
    finally:
        os.close(handle)


def _read_whole(handle: int, size_bytes: int) -> bytes:
    """Return what a file holds, at most `MAX_FILE_BYTES`; most files take one read and no copy."""
    data = os.read(handle, size_bytes + 1)
    if len(data) == size_bytes > 0:
        return data
    pieces = [data]  # it grew, or tells no size
    length = len(data)
    while length < MAX_FILE_BYTES and (data := os.read(handle, min(READ_BYTES, MAX_FILE_BYTES - length))):
        pieces.append(data)
        length += len(data)
    return b"".join(pieces)


def _os_reason(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    if isinstance(error, PermissionError):
        return "may not be read (permission denied)"
    return f"cannot be read: {getattr(error, 'strerror', None) or error}"


def _may_be_archive(source: Source) -> bool:
    return source.data.startswith(ZIP_MAGIC) and _suffix(source.name) not in OFFICE_EXTENSIONS


def _suffix(name: str) -> str:
    """Return the last suffix of a path with its dot, in lower case, '' without one."""
    stem, dot, suffix = name.rpartition("/")[2].rpartition(".")
    return f"{dot}{suffix.lower()}" if stem else ""


def walk_archive(source: Source) -> Iterator[Walked]:
    """Yield the articles of a ZIP archive, or the source itself where it is an office document or book.

    Articles are named `archive/member`. Archives within archives are not opened.
    """
    try:
        parts = zip_parts.ZipParts(source.name, source.data)
    except UnreadableDocument as error:
        yield error
        return
    if any(name in OFFICE_MARKS for name in parts.names):
        yield source
        return
    yield from _not_empty(source.name, _members(source, parts), "holds no article that can be read")


def _members(source: Source, parts: "zip_parts.ZipParts") -> Iterator[Walked]:
    for name in parts.names:
        steps = PurePosixPath(name).parts
        if any(_is_hidden(step) for step in steps) or not _is_article(name):
            continue
        full_name = f"{source.name}/{name}"
        if _suffix(name) == ARCHIVE_EXTENSION:
            yield UnreadableDocument(full_name, "is an archive within an archive, which is not opened")
            continue
        try:
            yield Source(name=full_name, data=parts.read(name))
        except UnreadableDocument as error:
            yield UnreadableDocument(full_name, error.reason)
            if parts.is_spent:
                return
