"""From settings to concrete parts: the one place that says which implementation stands behind a seam."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import service.cli.aiohttp_import  # noqa: F401 - before all that imports aiohttp
from service import __version__
from service.cli.host_settings import acceptance, host_rules
from service.settings import Settings
from workers.audit import Auditor
from workers.audit_policy import AuditPolicy
from workers.fetch.fetcher import WebFetcher, open_fetcher
from workers.fetch.policy import FetchPolicy, exempt_origin, parse_allowed_network, parse_resolve, user_agent

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from service.store.database import Database
    from workers.archive.archives import Archives
    from workers.archive.settings import ArchiveSettings
    from workers.moved import KnownMoves


REPLAY_PER_MINUTE = 480  # the Wayback Machine hands out 600 captures a minute to one address


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


def agent_of(settings: Settings) -> str:
    """Return the User-Agent: the one set, or an honest one with the contact."""
    return settings.user_agent or user_agent(__version__, settings.contact or None)


def fetch_policy(settings: Settings) -> FetchPolicy:
    """Return how the web is asked.

    Raises:
        InvalidSetting: an address or network cannot be read; the message holds it.
    """
    return FetchPolicy(
        user_agent=agent_of(settings),
        timeout_s=settings.timeout_s,
        connect_timeout_s=min(10.0, settings.timeout_s),
        retries=settings.retries,
        per_host=settings.per_host,
        gap_ms=settings.gap_ms,
        concurrency=settings.concurrency,
        max_redirects=settings.max_redirects,
        resolve=tuple(parse_resolve(text) for text in settings.resolve),
        allow_networks=tuple(parse_allowed_network(text) for text in settings.allow_networks),
        exempt_origins=frozenset(
            exempt_origin(base)
            for base in (settings.wayback_url, settings.spn_url, *settings.archive_bases.values())
            if base
        ),
        ca_bundle=None if settings.ca_bundle is None else str(settings.ca_bundle),
        capture_max_bytes=settings.max_capture_bytes,
        robots=settings.robots,
        hosts=host_rules(settings),
    )


def archive_settings(settings: Settings, *, keep_captures: bool) -> "ArchiveSettings":
    """Return which archives are asked; local captures are written only with `keep_captures`."""
    from workers.archive.settings import ArchiveSettings

    return ArchiveSettings(
        names=settings.archives,
        wayback_url=settings.wayback_url,
        spn_url=settings.spn_url,
        spn_key=settings.spn_key or "",
        wayback_per_minute=settings.wayback_per_minute,
        replay_per_minute=REPLAY_PER_MINUTE if settings.wayback_per_minute else 0,
        savers=settings.savers,
        spn_per_minute=settings.spn_per_minute,
        timeout_s=settings.archive_timeout_s,
        user_agent=agent_of(settings),
        ca_bundle=settings.ca_bundle,
        public_url=settings.own_url,
        providers=settings.archive_bases,
        warc_home=settings.captures_folder if keep_captures and settings.capture else None,
        capture_max_bytes=max(1, settings.max_capture_bytes),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The open parts of one process."""

    fetcher: WebFetcher
    archives: "Archives | None"
    auditor: Auditor


@asynccontextmanager
async def open_parts(
    settings: Settings,
    *,
    policy: AuditPolicy | None = None,
    ask_archives: bool = True,
    keep_captures: bool = False,
    database: "Database | None" = None,
) -> AsyncIterator[Parts]:
    """Open the fetcher, the archives and the auditor of a process for the time of a block.

    With `database` limits, breakers, captures and saves are those of all processes; else in memory.

    Raises:
        InvalidSetting: a setting cannot be used.
    """
    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(open_fetcher(fetch_policy(settings)))
        archives = None
        if ask_archives or keep_captures:
            archives = await stack.enter_async_context(
                _archives(archive_settings(settings, keep_captures=keep_captures), fetcher, database)
            )
        policy = policy or AuditPolicy(acceptance=acceptance(settings))
        auditor = Auditor(
            fetcher=fetcher,
            archive=archives,
            clock=utc_now,
            policy=policy,
            known_moves=None if database is None else _known_moves(database),
        )
        yield Parts(fetcher=fetcher, archives=archives, auditor=auditor)


def _known_moves(database: "Database") -> "KnownMoves":
    from service.store.moves import StoreMoves

    return StoreMoves(database)


def _archives(
    settings: "ArchiveSettings", fetcher: WebFetcher, database: "Database | None"
) -> "AbstractAsyncContextManager[Archives]":
    """Return the archives to open, over what all processes share or over memory."""
    # The archives' clients are half of the start-up time and the database a third; many runs need neither.
    if database is not None:
        from service.cli.shared_archives import open_shared_archives

        return open_shared_archives(settings, fetcher, database)
    from workers.archive.archives import open_archives
    from workers.archive.captures import MemoryCaptureIndex
    from workers.archive.throttle import MemoryThrottle

    return open_archives(settings, throttle=MemoryThrottle(), index=MemoryCaptureIndex(), fetcher=fetcher)
