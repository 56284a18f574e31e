"""Which statuses count as ok: lists, ranges, patterns and hosts."""

import pytest

from workers.errors import InvalidSetting
from workers.verdict.acceptance import Acceptance, read_accepted_for, read_statuses


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("", frozenset()),
        ("403", frozenset({403})),
        (" 403 , 999 ", frozenset({403, 999})),
        ("401-403,500", frozenset({401, 402, 403, 500})),
    ],
)
def test_statuses_are_read(text, statuses):
    assert read_statuses(text) == statuses


@pytest.mark.parametrize("text", ["4o3", "99", "1000", "500-400", "403-", "-403", "²²²"])
def test_what_is_no_status_is_named(text):
    with pytest.raises(InvalidSetting, match="is no status"):
        read_statuses(text)


def test_a_pattern_may_hold_an_equals_sign():
    pattern, statuses = read_accepted_for(r"\?id=\d+=404,410")
    assert (pattern.pattern, statuses) == (r"\?id=\d+", frozenset({404, 410}))


@pytest.mark.parametrize("text", ["403", "=403", "https://a.example=", "(=403"])
def test_a_pattern_that_cannot_be_used_is_named(text):
    with pytest.raises(InvalidSetting, match="accept-for"):
        read_accepted_for(text)


def test_statuses_add_up_for_an_address():
    acceptance = Acceptance(
        everywhere=frozenset({429}),
        by_pattern=(read_accepted_for("/private/=403"),),
        by_host={"intranet.example": frozenset({401})},
    )
    assert acceptance.statuses_of("https://a.example/") == {429}
    assert acceptance.statuses_of("https://a.example/private/1") == {429, 403}
    assert acceptance.statuses_of("https://INTRANET.example:8443/private/1") == {429, 403, 401}


def test_statuses_of_a_named_port_hold_there_and_in_place_of_the_names_own():
    accepted = frozenset({401}), frozenset({403}), frozenset({404})
    names = ("intranet.example", "intranet.example:8081", "intranet.example:443")
    acceptance = Acceptance(by_host=dict(zip(names, accepted, strict=True)))
    assert acceptance.statuses_of("http://intranet.example:8081/a") == {403}
    assert acceptance.statuses_of("https://Intranet.example/a") == {404}
    assert acceptance.statuses_of("http://intranet.example/a") == {401}
    assert acceptance.statuses_of("http://intranet.example:9/a") == {401}
    assert acceptance.statuses_of("mailto:a@intranet.example") == frozenset()
