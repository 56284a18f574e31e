"""Time the writing of captures against warcio alone, as a ratio in one run.

    python bench/captures.py [--pages 300] [--rounds 5]

Both write the same responses and requests, gzip a record; ours digests, looks for revisits, lists what
it wrote and stays safe against a kill. Prints one JSON line: pages, kilobytes a page, ours_ms and
warcio_ms (processor time, median of the rounds, taken in turn) and ratio.
"""

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from workers.archive.captures import MemoryCaptureIndex
from workers.archive.local import open_local
from workers.archive.settings import ArchiveSettings
from workers.model import Exchange

WORDS = ("link", "rot", "archive", "capture", "memento", "article", "citation", "page", "web", "reader")
AT_ONCE = 16  # an audit captures many links at the same time
START = datetime(2026, 1, 1, tzinfo=UTC)
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Server", "bench")]


def _pages(count: int, words: int) -> list[Exchange]:
    chance = random.Random(7)  # the same pages in every run
    return [_page(number, " ".join(chance.choices(WORDS, k=words)).encode()) for number in range(count)]


def _page(number: int, body: bytes) -> Exchange:
    head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS)
    return Exchange(
        url=f"http://bench.example/{number}",
        remote_address="203.0.113.7:80",
        started_at=START + timedelta(seconds=number),
        request_head=f"GET /{number} HTTP/1.1\r\nHost: bench.example\r\n\r\n".encode(),
        response_head=f"HTTP/1.1 200 OK\r\n{head}\r\n".encode(),
        body=body,
    )


async def _ours(pages: list[Exchange], folder: Path) -> float:
    async with open_local(folder, MemoryCaptureIndex(), settings=ArchiveSettings()) as local:
        waiting = iter(pages)

        async def take() -> None:
            for page in waiting:
                await local.capture([page])

        started = time.process_time()
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(take())
        return time.process_time() - started


def _warcio(pages: list[Exchange], folder: Path) -> float:
    with (folder / "plain.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True, warc_version="1.1")
        started = time.process_time()
        for page in pages:
            response = writer.create_warc_record(
                page.url,
                "response",
                payload=BytesIO(page.body),
                length=len(page.body),
                http_headers=StatusAndHeaders("200 OK", HEADERS, protocol="HTTP/1.1"),
            )
            request = writer.create_warc_record(
                page.url,
                "request",
                http_headers=StatusAndHeaders(
                    f"GET /{page.url} HTTP/1.1", [("Host", "bench.example")], is_http_request=True
                ),
            )
            writer.write_request_response_pair(request, response)
        return time.process_time() - started


def main() -> None:
    """Take the rounds and print the result."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--pages", type=int, default=300)
    options.add_argument("--words", type=int, default=6000)
    options.add_argument("--rounds", type=int, default=5)
    asked = options.parse_args()
    pages = _pages(asked.pages, asked.words)
    ours, plain = [], []
    for _ in range(asked.rounds):
        with tempfile.TemporaryDirectory() as folder:
            ours.append(asyncio.run(_ours(pages, Path(folder))))
            plain.append(_warcio(pages, Path(folder)))
    told = {
        "pages": asked.pages,
        "kb_a_page": round(statistics.mean(len(page.body) for page in pages) / 1000, 1),
        "ours_ms": round(statistics.median(ours) * 1000),
        "warcio_ms": round(statistics.median(plain) * 1000),
        "ratio": round(statistics.median(a / b for a, b in zip(ours, plain, strict=True)), 2),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
