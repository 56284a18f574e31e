"""Every capture of one resource that is known here, local and in archives, in the order of TimeMaps.

Captures are ordered by their second in UTC, within one second the local ones first. Single places are
found by the index of each table, so that a TimeGate costs the same for ten captures and ten thousand.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import CompoundSelect, Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import Database
from service.store.tables import key_hash
from service.store.timeline_queries import BESIDE, ENDS, LOCAL_WITHIN, NUMBERS, PARTS, SIDES, WITHIN
from workers.archive.timestamps import timestamp_14
from workers.model import Quality

SECOND: Final = timedelta(seconds=1)
PAGE_ROWS: Final = 1_000
FAR: Final = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One capture: `at` is its second in UTC, `record_id` is set for a local one, `uri_m` for others.

    `is_twin` says that another local capture of the same address stands before it in that second, so that
    the second alone does not name it.
    """

    original: str
    archive: str
    at: datetime
    exact: datetime
    record_id: str | None
    uri_m: str | None
    status: int | None
    media_type: str | None
    digest: str | None
    quality: Quality
    reasons: tuple[str, ...]
    id: int
    is_twin: bool = False

    @property
    def is_local(self) -> bool:
        """Whether it lies in our own WARC files."""
        return self.record_id is not None

    @property
    def path(self) -> str:
        """The path under which this service answers for a local capture.

        Of two captures in one second only the first is named by it; the other needs its fraction too.
        """
        fraction = f"{self.exact.microsecond:06d}" if self.is_twin else ""
        return f"/memento/{timestamp_14(self.at)}{fraction}/{self.original}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """All captures of a resource in numbers: how many, the first and the last.

    `tag` is another one after any capture was listed or unlisted.
    """

    count: int
    first: Entry
    last: Entry
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The capture chosen for a time, and those around it; `before` and `after` are None at the ends."""

    chosen: Entry
    first: Entry
    last: Entry
    before: Entry | None
    after: Entry | None


async def find_neighbours(db: Database, url: str, *, at: datetime | None) -> Neighbours | None:
    """Return the capture nearest to `at` (None: the last) with its neighbours, None where none is known.

    Of two seconds as near the older one. Within it a local capture, then one of the address as asked,
    which keeps a redirect from http to https apart from the page it led to. A time with a fraction of a
    second means the local capture of that very time.
    """
    key = key_hash(url)
    async with db.read() as connection:
        beyond = FAR if at is None else whole_second(at) + SECOND
        ends = await _ask(connection, ENDS, {"key": key, "since": beyond, "until": beyond})
        if not ends:
            return None
        first, last = min(ends.values(), key=_order), max(ends.values(), key=_order)
        second = last.at if at is None else _nearest_second(ends, at)
        rows, around = await _around(connection, key, second)
        sides = (first, last, *around[0], *around[1])
        twins = await _twins(connection, key, {entry.at for entry in sides if entry.is_local} - {second})
    rows = _marked(rows)
    twins |= {entry.id for entry in rows if entry.is_twin}
    first, last = _told([first, last], twins)
    around = (_told(around[0], twins), _told(around[1], twins))
    chosen = min(range(len(rows)), key=lambda place: _rank(rows[place], url, at))
    before = [*around[0], *rows[:chosen]]
    after = [*rows[chosen + 1 :], *around[1]]
    return Neighbours(
        chosen=rows[chosen],
        first=first,
        last=last,
        before=max(before, key=_order, default=None),
        after=min(after, key=_order, default=None),
    )


async def measure(db: Database, url: str) -> Span | None:
    """Return how many captures are known and the time they span, None where none is."""
    key = key_hash(url)
    async with db.read() as connection:
        ends = await _ask(connection, ENDS, {"key": key, "since": FAR, "until": FAR})
        if not ends:
            return None
        numbers = (await connection.execute(NUMBERS, {"key": key})).all()
        first, last = min(ends.values(), key=_order), max(ends.values(), key=_order)
        (last,) = _told([last], await _twins(connection, key, {last.at}))
    tag = "-".join(f"{row.captures}.{row.newest or 0}" for row in numbers)
    tag += f"-{first.exact.timestamp()}-{last.exact.timestamp()}"
    return Span(count=sum(row.captures for row in numbers), first=first, last=last, tag=tag)


async def list_nearest(db: Database, url: str, *, at: datetime, limit: int) -> Sequence[Entry]:
    """Return at most `limit` captures, those nearest to `at`, in the order of TimeMaps."""
    key = key_hash(url)
    found: list[Entry] = []
    async with db.read() as connection:
        for part in PARTS:
            time = part.columns.memento_datetime
            earlier = part.of(key).where(time <= at).order_by(time.desc()).limit(limit)
            later = part.of(key).where(time > at).order_by(time).limit(limit)
            for query in (earlier, later):
                found += [_make(row) for row in await connection.execute(query)]
    nearest = sorted(found, key=lambda entry: (abs(entry.exact - at), _order(entry)))[:limit]
    return _marked(nearest)


async def list_pages(db: Database, url: str, *, rows: int = PAGE_ROWS) -> AsyncIterator[Sequence[Entry]]:
    """Yield all captures in the order of TimeMaps, some at a time; nothing is held open between pages.

    A page takes whole seconds, and so may hold more than `rows` of one part.
    """
    key = key_hash(url)
    async with db.read() as connection:
        ends = await _ask(connection, ENDS, {"key": key, "since": FAR, "until": FAR})
    since = min((entry.at for entry in ends.values()), default=None)
    while since is not None:
        entries: list[Entry] = []
        async with db.read() as connection:
            until = await _page_end(connection, key, since, rows)
            for part in PARTS:
                time = part.columns.memento_datetime
                query = part.of(key).where(time >= since)
                query = query if until is None else query.where(time < until)
                entries += [_make(row) for row in await connection.execute(query)]
        yield _marked(entries)
        since = until


async def knows_address(db: Database, address: str) -> bool:
    """Whether a capture of exactly this address is known, not only one of the same resource."""
    key = key_hash(address)
    async with db.read() as connection:
        for part in PARTS:
            exact = select(part.columns.id).where(part.holds(key), part.columns.original == address)
            if await connection.scalar(exact.limit(1)) is not None:
                return True
    return False


async def _page_end(connection: AsyncConnection, key: str, since: datetime, rows: int) -> datetime | None:
    """Return the second that a page from `since` ends before, None where it takes all that is left."""
    ends: list[datetime] = []
    for part in PARTS:
        time = part.columns.memento_datetime
        later = select(time).where(part.holds(key), time >= since).order_by(time).offset(rows).limit(1)
        end = await connection.scalar(later)
        if end is not None:
            ends.append(max(whole_second(end), since + SECOND))
    return min(ends, default=None)


async def _ask(
    connection: AsyncConnection, query: CompoundSelect[Any], told: dict[str, object]
) -> dict[str, Entry]:
    """Return the one capture that each probe finds in each table, in one round trip."""
    return {row.probe: _make(row) for row in await connection.execute(query, told)}


async def _around(
    connection: AsyncConnection, key: str, second: datetime
) -> tuple[list[Entry], tuple[list[Entry], list[Entry]]]:
    """Return the captures of one second in order, and the nearest of each table before and after it."""
    following = second + SECOND
    within = {"key": key, "since": second, "until": following}
    rows = [_make(row) for row in await connection.execute(WITHIN, within)]
    beside = await _ask(connection, BESIDE, {"key": key, "until": second, "since": following})
    before = [entry for probe, entry in beside.items() if probe.startswith("before")]
    after = [entry for probe, entry in beside.items() if probe.startswith("after")]
    return sorted(rows, key=_order), (before, after)


def _nearest_second(ends: dict[str, Entry], at: datetime) -> datetime:
    seconds = {entry.at for entry in ends.values()}
    return min(seconds, key=lambda second: (abs(second - at), second))


def whole_second(at: datetime) -> datetime:
    """Return a time without its fraction, in UTC."""
    return at.astimezone(UTC).replace(microsecond=0)


async def _twins(connection: AsyncConnection, key: str, seconds: set[datetime]) -> set[int]:
    """Return the ids of the local captures in these seconds, at most four, that another one stands before."""
    if not seconds:
        return set()
    told: dict[str, object] = {"key": key}
    ranges = [*sorted(seconds), *[FAR] * (SIDES - len(seconds))]
    for number, second in enumerate(ranges):
        told |= {f"since{number}": second, f"until{number}": second + SECOND}
    rows = [_make(row) for row in await connection.execute(LOCAL_WITHIN, told)]
    return {entry.id for entry in _marked(rows) if entry.is_twin}


def _marked(entries: Sequence[Entry]) -> list[Entry]:
    """Return captures in the order of TimeMaps, the twins among them marked."""
    seen: set[tuple[str, datetime]] = set()
    marked = []
    for entry in sorted(entries, key=_order):
        place = (entry.original, entry.at)
        marked.append(replace(entry, is_twin=entry.is_local and place in seen))
        if entry.is_local:
            seen.add(place)
    return marked


def _told(entries: Sequence[Entry], twins: set[int]) -> list[Entry]:
    return [replace(entry, is_twin=entry.is_local and entry.id in twins) for entry in entries]


def _rank(entry: Entry, asked: str, at: datetime | None) -> tuple[bool, bool, bool]:
    is_meant = at is not None and at.microsecond != 0 and entry.exact == at
    return not is_meant, not entry.is_local, entry.original != asked


def _order(entry: Entry) -> tuple[datetime, bool, datetime, int]:
    return entry.at, not entry.is_local, entry.exact, entry.id


def _make(row: Row[Any]) -> Entry:
    return Entry(
        original=row.original,
        archive=row.archive,
        at=whole_second(row.memento_datetime),
        exact=row.memento_datetime,
        record_id=row.record_id,
        uri_m=row.uri_m,
        status=row.status,
        media_type=row.media_type,
        digest=row.digest,
        quality=Quality(row.quality) if row.quality else Quality.UNVERIFIED,
        reasons=tuple(row.reasons or ()),
        id=row.id,
    )
