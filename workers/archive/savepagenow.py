"""Saving pages in the Internet Archive by Save Page Now 2: one submission for one loss.

A claim in the log comes before the submission, so that of several workers one submits. Where the answer
to a submission was lost, the archive is looked into before anything is sent again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from workers.archive.faults import ArchiveFault
from workers.archive.saves import ONE_LOSS, SaveLog, SaveRecord, SaveState
from workers.archive.settings import WAYBACK, ArchiveSettings
from workers.archive.spn_client import NotSubmitted, SpnAnswer, SpnClient
from workers.archive.throttle import Gate, utc_now
from workers.archive.timestamps import from_timestamp_14
from workers.model import Lookup, LookupState, Memento
from workers.url import is_fetchable, lookup_key, without_fragment

LOST_JOBS: Final = ("error:no-job", "error:job-not-found", "error:celery")
PASSING: Final = (
    "error:user-session-limit",
    "error:too-many-requests",
    "error:service-unavailable",
    "error:proxy-error",
    "You have already reached the limit of active",
)
SAME_SNAPSHOT: Final = "snapshot had been made"
SAME_SNAPSHOT_AGE: Final = timedelta(hours=24)
CLOCK_SKEW: Final = timedelta(minutes=5)
SLOWEST_POLL_S: Final = 15.0


class Looks(Protocol):
    """The archive that saves land in, to look captures up in."""

    async def lookup(self, url: str, *, near: datetime | None) -> Lookup:
        """Return the captures of `url` nearest to `near`."""
        ...


class SavePageNow:
    """Save Page Now as a saver; implements `Saver` of `workers/archive/saves.py`."""

    def __init__(
        self,
        client: SpnClient,
        *,
        gate: Gate,
        log: SaveLog,
        looks: Looks,
        settings: ArchiveSettings,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._client = client
        self._gate = gate
        self._log = log
        self._looks = looks
        self._settings = settings
        self._clock = clock

    async def save(self, url: str) -> SaveRecord:
        """Have `url` saved, at most once a day, and return how far that came; never raises."""
        now = self._clock()
        url = without_fragment(url)
        record = SaveRecord(key=lookup_key(url), url=url, submitted_at=now)
        if not is_fetchable(url):
            return replace(record, state=SaveState.FAILED, reason="not an http or https address")
        held = await self._log.claim(record, since=now - ONE_LOSS)
        if held is None:
            return await self._submit(record)
        if held.state is SaveState.PENDING and held.job_id:
            return await self._follow(held)
        if held.state is SaveState.SUBMITTED:
            return await self._look(held)
        return held

    async def _submit(self, record: SaveRecord) -> SaveRecord:
        try:
            await self._gate.admit()
        except ArchiveFault as fault:
            return await self._deferred(record, fault.reason)
        try:
            answer = await self._client.submit(record.url)
        except NotSubmitted as fault:
            await self._gate.failed(fault)
            return await self._deferred(record, fault.reason)
        except ArchiveFault as fault:
            await self._gate.failed(fault)
            return await self._look(replace(record, reason=fault.reason))
        await self._gate.answered()
        return await self._taken(record, answer)

    async def _taken(self, record: SaveRecord, answer: SpnAnswer) -> SaveRecord:
        """Go on after an answer to a submission: a job, a refusal, or words about an earlier capture."""
        if answer.job_id and answer.status != "error":
            told = answer.message or None
            record = replace(record, state=SaveState.PENDING, job_id=answer.job_id, reason=told)
            await self._log.note(record)
            return await self._follow(record)
        if SAME_SNAPSHOT in answer.message:
            return await self._look(replace(record, reason=answer.message))
        if answer.message.startswith(PASSING):
            return await self._deferred(record, answer.message)
        return await self._noted(record, SaveState.FAILED, answer.message or "refused without a reason")

    async def _follow(self, record: SaveRecord) -> SaveRecord:
        """Look at a job until it ends or the deadline passes; then it stays pending for the next call."""
        pause_s = self._settings.save_poll_s
        try:
            async with asyncio.timeout(self._settings.save_deadline_s):
                while True:
                    answer = await self._job(record)
                    if answer is not None and answer.status == "success":
                        return await self._saved(record, answer)
                    if answer is not None and answer.status == "error":
                        return await self._ended(record, answer)
                    await asyncio.sleep(pause_s)
                    pause_s = min(pause_s * 1.5, max(SLOWEST_POLL_S, self._settings.save_poll_s))
        except TimeoutError:
            return await self._noted(record, SaveState.PENDING, "not finished within the deadline")

    async def _job(self, record: SaveRecord) -> SpnAnswer | None:
        """Return how far the job is, None where no answer could be read this time."""
        try:
            return await self._client.look(record.job_id or "")
        except ArchiveFault:
            return None

    async def _ended(self, record: SaveRecord, answer: SpnAnswer) -> SaveRecord:
        if answer.message.startswith(LOST_JOBS):
            return await self._look(replace(record, reason=answer.message))
        return await self._noted(record, SaveState.FAILED, answer.message or "failed without a reason")

    async def _saved(self, record: SaveRecord, answer: SpnAnswer) -> SaveRecord:
        at = from_timestamp_14(answer.timestamp or "")
        if at is None:
            return await self._look(replace(record, reason="saved, and no readable time was told"))
        original = answer.original_url or record.url
        base = self._settings.wayback_url.rstrip("/") or self._settings.spn_url.rstrip("/")
        memento = Memento(
            original=original,
            archive=WAYBACK,
            memento_datetime=at,
            uri_m=f"{base}/web/{answer.timestamp}/{original}",
        )
        record = replace(record, state=SaveState.SAVED, memento=memento, reason=None)
        await self._log.note(record)
        return record

    async def _look(self, record: SaveRecord) -> SaveRecord:
        """Settle a save whose answer is lost by what the archive holds; else it stays as it is.

        Nothing is sent again within the day: a save under way shows only later.
        """
        found = await self._looks.lookup(record.url, near=record.submitted_at)
        # An earlier capture that the service points to counts; else only one made by this save.
        reach = SAME_SNAPSHOT_AGE if SAME_SNAPSHOT in (record.reason or "") else CLOCK_SKEW
        since = record.submitted_at - reach
        made = [memento for memento in found.mementos if memento.memento_datetime >= since]
        if made:
            record = replace(record, state=SaveState.SAVED, memento=made[-1], reason=None)
        elif found.state is LookupState.UNKNOWN:
            record = replace(record, reason=f"{record.reason or 'no answer'}; look-up: {found.reason}")
        await self._log.note(record)
        return record

    async def _deferred(self, record: SaveRecord, reason: str) -> SaveRecord:
        await self._log.release(record.key)
        return replace(record, state=SaveState.DEFERRED, reason=reason)

    async def _noted(self, record: SaveRecord, state: SaveState, reason: str) -> SaveRecord:
        record = replace(record, state=state, reason=reason)
        await self._log.note(record)
        return record
