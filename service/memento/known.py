"""Every capture of one original that is known here, in the order of TimeMaps, and the choice among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from service.api.answers import public_url
from service.api.context import DATABASE, SETTINGS
from service.store.captures import StoreCaptureIndex
from service.store.mementos import list_mementos
from workers.archive.captures import LocalCapture
from workers.archive.settings import LOCAL
from workers.archive.timestamps import timestamp_14
from workers.url import is_fetchable, lookup_key


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCapture:
    """One capture: its original as captured, its time in whole seconds of UTC, its absolute URI-M.

    `local` is None for a capture of another archive.
    """

    original: str
    at: datetime
    uri: str
    local: LocalCapture | None


async def known_captures(request: web.Request, original: str) -> list[KnownCapture]:
    """Return all captures, oldest first; of those of one second the local ones come first."""
    database = request.app[DATABASE]
    local = await StoreCaptureIndex(database).list(lookup_key(original))
    found = [
        KnownCapture(
            original=capture.original,
            at=_whole_second(capture.memento_datetime),
            uri=memento_uri(request, capture.memento_datetime, capture.original),
            local=capture,
        )
        for capture in local
    ]
    # A memento called local stands for a capture of the index, which alone knows its place.
    found += [
        KnownCapture(
            original=memento.original,
            at=_whole_second(memento.memento_datetime),
            uri=memento.uri_m,
            local=None,
        )
        for memento in await list_mementos(database, original)
        if memento.archive != LOCAL and is_fetchable(memento.uri_m)
    ]
    # The sort is stable: within one second each part keeps the finer order it came in.
    return sorted(found, key=lambda capture: (capture.at, capture.local is None))


def nearest_to(captures: Sequence[KnownCapture], at: datetime, *, asked: str) -> int:
    """Return the place of the capture nearest to `at`; `captures` must not be empty.

    Of two as near the older one; within a second a local one, then one of the address as `asked`, which
    keeps a redirect from http to https apart from the page it led to.
    """

    def rank(place: int) -> tuple[float, datetime, bool, bool]:
        each = captures[place]
        distance_s = abs((each.at - at).total_seconds())
        return distance_s, each.at, each.local is None, each.original != asked

    return min(range(len(captures)), key=rank)


def memento_uri(request: web.Request, at: datetime, original: str) -> str:
    """Return the absolute address under which this service answers for a capture."""
    return public_url(request, request.app[SETTINGS].public_url, f"/memento/{timestamp_14(at)}/{original}")


def _whole_second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
