"""The small readers of the fetcher: Retry-After, robots.txt, character sets, cookies, targets, codings."""

import re
from datetime import UTC, datetime
from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.errors import InvalidSetting
from workers.fetch.addresses import not_public, read_address
from workers.fetch.charset import read_content_type
from workers.fetch.cookies import CookieJar
from workers.fetch.decoding import Decoder, read_codings
from workers.fetch.guard import written_fault
from workers.fetch.policy import FetchPolicy
from workers.fetch.request_head import RequestHeads
from workers.fetch.resolver import read_hosts_file
from workers.fetch.retry_after import retry_after_s
from workers.fetch.robots import read_robots
from workers.fetch.target import host_key, read_target

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("1.5", 1.5),
        ("1m30s", 90.0),
        ("2h", 7200.0),
        ("1h 5m", 3900.0),
        ("90 seconds", 90.0),
        ("5 min", 300.0),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        ("Sunday, 01-Mar-26 12:01:00 GMT", 60.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Sun, 01 Mar 2026 12:00:30 +99999999999999", None),
        ("Sun, 01 Mar 2026 99999999999999999999:00:00 GMT", None),
        ("30, 60", 30.0),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after_is_read_in_its_three_forms(header, seconds):
    assert retry_after_s(header, now=NOON) == seconds


@given(st.text(max_size=40))
def test_no_retry_after_breaks_the_reader(header):
    seconds = retry_after_s(header, now=NOON)
    assert seconds is None or seconds >= 0


ROBOTS = """
# a comment
User-agent: *
Disallow: /private/
Disallow: /*.pdf$
Allow: /private/open
Crawl-delay: 2

User-agent: otherbot
User-agent: Linkwright
Disallow: /only-us
"""


@pytest.mark.parametrize(
    ("path", "is_allowed"),
    [
        ("/", True),
        ("/private/x", False),
        ("/private/open/door", True),
        ("/a/b.pdf", False),
        ("/a/b.pdf?page=1", True),
        ("/privately", True),
    ],
)
def test_the_longest_robots_rule_wins(path, is_allowed):
    assert read_robots(ROBOTS, "somebody").allow(path) is is_allowed


def test_a_group_of_our_own_replaces_the_one_for_all():
    ours = read_robots(ROBOTS)
    assert (ours.allow("/private/x"), ours.allow("/only-us"), ours.delay_s) == (True, False, None)
    assert read_robots(ROBOTS, "somebody").delay_s == 2.0


@given(st.text(max_size=200), st.text(max_size=50))
def test_no_robots_file_breaks_the_reader(text, path):
    assert read_robots(text).allow(path) in {True, False}


@given(st.text("ab*", max_size=8), st.text("ab", max_size=10), st.booleans())
def test_a_robots_pattern_means_what_its_regular_expression_would(pattern, path, is_whole):
    rule = f"/{pattern}{'$' if is_whole else ''}"
    meant = re.escape(f"/{pattern}").replace(r"\*", ".*") + ("" if not is_whole else r"\Z")
    is_allowed = read_robots(f"User-agent: *\nDisallow: {rule}\n").allow(f"/{path}")
    assert is_allowed is (re.match(meant, f"/{path}") is None)


def test_a_hostile_robots_pattern_ends():
    rules = read_robots("User-agent: *\nDisallow: /" + "*a" * 200 + "b$\n")
    assert rules.allow("/" + "a" * 4000)


@pytest.mark.parametrize(
    ("header", "body", "expected"),
    [
        ("text/html; charset=UTF-8", b"<p>x", ("text/html", "utf-8")),
        ("text/html", b'<meta charset="windows-1251"><p>\xcf', ("text/html", "windows-1251")),
        (
            "text/html; charset=utf-8",
            b'<meta charset="shift_jis">\x93\x8c\x8b\x9e',
            ("text/html", "shift_jis"),
        ),
        ("text/html; charset=utf-8", b"\x93\x8c\x8b\x9e....", ("text/html", None)),
        ("text/html; charset=utf-8", b"cut in a sign \xe6\x9d", ("text/html", "utf-8")),
        ("TEXT/HTML;charset='latin1'", b"\xe9", ("text/html", "latin1")),
        ("text/html; charset=nonsense", b"\xe9 x", ("text/html", None)),
        ("", b"\xef\xbb\xbfx", (None, "utf-8")),
        ("application/pdf", b"%PDF", ("application/pdf", "utf-8")),
        ("", b"", (None, None)),
    ],
)
def test_the_character_set_is_what_the_bytes_can_be(header, body, expected):
    assert read_content_type(header, body) == expected


def target(url: str):
    """Return an address as a target."""
    return read_target(url)


def test_cookies_go_back_to_their_host_only():
    jar = CookieJar()
    jar.take("a=1; Path=/; HttpOnly", target("http://www.example.com/"))
    jar.take("b=2; Domain=example.com", target("http://www.example.com/"))
    jar.take("c=3; Domain=other.example", target("http://www.example.com/"))
    jar.take("d=4; Domain=com", target("http://www.example.com/"))
    jar.take("e=5; Secure", target("https://www.example.com/"))
    assert jar.header(target("http://www.example.com/")) == "a=1; b=2"
    assert jar.header(target("https://www.example.com/")) == "a=1; b=2; e=5"
    assert jar.header(target("http://shop.example.com/")) == "b=2"
    assert jar.header(target("http://example.org/")) == ""


def test_a_cookie_is_taken_back_by_its_age():
    jar = CookieJar()
    here = target("http://example.com/")
    jar.take("a=1", here)
    version = jar.version
    jar.take("a=1", here)
    assert jar.version == version
    jar.take("a=; Max-Age=-1", here)
    assert (jar.header(here), jar.version) == ("", version + 1)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://Example.com/a", "example.com"),
        ("http://example.com:80/", "example.com"),
        ("http://example.com:8080/", "example.com:8080"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("http://127.1/", "127.0.0.1"),
        ("mailto:a@example.com", ""),
        ("", ""),
    ],
)
def test_http_and_https_of_a_name_are_one_host(url, key):
    assert host_key(url) == key


@given(st.from_regex(r"https?://[a-z0-9.-]{1,20}(:[0-9]{1,4})?/[a-z]{0,5}", fullmatch=True))
def test_the_quick_key_is_the_key_of_the_parsed_address(url):
    parsed = read_target(url)
    if parsed is not None and parsed.host in url:
        assert host_key(url) == parsed.key


def test_a_target_keeps_path_and_query_as_they_are():
    found = target("HTTPS://m\u00fcnchen.example:443/a%2Fb c?q=\u00e4#frag")
    assert (found.url, found.path, found.port, found.fragment) == (
        "https://xn--mnchen-3ya.example/a%2Fb%20c?q=%C3%A4",
        "/a%2Fb%20c?q=%C3%A4",
        443,
        "#frag",
    )


def test_the_hosts_file_is_read():
    text = "# local\n127.0.0.1 localhost Loop # end\n::1 localhost\nnonsense x\n\nfe80::1%lo0 scoped\n"
    assert read_hosts_file(text) == {"localhost": ["127.0.0.1", "::1"], "loop": ["127.0.0.1"]}


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\nb", "a\0b"])
def test_a_header_that_breaks_the_line_is_never_sent(value):
    heads = RequestHeads(FetchPolicy())
    with pytest.raises(InvalidSetting):
        heads.head(target("http://example.com/"), extra=(("X-A", value),))


def test_a_callers_header_replaces_ours():
    head = RequestHeads(FetchPolicy()).head(target("http://example.com/a"), extra=(("accept", "text/plain"),))
    assert head.startswith(b"GET /a HTTP/1.1\r\nHost: example.com\r\nUser-Agent: ")
    assert b"\r\nAccept: text/plain\r\n" in head
    assert head.count(b"ccept: ") == 1


@given(st.integers(0, 2**32 - 1))
def test_no_address_of_a_special_network_is_public(number):
    address = read_address(".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0)))
    if not address.is_global:
        assert not_public(address)


@given(st.integers(0, 2**128 - 1))
def test_no_special_ipv6_address_is_public(number):
    address = read_address(str(IPv6Address(number)))
    if not address.is_global and address.ipv4_mapped is None:
        assert not_public(address)


@given(st.text(max_size=60))
def test_no_text_breaks_the_guard(text):
    assert written_fault(text) is None or written_fault(text)
    assert read_target(text) is None or read_target(text).host


@given(
    st.binary(max_size=300),
    st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br"]),
    st.integers(0, 50),
)
def test_no_bytes_break_a_decoder_or_its_bound(data, coding, limit):
    decoder = Decoder(read_codings(coding), limit)
    for start in range(0, len(data), 7):
        decoder.feed(data[start : start + 7])
    decoder.finish()
    assert len(decoder.body) <= limit
