"""Which capture a live page is compared with: the one nearest to its article's date."""

from collections.abc import Mapping
from datetime import UTC, datetime

from service.store.captures import StoreCaptureIndex
from service.store.database import Database
from service.store.picks import list_picks
from workers.archive.captures import LocalCapture
from workers.archive.settings import LOCAL
from workers.archive.timestamps import timestamp_14
from workers.model import Kept, Memento
from workers.url import lookup_key

ALWAYS = datetime.max.replace(tzinfo=UTC)


async def list_kept(db: Database, dates: Mapping[str, datetime | None]) -> Mapping[str, Kept]:
    """Return the capture of each original nearest to a date (None: the newest); those without are left out.

    A local capture, or a verified one of an archive that is nearer.
    """
    index = StoreCaptureIndex(db)
    picks = await list_picks(db, list(dates))
    found: dict[str, Kept] = {}
    for original, date in dates.items():
        at = date or ALWAYS
        near = [_local(capture)] if (capture := await index.nearest(lookup_key(original), at)) else []
        pick = picks.get(original)
        if pick is not None and pick.is_verified:
            near.append(Kept(memento=pick.memento))
        if near:
            found[original] = min(near, key=lambda kept: abs(kept.memento.memento_datetime - at))
    return found


def _local(capture: LocalCapture) -> Kept:
    at = capture.memento_datetime
    memento = Memento(
        original=capture.original,
        archive=LOCAL,
        memento_datetime=at,
        uri_m=f"/memento/{timestamp_14(at)}/{capture.original}",
        status=capture.status,
        media_type=capture.media_type,
        digest=capture.payload_digest,
    )
    return Kept(memento=memento, text_digest=None if capture.leads_to else capture.text_digest)
