"""Which capture goes with a link: the verified choice, else the nearest one that nobody found wanting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from service.store.database import Database
from service.store.picks import list_picks
from service.store.timeline import list_nearest
from workers.archive.settings import LOCAL
from workers.model import Memento, Quality

LOOKED_AT: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A capture of an original: `uri_m` is None for a local one."""

    original: str
    at: datetime
    uri_m: str | None


async def list_versions(db: Database, originals: Sequence[str], *, at: datetime) -> Mapping[str, Version]:
    """Return the capture that goes with each original, nearest to a date; those without are left out."""
    picks = await list_picks(db, originals)
    found: dict[str, Version] = {}
    for original in originals:
        pick = picks.get(original)
        if pick is not None and pick.is_verified:
            found[original] = _of(pick.memento)
            continue
        near = await list_nearest(db, original, at=at, limit=LOOKED_AT)
        fit = [entry for entry in near if entry.quality is not Quality.POOR]
        best = min(fit, key=lambda entry: abs(entry.exact - at), default=None)
        if best is not None:
            found[original] = Version(original=best.original, at=best.at, uri_m=best.uri_m)
    return found


def _of(memento: Memento) -> Version:
    uri_m = None if memento.archive == LOCAL else memento.uri_m
    return Version(original=memento.original, at=memento.memento_datetime, uri_m=uri_m)
