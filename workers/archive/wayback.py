"""Look-ups in the Internet Archive (or whatever speaks its CDX layout) through waybackpy's CDX class."""

import asyncio
import json
import re
import ssl
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Final

from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random
from waybackpy import WaybackMachineCDXServerAPI
from waybackpy.cdx_snapshot import CDXSnapshot
from waybackpy.cdx_utils import full_url

from workers.archive.blocking_get import Answer, get
from workers.archive.faults import ArchiveFault
from workers.archive.settings import WAYBACK, ArchiveSettings
from workers.archive.throttle import UNTOLD_PAUSE_S, Gate, utc_now
from workers.archive.timestamps import timestamp_14
from workers.fetch.retry_after import retry_after_s
from workers.model import Lookup, LookupState, Memento
from workers.url import without_fragment

THREADS: Final = 4
CDX_PATH: Final = "/cdx/search/cdx"
BLOCKED_SITE: Final = "Blocked Site Error"
RETRYABLE: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
COLUMNS: Final = 7
_ROW: Final = re.compile(r"\S+ \d{14} \S+ \S+ (?:\d{3}|-) \S+ (?:\d+|-)")


class CdxQuery(WaybackMachineCDXServerAPI):
    """waybackpy's CDX query with a time limit, a look at the status, and one fixed base.

    Only one page is asked: `limit` rows nearest to `closest`. Rows that cannot be read are counted in
    `unreadable` and left out.
    """

    def __init__(
        self, url: str, *, closest: str, settings: ArchiveSettings, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(
            url,
            user_agent=settings.user_agent,
            sort="closest",
            closest=closest,
            limit=str(settings.max_rows),
        )
        # waybackpy strips and escapes spaces only; the exact address is what was asked for.
        self.endpoint = settings.wayback_url.rstrip("/") + CDX_PATH
        self.unreadable = 0
        self._timeout_s = settings.timeout_s
        self._tls = tls

    def cdx_api_manager(self, payload: dict[str, str], headers: dict[str, str]) -> Generator[str, None, None]:
        """Ask once and yield the readable rows as one text, '' where there is none.

        Raises:
            ArchiveFault: the answer does not say whether there are captures.
        """
        payload["limit"] = str(self.limit)
        url = full_url(self.endpoint, params=payload)
        answer = get(url, headers=headers, timeout_s=self._timeout_s, tls=self._tls)
        self.last_api_request_url = url
        judge(answer)
        rows = [row for row in rows_of(answer.text) if row]
        readable = [row for row in rows if _ROW.fullmatch(row) and _is_time(row.split(" ")[1])]
        self.unreadable = len(rows) - len(readable)
        if rows and not readable:
            raise ArchiveFault(f"answer is not a list of captures: {rows[0][:60]!r}", counts=False)
        yield "\n".join(readable)

    def captures(self) -> list[CDXSnapshot]:
        """Return the captures asked for, in the archive's order."""
        return list(self.snapshots())


class PrefixQuery(CdxQuery):
    """The addresses under a prefix that hold some words in a row, one capture each.

    The words are compared with the archive's key of an address, which is in lower case; those of other
    scripts are not, as their written form in an address is not known.
    """

    def __init__(
        self, prefix: str, *, containing: Sequence[str], settings: ArchiveSettings, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(prefix, closest="", settings=settings, tls=tls)
        self.sort = None
        self.match_type = "prefix"
        self.collapses = ["urlkey"]
        self.filters = ["statuscode:200"]
        if containing and all(word.isascii() and word.isalnum() for word in containing):
            self.filters.append(f"urlkey:.*{'[-_+]'.join(containing)}.*")


MakeQuery = Callable[[], CdxQuery]


def judge(answer: Answer) -> None:
    """Accept an answer of status 200 that is not the notice of an excluded site.

    Raises:
        ArchiveFault: anything else, a redirect included: only the configured base is asked.
    """
    if BLOCKED_SITE in answer.text:
        raise ArchiveFault("the site is excluded from this archive", counts=False)
    if answer.status == 200:  # noqa: PLR2004  the one status that lists captures
        return
    told = retry_after_s(answer.headers.get("retry-after", ""), now=utc_now())
    if answer.status == 429:  # noqa: PLR2004  Too Many Requests
        pause_s = UNTOLD_PAUSE_S if told is None else told
        raise ArchiveFault("status 429: throttled", retryable=True, retry_after_s=pause_s)
    where = f" to {answer.headers['location'][:200]}" if "location" in answer.headers else ""
    raise ArchiveFault(
        f"status {answer.status}{where}",
        retryable=answer.status in RETRYABLE,
        counts=answer.status in RETRYABLE,
        retry_after_s=told,
    )


def rows_of(text: str) -> list[str]:
    """Return the rows of a CDX answer as space-separated lines, whether it came as lines or as JSON.

    The first row of the JSON form names the columns and is left out.

    Raises:
        ArchiveFault: it is JSON and cannot be read.
    """
    stripped = text.strip()
    if not stripped.startswith("["):
        return stripped.splitlines()
    try:
        rows = json.loads(stripped)
        lines = [" ".join(row) for row in rows]
    except (ValueError, TypeError, RecursionError) as error:
        raise ArchiveFault(f"answer is not whole JSON: {error}", counts=False) from error
    return lines[1:] if lines and lines[0].startswith("urlkey") else lines


def _is_time(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return False
    return True


class Wayback:
    """The Wayback Machine as an archive to look captures up in."""

    archive = WAYBACK

    def __init__(
        self,
        settings: ArchiveSettings,
        gate: Gate,
        *,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._settings = settings
        self._gate = gate
        self._tls = tls
        self._clock = clock
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="wayback")
        self._free = asyncio.Semaphore(THREADS)

    def close(self) -> None:
        """Give the threads up; what is in flight ends at its own deadline."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def lookup(self, url: str, *, near: datetime | None) -> Lookup:
        """Return the captures of `url` nearest to `near` (None: to now), oldest first; never raises."""
        original = without_fragment(url)
        closest = timestamp_14(near or self._clock())
        settings, tls = self._settings, self._tls
        return await self._answer(
            original, lambda: CdxQuery(original, closest=closest, settings=settings, tls=tls)
        )

    async def search(self, prefix: str, *, containing: Sequence[str]) -> Lookup:
        """Return one capture for each address under `prefix` that holds these words; never raises."""
        settings, tls = self._settings, self._tls
        return await self._answer(
            prefix, lambda: PrefixQuery(prefix, containing=containing, settings=settings, tls=tls)
        )

    async def _answer(self, original: str, make_query: MakeQuery) -> Lookup:
        """Return the answer to one query, waits and retries included; a fault is `unknown`."""
        asked_at = self._clock()
        if not self._settings.wayback_url:
            return self._unknown(original, asked_at, "its base address is empty")
        try:
            async with asyncio.timeout(self._settings.deadline_s):
                query = await self._ask(make_query)
        except ArchiveFault as fault:
            return self._unknown(original, asked_at, fault.reason)
        except TimeoutError:
            return self._unknown(original, asked_at, f"no answer within {self._settings.deadline_s:g} s")
        captures, unreadable = query
        mementos = sorted(
            (self._memento(row) for row in captures), key=lambda m: (m.memento_datetime, m.uri_m)
        )
        return Lookup(
            archive=self.archive,
            original=original,
            state=LookupState.FOUND if mementos else LookupState.NONE,
            asked_at=asked_at,
            mementos=tuple(mementos),
            reason=f"{unreadable} rows could not be read" if unreadable else None,
        )

    async def _ask(self, make_query: MakeQuery) -> tuple[list[CDXSnapshot], int]:
        retrying = AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, ArchiveFault) and error.retryable),
            stop=stop_after_attempt(self._settings.max_attempts),
            wait=wait_random(0.1, 1.0),
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                return await self._ask_once(make_query)
        raise AssertionError("tenacity ends with a result or an exception")

    async def _ask_once(self, make_query: MakeQuery) -> tuple[list[CDXSnapshot], int]:
        async with self._free:
            await self._gate.admit()
            query = make_query()
            try:
                loop = asyncio.get_running_loop()
                captures = await loop.run_in_executor(self._threads, query.captures)
            except ArchiveFault as fault:
                await self._gate.failed(fault)
                raise
        await self._gate.answered()
        return captures, query.unreadable

    def _memento(self, row: CDXSnapshot) -> Memento:
        base = self._settings.wayback_url.rstrip("/")
        return Memento(
            original=row.original,
            archive=self.archive,
            memento_datetime=row.datetime_timestamp.replace(tzinfo=UTC),
            uri_m=f"{base}/web/{row.timestamp}/{row.original}",
            status=int(row.statuscode) if row.statuscode.isdigit() else None,
            media_type=None if row.mimetype in {"-", "warc/revisit"} else row.mimetype,
            digest=row.digest,
        )

    def _unknown(self, original: str, asked_at: datetime, reason: str) -> Lookup:
        return Lookup(
            archive=self.archive,
            original=original,
            state=LookupState.UNKNOWN,
            asked_at=asked_at,
            reason=reason,
        )
