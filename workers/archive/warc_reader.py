"""Reading local WARC files back: single captures by their place, whole files record by record."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]  # warcio has no types
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]  # warcio has no types
from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]  # warcio has no types

from workers.archive.captures import LocalCapture
from workers.archive.records import TEXT_DIGEST_FIELD, facts_of, sha1_digest

CHUNK_BYTES: Final = 1 << 20
CAPTURE_TYPES: Final = frozenset({"response", "revisit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """A captured answer as it stands in its file; the body of a revisit is empty.

    `content_encoding` still applies to `body`. `revisit_of` is the record id a revisit refers to.
    """

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    revisit_of: str | None


def read_answer(home: Path, capture: LocalCapture, *, max_bytes: int) -> StoredAnswer | None:
    """Return a listed capture's answer, or None where its file does not hold it (moved, removed, torn)."""
    path = home / capture.file
    try:
        with path.open("rb") as file:
            file.seek(capture.offset)
            record = next(iter(ArchiveIterator(file)), None)
            if record is None or record.rec_headers.get_header("WARC-Record-ID") != capture.record_id:
                return None
            return _answer(record, max_bytes)
    except (OSError, ArchiveLoadFailed, EOFError):
        return None


def spans_of(home: Path, capture: LocalCapture) -> list[tuple[int, int]]:
    """Return offset and length of a listed capture's record and of its request, where that follows it.

    Empty where the file does not hold the capture any more. Works on compressed files, as we write them.
    """
    spans = [(capture.offset, capture.length)]
    try:
        with (home / capture.file).open("rb") as file:
            file.seek(capture.offset)
            records = ArchiveIterator(file)
            first = next(records, None)
            if first is None or first.rec_headers.get_header("WARC-Record-ID") != capture.record_id:
                return []
            if records.get_record_length() != capture.length:
                return []
            following = next(records, None)
            if following is not None and _answers(following, capture):
                spans.append((records.get_record_offset(), records.get_record_length()))
    except (OSError, ArchiveLoadFailed, EOFError):
        return []
    return spans


def captures_in(path: Path) -> Iterator[LocalCapture]:
    """Give the facts of each response and revisit record of a WARC file, in the order of the file.

    Raises:
        ArchiveLoadFailed: what follows is no WARC record.
    """
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        for record in records:
            facts = _facts(record) if record.rec_type in CAPTURE_TYPES else None
            if facts is not None and not facts.payload_digest:
                # Other writers may leave it out; ours never do.
                facts = replace(facts, payload_digest=sha1_digest(record.raw_stream.read()))
            offset, length = records.get_record_offset(), records.get_record_length()
            if facts is not None:
                yield replace(facts, file=path.name, offset=offset, length=length)


def whole_bytes(path: Path) -> int:
    """Return how many bytes from the start of a WARC file are whole gzip members, the checksums verified."""
    with path.open("rb") as file:
        whole = 0
        while (length := _member_bytes(file, whole)) > 0:
            whole += length
        return whole


def _member_bytes(file: BinaryIO, start: int) -> int:
    """Return the length of the gzip member at `start`, 0 where none stands there whole."""
    file.seek(start)
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    read = 0
    try:
        while chunk := file.read(CHUNK_BYTES):
            read += len(chunk)
            # Only the checksum counts; the text of a large record is dropped piece by piece.
            while chunk and not stream.eof:
                stream.decompress(chunk, CHUNK_BYTES)
                chunk = stream.unconsumed_tail
            if stream.eof:
                return read - len(stream.unused_data)
    except zlib.error:
        return 0
    return 0


def _answers(record: ArcWarcRecord, capture: LocalCapture) -> bool:
    fields = record.rec_headers
    return bool(record.rec_type == "request" and fields.get_header("WARC-Concurrent-To") == capture.record_id)


def _answer(record: ArcWarcRecord, max_bytes: int) -> StoredAnswer:
    http = record.http_headers
    code, _, reason = http.statusline.partition(" ")
    return StoredAnswer(
        status=int(code) if code.isdecimal() else 0,
        reason=reason,
        headers=tuple(http.headers),
        body=record.raw_stream.read(max_bytes),
        revisit_of=record.rec_headers.get_header("WARC-Refers-To"),
    )


def _facts(record: ArcWarcRecord) -> LocalCapture | None:
    fields = record.rec_headers
    if record.http_headers is None:
        return None
    try:
        at = datetime.fromisoformat(fields.get_header("WARC-Date"))
    except (TypeError, ValueError):
        return None
    head = record.http_headers.to_bytes(None, "latin-1")
    facts = facts_of(
        fields.get_header("WARC-Target-URI"),
        head,
        record_id=fields.get_header("WARC-Record-ID"),
        at=at,
        payload_digest=fields.get_header("WARC-Payload-Digest") or "",
    )
    return replace(
        facts,
        text_digest=fields.get_header(TEXT_DIGEST_FIELD),
        revisit_of=fields.get_header("WARC-Refers-To"),
        truncated=fields.get_header("WARC-Truncated"),
    )
