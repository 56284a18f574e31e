"""Errands: one address to be captured, or to be looked up in archives, each by a job.

Values and seams are pure; the runner works over `workers/protocols.py` and asks nobody itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from workers.archive.fresh import Fresh
from workers.archive.saves import SaveRecord, SaveState
from workers.archive.verify import Expected, with_seen
from workers.model import Choice, Lookup, LookupState, Memento


class ErrandKind(StrEnum):
    """What is to be done about an address."""

    CAPTURE = "capture"  # fetch it and keep it as it is now
    LOOKUP = "lookup"  # ask the archives for captures, and choose one


class ErrandState(StrEnum):
    """How far an errand has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One errand, with what is known of its address.

    `at` is the date that captures should be near to, None where nothing tells one. A capture with `at`
    asks the archives too. `public` also asks a public archive to save the page.
    """

    id: int
    kind: ErrandKind
    url: str
    expected: Expected
    at: datetime | None = None
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandResult:
    """What an errand came to: `reason` is None where it is done, else why it failed.

    `note` is what there is to say of one that is done.
    """

    reason: str | None = None
    note: str | None = None
    mementos: tuple[Memento, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    choice: Choice | None = None


class ErrandLog(Protocol):
    """Where errands are kept; each call is one transaction and may be repeated."""

    async def start(self, errand_id: int, *, now: datetime) -> Errand | None:
        """Mark an errand as running and return it, None where it is unknown or has ended."""
        ...

    async def finish(self, errand: Errand, result: ErrandResult, *, now: datetime) -> None:
        """Keep what an errand came to, with all captures that it found."""
        ...

    async def fail(self, errand_id: int, reason: str, *, now: datetime) -> None:
        """Mark an errand as failed, unless it has ended."""
        ...

    async def list_waiting(self, *, before: datetime, after: int = 0) -> Sequence[int]:
        """Return errands above an id that have waited since `before`, lowest first, bounded."""
        ...

    async def prune(self, *, before: datetime) -> int:
        """Forget errands that ended before a time, and return how many; what they found stays."""
        ...

    async def renew(self, *, now: datetime) -> Sequence[int]:
        """Open look-ups for choices that are a year old, bounded, and return their ids."""
        ...


class Keeper(Protocol):
    """The archives, as errands ask them; `workers/archive/archives.py` has the real one."""

    async def fresh(self, url: str) -> Fresh:
        """Fetch a page and capture it."""
        ...

    async def lookup(self, url: str, *, near: datetime | None) -> Sequence[Lookup]:
        """Ask every archive; one answer each."""
        ...

    async def choose(self, lookups: Sequence[Lookup], expected: Expected, *, near: datetime | None) -> Choice:
        """Return the capture that stands for a citation, verified."""
        ...

    async def save(self, url: str) -> SaveRecord | None:
        """Have a public archive save `url`; None where no saver is configured."""
        ...


async def run_errand(errand: Errand, keeper: Keeper) -> ErrandResult:
    """Do one errand; what the web and the archives do ends in the result, never in an exception."""
    if errand.kind is ErrandKind.LOOKUP:
        return await _look(errand, keeper)
    return await _capture(errand, keeper)


async def _look(errand: Errand, keeper: Keeper) -> ErrandResult:
    lookups = tuple(await keeper.lookup(errand.url, near=errand.at))
    if not any(lookup.state is LookupState.FOUND for lookup in lookups):
        return ErrandResult(reason=_unknown(lookups), lookups=lookups)
    found = [memento for lookup in lookups for memento in lookup.mementos]
    choice = await keeper.choose(lookups, errand.expected, near=errand.at)
    return ErrandResult(mementos=with_seen(found, choice), lookups=lookups, choice=choice)


async def _capture(errand: Errand, keeper: Keeper) -> ErrandResult:
    """Capture a page; only that ends the errand well, what archives and savers say is told besides."""
    looked = await _look(errand, keeper) if errand.at is not None else ErrandResult()
    fresh = await keeper.fresh(errand.url)
    mementos = list(looked.mementos)
    notes = [f"captures elsewhere: {looked.reason}" if looked.reason else None]
    if fresh.memento is not None:
        mementos.append(fresh.memento)
        notes.insert(0, fresh.reason)
        if errand.public:
            saved = await keeper.save(errand.url)
            mementos += [saved.memento] if saved and saved.memento else []
            notes.append(_not_saved(saved))
    return ErrandResult(
        reason=(fresh.reason or "not captured") if fresh.memento is None else None,
        note="; ".join(filter(None, notes)) or None,
        mementos=tuple(mementos),
        lookups=looked.lookups,
        choice=looked.choice,
    )


def _unknown(lookups: Sequence[Lookup]) -> str | None:
    """Return why nobody could tell, None where all that were asked hold nothing."""
    if not lookups:
        return "no archive is configured"
    told = [f"{each.archive}: {each.reason}" for each in lookups if each.state is LookupState.UNKNOWN]
    return "; ".join(told) or None


def _not_saved(saved: SaveRecord | None) -> str | None:
    if saved is None:
        return "captured here; no public archive is configured to save it"
    if saved.state is SaveState.SAVED:
        return None
    return f"captured here; the public save is {saved.state}: {saved.reason or 'no reason told'}"
