"""Where WACZ files are built and kept while they are sent: a bounded number, in threads of their own."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from service.api.slots import Slots
from workers.archive.captures import LocalCapture
from workers.archive.wacz import WaczFacts, write_wacz

PACKAGES = 4
THREADS = 2


class PackageRoom:
    """The threads that build WACZ files, and slots for those that are built or sent."""

    def __init__(self, *, packages: int = PACKAGES) -> None:
        self.slots = Slots(packages, what="packages")
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="package")
        self._clearing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def package(
        self, name: str, captures: Iterable[LocalCapture], *, home: Path, facts: WaczFacts
    ) -> AsyncIterator[Path]:
        """Give a built WACZ file; it is removed after the block, or after its writing where that was left.

        Raises:
            RequestProblem: 503, too many are built or sent already.
            OSError: it could not be written.
        """
        self.slots.take()
        folder = tempfile.TemporaryDirectory(prefix="linkwright-wacz-")
        out = Path(folder.name) / name
        loop = asyncio.get_running_loop()
        written = loop.run_in_executor(self._pool, lambda: write_wacz(out, captures, home=home, facts=facts))
        try:
            # A thread cannot be stopped: who leaves must not take the folder from under it.
            await asyncio.shield(written)
            yield out
        finally:
            clearing = asyncio.create_task(self._clear(written, folder))
            self._clearing.add(clearing)
            clearing.add_done_callback(self._clearing.discard)

    async def length_bytes(self, path: Path) -> int:
        """Return how long a file is."""
        return (await asyncio.get_running_loop().run_in_executor(self._pool, path.stat)).st_size

    async def read(self, path: Path, *, chunk_bytes: int) -> AsyncIterator[bytes]:
        """Yield a file piece by piece."""
        loop = asyncio.get_running_loop()
        with path.open("rb") as file:
            while chunk := await loop.run_in_executor(self._pool, file.read, chunk_bytes):
                yield chunk

    async def close(self) -> None:
        """End the threads once what they write is written, and removed."""
        await asyncio.gather(*self._clearing)
        await asyncio.to_thread(self._pool.shutdown)

    async def _clear(self, written: asyncio.Future[int], folder: tempfile.TemporaryDirectory[str]) -> None:
        """Remove a package and free its slot, when nothing writes into it any more."""
        try:
            await asyncio.wait([written])
            await asyncio.get_running_loop().run_in_executor(self._pool, folder.cleanup)
        finally:
            self.slots.give_back()


PACKAGE_ROOM = web.AppKey("package_room", PackageRoom)
