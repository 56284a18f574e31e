"""WACZ files (1.1.1): captures of an article in one file, for other tools and other machines.

Records are copied as they stand, compressed member by member, so that digests and bytes are the same.
Source: specs.webrecorder.net/wacz/1.1.1.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from workers.archive.captures import CaptureIndex, LocalCapture
from workers.archive.cdxj import cdxj_line, sorted_lines
from workers.archive.warc import warcinfo_record
from workers.archive.warc_reader import spans_of
from workers.url import lookup_key

WACZ_VERSION: Final = "1.1.1"
DATA_FILE: Final = "data.warc.gz"
MAX_HOPS: Final = 10
HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "application/pdf"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WaczFacts:
    """What a WACZ file says of itself."""

    title: str
    created: datetime
    software: str = "linkwright"


async def gather(captures: Sequence[LocalCapture], index: CaptureIndex) -> list[LocalCapture]:
    """Return the captures with all that replay needs: archived redirects, and what revisits stand for."""
    wanted: dict[str, LocalCapture] = {}
    waiting = [(capture, 0) for capture in captures]
    while waiting:
        capture, hops = waiting.pop()
        if capture.record_id in wanted:
            continue
        wanted[capture.record_id] = capture
        if capture.revisit_of is not None and (whole := await index.by_id(capture.revisit_of)) is not None:
            waiting.append((whole, MAX_HOPS))
        if capture.leads_to is not None and hops < MAX_HOPS:
            target = await index.nearest(lookup_key(capture.leads_to), capture.memento_datetime)
            if target is not None:
                waiting.append((target, hops + 1))
    return sorted(wanted.values(), key=lambda capture: (capture.memento_datetime, capture.record_id))


def write_wacz(out: Path, captures: Iterable[LocalCapture], *, home: Path, facts: WaczFacts) -> int:
    """Write captures of the WARC files in `home` into one WACZ file; return how many it holds.

    A capture whose file does not hold it any more is left out. The file appears whole or not at all.

    Raises:
        OSError: it could not be written.
    """
    part = out.with_name(out.name + ".part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as package:
            kept = _write_package(package, captures, home, facts)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return kept


def _write_package(
    package: zipfile.ZipFile, captures: Iterable[LocalCapture], home: Path, facts: WaczFacts
) -> int:
    resources = []
    with package.open(f"archive/{DATA_FILE}", "w", force_zip64=True) as data:
        sink = _Counted(data)
        sink.write(warcinfo_record(DATA_FILE))
        copied = [placed for capture in captures if (placed := _copy(capture, home, sink)) is not None]
    resources.append(sink.resource(f"archive/{DATA_FILE}"))
    index = sorted_lines(cdxj_line(capture) for capture in copied)
    resources.append(_add(package, "indexes/index.cdx", index))
    resources.append(_add(package, "pages/pages.jsonl", _pages(copied)))
    described = {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        "title": facts.title,
        "created": facts.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "software": facts.software,
        "resources": resources,
    }
    package_bytes = json.dumps(described, indent=2, ensure_ascii=False).encode()
    digest = _add(package, "datapackage.json", package_bytes)["hash"]
    _add(
        package, "datapackage-digest.json", json.dumps({"path": "datapackage.json", "hash": digest}).encode()
    )
    return len(copied)


class _Counted:
    """A stream into the package that counts and digests what goes through it."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    def write(self, content: bytes) -> None:
        self._out.write(content)
        self._digest.update(content)
        self.size_bytes += len(content)

    def resource(self, path: str) -> dict[str, object]:
        return _resource(path, f"sha256:{self._digest.hexdigest()}", self.size_bytes)


def _copy(capture: LocalCapture, home: Path, sink: _Counted) -> LocalCapture | None:
    """Copy a capture's response and request; return it at its new place, None where it is not there."""
    spans = spans_of(home, capture)
    if not spans:
        return None
    placed = replace(capture, file=DATA_FILE, offset=sink.size_bytes)
    with (home / capture.file).open("rb") as source:
        for offset, length in spans:
            source.seek(offset)
            sink.write(source.read(length))
    return placed


def _pages(captures: Sequence[LocalCapture]) -> bytes:
    lines: list[dict[str, object]] = [{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}]
    lines += [
        {
            "id": capture.record_id.strip("<>").removeprefix("urn:uuid:"),
            "url": capture.original,
            "ts": capture.memento_datetime.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        for capture in captures
        if capture.leads_to is None and capture.media_type in HTML_TYPES
    ]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def _add(package: zipfile.ZipFile, path: str, content: bytes) -> dict[str, object]:
    package.writestr(path, content)
    return _resource(path, f"sha256:{hashlib.sha256(content).hexdigest()}", len(content))


def _resource(path: str, digest: str, size_bytes: int) -> dict[str, object]:
    return {"name": path.rpartition("/")[2], "path": path, "hash": digest, "bytes": size_bytes}
