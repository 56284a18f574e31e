"""What a command was pointed at, read one after the other: files, folders, standard input, addresses."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from workers.errors import UnreadableDocument
from workers.extract.isolate import IsolatedReader
from workers.extract.source import Source
from workers.model import Document
from workers.url import is_fetchable

STANDARD_INPUT = "-"
MAX_FILE_BYTES = 128 * 1024 * 1024


def split_addresses(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return (paths, addresses), each in the order given."""
    addresses = [name for name in names if is_fetchable(name)]
    return [name for name in names if name not in addresses], addresses


def read_paths(names: Sequence[str], reader: IsolatedReader) -> Iterator[Document | UnreadableDocument]:
    """Yield what each path holds, read; one that cannot be read comes back as its error."""
    for name in names:
        for source in _sources(name):
            if isinstance(source, UnreadableDocument):
                yield source
                continue
            try:
                yield reader.find_links(source)
            except UnreadableDocument as error:
                yield error


def _sources(name: str) -> Iterator[Source | UnreadableDocument]:
    """Yield the one source of a file, or each of a folder's in the order of their names."""
    path = Path(name)
    if name == STANDARD_INPUT:
        yield _bounded(name, sys.stdin.buffer.read(MAX_FILE_BYTES + 1))
    elif path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if file.is_file() and not _is_hidden(file, path)]
        if not files:
            yield UnreadableDocument(name, "is a folder without files")
        for file in files:
            yield _read(str(file), file)
    else:
        yield _read(name, path)


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _read(name: str, path: Path) -> Source | UnreadableDocument:
    try:
        with path.open("rb") as stream:
            return _bounded(name, stream.read(MAX_FILE_BYTES + 1))
    except OSError as error:
        return UnreadableDocument(name, (error.strerror or str(error)).lower())


def _bounded(name: str, data: bytes) -> Source | UnreadableDocument:
    if len(data) > MAX_FILE_BYTES:
        return UnreadableDocument(name, f"is larger than {MAX_FILE_BYTES} bytes")
    return Source(name=name, data=data)
