"""What is set for single hosts: headers and logins that reach no other host and stand in no record."""

import base64

import trustme

from tests.loopback import LoopbackWeb, Page, authority_file, redirect
from workers.fetch.fetcher import open_fetcher
from workers.fetch.policy import FetchPolicy, HostRules, parse_allowed_network, parse_resolve
from workers.protocols import FetchRequest

RULES = HostRules(headers=(("X-Desk", "news"),), basic_auth=("anna", "pass word:1"))
LOGIN = "Basic " + base64.b64encode(b"anna:pass word:1").decode()


def policy(web: LoopbackWeb, *, host: str = "desk.example:80", **more: object) -> FetchPolicy:
    return FetchPolicy(
        gap_ms=0,
        retries=0,
        resolve=(
            parse_resolve(f"desk.example:80:127.0.0.1:{web.port}"),
            parse_resolve(f"desk.example:8081:127.0.0.1:{web.port}"),
            parse_resolve(f"other.example:80:127.0.0.1:{web.port}"),
        ),
        hosts={host: RULES},
        **more,  # type: ignore[arg-type]
    )


async def test_headers_and_login_reach_their_host_and_no_other():
    async with LoopbackWeb(default=Page(b"x")) as web, open_fetcher(policy(web)) as fetcher:
        web.page("/out", redirect("http://other.example/in"), host="desk.example")
        web.page("/back", redirect("http://desk.example/in"), host="other.example")
        for url in ("http://desk.example/out", "http://other.example/back"):
            await fetcher.observe(FetchRequest(url=url))
    told = {
        (asked.headers["host"], asked.path): (asked.headers.get("x-desk"), asked.headers.get("authorization"))
        for asked in web.asked
    }
    assert told == {
        ("desk.example", "/out"): ("news", LOGIN),
        ("other.example", "/in"): (None, None),
        ("other.example", "/back"): (None, None),
        ("desk.example", "/in"): ("news", LOGIN),
    }


async def test_a_login_for_a_bare_name_goes_to_no_port_in_clear():
    async with (
        LoopbackWeb(default=Page(b"x")) as web,
        open_fetcher(policy(web, host="desk.example")) as fetcher,
    ):
        for url in ("http://desk.example/", "http://desk.example:8081/"):
            assert (await fetcher.observe(FetchRequest(url=url))).status == 200
    assert [(asked.headers["host"], asked.headers.get("authorization")) for asked in web.asked] == [
        ("desk.example", None),
        ("desk.example:8081", None),
    ]
    assert not [asked for asked in web.asked if "x-desk" in asked.headers]


async def test_a_login_for_a_named_port_goes_there_in_clear_and_to_no_other_port():
    async with (
        LoopbackWeb(default=Page(b"x")) as web,
        open_fetcher(policy(web, host="desk.example:8081")) as fetcher,
    ):
        for url in ("http://desk.example:8081/", "http://desk.example/"):
            assert (await fetcher.observe(FetchRequest(url=url))).status == 200
    assert [(asked.headers["host"], asked.headers.get("authorization")) for asked in web.asked] == [
        ("desk.example:8081", LOGIN),
        ("desk.example", None),
    ]


async def test_a_login_for_a_bare_name_of_this_machine_goes_there_in_clear():
    networks = (parse_allowed_network("127.0.0.0/8"),)
    async with LoopbackWeb(default=Page(b"x")) as web:
        asking = FetchPolicy(gap_ms=0, retries=0, allow_networks=networks, hosts={"127.0.0.1": RULES})
        async with open_fetcher(asking) as fetcher:
            await fetcher.observe(FetchRequest(url=web.url("/")))
    assert [asked.headers.get("authorization") for asked in web.asked] == [LOGIN]


async def test_a_login_stands_in_no_record():
    async with LoopbackWeb(default=Page(b"x")) as web, open_fetcher(policy(web)) as fetcher:
        seen = await fetcher.observe(FetchRequest(url="http://desk.example/", record=True))
    assert web.asked[0].headers["authorization"] == LOGIN
    (exchange,) = seen.exchanges
    assert b"Host: desk.example" in exchange.request_head
    assert b"Authorization" not in exchange.request_head
    assert b"X-Desk" not in exchange.request_head
    assert LOGIN not in repr(seen)


async def test_a_login_is_not_sent_in_clear_after_a_redirect_from_https(tmp_path):
    authority = trustme.CA()
    async with (
        LoopbackWeb(authority=authority, names=("desk.example",)) as safe,
        LoopbackWeb(default=Page(b"x")) as clear,
    ):
        safe.page("/", redirect("http://desk.example/clear"))
        rules = policy(clear, host="desk.example", ca_bundle=authority_file(authority, tmp_path))
        resolve = (*rules.resolve, parse_resolve(f"desk.example:443:127.0.0.1:{safe.port}"))
        asking = FetchPolicy(
            gap_ms=0, retries=0, hosts=rules.hosts, resolve=resolve, ca_bundle=rules.ca_bundle
        )
        async with open_fetcher(asking) as fetcher:
            seen = await fetcher.observe(FetchRequest(url="https://desk.example/"))
    assert seen.status == 200
    assert safe.asked[0].headers["authorization"] == LOGIN
    assert "authorization" not in clear.asked[0].headers


async def test_a_host_may_have_a_deadline_of_its_own():
    async with LoopbackWeb() as web:
        web.page("/", Page(b"x", end="hang", raw=b"HTTP/1.1 200 OK\r\n"))
        key = f"127.0.0.1:{web.port}"
        asking = FetchPolicy(
            gap_ms=0,
            retries=0,
            timeout_s=300.0,
            allow_networks=(parse_allowed_network("127.0.0.0/8"),),
            hosts={key: HostRules(timeout_s=0.3)},
        )
        async with open_fetcher(asking) as fetcher:
            seen = await fetcher.observe(FetchRequest(url=web.url("/")))
    assert seen.failure == "timeout"
