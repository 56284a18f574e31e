"""Time the TimeGate and the TimeMaps over many captures of one address.

    python bench/timegate.py [--captures 10000] [--requests 1000] [--database sqlite:///FILE]

Half of the captures are local, half an archive's. The application is served on loopback by a process of
its own; one client asks one request after the other, at times spread evenly. Prints one JSON line:
TimeGate p50, p95 and p99 in milliseconds, and for the whole TimeMap its time, its size, its mementos and
the time to its first byte.
"""

import argparse
import asyncio
import json
import multiprocessing
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from sqlalchemy import insert

from service.app import make_app, make_runner
from service.settings import Settings
from service.store.database import open_database
from service.store.schema import migrate
from service.store.tables import CAPTURE, MEMENTO, key_hash, text_hash
from workers.archive.timestamps import http_date
from workers.model import Quality
from workers.url import lookup_key

URL = "http://bench.example/story?id=7"
START = datetime(2005, 1, 1, tzinfo=UTC)
GAP = timedelta(hours=17, seconds=13)


def _local(number: int) -> dict[str, Any]:
    return {
        "record_id": f"<urn:uuid:{number}>",
        "key_hash": key_hash(URL),
        "key": lookup_key(URL),
        "original": URL,
        "memento_datetime": START + number * GAP,
        "status": 200,
        "media_type": "text/html",
        "file": "bench.warc.gz",
        "offset": number,
        "length": 1,
        "payload_digest": f"sha1:{number}",
    }


def _memento(number: int) -> dict[str, Any]:
    uri_m = f"https://web.archive.org/web/{START + number * GAP:%Y%m%d%H%M%S}/{URL}"
    return {
        "uri_hash": text_hash(uri_m),
        "key_hash": key_hash(URL),
        "original": URL,
        "archive": "wayback",
        "memento_datetime": START + number * GAP,
        "uri_m": uri_m,
        "status": 200,
        "quality": Quality.UNVERIFIED,
        "seen_at": START,
    }


async def _serve(database_url: str, captures: int, told: Connection) -> None:
    async with open_database(database_url) as database:
        await migrate(database)
        async with database.write() as connection:
            await connection.execute(insert(CAPTURE), [_local(n) for n in range(0, captures, 2)])
            await connection.execute(insert(MEMENTO), [_memento(n) for n in range(1, captures, 2)])
        settings = Settings(home=Path(tempfile.gettempdir()))
        runner = make_runner(make_app(settings, database=database, jobs=None))  # type: ignore[arg-type]
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        told.send(runner.addresses[0][1])
        await asyncio.to_thread(told.recv)
        await runner.cleanup()


def _server(database_url: str, captures: int, told: Connection) -> None:
    asyncio.run(_serve(database_url, captures, told))


async def _ask(base: str, captures: int, requests: int) -> dict[str, object]:
    took_ms = []
    async with aiohttp.ClientSession() as session:
        for number in range(requests + 20):
            at = START + captures * GAP * ((number * 7919 % requests) / requests)
            started = time.perf_counter()
            headers = {"Accept-Datetime": http_date(at)}
            async with session.get(f"{base}/timegate/{URL}", headers=headers, allow_redirects=False) as found:
                found.raise_for_status()
            took_ms.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        async with session.get(f"{base}/timemap/link/{URL}") as answer:
            await answer.content.readany()
            first_ms = (time.perf_counter() - started) * 1000
            rest = await answer.read()
        whole_ms = (time.perf_counter() - started) * 1000
        async with session.get(f"{base}/timemap/json/{URL}") as answer:
            mementos = len((await answer.json())["mementos"]["list"])
    cuts = statistics.quantiles(took_ms[20:], n=100)
    return {
        "captures": captures,
        "requests": requests,
        "timegate_p50_ms": round(cuts[49], 2),
        "timegate_p95_ms": round(cuts[94], 2),
        "timegate_p99_ms": round(cuts[98], 2),
        "timemap_ms": round(whole_ms),
        "timemap_first_ms": round(first_ms),
        "timemap_kb": round(len(rest) / 1000),
        "mementos": mementos,
    }


def main() -> None:
    """Serve, ask and print the result."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--captures", type=int, default=10_000)
    options.add_argument("--requests", type=int, default=1_000)
    options.add_argument("--database", help="an empty database; left out, a SQLite file")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{folder}/records.sqlite"
        here, there = multiprocessing.Pipe()
        server = multiprocessing.get_context("spawn").Process(
            target=_server, args=(url, asked.captures, there)
        )
        server.start()
        try:
            found = asyncio.run(_ask(f"http://127.0.0.1:{here.recv()}", asked.captures, asked.requests))
        finally:
            here.send("end")
            server.join(30)
    print(json.dumps({"database": url.partition(":")[0], **found}))


if __name__ == "__main__":
    main()
