"""Our own captures as an archive: written into WARC files off the event loop, found through an index."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from workers.archive.captures import CaptureIndex, LocalCapture
from workers.archive.records import Draft, draft
from workers.archive.recovery import RecoveredFile, recover
from workers.archive.settings import LOCAL, ArchiveSettings
from workers.archive.throttle import utc_now
from workers.archive.timestamps import timestamp_14
from workers.archive.warc import WarcWriter
from workers.archive.warc_queue import PageQueue
from workers.model import Exchange, Lookup, LookupState, Memento
from workers.url import lookup_key, without_fragment

MAX_ARCHIVED_HOPS: Final = 10
DIGESTED_AT_ONCE_BYTES: Final = 131_072  # a fraction of a millisecond: less than going to the thread and back


class LocalArchive:
    """The local captures: one writer thread, and the index that lists what was written whole."""

    archive = LOCAL

    def __init__(
        self,
        home: Path,
        index: CaptureIndex,
        *,
        settings: ArchiveSettings,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._index = index
        self._settings = settings
        self._clock = clock
        self._writer = WarcWriter(home, rotate_bytes=settings.rotate_bytes, clock=clock)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="warc")
        self._pages = PageQueue(self._writer, self._thread)

    async def capture(self, exchanges: Sequence[Exchange]) -> Memento | None:
        """Write one page, every hop of it, and return the memento of the address asked first.

        Raises:
            CaptureFailed: it could not be written whole; nothing of it is listed.
        """
        if not exchanges:
            return None
        if sum(len(exchange.body) for exchange in exchanges) <= DIGESTED_AT_ONCE_BYTES:
            drafts = self._drafts(exchanges)
        else:
            drafts = await asyncio.get_running_loop().run_in_executor(self._thread, self._drafts, exchanges)
        page = [(made, await self._seen_before(made)) for made in drafts]
        # Shielded: a cancelled caller must not leave written records that nobody lists.
        captures = await asyncio.shield(self._written(page))
        return self._memento(captures[0], captures[-1])

    async def lookup(self, url: str, *, near: datetime | None) -> Lookup:
        """Return the local captures of `url` nearest to `near` (None: to now), oldest first."""
        asked_at = self._clock()
        original = without_fragment(url)
        at = near or asked_at
        listed = await self._index.list(lookup_key(original))
        nearest = sorted(listed, key=lambda c: abs(c.memento_datetime - at))[: self._settings.max_rows]
        mementos = [await self._followed(capture) for capture in nearest]
        mementos.sort(key=lambda memento: memento.memento_datetime)
        return Lookup(
            archive=self.archive,
            original=original,
            state=LookupState.FOUND if mementos else LookupState.NONE,
            asked_at=asked_at,
            mementos=tuple(mementos),
        )

    async def close(self) -> None:
        """Finish what is being written and close the file."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._writer.close)
        self._thread.shutdown(wait=True)

    def _drafts(self, exchanges: Sequence[Exchange]) -> list[Draft]:
        return [draft(exchange, max_bytes=self._settings.capture_max_bytes) for exchange in exchanges]

    async def _seen_before(self, made: Draft) -> LocalCapture | None:
        if not made.body or made.capture.truncated:
            return None
        return await self._index.latest_by_digest(made.capture.payload_digest)

    async def _written(self, page: list[tuple[Draft, LocalCapture | None]]) -> tuple[LocalCapture, ...]:
        captures = await self._pages.write(page)
        listed = False
        try:
            for capture in captures:
                await self._index.add(capture)
            listed = True
        finally:
            if not listed:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._writer.recheck_later)
        return captures

    async def _followed(self, capture: LocalCapture) -> Memento:
        """Return the memento of a capture; a captured redirect tells of the capture it led to."""
        last, seen = capture, {capture.key}
        for _ in range(MAX_ARCHIVED_HOPS):
            if last.leads_to is None or lookup_key(last.leads_to) in seen:
                break
            seen.add(lookup_key(last.leads_to))
            target = await self._index.nearest(lookup_key(last.leads_to), last.memento_datetime)
            if target is None:
                break
            last = target
        return self._memento(capture, last)

    def _memento(self, first: LocalCapture, last: LocalCapture) -> Memento:
        base = self._settings.public_url.rstrip("/")
        return Memento(
            original=first.original,
            archive=self.archive,
            memento_datetime=first.memento_datetime,
            uri_m=f"{base}/memento/{timestamp_14(first.memento_datetime)}/{first.original}",
            status=last.status or None,
            media_type=last.media_type,
            digest=last.payload_digest,
        )


@asynccontextmanager
async def open_local(
    home: Path,
    index: CaptureIndex,
    *,
    settings: ArchiveSettings,
    clock: Callable[[], datetime] = utc_now,
) -> AsyncIterator[LocalArchive]:
    """Open the local captures in `home`: the files of dead writers are mended and listed first."""
    await list_recovered(home, index)
    local = LocalArchive(home, index, settings=settings, clock=clock)
    try:
        yield local
    finally:
        await local.close()


async def list_recovered(home: Path, index: CaptureIndex) -> int:
    """Mend what dead writers left in `home` and make the index agree; return how many files that were."""
    found = recover(home)
    count = 0
    while (file := await asyncio.to_thread(next, found, None)) is not None:
        await _relist(file, index)
        count += 1
    return count


async def _relist(file: RecoveredFile, index: CaptureIndex) -> None:
    await index.drop_from(file.name, file.whole_bytes)
    for capture in file.captures:
        await index.add(capture)
