"""How often an archive may be asked: a token bucket and a breaker, shared by all workers through a store.

The arithmetic is pure and works on two small values, `Bucket` and `Breaker`; a store only has to keep
them. In any minute at most `per_minute` tokens are given out: the bucket holds a sixth of them for
bursts and is refilled so that a full bucket and a minute's refill together stay below the limit.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from workers.archive.faults import ArchiveFault

MINUTE_S = 60.0
BURST_SHARE = 6
BREAKER_FAILURES = 3
BREAKER_PAUSE = timedelta(minutes=15)
UNTOLD_PAUSE_S = 60.0  # after a 429 without Retry-After
LONGEST_HOLD_S = 3600.0
WAKE_MARGIN_S = 0.005  # timers may fire a clock tick early


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """The state of one token bucket: `tokens` at `at`, and none given out before `held_until`.

    `at` is None for a bucket that was never used, which is full.
    """

    tokens: float = 0.0
    at: datetime | None = None
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """The state of one breaker: failures in a row, and until when nothing is asked."""

    failures: int = 0
    open_until: datetime | None = None


def take_token(bucket: Bucket, *, per_minute: float, now: datetime) -> tuple[Bucket, float]:
    """Return the bucket after trying to take one token, and the wait in seconds (0.0: a token was taken).

    Raises:
        ValueError: `per_minute` is not above 0.
    """
    if per_minute <= 0:
        raise ValueError("per_minute must be above 0")
    capacity = max(1.0, per_minute // BURST_SHARE)
    per_second = max(per_minute - capacity, min(per_minute, 1.0)) / MINUTE_S
    elapsed_s = MINUTE_S if bucket.at is None else max(0.0, (now - bucket.at).total_seconds())
    tokens = capacity if bucket.at is None else min(capacity, bucket.tokens + elapsed_s * per_second)
    held_s = 0.0 if bucket.held_until is None else (bucket.held_until - now).total_seconds()
    # A clock that stands behind the store's last look must not refill the same seconds twice.
    at = now if bucket.at is None else max(now, bucket.at)
    filled = replace(bucket, tokens=tokens, at=at)
    if held_s > 0:
        return filled, held_s
    if tokens >= 1.0:
        return replace(filled, tokens=tokens - 1.0, held_until=None), 0.0
    return filled, (1.0 - tokens) / per_second


def hold_bucket(bucket: Bucket, *, until: datetime) -> Bucket:
    """Return the bucket held until `until`; an earlier end never shortens a hold."""
    later = until if bucket.held_until is None else max(until, bucket.held_until)
    return replace(bucket, held_until=later)


def note_result(breaker: Breaker, *, ok: bool, now: datetime) -> Breaker:
    """Return the breaker after one result: the third failure in a row opens it, a success closes it.

    After the pause one failure more opens it again at once.
    """
    if ok:
        return Breaker()
    failures = breaker.failures + 1
    open_until = now + BREAKER_PAUSE if failures >= BREAKER_FAILURES else None
    return Breaker(failures=failures, open_until=open_until)


class ThrottleStore(Protocol):
    """Where buckets and breakers are kept; each call is one atomic step, whoever else calls."""

    async def take(self, bucket: str, *, per_minute: float, now: datetime) -> float:
        """Take a token and return 0.0, or take none and return the seconds to wait before trying again."""
        ...

    async def hold(self, bucket: str, *, until: datetime) -> None:
        """Give out no token before `until`; never shortens an earlier hold."""
        ...

    async def record(self, breaker: str, *, ok: bool, now: datetime) -> None:
        """Note whether the archive behind a breaker answered."""
        ...

    async def open_until(self, breaker: str, *, now: datetime) -> datetime | None:
        """Return until when the archive is left alone, None where it may be asked."""
        ...


@dataclass(slots=True)
class MemoryThrottle:
    """A throttle store for one process."""

    _buckets: dict[str, Bucket] = field(default_factory=dict)
    _breakers: dict[str, Breaker] = field(default_factory=dict)

    async def take(self, bucket: str, *, per_minute: float, now: datetime) -> float:
        """Take a token and return 0.0, or take none and return the seconds to wait before trying again."""
        state = self._buckets.get(bucket, Bucket())
        self._buckets[bucket], wait_s = take_token(state, per_minute=per_minute, now=now)
        return wait_s

    async def hold(self, bucket: str, *, until: datetime) -> None:
        """Give out no token before `until`; never shortens an earlier hold."""
        self._buckets[bucket] = hold_bucket(self._buckets.get(bucket, Bucket()), until=until)

    async def record(self, breaker: str, *, ok: bool, now: datetime) -> None:
        """Note whether the archive behind a breaker answered."""
        self._breakers[breaker] = note_result(self._breakers.get(breaker, Breaker()), ok=ok, now=now)

    async def open_until(self, breaker: str, *, now: datetime) -> datetime | None:
        """Return until when the archive is left alone, None where it may be asked."""
        until = self._breakers.get(breaker, Breaker()).open_until
        return until if until is not None and until > now else None


def utc_now() -> datetime:
    """Return the present time, aware and in UTC."""
    return datetime.now(UTC)


class Gate:
    """The way to one archive: waits for a token, keeps out while the breaker is open, notes results.

    `per_minute` 0 means no limit on tokens; holds asked for by the archive and the breaker still apply.
    Waiters of one process stand in one queue, so a shared store is asked by one of them at a time.
    """

    NO_LIMIT_PER_MINUTE = 6_000_000

    def __init__(
        self,
        store: ThrottleStore,
        name: str,
        *,
        per_minute: float,
        max_wait_s: float,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._name = name
        self._per_minute = per_minute or self.NO_LIMIT_PER_MINUTE
        self._max_wait_s = max_wait_s
        self._clock = clock
        self._queue = asyncio.Lock()

    async def admit(self) -> None:
        """Return when the archive may be asked once.

        Raises:
            ArchiveFault: the breaker is open, or no token comes within the longest wait.
        """
        async with self._queue:
            while True:
                now = self._clock()
                until = await self._store.open_until(self._name, now=now)
                if until is not None:
                    raise ArchiveFault(f"left alone until {until:%H:%M:%S} UTC after failures", counts=False)
                wait_s = await self._store.take(self._name, per_minute=self._per_minute, now=now)
                if wait_s <= 0:
                    return
                if wait_s > self._max_wait_s:
                    raise ArchiveFault(f"throttled: may be asked again in {wait_s:.0f} s", counts=False)
                await asyncio.sleep(wait_s + WAKE_MARGIN_S)

    async def answered(self) -> None:
        """Note that the archive answered as it should."""
        await self._store.record(self._name, ok=True, now=self._clock())

    async def failed(self, fault: ArchiveFault) -> None:
        """Note a fault: hold the bucket as the archive asked, and move the breaker where it counts."""
        now = self._clock()
        if fault.retry_after_s is not None:
            pause_s = min(max(fault.retry_after_s, 0.0), LONGEST_HOLD_S)
            await self._store.hold(self._name, until=now + timedelta(seconds=pause_s))
        if fault.counts:
            await self._store.record(self._name, ok=False, now=now)
