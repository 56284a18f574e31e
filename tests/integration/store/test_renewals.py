"""Choices that are a year old are chosen anew, each in its turn, whatever becomes of the others."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from service.store.database import Database
from service.store.errands import Order, StoreErrands, get_errand, open_errands
from service.store.picks import write_pick
from service.store.tables import ERRAND
from workers.errands import ErrandKind, ErrandState
from workers.model import Choice, Memento, Quality

THEN = datetime(2025, 1, 1, tzinfo=UTC)
NOW = THEN + timedelta(days=400)
DAY = timedelta(days=1)


async def keep_picks(db: Database, originals: list[str]) -> None:
    async with db.write() as connection:
        for second, original in enumerate(originals):
            at = THEN + timedelta(seconds=second)
            memento = Memento(
                original=original,
                archive="wayback",
                memento_datetime=THEN,
                uri_m=f"https://archive.example/{original}",
                quality=Quality.GOOD,
            )
            await write_pick(connection, original, Choice(rule="pick/1", memento=memento), now=at)


async def urls_of(db: Database, errand_ids: list[int]) -> list[str]:
    kept = [await get_errand(db, each) for each in errand_ids]
    return [each.url for each in kept if each is not None]


async def test_choices_that_cannot_be_renewed_hold_up_no_other(db: Database) -> None:
    await keep_picks(db, [f"https://news.example/{number}" for number in range(501)])
    log = StoreErrands(db)
    first = list(await log.renew(now=NOW))
    assert len(first) == 500
    for errand_id in first:
        await log.fail(errand_id, "wayback: throttled", now=NOW)
    second = list(await log.renew(now=NOW + DAY))
    assert await urls_of(db, second) == ["https://news.example/500"]
    assert await log.renew(now=NOW + 2 * DAY) == []
    again = list(await log.renew(now=NOW + 30 * DAY))
    assert (len(again), (await urls_of(db, again))[0]) == (500, "https://news.example/0")


async def test_renewals_leave_room_among_what_waits(db: Database) -> None:
    await keep_picks(db, [f"https://news.example/{number}" for number in range(5)])
    (waiting,) = await open_errands(db, [Order(kind=ErrandKind.CAPTURE, url="https://a.example/")], now=NOW)
    more = {
        "kind": ErrandKind.CAPTURE,
        "url": waiting.url,
        "url_hash": "h",
        "at": None,
        "public": False,
        "state": ErrandState.QUEUED,
        "created_at": NOW,
    }
    async with db.write() as connection:
        await connection.execute(insert(ERRAND), [more] * 19_997)
    log = StoreErrands(db)
    assert len(await log.renew(now=NOW)) == 2
    assert await log.renew(now=NOW + DAY) == []
