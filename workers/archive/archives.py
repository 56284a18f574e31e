"""All configured archives and the local captures behind the one Protocol `Archive`."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from workers.archive.captures import CaptureIndex
from workers.archive.local import LocalArchive, open_local
from workers.archive.settings import WAYBACK, ArchiveSettings
from workers.archive.throttle import Gate, ThrottleStore, utc_now
from workers.archive.wayback import Wayback
from workers.errors import InvalidSetting
from workers.fetch.tls import make_context
from workers.model import Exchange, Lookup, LookupState, Memento
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
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._providers = tuple(providers)
        self._local = local
        self._clock = clock
        self._nones = RememberedNones()

    async def lookup(self, url: str, *, near: datetime | None) -> Sequence[Lookup]:
        """Ask the local captures and every configured archive at once; one answer an archive."""
        if not is_fetchable(url):
            return ()
        asked: list[asyncio.Task[Lookup]] = []
        async with asyncio.TaskGroup() as group:
            if self._local is not None:
                asked.append(group.create_task(self._local.lookup(url, near=near)))
            asked += [group.create_task(self._ask(provider, url, near)) for provider in self._providers]
        return tuple(task.result() for task in asked)

    async def capture(self, exchanges: Sequence[Exchange]) -> Memento | None:
        """Write one live page into the local WARC files; None when local captures are off.

        Raises:
            CaptureFailed: it could not be written whole.
        """
        return None if self._local is None else await self._local.capture(exchanges)

    async def _ask(self, provider: Provider, url: str, near: datetime | None) -> Lookup:
        now = self._clock()
        remembered = self._nones.recall(provider.archive, url, now=now)
        if remembered is not None:
            return remembered
        answer = await provider.lookup(url, near=near)
        self._nones.keep(url, answer, near=near, now=now)
        return answer


@asynccontextmanager
async def open_archives(
    settings: ArchiveSettings,
    *,
    throttle: ThrottleStore,
    index: CaptureIndex,
) -> AsyncIterator[Archives]:
    """Open every configured archive; local captures are on where `settings.warc_home` is set.

    Raises:
        InvalidSetting: `settings.names` holds a name that no archive has.
    """
    async with AsyncExitStack() as stack:
        providers = _providers(settings, throttle, stack)
        local = None
        if settings.warc_home is not None:
            local = await stack.enter_async_context(open_local(settings.warc_home, index, settings=settings))
        yield Archives(providers, local)


def _providers(settings: ArchiveSettings, throttle: ThrottleStore, stack: AsyncExitStack) -> list[Provider]:
    providers: list[Provider] = []
    for name in dict.fromkeys(settings.names):
        if name != WAYBACK:
            raise InvalidSetting(f"archives: no archive is called {name!r}")
        if settings.wayback_url:
            gate = Gate(
                throttle, name, per_minute=settings.wayback_per_minute, max_wait_s=settings.max_wait_s
            )
            wayback = Wayback(settings, gate, tls=make_context(str(settings.ca_bundle or "")))
            stack.callback(wayback.close)
            providers.append(wayback)
    return providers
