"""Cron lines give their next turn in UTC; what is none is refused."""

from datetime import UTC, datetime

import pytest

from workers.cron import InvalidCron, next_time

NOON = datetime(2026, 2, 28, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "turn"),
    [
        ("7 * * * *", datetime(2026, 2, 28, 12, 7, tzinfo=UTC)),
        ("0 12 * * *", datetime(2026, 3, 1, 12, 0, tzinfo=UTC)),
        ("30 2 * * 1", datetime(2026, 3, 2, 2, 30, tzinfo=UTC)),
        ("0 0 29 2 *", datetime(2028, 2, 29, 0, 0, tzinfo=UTC)),
        ("*/15 * * * *", datetime(2026, 2, 28, 12, 15, tzinfo=UTC)),
    ],
)
def test_the_next_turn_is_the_first_after(cron: str, turn: datetime) -> None:
    assert next_time(cron, after=NOON) == turn


@pytest.mark.parametrize(
    "cron", ["", "*", "61 * * * *", "* * * * * *", "@daily", "0 0 30 2 *", "x x x x x", "* " * 500]
)
def test_what_is_no_cron_line_is_refused(cron: str) -> None:
    with pytest.raises(InvalidCron, match="cron line"):
        next_time(cron, after=NOON)
