"""Pages on their way to the writer thread: what waits goes over together.

The way to a thread and back costs as much as writing a small page, so pages that come while the thread
is at work are handed over in one go when it is free.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from workers.archive.captures import LocalCapture
from workers.archive.records import Draft
from workers.archive.warc import WarcWriter
from workers.errors import CaptureFailed

Page = Sequence[tuple[Draft, LocalCapture | None]]
Written = tuple[LocalCapture, ...]
MAX_TOGETHER = 64


class PageQueue:
    """The pages of one event loop that wait for the writer; each is written whole or fails by itself."""

    def __init__(self, writer: WarcWriter, thread: ThreadPoolExecutor) -> None:
        self._writer = writer
        self._thread = thread
        self._waiting: list[tuple[Page, asyncio.Future[Written]]] = []
        self._running: asyncio.Task[None] | None = None

    async def write(self, page: Page) -> Written:
        """Write one page and return its captures.

        Raises:
            CaptureFailed: it could not be written whole.
        """
        done: asyncio.Future[Written] = asyncio.get_running_loop().create_future()
        self._waiting.append((page, done))
        if self._running is None:
            self._running = asyncio.create_task(self._drain())
        return await done

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        taken: list[tuple[Page, asyncio.Future[Written]]] = []
        try:
            while self._waiting:
                taken, self._waiting = self._waiting[:MAX_TOGETHER], self._waiting[MAX_TOGETHER:]
                results = await loop.run_in_executor(self._thread, self._write, [p for p, _ in taken])
                for (_, done), result in zip(taken, results, strict=True):
                    if isinstance(result, CaptureFailed):
                        done.set_exception(result)
                    else:
                        done.set_result(result)
                taken = []
        finally:
            self._running = None
            # Only where the loop ends meanwhile: nobody may wait for what nobody will write.
            for _, done in (*taken, *self._waiting):
                done.cancel()

    def _write(self, pages: Sequence[Page]) -> list[Written | CaptureFailed]:
        """Write pages one after the other; runs in the writer thread."""
        results: list[Written | CaptureFailed] = []
        for page in pages:
            try:
                results.append(self._writer.write(page))
            except CaptureFailed as error:
                results.append(error)
        return results
