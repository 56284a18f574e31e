"""All configured archives and the local captures behind the one Protocol `Archive`."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol

from workers.archive.captures import CaptureIndex
from workers.archive.fresh import Fresh, capture_now
from workers.archive.local import LocalArchive, open_local
from workers.archive.memento import MementoArchive, site_of
from workers.archive.read_back import ReadBack
from workers.archive.savers import FirstOf, SaverParts, find_savers
from workers.archive.saves import MemorySaveLog, SaveLog, Saver, SaveRecord
from workers.archive.settings import WAYBACK, ArchiveSettings
from workers.archive.throttle import Gate, ThrottleStore, utc_now
from workers.archive.verify import CaptureReader, Expected, choose
from workers.archive.wayback import Wayback
from workers.errors import InvalidSetting, LinkwrightError
from workers.fetch.tls import make_context
from workers.model import Choice, Exchange, Lookup, LookupState, Memento, Observation
from workers.protocols import Fetcher
from workers.url import is_fetchable

YOUNG: Final = timedelta(days=30)
REMEMBERED_YOUNG: Final = timedelta(hours=1)
REMEMBERED_OLD: Final = timedelta(days=7)
MAX_REMEMBERED: Final = 10_000


class Provider(Protocol):
    """One archive that can be asked; it answers `unknown` and never raises."""

    @property
    def archive(self) -> str:
        """The archive's id."""
        ...

    async def lookup(self, url: str, *, near: datetime | None) -> Lookup:
        """Return the captures of `url` nearest to `near`, oldest first."""
        ...


@dataclass(slots=True)
class RememberedNones:
    """Which archives lately said that they hold nothing of an address; `unknown` is never kept.

    Kept for an hour where the article is young (captures of its links are being made now), else for
    seven days. The oldest are forgotten beyond 10,000.
    """

    _kept: dict[tuple[str, str], tuple[datetime, Lookup]] = field(default_factory=dict)

    def recall(self, archive: str, url: str, *, now: datetime) -> Lookup | None:
        """Return the remembered answer, or None where the archive is to be asked."""
        until, answer = self._kept.get((archive, url), (now, None))
        return answer if until > now else None

    def keep(self, url: str, answer: Lookup, *, near: datetime | None, now: datetime) -> None:
        """Remember an answer of `none`; anything else makes the archive be asked again."""
        place = (answer.archive, url)
        self._kept.pop(place, None)
        if answer.state is not LookupState.NONE:
            return
        is_young = near is None or now - near < YOUNG
        self._kept[place] = (now + (REMEMBERED_YOUNG if is_young else REMEMBERED_OLD), answer)
        if len(self._kept) > MAX_REMEMBERED:
            del self._kept[next(iter(self._kept))]


class Archives:
    """The archives of one process; implements `workers.protocols.Archive`."""

    def __init__(
        self,
        providers: Sequence[Provider],
        local: LocalArchive | None,
        *,
        reader: CaptureReader,
        fetcher: Fetcher | None = None,
        saver: Saver | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._providers = tuple(providers)
        self._local = local
        self._reader = reader
        self._fetcher = fetcher
        self._saver = saver
        self._clock = clock
        self._nones = RememberedNones()

    async def lookup(self, url: str, *, near: datetime | None) -> Sequence[Lookup]:
        """Ask the local captures and every configured archive at once; one answer an archive."""
        if not is_fetchable(url):
            return ()
        asked: list[asyncio.Task[Lookup]] = []
        async with asyncio.TaskGroup() as group:
            if self._local is not None:
                asked.append(group.create_task(self._look(self._local, url, near)))
            asked += [group.create_task(self._ask(provider, url, near)) for provider in self._providers]
        return tuple(task.result() for task in asked)

    async def read(self, memento: Memento, *, raw: bool = True) -> Observation:
        """Return what is handed out for a capture, raw or as replayed; faults are in the observation."""
        return await self._reader.read(memento, raw=raw)

    async def search(self, prefix: str, *, containing: Sequence[str]) -> Sequence[Lookup]:
        """Ask the archives with an index of addresses for those under `prefix` that hold these words."""
        lists = [provider for provider in self._providers if isinstance(provider, Wayback)]
        return [
            await self._told(each.archive, prefix, partial(each.search, prefix, containing=containing))
            for each in lists
        ]

    async def capture(self, exchanges: Sequence[Exchange]) -> Memento | None:
        """Write one live page into the local WARC files; None when local captures are off.

        Raises:
            CaptureFailed: it could not be written whole.
        """
        return None if self._local is None else await self._local.capture(exchanges)

    async def fresh(self, url: str) -> Fresh:
        """Fetch `url` and capture it as it answers now."""
        if self._fetcher is None:
            return Fresh(memento=None, reason="pages are not fetched in this run")
        return await capture_now(url, fetcher=self._fetcher, archive=self)

    async def choose(self, lookups: Sequence[Lookup], expected: Expected, *, near: datetime | None) -> Choice:
        """Return the capture among the answers that stands for a citation, verified (rule `pick/1`).

        `near` is the article's date, else when the link was first seen; None takes the newest capture.
        """
        mementos = [memento for lookup in lookups for memento in lookup.mementos]
        return await choose(mementos, expected, near=near, reader=self._reader)

    async def save(self, url: str) -> SaveRecord | None:
        """Have a public archive save `url`, once for one loss; None where no saver is configured."""
        return None if self._saver is None else await self._saver.save(url)

    async def _ask(self, provider: Provider, url: str, near: datetime | None) -> Lookup:
        now = self._clock()
        remembered = self._nones.recall(provider.archive, url, now=now)
        if remembered is not None:
            return remembered
        answer = await self._look(provider, url, near)
        self._nones.keep(url, answer, near=near, now=now)
        return answer

    async def _look(self, provider: Provider, url: str, near: datetime | None) -> Lookup:
        return await self._told(provider.archive, url, partial(provider.lookup, url, near=near))

    async def _told(self, archive: str, original: str, ask: Callable[[], Awaitable[Lookup]]) -> Lookup:
        """Return an archive's answer; a part of our own that fails (a database) makes it unknown."""
        asked_at = self._clock()
        try:
            return await ask()
        except LinkwrightError as error:
            return Lookup(
                archive=archive,
                original=original,
                state=LookupState.UNKNOWN,
                asked_at=asked_at,
                reason=str(error),
            )


@asynccontextmanager
async def open_archives(
    settings: ArchiveSettings,
    *,
    throttle: ThrottleStore,
    index: CaptureIndex,
    fetcher: Fetcher | None = None,
    saves: Callable[[str], SaveLog] | None = None,
) -> AsyncIterator[Archives]:
    """Open every configured archive; local captures are on where `settings.warc_home` is set.

    `fetcher` is needed for Memento archives other than the Wayback Machine and for verifying captures of
    archives. Saving is on where a saver of `settings.savers` can be opened. `saves` gives the log of a
    saver by its name (the database's); without it one loss is known to this process only.

    Raises:
        InvalidSetting: `settings.names` holds a name that no archive has, or one that needs a fetcher.
    """
    async with AsyncExitStack() as stack:
        wayback = _wayback(settings, throttle, stack)
        providers = [
            _provider(name, settings, throttle, wayback, fetcher) for name in dict.fromkeys(settings.names)
        ]
        local = None
        if settings.warc_home is not None:
            local = await stack.enter_async_context(open_local(settings.warc_home, index, settings=settings))
        savers = [
            await stack.enter_async_context(opening(_saver_parts(settings, throttle, wayback, fetcher, log)))
            for name, opening in find_savers(settings).items()
            for log in [saves(name) if saves else MemorySaveLog()]
        ]
        replay_gate = _gate(throttle, "wayback-replay", settings.replay_per_minute, settings)
        reader = ReadBack(fetcher=fetcher, home=settings.warc_home, index=index, gate=replay_gate)
        asked = [provider for provider in providers if provider is not None]
        yield Archives(
            asked, local, reader=reader, fetcher=fetcher, saver=FirstOf(savers) if savers else None
        )


def _saver_parts(
    settings: ArchiveSettings,
    throttle: ThrottleStore,
    wayback: Wayback,
    fetcher: Fetcher | None,
    log: SaveLog,
) -> SaverParts:
    return SaverParts(
        settings=settings,
        gate=lambda name, per_minute: _gate(throttle, name, per_minute, settings),
        log=log,
        looks=wayback,
        tls=_tls(settings),
        fetcher=fetcher,
    )


def _wayback(settings: ArchiveSettings, throttle: ThrottleStore, stack: AsyncExitStack) -> Wayback:
    gate = _gate(throttle, WAYBACK, settings.wayback_per_minute, settings)
    wayback = Wayback(settings, gate, tls=_tls(settings))
    stack.callback(wayback.close)
    return wayback


def _provider(
    name: str, settings: ArchiveSettings, throttle: ThrottleStore, wayback: Wayback, fetcher: Fetcher | None
) -> Provider | None:
    """Return the archive of that name, None where its base is empty."""
    if name == WAYBACK:
        return wayback if settings.wayback_url else None
    site = site_of(name, settings)
    if site is None:
        return None
    if fetcher is None:
        raise InvalidSetting(f"archives: {name!r} cannot be asked without a fetcher")
    gate = _gate(throttle, name, settings.memento_per_minute, settings)
    return MementoArchive(name, site, fetcher=fetcher, gate=gate, settings=settings)


def _gate(throttle: ThrottleStore, name: str, per_minute: float, settings: ArchiveSettings) -> Gate:
    return Gate(throttle, name, per_minute=per_minute, max_wait_s=settings.max_wait_s)


def _tls(settings: ArchiveSettings) -> ssl.SSLContext:
    return make_context(None if settings.ca_bundle is None else str(settings.ca_bundle))
