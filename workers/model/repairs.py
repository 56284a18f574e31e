"""What a damaged or stripped link may have been: candidates, repairs and recoveries."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Decision(StrEnum):
    """What may be done with the best candidate of a repair."""

    KEEP = "keep"  # the written form stands
    AUTO = "auto"  # certain enough to apply
    NEEDS_LIVE = "needs_live"  # apply once the live web or an archive confirms it
    SUGGEST = "suggest"  # for a person to decide
    ABSTAIN = "abstain"  # broken, and nothing better is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A form that the written link may have had, with the rule that made it, a score in 0…1 and evidence."""

    url: str
    rule: str
    score: float
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The candidates of one link, best first (the written form always among them), and what may be done."""

    decision: Decision
    best: Candidate
    candidates: tuple[Candidate, ...]


class RecoveryReason(StrEnum):
    """Why a stripped link was, or was not, found again."""

    MATCHED = "matched"
    NO_PAGE = "no_page"
    NO_PLACE = "no_place"
    NO_LINK = "no_link"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"  # the page or an archive could not be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOn:
    """The page a stripped link was found on: `kind` is `live` or `memento`."""

    kind: str
    url: str
    memento_datetime: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """The targets proposed for one placeholder, best first; `decision` is auto, suggest or abstain."""

    decision: Decision
    best: str | None
    candidates: tuple[Candidate, ...]
    found_on: FoundOn | None
    reason: RecoveryReason

    @property
    def is_sure(self) -> bool:
        """Whether one target is certain enough to stand for the link."""
        return self.decision is Decision.AUTO and self.best is not None
