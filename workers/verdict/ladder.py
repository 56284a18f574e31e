"""When a link is looked at again: a ladder by standing and age, spread by a stable hash of the link."""

import hashlib
from datetime import datetime, timedelta

from workers.model import Standing

YOUNG_STEPS = tuple(timedelta(days=days) for days in (1, 3, 7, 14))
STEADY = timedelta(days=30)
SUSPECT_STEP = timedelta(days=3)
SECOND_LOOK = timedelta(hours=1)
_LEAST_STEP = timedelta(hours=12)
_SPREAD = 0.1  # a tenth later at most, never earlier: spacing of three days must hold


def next_check_at(
    standing: Standing,
    *,
    now: datetime,
    last: datetime | None,
    published: datetime | None,
    link_key: str,
    second_look: bool = False,
) -> datetime:
    """Return when to look again: now where never looked at, else a step after the last look.

    Never before `now`. `published` is the date of the youngest citing article; without it the link
    counts as old.
    """
    if last is None:
        return now
    if second_look:
        step = SECOND_LOOK
    elif standing is Standing.SUSPECT:
        step = SUSPECT_STEP
    elif standing in {Standing.DEAD, Standing.HELD_DEAD} or published is None:
        step = STEADY
    else:
        step = _young_step(last, published)
    return max(now, last + step * (1 + _SPREAD * share_of(link_key, last)))


def share_of(link_key: str, at: datetime) -> float:
    """Return a number in 0…1 that is the same for the same link and look, and spread evenly over links."""
    seed = f"{link_key}|{at.isoformat()}".encode()
    return int.from_bytes(hashlib.sha256(seed).digest()[:4], "big") / 2**32


def _young_step(last: datetime, published: datetime) -> timedelta:
    """Return the way from `last` to the next rung at 1, 3, 7, 14 days of the article's age, else 30 days."""
    age = max(last - published, timedelta())
    rung = next((step for step in YOUNG_STEPS if step - age >= _LEAST_STEP), None)
    return STEADY if rung is None else rung - age
