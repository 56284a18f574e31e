"""Reading a submitted article at once, beside the event loop, so that what cannot be read is refused."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from aiohttp import web

from service.api.problem import Flaw, RequestProblem
from workers.errors import UnreadableDocument
from workers.extract.isolate import ISOLATED, IsolatedReader
from workers.extract.source import Source
from workers.ledger import Reading
from workers.model import Document, Format
from workers.reading import plan_reading

Done = TypeVar("Done")
THREADS = 2
# Readers of text are linear, those of risky formats have a deadline of their own (`ReadLimits`).
WAIT_FOR_SLOT_S = 20.0


class ReadingRoom:
    """The threads in which articles are read, as many slots, and the children for risky formats."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="reading")
        self._slots = asyncio.Semaphore(THREADS)
        self._reader = IsolatedReader(children=THREADS)

    async def read(self, source: Source, *, format: Format | None, headline: str | None) -> Reading:  # noqa: A002
        """Return `source` as read; a `headline` given with it wins over the one found.

        Raises:
            UnreadableDocument: it cannot be read.
            TimeoutError: all slots stayed taken.
        """

        def work(reader: IsolatedReader) -> Reading:
            document = reader.find_links(source, format=format)
            _refuse_disguise(source, document)
            return plan_reading(replace(document, headline=headline or document.headline))

        return await self.do(work)

    async def do(self, work: Callable[[IsolatedReader], Done]) -> Done:
        """Return what `work` makes in a thread of its own, given the reader of risky formats.

        Raises:
            TimeoutError: all slots stayed taken.
        """
        async with asyncio.timeout(WAIT_FOR_SLOT_S):
            await self._slots.acquire()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._pool, work, self._reader)
        finally:
            self._slots.release()

    def close(self) -> None:
        """End threads and children; what is being read is finished first."""
        self._pool.shutdown()
        self._reader.close()


def _refuse_disguise(source: Source, document: Document) -> None:
    """Refuse a body that says it is text and is a PDF or a ZIP container."""
    if (source.media_type or "").startswith("text/") and document.format in ISOLATED:
        raise UnreadableDocument(
            source.name, f"is {document.format}, and its media type says {source.media_type}"
        )


READING_ROOM = web.AppKey("reading_room", ReadingRoom)


async def read_submission(
    app: web.Application,
    source: Source,
    *,
    format: Format | None,  # noqa: A002 - the contract's word
    headline: str | None,
    pointer: str,
) -> Reading:
    """Return a submitted article as read.

    Raises:
        RequestProblem: 422 where it cannot be read, with `pointer` to the content; 503 where all slots
            stay taken.
    """
    try:
        return await app[READING_ROOM].read(source, format=format, headline=headline)
    except UnreadableDocument as error:
        flaw = Flaw(detail=f"It {error.reason}.", pointer=pointer)
        raise RequestProblem(422, "unreadable-article", detail=f"{error}.", errors=[flaw]) from None
    except TimeoutError:
        raise busy() from None


def busy() -> RequestProblem:
    """Return the problem that all slots for reading stayed taken."""
    detail = "Too many articles are being read; try again."
    return RequestProblem(503, "busy", detail=detail, headers={"Retry-After": "10"})
