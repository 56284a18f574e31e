"""What archives hold of an address."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Quality(StrEnum):
    """How well a capture shows what the article cited."""

    GOOD = "good"
    STABLE = "stable"
    DRIFTED = "drifted"
    POOR = "poor"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memento:
    """A capture of an original resource. `archive` is an archive id, `local` for our own WARC files."""

    original: str
    archive: str
    memento_datetime: datetime
    uri_m: str
    status: int | None = None
    media_type: str | None = None
    digest: str | None = None
    quality: Quality = Quality.UNVERIFIED
    reasons: tuple[str, ...] = ()


class LookupState(StrEnum):
    """Whether an archive holds captures: `unknown` is never `none`."""

    FOUND = "found"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """The answer of one archive on one address; `mementos` oldest first, `reason` for `unknown`."""

    archive: str
    original: str
    state: LookupState
    asked_at: datetime
    mementos: tuple[Memento, ...] = ()
    reason: str | None = None
