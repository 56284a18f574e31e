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
        why = "the writing of captures was stopped"
        try:
            while self._waiting:
                taken, self._waiting = self._waiting[:MAX_TOGETHER], self._waiting[MAX_TOGETHER:]
                results = await loop.run_in_executor(self._thread, self._write, [p for p, _ in taken])
                for (_, done), result in zip(taken, results, strict=True):
                    _tell(done, result)
                taken = []
        except RuntimeError as error:  # the thread takes no more work
            why = str(error)
        finally:
            self._running = None
            left, self._waiting = [*taken, *self._waiting], []
            # Nobody may wait for what nobody will write; only a waiter's own task may cancel it.
            for _, done in left:
                _tell(done, CaptureFailed(why))

    def _write(self, pages: Sequence[Page]) -> list[Written | CaptureFailed]:
        """Write pages one after the other; runs in the writer thread."""
        results: list[Written | CaptureFailed] = []
        for page in pages:
            try:
                results.append(self._writer.write(page))
            except CaptureFailed as error:
                results.append(error)
            except Exception as error:  # noqa: BLE001 - one page's fault is none of those beside it
                self._writer.recheck_later()
                results.append(_failed_by(error))
        return results


def _failed_by(error: Exception) -> CaptureFailed:
    failed = CaptureFailed(f"captures: {type(error).__name__}: {error}")
    failed.__cause__ = error
    return failed


def _tell(done: asyncio.Future[Written], result: Written | CaptureFailed) -> None:
    """Hand a result to its waiter, unless that has been cancelled meanwhile."""
    if done.done():
        return
    if isinstance(result, CaptureFailed):
        done.set_exception(result)
    else:
        done.set_result(result)
