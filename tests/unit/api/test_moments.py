"""Moments in every usual form."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies

from service.api.moments import parse_moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-10", datetime(2024, 10, 1, tzinfo=UTC)),
        ("2024-10-22", datetime(2024, 10, 22, tzinfo=UTC)),
        ("2024-10-22T08:30:00Z", datetime(2024, 10, 22, 8, 30, tzinfo=UTC)),
        ("2024-10-22T08:30:00+03:00", datetime(2024, 10, 22, 5, 30, tzinfo=UTC)),
        ("2024-10-22 08:30", datetime(2024, 10, 22, 8, 30, tzinfo=UTC)),
        ("202410", datetime(2024, 10, 1, tzinfo=UTC)),
        ("20241022", datetime(2024, 10, 22, tzinfo=UTC)),
        ("20241022083000", datetime(2024, 10, 22, 8, 30, tzinfo=UTC)),
        ("Tue, 22 Oct 2024 08:30:00 GMT", datetime(2024, 10, 22, 8, 30, tzinfo=UTC)),
        (" 2024-10-22 ", datetime(2024, 10, 22, tzinfo=UTC)),
        ("22 October 2024", datetime(2024, 10, 22, tzinfo=UTC)),
        ("October 22, 2024", datetime(2024, 10, 22, tzinfo=UTC)),
        ("22. Oktober 2024", datetime(2024, 10, 22, tzinfo=UTC)),
        ("22.10.2024", datetime(2024, 10, 22, tzinfo=UTC)),
        ("2024/10/22", datetime(2024, 10, 22, tzinfo=UTC)),
        ("0900-10-22", datetime(900, 10, 22, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_every_usual_form(text: str, moment: datetime):
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2024-13-01",
        "20241322",
        "0000",
        "-1",
        "9" * 14,
        "٢٠٢٤",
        "03/01/2021",
        "the 22 October 2024",
        "31.02.2024",
    ],
)
def test_nonsense_is_no_moment(text: str):
    with pytest.raises(ValueError, match=r"."):
        parse_moment(text)


@given(strategies.text(max_size=40))
def test_any_text_is_a_utc_moment_or_a_value_error(text: str):
    try:
        moment = parse_moment(text)
    except ValueError:
        return
    assert moment.tzinfo is UTC


@given(strategies.datetimes(min_value=datetime(2, 1, 1), timezones=strategies.just(UTC)))  # noqa: DTZ001
def test_rfc_3339_comes_back(moment: datetime):
    assert parse_moment(moment.isoformat()) == moment
