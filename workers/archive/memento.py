"""Look-ups in Memento archives by TimeMap and TimeGate (RFC 7089), through the guarded fetcher.

The table of archives follows the list that MemGator publishes (github.com/oduwsdl/MemGator,
docs/archives.json); every base address is a setting, and an empty one switches its archive off.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from workers.archive.faults import ArchiveFault
from workers.archive.link_format import Link, original_in, read_links, time_in
from workers.archive.settings import ArchiveSettings
from workers.archive.throttle import UNTOLD_PAUSE_S, Gate, utc_now
from workers.archive.timestamps import from_http_date, http_date
from workers.errors import InvalidSetting
from workers.fetch.retry_after import retry_after_s
from workers.model import Failure, Lookup, LookupState, Memento, Observation
from workers.protocols import Fetcher, FetchRequest
from workers.url import is_fetchable, without_fragment

MAX_TIMEMAP_BYTES: Final = 4_000_000
MAX_PAGES: Final = 5
OK, NOT_FOUND, THROTTLED, SERVER_ERROR = 200, 404, 429, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MementoSite:
    """Where a Memento archive stands: TimeMap and TimeGate are `base` and path before the original."""

    base: str
    timemap: str = "/timemap/link/"
    timegate: str = "/"


SITES: Final = {
    "arquivo": MementoSite(base="https://arquivo.pt/wayback"),
    "archive-it": MementoSite(base="https://wayback.archive-it.org/all"),
    "perma": MementoSite(base="https://perma.cc", timegate="/timegate/"),
    "ukwa": MementoSite(base="https://www.webarchive.org.uk/wayback/archive"),
    "vefsafn": MementoSite(base="https://wayback.vefsafn.is/wayback"),
}


def site_of(name: str, settings: ArchiveSettings) -> MementoSite | None:
    """Return where the archive of that name stands, None where its base is set to nothing.

    A name outside the table needs a base in `settings.providers`; its TimeMap and TimeGate are then
    looked for where pywb has them.

    Raises:
        InvalidSetting: no archive has that name.
    """
    known = SITES.get(name)
    base = settings.providers.get(name, known.base if known else None)
    if base is None:
        names = ", ".join(("wayback", *SITES))
        raise InvalidSetting(f"archives: no archive is called {name!r}; there are {names}")
    return replace(known or MementoSite(base=base), base=base) if base else None


class MementoArchive:
    """One Memento archive as an archive to look captures up in."""

    def __init__(
        self,
        archive: str,
        site: MementoSite,
        *,
        fetcher: Fetcher,
        gate: Gate,
        settings: ArchiveSettings,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.archive = archive
        self._timemap = site.base.rstrip("/") + site.timemap
        self._timegate = site.base.rstrip("/") + site.timegate
        self._fetcher = fetcher
        self._gate = gate
        self._settings = settings
        self._clock = clock

    async def lookup(self, url: str, *, near: datetime | None) -> Lookup:
        """Return the captures of `url` nearest to `near` (None: to now), oldest first; never raises."""
        asked_at = self._clock()
        original = without_fragment(url)
        at = near or asked_at
        try:
            async with asyncio.timeout(self._settings.deadline_s):
                found = await self._captures(original, at)
        except ArchiveFault as fault:
            return self._answer(original, asked_at, LookupState.UNKNOWN, reason=fault.reason)
        except TimeoutError:
            late = f"no answer within {self._settings.deadline_s:g} s"
            return self._answer(original, asked_at, LookupState.UNKNOWN, reason=late)
        nearest = sorted(found, key=lambda memento: abs(memento.memento_datetime - at))
        kept = sorted(nearest[: self._settings.max_rows], key=lambda memento: memento.memento_datetime)
        state = LookupState.FOUND if kept else LookupState.NONE
        return self._answer(original, asked_at, state, mementos=tuple(kept))

    async def _captures(self, original: str, at: datetime) -> list[Memento]:
        """Return what the TimeMap lists; where it has none, or not all fits, the TimeGate is asked too.

        Archives answer 404 for a TimeMap without mementos and for one they cannot make. Only two of two
        that know nothing are read as none.
        """
        found, is_whole = await self._by_timemap(original, at)
        if found and is_whole:
            return found
        try:
            nearest = await self._by_timegate(original, at)
        except ArchiveFault:
            if not found:
                raise
            return found
        known = {memento.uri_m for memento in found}
        return found + [memento for memento in nearest if memento.uri_m not in known]

    async def _by_timemap(self, original: str, at: datetime) -> tuple[list[Memento], bool]:
        """Return the mementos of the TimeMap's pages, and whether that is all of them."""
        found: dict[str, Memento] = {}
        pages, seen, is_whole = [self._timemap + original], set[str](), True
        while pages and len(seen) < MAX_PAGES:
            page = pages.pop(0)
            seen.add(page)
            try:
                links, page_is_whole = await self._page(page)
            except ArchiveFault:
                if not found:
                    raise
                return list(found.values()), False
            is_whole = is_whole and page_is_whole
            found |= {
                link.url: self._memento(link.url, link.at, original)
                for link in links
                if link.is_memento and link.at
            }
            more = [link for link in links if "timemap" in link.rel and link.url not in seen]
            pages += [link.url for link in _nearest_pages(more, at) if link.url not in pages]
        return list(found.values()), is_whole and not pages

    async def _page(self, page: str) -> tuple[list[Link], bool]:
        """Return the mementos and further pages of one page of a TimeMap, and whether it came whole."""
        answer = await self._ask(page, max_bytes=MAX_TIMEMAP_BYTES)
        if answer.status == NOT_FOUND:
            return [], False
        if answer.status != OK:
            raise ArchiveFault(f"status {answer.status}", counts=False)
        links = list(read_links(answer.body.decode("utf-8", errors="replace"), base=page))
        # A TimeMap names its original; a page of words in place of it does not.
        if not any(link.is_memento or "original" in link.rel for link in links):
            raise ArchiveFault("answer is not a TimeMap", counts=False)
        wanted = [link for link in links if link.is_memento or "timemap" in link.rel]
        if not wanted and not answer.body_complete:
            raise ArchiveFault("the TimeMap is cut before its first memento")
        return [link for link in wanted if is_fetchable(link.url)], answer.body_complete

    async def _by_timegate(self, original: str, at: datetime) -> list[Memento]:
        """Return the one memento that the TimeGate chooses, or none where it knows none.

        It may redirect (302, 303, 307) or answer with the memento itself; both end at an answer that
        says its Memento-Datetime.
        """
        asked = self._timegate + original
        answer = await self._ask(asked, max_bytes=1, headers=(("Accept-Datetime", http_date(at)),))
        said = from_http_date(answer.headers.get("memento-datetime", "")) or time_in(answer.final_url)
        if said is not None:
            link = answer.headers.get("content-location", "")
            uri_m = answer.final_url if answer.final_url != asked or not is_fetchable(link) else link
            memento = self._memento(uri_m, said, original)
            return [replace(memento, status=answer.status, media_type=answer.media_type)]
        if answer.status == NOT_FOUND:
            return []
        raise ArchiveFault(f"status {answer.status} without Memento-Datetime", counts=False)

    async def _ask(
        self, url: str, *, max_bytes: int, headers: tuple[tuple[str, str], ...] = ()
    ) -> Observation:
        await self._gate.admit()
        request = FetchRequest(url=url, max_body_bytes=max_bytes, headers=headers)
        answer = await self._fetcher.observe(request)
        fault = fault_of(answer, now=self._clock())
        if fault is not None:
            await self._gate.failed(fault)
            raise fault
        await self._gate.answered()
        return answer

    def _memento(self, uri_m: str, at: datetime, asked: str) -> Memento:
        return Memento(
            original=original_in(uri_m) or asked, archive=self.archive, memento_datetime=at, uri_m=uri_m
        )

    def _answer(
        self,
        original: str,
        asked_at: datetime,
        state: LookupState,
        *,
        mementos: tuple[Memento, ...] = (),
        reason: str | None = None,
    ) -> Lookup:
        return Lookup(
            archive=self.archive,
            original=original,
            state=state,
            asked_at=asked_at,
            mementos=mementos,
            reason=reason,
        )


def fault_of(answer: Observation, *, now: datetime) -> ArchiveFault | None:
    """Return why an archive's answer says nothing, None where its status has something to say."""
    if "memento-datetime" in answer.headers:
        # An archived failure is the answer of the page, not of the archive.
        return None
    if answer.status is None or (answer.failure is not None and answer.status != NOT_FOUND):
        told = f"{answer.failure}: {answer.failure_reason}" if answer.failure_reason else f"{answer.failure}"
        return ArchiveFault(told, counts=answer.failure is not Failure.POLICY)
    if answer.status == THROTTLED or answer.status >= SERVER_ERROR:
        pause_s = retry_after_s(answer.headers.get("retry-after", ""), now=now)
        if pause_s is None and answer.status == THROTTLED:
            pause_s = UNTOLD_PAUSE_S
        return ArchiveFault(f"status {answer.status}", retry_after_s=pause_s)
    return None


def _nearest_pages(pages: Iterable[Link], at: datetime) -> list[Link]:
    """Return further pages of a TimeMap, those that span the wanted time first."""

    def distance_s(page: Link) -> float:
        start = from_http_date(page.attributes.get("from", ""))
        end = from_http_date(page.attributes.get("until", ""))
        if start is None or end is None:
            return 0.0
        return max((start - at).total_seconds(), (at - end).total_seconds(), 0.0)

    return sorted(pages, key=distance_s)
