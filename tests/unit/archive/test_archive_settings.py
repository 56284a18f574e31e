"""Settings of archives, and times as archives write them."""

from datetime import UTC, datetime

import pytest

from workers.archive.settings import ArchiveSettings
from workers.archive.timestamps import from_http_date, from_timestamp_14, timestamp_14
from workers.errors import InvalidSetting

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"wayback_url": "ftp://archive.example"}, "wayback_url"),
        ({"spn_url": "https://archive.example/?a=1"}, "spn_url"),
        ({"providers": {"arquivo": "arquivo.pt"}}, "arquivo"),
        ({"timeout_s": 0}, "timeout_s"),
        ({"wayback_per_minute": -1}, "wayback_per_minute"),
        ({"spn_key": "onlyaccess"}, "spn_key"),
    ],
)
def test_a_wrong_setting_is_told_by_name(changed: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidSetting, match=told):
        ArchiveSettings(**changed)  # type: ignore[arg-type]


def test_the_key_is_not_shown() -> None:
    assert "secret" not in repr(ArchiveSettings(spn_key="access:secret"))


def test_fourteen_digits_say_a_time_in_utc() -> None:
    assert timestamp_14(NOW) == "20261123100000"
    assert from_timestamp_14("20261123100000") == NOW
    assert from_timestamp_14("20261323100000") is None
    assert from_timestamp_14("2026") is None


def test_an_http_date_is_read() -> None:
    assert from_http_date("Mon, 23 Nov 2026 10:00:00 GMT") == NOW
    assert from_http_date("yesterday") is None
