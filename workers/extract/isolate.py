"""Reading documents so that no document can hang, exhaust or crash the run.

Formats whose parsers are native code or unpack data (PDF and the ZIP formats), and large documents of any
format, are read in a child process with a deadline and a memory limit; the others in this process, since
their readers are linear and bounded. A child is started when first needed and kept, so that its start-up
is paid once a run.
"""

import codecs
import json
import os
import queue
import struct
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from workers.errors import UnreadableDocument
from workers.extract.detect import detect_format
from workers.extract.document_json import document_from_json
from workers.extract.find import find_links
from workers.extract.source import LONE_SURROGATE, Source
from workers.model import Document, Format

ISOLATED = frozenset({Format.PDF, Format.DOCX, Format.ODT, Format.EPUB})
LARGE = 4 * 1024 * 1024  # bytes or code points: above, a text of nothing but addresses takes gigabytes
ZIP_MAGIC = b"PK\x03\x04"
FILES_PER_CHILD = 500  # native parsers keep memory; a fresh child now and then keeps the run flat
MAX_ANSWER_BYTES = 256 * 1024 * 1024
FRAME = struct.Struct(">II")  # bytes of JSON, bytes of document
PASSED_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT")  # no keys, no settings
MODULE_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    """What one isolated document may use: wall time in seconds, address space and input in bytes."""

    timeout_s: float = 30.0
    memory_bytes: int = 1024 * 1024 * 1024
    max_document_bytes: int = 128 * 1024 * 1024


class _Child:
    """One child process; used by one thread at a time."""

    def __init__(self, limits: ReadLimits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0
        self._overdue = False

    def read(self, source: Source, format: Format | None) -> Document:  # noqa: A002 - the contract's word
        """Return the document, read in the child.

        Raises:
            UnreadableDocument: it cannot be read, or not within the limits.
        """
        process = self._running()
        self._overdue = False
        timer = threading.Timer(self._limits.timeout_s, self._kill_overdue, (process,))
        timer.daemon = True
        timer.start()
        try:
            answer = _exchange(process, source, format)
        finally:
            timer.cancel()
            timer.join()
        if answer is None:
            raise UnreadableDocument(source.name, self._reason_of_end())
        if "error" in answer:
            raise UnreadableDocument(source.name, str(answer["error"]))
        return document_from_json(answer)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process and (self._process.poll() is not None or self._files >= FILES_PER_CHILD):
            self.close()
        if self._process is None:
            self._process, self._files = _start(self._limits), 0
        self._files += 1
        return self._process

    def _kill_overdue(self, process: subprocess.Popen[bytes]) -> None:
        self._overdue = True
        process.kill()

    def _reason_of_end(self) -> str:
        self.close()
        if self._overdue:
            return f"took longer than {self._limits.timeout_s:g} s to read"
        megabytes = self._limits.memory_bytes // (1024 * 1024)
        return f"cannot be read: its reader ended (damaged, or needs more than {megabytes} MB)"

    def close(self) -> None:
        """End the child, if one runs, and wait for it."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            try:
                if pipe:
                    pipe.close()
            except BrokenPipeError:  # what was still to be written to a dead child
                pass
        process.wait()


class IsolatedReader:
    """Finds the links of documents of any format, the risky ones apart; threads may share one.

    `children` is the most that run at once; a thread that finds all busy waits.
    """

    def __init__(self, *, limits: ReadLimits | None = None, children: int = 1) -> None:
        self._limits = limits or ReadLimits()
        self._children = [_Child(self._limits) for _ in range(children)]
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()
        for child in self._children:
            self._idle.put(child)

    def find_links(self, source: Source, *, format: Format | None = None) -> Document:  # noqa: A002
        """Return what `source` cites and says of itself, as `workers.extract.find.find_links` does.

        Raises:
            UnreadableDocument: it cannot be read as that format, or not within the limits.
        """
        if not _is_risky(source, format):
            return find_links(source, format=format)
        source = _as_bytes(source)
        if len(source.data) > self._limits.max_document_bytes:
            megabytes = self._limits.max_document_bytes // (1024 * 1024)
            raise UnreadableDocument(source.name, f"is larger than {megabytes} MB, the most that is read")
        child = self._idle.get()
        try:
            return child.read(source, format)
        finally:
            self._idle.put(child)

    def close(self) -> None:
        """End all children; the reader can still be used and starts new ones."""
        for child in self._children:
            child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def _is_risky(source: Source, format: Format | None) -> bool:  # noqa: A002
    if len(source.data if source.text is None else source.text) > LARGE:
        return True
    if source.text is not None:
        return format in ISOLATED  # no text can be one: the reader says so
    # Even to list a ZIP container's members can take long, so that its detection happens in the child.
    return source.data.startswith(ZIP_MAGIC) or (format or detect_format(source)) in ISOLATED


def _as_bytes(source: Source) -> Source:
    """Return `source` with its text, where that is what was given, as the bytes that read the same."""
    if source.text is None:
        return source
    text = LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", source.text)
    # A mark in front keeps one that the text itself begins with.
    return replace(source, data=codecs.BOM_UTF8 + text.encode("utf-8"), charset=None, text=None)


def _start(limits: ReadLimits) -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in PASSED_ENVIRONMENT if name in os.environ}
    environment["PYTHONPATH"] = str(MODULE_ROOT)
    command = [sys.executable, "-B", "-P", "-m", "workers.extract.isolated_child", json.dumps(asdict(limits))]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        process_group=0,  # Ctrl-C is for the parent to hear
    )


def _exchange(
    process: subprocess.Popen[bytes],
    source: Source,
    format: Format | None,  # noqa: A002
) -> dict[str, Any] | None:
    """Send one document and return the answer, None where the child ended without one."""
    if process.stdin is None or process.stdout is None:
        return None
    head = {
        "name": source.name,
        "media_type": source.media_type,
        "charset": source.charset,
        "base": source.base,
        "format": format,
    }
    written = json.dumps(head).encode()
    try:
        process.stdin.write(FRAME.pack(len(written), len(source.data)) + written)
        process.stdin.write(source.data)
        process.stdin.flush()
    except (BrokenPipeError, ValueError):
        return None
    size = process.stdout.read(FRAME.size)
    if len(size) < FRAME.size:
        return None
    answer_bytes = min(FRAME.unpack(size)[0], MAX_ANSWER_BYTES)
    answer = process.stdout.read(answer_bytes)
    return json.loads(answer) if len(answer) == answer_bytes else None
