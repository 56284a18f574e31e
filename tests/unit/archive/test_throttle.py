"""The bucket and the breaker as pure arithmetic."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.archive.throttle import Breaker, Bucket, hold_bucket, note_result, take_token

START = datetime(2026, 1, 1, tzinfo=UTC)


def grants(per_minute: float, steps: list[float]) -> list[float]:
    """Return the seconds at which tokens came, asking after each step."""
    bucket, second, given_at = Bucket(), 0.0, []
    for step in steps:
        second += step
        bucket, wait_s = take_token(bucket, per_minute=per_minute, now=START + timedelta(seconds=second))
        if wait_s == 0.0:
            given_at.append(second)
    return given_at


def test_a_new_bucket_allows_a_burst_of_a_sixth() -> None:
    assert grants(24, [0.0] * 10) == [0.0] * 4


def test_after_the_burst_the_wait_is_told() -> None:
    bucket = Bucket()
    for _ in range(4):
        bucket, wait_s = take_token(bucket, per_minute=24, now=START)
        assert wait_s == 0.0
    assert take_token(bucket, per_minute=24, now=START)[1] == pytest.approx(3.0)


@given(
    st.floats(min_value=1, max_value=600),
    st.lists(st.floats(min_value=0, max_value=30), max_size=300),
)
def test_no_minute_sees_more_than_its_tokens(per_minute: float, steps: list[float]) -> None:
    given_at = grants(per_minute, steps)
    for start in given_at:
        assert sum(start <= second < start + 60 for second in given_at) <= per_minute + 1e-6


@given(st.lists(st.floats(min_value=-30, max_value=30), max_size=100))
def test_a_clock_that_steps_back_gives_nothing_away(steps: list[float]) -> None:
    bucket, second, taken = Bucket(), 0.0, 0
    latest = 0.0
    for step in steps:
        second += step
        latest = max(latest, second)
        bucket, wait_s = take_token(bucket, per_minute=60, now=START + timedelta(seconds=second))
        taken += wait_s == 0.0
    first = min(0.0, steps[0]) if steps else 0.0
    assert taken <= 10 + (latest - first) * 50 / 60 + 1


def test_a_bucket_without_tokens_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        take_token(Bucket(), per_minute=0, now=START)


def test_a_hold_is_never_shortened() -> None:
    held = hold_bucket(Bucket(), until=START + timedelta(seconds=60))
    held = hold_bucket(held, until=START + timedelta(seconds=5))
    assert take_token(held, per_minute=24, now=START)[1] == 60.0
    assert take_token(held, per_minute=24, now=START + timedelta(seconds=60))[1] == 0.0


def test_the_third_failure_in_a_row_opens_the_breaker_for_a_quarter_of_an_hour() -> None:
    breaker = Breaker()
    for _ in range(2):
        breaker = note_result(breaker, ok=False, now=START)
    assert breaker.open_until is None
    breaker = note_result(breaker, ok=False, now=START)
    assert breaker.open_until == START + timedelta(minutes=15)


def test_a_success_between_failures_starts_the_count_anew() -> None:
    breaker = Breaker()
    for ok in (False, False, True, False, False):
        breaker = note_result(breaker, ok=ok, now=START)
    assert breaker == Breaker(failures=2, open_until=None)


def test_one_failure_after_the_pause_opens_it_again() -> None:
    later = START + timedelta(minutes=16)
    breaker = note_result(Breaker(failures=3, open_until=START), ok=False, now=later)
    assert breaker.open_until == later + timedelta(minutes=15)
