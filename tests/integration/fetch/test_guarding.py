"""Addresses that must not be reached, through the real fetch path: text, names, sockets, redirects.

The public internet is played on loopback: a name system of the test's own, and sockets that the guard
allowed are connected to a loopback server instead. A canary stands on loopback and must stay silent.
The shared list of addresses is read where it is present; the cases below are our own.
"""

import asyncio
import itertools
import json
import os
import socket
from pathlib import Path

import pytest

from tests.loopback import LoopbackWeb, Page, redirect
from workers.fetch.fetcher import open_fetcher
from workers.fetch.guard import Guard, Refused
from workers.fetch.policy import FetchPolicy, parse_allowed_network, parse_resolve
from workers.fetch.resolver import GuardedResolver, NameFailed
from workers.model import Failure, Observation
from workers.protocols import FetchRequest

SHARED = Path(os.environ.get("LINKWRIGHT_TEST_DATA", "../shared/data")) / "ssrf.jsonl"
PUBLIC = "93.184.215.14"
REFUSING = {Failure.POLICY, Failure.INVALID_URL, Failure.BAD_REDIRECT}
ENDLESS = {Failure.REDIRECT_LOOP, Failure.TOO_MANY_REDIRECTS}


class PlayedNames:
    """A name system of answers in turn; names it does not know are public."""

    def __init__(self, answers: dict[str, list[list[str]]]) -> None:
        self._answers = {
            name: itertools.chain(turns, itertools.repeat(turns[-1])) for name, turns in answers.items()
        }
        self.asked: list[str] = []

    async def addresses(self, name: str) -> list[str]:
        """Return the next answer."""
        self.asked.append(name)
        if name == "nobody.example.com":
            raise NameFailed(Failure.NXDOMAIN, f"{name} does not exist")
        return next(self._answers[name]) if name in self._answers else [PUBLIC]

    async def close(self) -> None:
        """Nothing is open."""


class PlayedInternet:
    """Sockets that end at one loopback server, whatever public address they are connected to."""

    def __init__(self, port: int) -> None:
        self.reached: list[str] = []
        self._port = port

    def __call__(self, info) -> socket.socket:
        """Open a socket for an address that the guard allowed."""
        self.reached.append(info[4][0])
        place = ("127.0.0.1" if info[0] == socket.AF_INET else "::ffff:127.0.0.1", self._port)

        class Diverted(socket.socket):
            def connect(self, address: object) -> None:
                super().connect(place)

        return Diverted(info[0], socket.SOCK_STREAM)


class Played:
    """The public web, the canary inside, and a fetcher between them."""

    def __init__(self, web: LoopbackWeb, canary: LoopbackWeb) -> None:
        self.web = web
        self.canary = canary
        self.internet = PlayedInternet(web.port)

    async def observe(self, url: str, dns: dict | None = None, **settings) -> Observation:
        """Observe one address with a fetcher of its own."""
        policy = FetchPolicy(**{"timeout_s": 5.0, "gap_ms": 0, "retries": 0} | settings)
        names = PlayedNames(dns or {})
        async with open_fetcher(policy, names=names, make_socket=self.internet) as fetcher:
            return await fetcher.observe(FetchRequest(url=url))


@pytest.fixture
async def played():
    def count(asked):
        number = int(asked.path.rpartition("/")[2])
        return redirect(f"/count/{number + 1}")

    async with LoopbackWeb(default=Page(b"public")) as web, LoopbackWeb(default=Page(b"canary")) as canary:
        web.page("/self-loop", redirect("/self-loop"))
        for number in range(30):
            web.page(f"/count/{number}", count)
        yield Played(web, canary)
        assert canary.connections == 0


def was_refused(seen: Observation) -> bool:
    """Whether an address was not reached, with the reason kept."""
    return seen.failure in REFUSING | ENDLESS and bool(seen.failure_reason)


def case_url(played: Played, case: dict) -> str:
    """Return what to ask for one line of the shared list; for a redirect, the page that sends there."""
    url = case["url"]
    if not url.startswith("REDIRECT:"):
        return url.removeprefix("REBIND:")
    location = url.removeprefix("REDIRECT:").replace("CANARY", str(played.canary.port))
    played.web.page(f"/{case['id']}", redirect(location))
    return f"http://www.example.com/{case['id']}"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared list of addresses is not here")
async def test_every_address_of_the_shared_list_comes_out_as_expected(played):
    cases = [json.loads(line) for line in SHARED.read_text(encoding="utf-8").splitlines()]
    names = PlayedNames({name: turns for case in cases for name, turns in (case.get("dns") or {}).items()})
    policy = FetchPolicy(timeout_s=1.0, gap_ms=0, retries=0, per_host=50)

    async def observe(case: dict) -> Observation:
        request = FetchRequest(url=case_url(played, case))
        if case["cat"] == "rebind":
            await fetcher.observe(request)
        return await fetcher.observe(request)

    async with open_fetcher(policy, names=names, make_socket=played.internet) as fetcher:
        seen = await asyncio.gather(*map(observe, cases))
    wrong = [
        (case["id"], case["url"], each.failure, each.failure_reason, each.status)
        for case, each in zip(cases, seen, strict=True)
        if was_refused(each) != (case["expected"] == "blocked")
    ]
    assert len(cases) == 247
    assert wrong == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://192.168.1.20/", "192.168.1.20 (private network)"),
        ("http://0300.0250.1.20/", "192.168.1.20 (private network)"),
        ("http://3232235796/", "192.168.1.20 (private network)"),
        ("https://10.20.30.40/", "10.20.30.40 (private network)"),
        ("http://100.99.1.2/", "100.99.1.2 (carrier's shared network)"),
        ("http://169.254.10.20/", "169.254.10.20 (link-local, cloud metadata)"),
        ("http://[::ffff:192.168.1.20]/", "::ffff:c0a8:114 (private network)"),
        ("http://[64:ff9b::c0a8:114]/", "64:ff9b::c0a8:114 (not a public IPv6 address)"),
        ("http://[2002:c0a8:114::1]/", "2002:c0a8:114::1 (6to4 tunnel)"),
        ("http://[2001:0:1::1]/", "2001:0:1::1 (Teredo tunnel)"),
        ("http://[2001:db8:5::1]/", "2001:db8:5::1 (documentation)"),
        ("http://[3fff:1::1]/", "3fff:1::1 (documentation)"),
        ("http://[2a00:1450::200:5efe:a00:1]/", "2a00:1450::200:5efe:a00:1 (ISATAP tunnel)"),
        ("http://[fe80::5]/", "fe80::5 (not a public IPv6 address)"),
        ("http://[::1]/", "::1 (loopback)"),
        ("http://wiki/", "wiki is a name of an inside network"),
        ("http://git.corp./", "git.corp. is a name of an inside network"),
        ("http://nas.home.arpa/", "nas.home.arpa is a name of an inside network"),
        ("http://vault.internal/", "vault.internal is a name of an inside network"),
        ("http://a.onion/", ".onion names are never asked for"),
        ("http://a..example.com/", "not a host name"),
        ("http://a-.example.com/", "not a host name"),
        ("http://(x).example.com/", "not a host name"),
        (f"http://{'a' * 64}.example.com/", "not a host name"),
        (f"http://{'a.' * 130}com/", "the host name is empty or too long"),
        ("http://example.com:5432/", "port 5432 is not one for web pages"),
        ("http://example.com:6000/", "port 6000 is not one for web pages"),
        ("http://1.1.1.1:27017/", "port 27017 is not one for web pages"),
        ("http://me:pw@example.com/", "credentials in the address"),
        ("http://@example.com/", "credentials in the address"),
        ("http://example.com\\.evil.org/", "a backslash in the address"),
        ("http://exam\tple.com/", "a control character in the address"),
        ("http://example.com/a\nb", "a control character in the address"),
        ("http://ex%61mple.com/", "percent signs in the host"),
        ("http:example.com/", "no host after http:// or https://"),
        ("https:///example.com/", "no host after http:// or https://"),
        ("ftp://example.com/", "no host after http:// or https://"),
        ("#", "no host after http:// or https://"),
    ],
)
async def test_an_address_is_refused_for_its_text(played, url, reason):
    seen = await played.observe(url)
    assert (seen.failure, seen.failure_reason) == (Failure.POLICY, reason)
    assert played.internet.reached == []
    assert seen.attempts == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "http://93.184.215.15:8080/",
        "http://[2606:2800:21f:cb07::1]/",
        "http://172.15.255.255/",
        "http://m\u00fcnchen.example.com/",
        "http://under_score.example.com/",
        "http://10.0.0.1.example.com/",
        "http://example.com/?next=http://10.0.0.1/",
        "http://example.com/@home",
        "http://example.com./",
    ],
)
async def test_a_public_address_is_asked(played, url):
    seen = await played.observe(url)
    assert (seen.status, seen.body) == (200, b"public")


@pytest.mark.parametrize(
    "answers",
    [["10.1.2.3"], [PUBLIC, "10.1.2.3"], ["fd00::5"], ["::ffff:127.0.0.1"], ["fe80::1%eth0"], ["0.1.2.3"]],
)
async def test_a_name_with_one_address_inside_is_refused(played, answers):
    seen = await played.observe("http://www.example.org/", {"www.example.org": [answers]})
    assert seen.failure is Failure.POLICY
    assert seen.failure_reason.startswith("www.example.org resolves to ")
    assert played.internet.reached == []


async def test_few_addresses_of_a_name_are_tried_and_all_are_judged():
    four = [f"93.184.215.{number}" for number in range(1, 100)]
    six = [f"2606:4700::{number}" for number in range(1, 100)]
    names = PlayedNames({"many.example.com": [four + six, [*four, *six, "127.0.0.1"]]})
    resolver = GuardedResolver(FetchPolicy(), Guard(FetchPolicy()), names)
    places = await resolver.places("many.example.com", 443, [])
    assert [place[4][0] for place in places] == [
        *("93.184.215.1", "93.184.215.2", "93.184.215.3", "93.184.215.4"),
        *("2606:4700::1", "2606:4700::2", "2606:4700::3", "2606:4700::4"),
    ]
    with pytest.raises(Refused):
        await resolver.places("many.example.com", 443, [])


async def test_a_redirect_inside_is_refused_and_the_hop_is_told(played):
    played.web.page("/a", redirect(f"http://127.0.0.1:{played.canary.port}/secret"))
    seen = await played.observe("http://www.example.org/a")
    assert [hop.status for hop in seen.hops] == [302]
    assert seen.failure is Failure.POLICY
    assert "127.0.0.1 (loopback)" in seen.failure_reason


async def test_a_redirect_to_a_name_that_resolves_inside_is_refused(played):
    played.web.page("/a", redirect("http://trap.example.org/"))
    seen = await played.observe("http://www.example.org/a", {"trap.example.org": [["192.168.0.9"]]})
    assert seen.failure is Failure.POLICY


async def test_the_socket_layer_alone_refuses_what_the_names_let_through(played, monkeypatch):
    monkeypatch.setattr("workers.fetch.guard.Guard.refuse_answers", lambda *_: None)
    seen = await played.observe("http://www.example.org/", {"www.example.org": [["10.1.2.3"]]})
    assert (seen.failure, seen.failure_reason) == (Failure.POLICY, "10.1.2.3 (private network)")
    assert played.internet.reached == []


async def test_an_exemption_holds_for_its_network_and_port_only(played):
    only = (parse_allowed_network("10.0.0.0/8:8080"),)
    allowed = await played.observe("http://10.1.2.3:8080/", allow_networks=only)
    other_port = await played.observe("http://10.1.2.3/", allow_networks=only)
    other_network = await played.observe("http://192.168.1.1:8080/", allow_networks=only)
    assert allowed.status == 200
    assert other_port.failure is Failure.POLICY
    assert other_network.failure is Failure.POLICY


async def test_an_inside_name_may_be_asked_where_its_network_is_allowed(played):
    dns = {"wiki.corp": [["10.1.2.3"]]}
    seen = await played.observe(
        "http://wiki.corp/", dns, allow_networks=(parse_allowed_network("10.0.0.0/8"),)
    )
    assert seen.status == 200


async def test_resolve_exempts_its_address_and_port_and_nothing_else(played):
    fixed = (parse_resolve("www.example.org:80:10.9.9.9:8080"),)
    seen = await played.observe("http://www.example.org/", resolve=fixed)
    direct = await played.observe("http://10.9.9.9/", resolve=fixed)
    assert (seen.status, played.internet.reached) == (200, ["10.9.9.9"])
    assert direct.failure is Failure.POLICY


async def test_an_exempt_origin_is_that_host_and_port_only(played):
    origins = frozenset({("10.5.5.5", 9000)})
    allowed = await played.observe("http://10.5.5.5:9000/", exempt_origins=origins)
    refused = await played.observe("http://10.5.5.5:9001/", exempt_origins=origins)
    assert (allowed.status, refused.failure) == (200, Failure.POLICY)


async def test_a_missing_name_is_nxdomain_and_is_not_asked_for_twice(played):
    policy = FetchPolicy(gap_ms=0, retries=0)
    names = PlayedNames({})
    async with open_fetcher(policy, names=names, make_socket=played.internet) as fetcher:
        seen = [await fetcher.observe(FetchRequest(url=f"http://nobody.example.com/{n}")) for n in range(5)]
    assert {each.failure for each in seen} == {Failure.NXDOMAIN}
    assert names.asked == ["nobody.example.com"]
