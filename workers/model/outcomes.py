"""What observations say of a link: an outcome for one, a standing for all."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """What one observation says of a link."""

    OK = "ok"
    MOVED = "moved"
    SOFT_404 = "soft_404"
    PARKED = "parked"
    GONE = "gone"
    DOWN = "down"
    BLOCKED = "blocked"
    REFUSED = "refused"
    PLACEHOLDER = "placeholder"
    MALFORMED = "malformed"
    UNSUPPORTED = "unsupported"


ALIVE: Final = frozenset({Outcome.OK, Outcome.MOVED})
"""What says that a link shows its resource."""

DEAD: Final = frozenset({Outcome.GONE, Outcome.SOFT_404, Outcome.PARKED})
"""What says that a link shows its resource no more; what could only not be told is not among them."""

FAILED: Final = frozenset({*DEAD, Outcome.DOWN, Outcome.MALFORMED})
"""What has repairs tried and archives asked for a link."""

LOST: Final = frozenset({Outcome.GONE, Outcome.SOFT_404})
"""What leaves open that the piece stands at another address now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An outcome, the named rule that gave it, and evidence a person can read, strongest first."""

    outcome: Outcome
    rule: str
    evidence: tuple[str, ...] = ()


class Standing(StrEnum):
    """What all observations of a link together say, by the rule `standing/1`."""

    UNCHECKED = "unchecked"
    ALIVE = "alive"
    SUSPECT = "suspect"
    DEAD = "dead"
    RESTRICTED = "restricted"
    HELD_ALIVE = "held_alive"
    HELD_DEAD = "held_dead"
