"""Cron lines: when the next turn comes, in UTC."""

from datetime import datetime

from croniter import CroniterError, croniter  # type: ignore[import-untyped]  # the package has no types

from workers.errors import LinkwrightError

LONGEST_LINE = 200


class InvalidCron(LinkwrightError):
    """A cron line that cannot be read, or that never comes due."""


def next_time(cron: str, *, after: datetime) -> datetime:
    """Return the first turn of `cron` (five fields, minute first) after an aware time, in its zone.

    Raises:
        InvalidCron: the line cannot be read, or never comes due, such as 30 February.
    """
    if len(cron) > LONGEST_LINE or len(cron.split()) != 5:  # noqa: PLR2004 - minute hour day month weekday
        raise InvalidCron(f"cron line {cron[:40]!r}: five fields are needed (minute hour day month weekday)")
    try:
        turn: datetime = croniter(cron, after).get_next(datetime)
    except (CroniterError, ValueError, OverflowError) as error:
        raise InvalidCron(f"cron line {cron!r}: {error}") from None
    return turn
