"""Settings of the fetcher as people write them."""

import ipaddress

import pytest

from workers.errors import InvalidSetting
from workers.fetch.policy import (
    AllowedNetwork,
    FetchPolicy,
    Resolve,
    exempt_origin,
    parse_allowed_network,
    parse_resolve,
    user_agent,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("www.example.com:443:127.0.0.1", ("www.example.com", 443, "127.0.0.1", 443)),
        ("WWW.Example.com:80:127.0.0.1:8080", ("www.example.com", 80, "127.0.0.1", 8080)),
        ("m\u00fcnchen.example:443:[::1]", ("xn--mnchen-3ya.example", 443, "::1", 443)),
        ("a.example:443:[::1]:9443", ("a.example", 443, "::1", 9443)),
        ("[2001:db8::1]:80:[::1]:8080", ("2001:db8::1", 80, "::1", 8080)),
    ],
)
def test_resolve_is_read_as_curl_reads_it(text, expected):
    host, port, address, address_port = expected
    assert parse_resolve(text) == Resolve(host=host, port=port, address=address, address_port=address_port)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.example",
        "a.example:443",
        "a.example:443:",
        "a.example:443:::1",
        "a.example:0:127.0.0.1",
        "a.example:443:127.0.0.1:99999",
        "a.example:443:127.0.0.300",
        "a.example:443:localhost",
        ":443:127.0.0.1",
    ],
)
def test_a_resolve_that_cannot_be_read_is_named(text):
    with pytest.raises(InvalidSetting) as caught:
        parse_resolve(text)
    assert "resolve" in str(caught.value)
    assert text in str(caught.value)


@pytest.mark.parametrize(
    ("text", "network", "port"),
    [
        ("10.0.0.0/8", "10.0.0.0/8", None),
        ("127.0.0.1", "127.0.0.1/32", None),
        ("127.0.0.0/8:8080", "127.0.0.0/8", 8080),
        ("fd00::/8", "fd00::/8", None),
        ("::1/128", "::1/128", None),
        ("::1", "::1/128", None),
        ("[fd00::/8]:443", "fd00::/8", 443),
        ("[fd00::]/8:443", "fd00::/8", 443),
        ("10.1.2.3/8", "10.0.0.0/8", None),
    ],
)
def test_a_network_may_name_a_port(text, network, port):
    assert parse_allowed_network(text) == AllowedNetwork(network=ipaddress.ip_network(network), port=port)


@pytest.mark.parametrize(
    "text", ["", "10.0.0.0/40", "example.com", "10.0.0.0/8:0", "10.0.0.0/8:70000", "fd00::/200"]
)
def test_a_network_that_cannot_be_read_is_named(text):
    with pytest.raises(InvalidSetting, match="allow-network"):
        parse_allowed_network(text)


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("http://127.0.0.1:9000", ("127.0.0.1", 9000)),
        ("https://Archive.example/base/", ("archive.example", 443)),
        ("http://[::1]/", ("::1", 80)),
    ],
)
def test_an_exempt_origin_is_a_host_and_a_port(base, expected):
    assert exempt_origin(base) == expected


def test_an_exempt_origin_must_be_an_address():
    with pytest.raises(InvalidSetting, match="not an http or https address"):
        exempt_origin("localhost:9000")


def test_the_agent_names_its_contact():
    assert user_agent("1.2", "mailto:desk@example.org") == (
        "Mozilla/5.0 (compatible; Linkwright/1.2; link checker; +mailto:desk@example.org)"
    )


def test_a_body_gets_a_share_of_the_deadline_unless_set():
    assert FetchPolicy(timeout_s=5.0).body_limit_s == 2.0
    assert FetchPolicy(timeout_s=5.0, body_timeout_s=1.5).body_limit_s == 1.5
