"""What was asked of public archives to save: results, and the log that keeps one loss from two saves."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from workers.model import Memento

ONE_LOSS = timedelta(hours=24)


class SaveState(StrEnum):
    """How far one save has come."""

    SUBMITTED = "submitted"  # sent, and the archive's answer did not come back: it may be under way
    PENDING = "pending"  # the archive works on it
    SAVED = "saved"
    FAILED = "failed"  # the archive refused it; the reason is kept
    DEFERRED = "deferred"  # not sent: no key, no token, or the archive is left alone


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRecord:
    """One save as the log keeps it; `key` is the lookup key of `url`."""

    key: str
    url: str
    submitted_at: datetime
    state: SaveState = SaveState.SUBMITTED
    job_id: str | None = None
    memento: Memento | None = None
    reason: str | None = None


class Saver(Protocol):
    """A public archive that saves a page on request; it never raises for what the archive does."""

    async def save(self, url: str) -> SaveRecord:
        """Have `url` saved once, and return how far that came."""
        ...


class SaveLog(Protocol):
    """Where saves are kept; each call is one atomic step, whoever else calls."""

    async def claim(self, record: SaveRecord, *, since: datetime) -> SaveRecord | None:
        """Keep a new record, unless its key has one submitted after `since`: then return that one.

        None means that the caller, and nobody else, now has to submit.
        """
        ...

    async def note(self, record: SaveRecord) -> None:
        """Replace what is kept under the record's key, but for a save that has ended well.

        Several workers may look at one save, and one of them later than it knows.
        """
        ...

    async def release(self, key: str) -> None:
        """Forget a claim that was not submitted after all."""
        ...


@dataclass(slots=True)
class MemorySaveLog:
    """A save log for one process."""

    _kept: dict[str, SaveRecord] = field(default_factory=dict)

    async def claim(self, record: SaveRecord, *, since: datetime) -> SaveRecord | None:
        """Keep a new record, unless its key has one submitted after `since`: then return that one."""
        held = self._kept.get(record.key)
        if held is not None and held.submitted_at > since:
            return held
        self._kept[record.key] = record
        return None

    async def note(self, record: SaveRecord) -> None:
        """Replace what is kept under the record's key, but for a save that has ended well."""
        held = self._kept.get(record.key)
        is_over = held is not None and held.state is SaveState.SAVED
        if held is None or not is_over or held.submitted_at < record.submitted_at:
            self._kept[record.key] = record

    async def release(self, key: str) -> None:
        """Forget a claim that was not submitted after all."""
        self._kept.pop(key, None)
