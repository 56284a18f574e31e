"""Local captures: whole or not at all, found again, and safe against a kill."""

# ruff: noqa: ASYNC240, S311  small local files, and noise that nobody has to guess

import gzip
import os
import pickle
import random
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.integration.archive.pages import PAGE, exchange
from tests.integration.archive.pywb_peer import assert_passes_warcio_check, needs_peers
from workers.archive.archives import open_archives
from workers.archive.captures import LocalCapture, MemoryCaptureIndex
from workers.archive.local import LocalArchive, list_recovered, open_local
from workers.archive.records import draft
from workers.archive.settings import ArchiveSettings
from workers.archive.throttle import MemoryThrottle
from workers.archive.warc import WarcWriter
from workers.archive.warc_reader import captures_in, read_answer
from workers.errors import CaptureFailed, StoreUnavailable
from workers.model import LookupState
from workers.url import lookup_key

SETTINGS = ArchiveSettings(public_url="https://links.example")
URL = "http://example.org/voyager"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "warc"


@pytest.fixture
async def index() -> MemoryCaptureIndex:
    return MemoryCaptureIndex()


@pytest.fixture
async def local(home: Path, index: MemoryCaptureIndex) -> AsyncIterator[LocalArchive]:
    async with open_local(home, index, settings=SETTINGS) as opened:
        yield opened


def records(home: Path) -> list[tuple[str, dict[str, str], bytes, bytes]]:
    """Return type, WARC fields, HTTP head and body of every record, in the order of the files."""
    found = []
    for path in sorted(home.glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                head = record.http_headers.to_bytes() if record.http_headers else b""
                body = record.raw_stream.read()
                found.append((record.rec_type, dict(record.rec_headers.headers), head, body))
    return found


async def test_a_page_is_written_byte_for_byte(local: LocalArchive, home: Path) -> None:
    await local.capture([exchange()])
    info, response, request = records(home)
    assert [info[0], response[0], request[0]] == ["warcinfo", "response", "request"]
    assert response[1]["WARC-Target-URI"] == URL
    assert response[1]["WARC-Date"] == "2026-11-23T10:00:00.123456Z"
    assert response[1]["WARC-IP-Address"] == "203.0.113.7"
    assert response[2] == exchange().response_head
    assert response[3] == PAGE
    assert request[2] == exchange().request_head
    assert request[1]["WARC-Concurrent-To"] == response[1]["WARC-Record-ID"]


async def test_the_memento_names_the_address_asked_first(local: LocalArchive) -> None:
    moved = exchange(
        "http://example.org/old",
        b"",
        status="301 Moved Permanently",
        headers=(("Location", "/voyager"),),
    )
    memento = await local.capture([moved, exchange(after_s=1)])
    assert memento is not None
    assert memento.original == "http://example.org/old"
    assert (memento.archive, memento.status, memento.media_type) == ("local", 200, "text/html")
    assert memento.uri_m == "https://links.example/memento/20261123100000/http://example.org/old"


async def test_a_captured_redirect_is_found_as_what_it_led_to(local: LocalArchive) -> None:
    moved = exchange("http://example.org/old", b"", status="302 Found", headers=(("Location", "/voyager"),))
    await local.capture([moved, exchange(after_s=1)])
    answer = await local.lookup("https://www.example.org/old/", near=None)
    assert answer.state is LookupState.FOUND
    assert [(m.original, m.status) for m in answer.mementos] == [("http://example.org/old", 200)]


async def test_the_same_payload_is_kept_once(
    local: LocalArchive, home: Path, index: MemoryCaptureIndex
) -> None:
    await local.capture([exchange()])
    await local.capture([exchange("http://mirror.example/copy", after_s=60)])
    (kept,) = await index.list(lookup_key(URL))
    (copy,) = await index.list(lookup_key("http://mirror.example/copy"))
    assert (kept.revisit_of, copy.revisit_of) == (None, kept.record_id)
    revisit = next(record for record in records(home) if record[0] == "revisit")
    assert revisit[1]["WARC-Refers-To-Target-URI"] == URL
    assert revisit[1]["WARC-Refers-To-Date"] == "2026-11-23T10:00:00.123456Z"
    assert revisit[3] == b""


async def test_a_cut_payload_is_never_the_whole_of_another(
    local: LocalArchive, index: MemoryCaptureIndex
) -> None:
    await local.capture([exchange(truncated="disconnect")])
    await local.capture([exchange(after_s=60)])
    first, second = await index.list(lookup_key(URL))
    assert (first.truncated, second.revisit_of) == ("disconnect", None)


async def test_transfer_encoding_is_renamed(local: LocalArchive, home: Path) -> None:
    chunked = exchange(headers=(("transfer-encoding", "chunked"), ("X-Kept", "a:b")), length=False)
    await local.capture([chunked])
    head = records(home)[1][2]
    assert head == b"HTTP/1.1 200 OK\r\nX-Archive-Orig-transfer-encoding: chunked\r\nX-Kept: a:b\r\n\r\n"


async def test_the_text_digest_does_not_see_the_packing(
    local: LocalArchive, index: MemoryCaptureIndex
) -> None:
    packed = (("Content-Encoding", "gzip"),)
    await local.capture([exchange(body=gzip.compress(PAGE, 1), headers=packed)])
    await local.capture([exchange(body=gzip.compress(PAGE, 9, mtime=5), headers=packed, after_s=1)])
    await local.capture([exchange(after_s=2)])
    captures = await index.list(lookup_key(URL))
    assert len({capture.payload_digest for capture in captures}) == 3
    assert len({capture.text_digest for capture in captures}) == 1


async def test_a_body_above_the_bound_is_cut_and_says_so(home: Path, index: MemoryCaptureIndex) -> None:
    bounded = ArchiveSettings(capture_max_bytes=10)
    async with open_local(home, index, settings=bounded) as local:
        await local.capture([exchange()])
    (capture,) = await index.list(lookup_key(URL))
    assert capture.truncated == "length"
    response = records(home)[1]
    assert response[1]["WARC-Truncated"] == "length"
    assert response[3] == PAGE[:10]
    assert b"X-Archive-Orig-Content-Length: " in response[2]


async def test_files_are_rotated(home: Path, index: MemoryCaptureIndex) -> None:
    async with open_local(home, index, settings=ArchiveSettings(rotate_bytes=2000)) as local:
        for number in range(10):
            await local.capture([exchange(body=PAGE + bytes([number]), after_s=number)])
    files = sorted(home.glob("*.warc.gz"))
    assert len(files) > 2
    assert all(path.stat().st_size < 4000 for path in files)
    assert list(home.glob("*.open")) == []
    assert sum(len(list(captures_in(path))) for path in files) == 10


async def test_each_writer_has_its_own_file(home: Path, index: MemoryCaptureIndex) -> None:
    async with (
        open_local(home, index, settings=SETTINGS) as one,
        open_local(home, index, settings=SETTINGS) as two,
    ):
        await one.capture([exchange()])
        await two.capture([exchange("http://example.org/b", b"b")])
        assert await list_recovered(home, MemoryCaptureIndex()) == 0
    assert len(list(home.glob("*.warc.gz"))) == 2


async def test_what_is_listed_is_read_back(
    local: LocalArchive, home: Path, index: MemoryCaptureIndex
) -> None:
    await local.capture([exchange()])
    (capture,) = await index.list(lookup_key(URL))
    answer = read_answer(home, capture, max_bytes=1000)
    assert answer is not None
    assert (answer.status, answer.reason, answer.body) == (200, "OK", PAGE)
    assert read_answer(home, replace(capture, offset=capture.offset + 1), max_bytes=1000) is None
    assert read_answer(home, replace(capture, file="gone.warc.gz"), max_bytes=1000) is None


async def test_the_file_says_what_the_index_says(
    local: LocalArchive, home: Path, index: MemoryCaptureIndex
) -> None:
    moved = exchange("http://example.org/old", b"", status="302 Found", headers=(("Location", "/voyager"),))
    await local.capture([moved, exchange(after_s=1)])
    await local.capture([exchange(after_s=2)])
    (path,) = home.glob("*.warc.gz")
    listed = [*await index.list(lookup_key(URL)), *await index.list(lookup_key("http://example.org/old"))]
    assert sorted(captures_in(path), key=lambda c: c.offset) == sorted(listed, key=lambda c: c.offset)


async def test_a_torn_tail_is_cut_and_the_rest_is_listed(home: Path) -> None:
    writer = WarcWriter(home, rotate_bytes=10**9)
    written = [*_write(writer, 0), *_write(writer, 1)]
    (path,) = home.glob("*.warc.gz")
    writer.recheck_later()
    writer.close()
    os.truncate(path, path.stat().st_size - 400)
    index = MemoryCaptureIndex()
    for capture in written:
        await index.add(capture)
    assert await list_recovered(home, index) == 1
    listed = await index.list(lookup_key(URL))
    assert [capture.record_id for capture in listed] == [capture.record_id for capture in captures_in(path)]
    assert all(read_answer(home, capture, max_bytes=100) for capture in listed)
    assert list(home.glob("*.open")) == []


@needs_peers
async def test_fifty_kills_leave_nothing_listed_that_cannot_be_read(home: Path) -> None:
    home.mkdir()
    index = MemoryCaptureIndex()
    random.seed(2026)
    reported = 0
    for _ in range(50):
        for capture in _written_until_killed(home):
            await index.add(capture)
            reported += 1
    assert await list_recovered(home, index) == 50
    files = sorted(home.glob("*.warc.gz"))
    in_files = {capture.record_id for path in files for capture in captures_in(path)}
    listed = await index.list(lookup_key(URL))
    assert {capture.record_id for capture in listed} == in_files
    assert len(in_files) >= reported > 50
    assert all(read_answer(home, capture, max_bytes=100) for capture in listed)
    await assert_passes_warcio_check(files)


async def test_a_full_disk_is_told_and_nothing_of_the_page_is_there(home: Path) -> None:
    child = _fork(lambda report: _fill_the_disk(home, report))
    told, kept = _read_all(child)
    assert "File too large" in str(told)
    index = MemoryCaptureIndex()
    await list_recovered(home, index)
    assert [c.record_id for c in await index.list(lookup_key(URL))] == kept


async def test_nothing_to_capture_is_no_memento(local: LocalArchive, home: Path) -> None:
    assert await local.capture([]) is None
    assert not home.exists()


async def test_local_captures_come_nearest_first_within_the_bound(
    home: Path, index: MemoryCaptureIndex
) -> None:
    async with open_local(home, index, settings=ArchiveSettings(max_rows=2)) as local:
        for hour in range(5):
            await local.capture([exchange(after_s=hour * 3600)])
        answer = await local.lookup(URL, near=datetime(2026, 11, 23, 12, 10, tzinfo=UTC))
    assert [memento.memento_datetime.hour for memento in answer.mementos] == [12, 13]


def _write(writer: WarcWriter, number: int) -> tuple[LocalCapture, ...]:
    page = exchange(body=random.randbytes(3000), after_s=number)
    return writer.write([(draft(page, max_bytes=10**6), None)])


def _fill_the_disk(home: Path, report: int) -> None:
    import resource  # noqa: PLC0415  only the child sets the limit

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
    writer, kept = WarcWriter(home, rotate_bytes=10**9), []
    try:
        for number in range(10):
            kept += [capture.record_id for capture in _write(writer, number)]
    except CaptureFailed as error:
        os.write(report, pickle.dumps((str(error), kept)))


def _written_until_killed(home: Path) -> list[LocalCapture]:
    """Let a child write captures, kill it at some moment, and return those it had said were written."""

    def write_for_ever(report: int) -> None:
        writer, number = WarcWriter(home, rotate_bytes=10**9), 0
        while True:
            message = pickle.dumps(_write(writer, number))
            os.write(report, len(message).to_bytes(4, "big") + message)
            number += 1

    pid, pipe = _fork(write_for_ever)
    said = b""
    wanted = random.randrange(1, 9000)
    while len(said) < wanted:
        said += os.read(pipe, 4096)
    os.kill(pid, signal.SIGKILL)
    while more := os.read(pipe, 65536):
        said += more
    os.close(pipe)
    os.waitpid(pid, 0)
    captures: list[LocalCapture] = []
    while len(said) >= 4 and len(said) >= (end := 4 + int.from_bytes(said[:4], "big")):
        captures += pickle.loads(said[4:end])  # noqa: S301  our own child wrote it
        said = said[end:]
    return captures


def _fork(work: "object") -> tuple[int, int]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        random.seed(os.getpid())
        try:
            work(writing)  # type: ignore[operator]
        finally:
            os._exit(0)
    os.close(writing)
    return pid, reading


def _read_all(child: tuple[int, int]) -> tuple[str, list[str]]:
    pid, pipe = child
    with os.fdopen(pipe, "rb") as report:
        told: tuple[str, list[str]] = pickle.loads(report.read())  # noqa: S301  our own child wrote it
    os.waitpid(pid, 0)
    return told


async def test_an_index_that_cannot_be_asked_is_unknown(home: Path) -> None:
    class Broken(MemoryCaptureIndex):
        async def list(self, key: str) -> tuple[LocalCapture, ...]:
            raise StoreUnavailable("the database does not answer")

    settings = ArchiveSettings(names=(), warc_home=home)
    async with open_archives(settings, throttle=MemoryThrottle(), index=Broken()) as archives:
        (answer,) = await archives.lookup(URL, near=None)
    assert (answer.archive, answer.state) == ("local", LookupState.UNKNOWN)
    assert answer.reason == "the database does not answer"
