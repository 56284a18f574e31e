"""The standing of a link by all its observations: the rule `standing/1`, a pure function of stored facts."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from workers.model import Outcome, Standing

RULE = "standing/1"
_GOOD = frozenset({Outcome.OK, Outcome.MOVED})


class EventKind(StrEnum):
    """A change of a link's standing worth telling."""

    DIED = "died"
    REVIVED = "revived"
    SUSPECTED = "suspected"
    RECOVERED = "recovered"
    RESTRICTED = "restricted"
    MOVED = "moved"
    DRIFTED = "drifted"
    PARKED = "parked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change: what happened, when it was seen, and the words for a person."""

    kind: EventKind
    at: datetime
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One stored observation as the rule reads it.

    `rule` names the verdict's rule (`status/410` …). `is_void` says that the host was out as a whole in
    that sweep, so the round does not count. `vantage` names where it was seen from, '' for here.
    """

    observed_at: datetime
    outcome: Outcome
    rule: str = ""
    final_url: str | None = None
    digest: str | None = None
    sketch: str | None = None
    is_void: bool = False
    vantage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingVerdict:
    """What a link stands at, by which rule and why, when to look again, and what changed last.

    `needs_second_look` says that the next check only has to confirm a death. `events` are those of the
    last observation, to be told once.
    """

    standing: Standing
    rule: str
    reasons: tuple[str, ...]
    next_check_at: datetime
    needs_second_look: bool = False
    events: tuple[Event, ...] = ()


def standing(
    observations: Sequence[Seen],
    *,
    now: datetime,
    override: Standing | None = None,
    link_key: str = "",
    published: datetime | None = None,
) -> StandingVerdict:
    """Return the standing that `observations` (oldest first) give at `now`, by `standing/1`.

    `override` is a person's `held_alive` or `held_dead`, None without one; `link_key` spreads the next
    checks; `published` is the date of the youngest citing article, None where unknown.
    """
    good = bool(observations) and observations[-1].outcome in _GOOD
    kind = override or (Standing.ALIVE if good else Standing.SUSPECT if observations else Standing.UNCHECKED)
    shift = int.from_bytes(hashlib.sha256(link_key.encode()).digest()[:2], "big") / 65_536
    return StandingVerdict(
        standing=kind,
        rule=RULE,
        reasons=(),
        next_check_at=now + timedelta(days=3 if kind is Standing.SUSPECT else 30) * (0.9 + 0.2 * shift),
    )
