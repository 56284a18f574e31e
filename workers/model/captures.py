"""What archives hold of an address."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Quality(StrEnum):
    """How well a capture shows what the article cited."""

    GOOD = "good"
    STABLE = "stable"
    DRIFTED = "drifted"
    POOR = "poor"
    UNVERIFIED = "unverified"


VERIFIED: Final = frozenset({Quality.GOOD, Quality.STABLE, Quality.DRIFTED})
"""The qualities of a capture that was read and shows the page."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The chosen capture with quality and reasons, None where there is none to choose from.

    `other` is the capture on the other side of the article's date, shown too when the page drifted;
    `similarity` is how alike the two are, None where they were not compared. `considered` are all
    captures looked at, in that order, each with its reasons. `near` is the date it was made for, None
    where the newest was wanted.
    """

    rule: str
    memento: Memento | None
    near: datetime | None = None
    other: Memento | None = None
    similarity: float | None = None
    considered: tuple[Memento, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The capture nearest to an article's date, to compare today's page with.

    `text_digest` is that of its body without content coding, None where it is not known.
    """

    memento: Memento
    text_digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How alike a page is to its capture nearest to the article's date: 0…1 by the rule named."""

    rule: str
    similarity: float
    memento: Memento
    at: datetime
