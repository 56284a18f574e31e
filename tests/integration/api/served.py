"""The application served from a thread of its own, for clients that are not asyncio."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from service.app import make_app, make_runner
from service.settings import Settings
from service.store.database import Database, open_database
from service.store.schema import migrate


@dataclass
class RecordedJobs:
    """A job queue that only remembers what it was asked."""

    articles: list[int] = field(default_factory=list)
    audits: list[int] = field(default_factory=list)
    errands: list[int] = field(default_factory=list)

    async def enqueue_article(self, article_id: int) -> None:
        self.articles.append(article_id)

    async def enqueue_audit(self, audit_id: int) -> None:
        self.audits.append(audit_id)

    async def enqueue_errand(self, errand_id: int) -> None:
        self.errands.append(errand_id)


async def create_schema(database: Database) -> None:
    """Create the tables of this release."""
    await migrate(database)


@dataclass
class Served:
    """Where the service answers, and a way to run something in its own loop."""

    url: str
    run: Callable[[Callable[[Database], Coroutine[Any, Any, object]]], object]


@contextmanager
def serve(home: Path, *, max_article_bytes: int = 20_000_000) -> Iterator[Served]:
    """Serve the application on a free loopback port until the block ends."""
    loop = asyncio.new_event_loop()
    ready, stop = threading.Event(), asyncio.Event()
    found: list[Served] = []

    async def main() -> None:
        settings = Settings(home=home, max_article_bytes=max_article_bytes)
        async with open_database(f"sqlite:///{home / 'records.sqlite'}") as database:
            await create_schema(database)
            runner = make_runner(make_app(settings, database=database, jobs=RecordedJobs()))
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]

            def run(work: Callable[[Database], Coroutine[Any, Any, object]]) -> object:
                return asyncio.run_coroutine_threadsafe(work(database), loop).result(30)

            found.append(Served(url=f"http://{host}:{port}", run=run))
            ready.set()
            await stop.wait()
            await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(main()))
    thread.start()
    try:
        assert ready.wait(30)
        yield found[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        loop.close()
