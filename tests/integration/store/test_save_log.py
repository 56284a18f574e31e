"""What every log of public saves does, in memory and on both databases: one loss is submitted once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.store.database import open_database
from service.store.saves import StoreSaveLog
from service.store.schema import migrate
from tests.archive_stand_in import archive_stand_in
from workers.archive.archives import open_archives
from workers.archive.captures import MemoryCaptureIndex
from workers.archive.saves import ONE_LOSS, MemorySaveLog, SaveLog, SaveRecord, SaveState
from workers.archive.settings import ArchiveSettings
from workers.archive.throttle import MemoryThrottle
from workers.model import Memento

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "http://example.org/story"
RECORD = SaveRecord(key="org,example)/story", url=URL, submitted_at=NOW)
SAVED = Memento(original=URL, archive="wayback", memento_datetime=NOW, uri_m="https://w.example/1")


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def log(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SaveLog]:
    if request.param == "memory":
        yield MemorySaveLog()
        return
    url = f"sqlite:///{tmp_path}/saves.sqlite"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        url = server.url(server.create())
    async with open_database(url) as database:
        await migrate(database)
        yield StoreSaveLog(database, "wayback")


async def test_of_many_at_once_one_has_to_submit(log: SaveLog) -> None:
    claims = await asyncio.gather(
        *(log.claim(replace(RECORD, job_id=str(n)), since=NOW - ONE_LOSS) for n in range(12))
    )
    assert [claim is None for claim in claims].count(True) == 1


async def test_a_save_of_today_is_handed_out_whole(log: SaveLog) -> None:
    await log.claim(RECORD, since=NOW - ONE_LOSS)
    noted = replace(RECORD, state=SaveState.SAVED, job_id="j1", memento=SAVED, reason="told")
    await log.note(noted)
    later = replace(RECORD, submitted_at=NOW + timedelta(hours=23))
    assert await log.claim(later, since=later.submitted_at - ONE_LOSS) == noted


async def test_a_worker_that_comes_late_does_not_undo_a_save(log: SaveLog) -> None:
    await log.claim(RECORD, since=NOW - ONE_LOSS)
    noted = replace(RECORD, state=SaveState.SAVED, memento=SAVED)
    await log.note(noted)
    await log.note(replace(RECORD, reason="no answer"))
    assert await log.claim(RECORD, since=NOW - ONE_LOSS) == noted


async def test_a_save_of_yesterday_is_made_anew(log: SaveLog) -> None:
    await log.claim(RECORD, since=NOW - ONE_LOSS)
    later = replace(RECORD, submitted_at=NOW + timedelta(hours=25))
    assert await log.claim(later, since=later.submitted_at - ONE_LOSS) is None
    assert await log.claim(later, since=later.submitted_at - ONE_LOSS) == later


async def test_a_claim_that_was_given_back_may_be_taken_again(log: SaveLog) -> None:
    await log.claim(RECORD, since=NOW - ONE_LOSS)
    await log.release(RECORD.key)
    assert await log.claim(RECORD, since=NOW - ONE_LOSS) is None


async def test_a_save_is_submitted_once_by_three_workers_and_after_a_restart(
    database_url: str, tmp_path: Path
) -> None:
    async with archive_stand_in() as stand_in, open_database(database_url) as database:
        await migrate(database)
        settings = ArchiveSettings(
            wayback_url=stand_in.base,
            spn_url=stand_in.base,
            spn_key="access:secret",
            wayback_per_minute=0,
            spn_per_minute=0,
            save_poll_s=0.01,
        )

        async def save_as_a_worker() -> SaveState:
            async with open_archives(
                settings,
                throttle=MemoryThrottle(),
                index=MemoryCaptureIndex(),
                saves=lambda saver: StoreSaveLog(database, saver),
            ) as archives:
                record = await archives.save(URL)
            assert record is not None
            return record.state

        states = await asyncio.gather(*(save_as_a_worker() for _ in range(3)))
        states.append(await save_as_a_worker())
        assert SaveState.SAVED in states
        assert states[-1] is SaveState.SAVED
        assert len([asked for asked in stand_in.asked if asked.method == "POST"]) == 1
