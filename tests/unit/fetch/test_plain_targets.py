"""The short way to a target: what it takes, it reads as the standard's parser does."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workers.fetch.target import parsed_target, plain_target

LETTERS = "aZ09-_.~!$&'()*+,;=:@%/?#[]\\ \t|^`{}<>"
PARTS = st.lists(
    st.sampled_from([*LETTERS, "..", "/.", "%2e", "%41", "xn--", "127.0.0.1", "a.example"]), max_size=12
).map("".join)
SCHEMES = st.sampled_from(["http://", "https://", "HTTP://", "http:/", "ftp://"])
NAMES = [
    "a.example",
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "a.1",
    "256.1.1.1",
    "A.example",
    "xn--a.example",
    "a.b.",
    "",
]
HOSTS = st.sampled_from(NAMES)
PORTS = st.sampled_from(["", ":80", ":443", ":8080", ":65535", ":65536", ":0", ":080", ":99999", ":"])


@given(SCHEMES, HOSTS, PORTS, PARTS)
@example("http://", "a.example", ":8080", "/x?y=1'2")
@example("https://", "127.0.0.1", "", "/a/./b")
def test_the_short_way_reads_as_the_standard_does(scheme: str, host: str, port: str, rest: str) -> None:
    url = scheme + host + port + rest
    plain = plain_target(url)
    if plain is not None:
        assert plain == parsed_target(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example/2024/05/a-b_c.html",
        "https://127.1.0.23:28443/a/b?c=d&e=%20f",
        "http://a.example:8080/",
    ],
)
def test_common_addresses_take_the_short_way(url: str) -> None:
    assert plain_target(url) is not None
