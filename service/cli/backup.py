"""`linkwright backup`: a whole copy of the records and captures, also beside a running service."""

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TypedDict

import click

from service import __version__
from service.cli.wiring import utc_now
from service.settings import Settings, load_settings
from service.store.database import database_address
from workers.errors import LinkwrightError

RECORDS = "records.sqlite"
CAPTURES = "captures"
MANIFEST = "manifest.json"
WARC_SUFFIXES = {".gz", ".warc"}
CHUNK_BYTES = 1 << 20


class CopiedFile(TypedDict):
    """One file of a copy: its size, and its SHA-256 digest in hex."""

    bytes: int
    sha256: str


class BackupFailed(LinkwrightError):
    """A copy that could not be made whole; what was begun is removed."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--captures/--no-captures", "with_captures", default=True, help="Copy the WARC files too.")
def backup(folder: Path, with_captures: bool) -> None:
    """Copy the records (SQLite) and captures into FOLDER, which must not exist yet.

    The records are copied first and in one step, so every capture they list is in the copy. Jobs are not
    copied: they are opened anew from the records. To restore, stop the service and put the copy in the
    place of the data folder.
    """
    made = make_backup(load_settings(), folder, with_captures=with_captures, now=utc_now())
    size = sum(entry["bytes"] for entry in made.values())
    click.echo(f"{folder}: {len(made)} files, {size} bytes")


def make_backup(
    settings: Settings, folder: Path, *, with_captures: bool, now: datetime
) -> dict[str, CopiedFile]:
    """Copy records and captures into a new `folder`; returns what was copied, by name.

    The folder appears only when it is whole, with a manifest of sizes and SHA-256 digests.

    Raises:
        BackupFailed: the folder exists, the records are not in a file, or a file cannot be copied.
    """
    address = database_address(settings.records_url)
    if address.get_backend_name() != "sqlite":
        raise BackupFailed("the records are on PostgreSQL: copy them with pg_dump, and the captures folder")
    if folder.exists():
        raise BackupFailed(f"{folder} exists already")
    partial = folder.with_name(f".{folder.name}.partial-{os.getpid()}")
    try:
        partial.mkdir(parents=True)
        copied = {RECORDS: _copy_records(Path(address.database or ""), partial / RECORDS)}
        if with_captures:
            copied |= _copy_captures(settings.captures_folder, partial / CAPTURES)
        manifest = {"version": __version__, "made_at": now.isoformat(), "files": copied}
        (partial / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        partial.rename(folder)
    except (OSError, sqlite3.Error) as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise BackupFailed(f"{folder}: nothing was kept: {error}") from error
    return copied


def _copy_records(source: Path, target: Path) -> CopiedFile:
    """Copy a SQLite database in one step, its journal included, beside whoever writes to it."""
    if not source.is_file():
        raise FileNotFoundError(f"there are no records at {source}")
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    with target.open("rb") as made:
        return _copy(made, None)


def _copy_captures(source: Path, target: Path) -> dict[str, CopiedFile]:
    """Copy the WARC files; one that is being written is copied as far as it has come."""
    copied = {}
    for path in sorted(source.rglob("*")):
        if path.is_file() and path.suffix in WARC_SUFFIXES:
            name = path.relative_to(source)
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            with path.open("rb") as reading, (target / name).open("xb") as writing:
                copied[f"{CAPTURES}/{name.as_posix()}"] = _copy(reading, writing)
    return copied


def _copy(reading: BinaryIO, writing: BinaryIO | None) -> CopiedFile:
    """Read one file to its end, into `writing` where given; returns its size and digest."""
    size, digest = 0, hashlib.sha256()
    while chunk := reading.read(CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
        if writing is not None:
            writing.write(chunk)
    if writing is not None:
        writing.flush()
        os.fsync(writing.fileno())
    return {"bytes": size, "sha256": digest.hexdigest()}
