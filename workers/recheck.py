"""Rechecks that ask only what changed: the validators that a link's last good answer left."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from workers.model import LinkTask, Observation, Outcome, Validators

MAX_UNCHANGED: Final = 2
"""So many answers of 304 in a row are believed before the whole page is asked for again."""

MAX_AGE: Final = timedelta(days=90)
"""Validators of an older answer are not sent."""

HISTORY: Final = MAX_UNCHANGED + 1
"""So many of a link's last checks tell whether there are validators."""

_LONGEST = 256
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"')
_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One stored check of a link.

    `tried_others` says that other addresses were asked for too, or that another link led here.
    `compared_with` is the `uri_m` of the capture that the page was compared with, None where it was not.
    """

    outcome: Outcome
    observation: Observation | None
    tried_others: bool = False
    compared_with: str | None = None


def validators_of(history: Sequence[Checked], *, now: datetime) -> Validators | None:
    """Return what the next check may send; `history` is the link's last checks, the newest first.

    None where the last check was not good, the whole page was seen too long or too many checks ago, it
    came from another address than the one asked, or it named no validator.
    """
    for unchanged, checked in enumerate(history):
        if not _is_unchanged(checked):
            return _left_by(checked, now) if unchanged < MAX_UNCHANGED else None
    return None


def conditional(task: LinkTask) -> Validators | None:
    """Return the validators that the request for a task carries, None where the page itself is wanted."""
    found = task.validators
    if found is None or task.capture or task.hard_defect or task.repair is not None or "#" in task.written:
        return None
    is_compared = task.kept is None or task.kept.memento.uri_m == found.compared_with
    return found if is_compared else None


def is_unchanged(task: LinkTask, observation: Observation) -> bool:
    """Whether an answer of 304 is the first one to the request of `task`, and that carried validators."""
    is_first = observation.url == task.written and len(observation.hops) <= 1
    return observation.status == HTTPStatus.NOT_MODIFIED and is_first and conditional(task) is not None


def _is_unchanged(checked: Checked) -> bool:
    seen = checked.observation
    return checked.outcome is Outcome.OK and seen is not None and seen.status == HTTPStatus.NOT_MODIFIED


def _left_by(checked: Checked, now: datetime) -> Validators | None:
    seen = checked.observation
    if seen is None or checked.outcome is not Outcome.OK or seen.status != HTTPStatus.OK:
        return None
    if checked.tried_others or len(seen.hops) > 1 or now - seen.observed_at > MAX_AGE:
        return None
    etag = _as_sent(seen.headers.get("etag", ""), _ETAG)
    last_modified = _as_sent(seen.headers.get("last-modified", ""), _DATE)
    if etag is None and last_modified is None:
        return None
    return Validators(etag=etag, last_modified=last_modified, compared_with=checked.compared_with)


def _as_sent(value: str, form: re.Pattern[str]) -> str | None:
    """Return a header's value where it has its form: what a host made up is not sent back to it."""
    return value if len(value) <= _LONGEST and form.fullmatch(value) else None
