"""The fetcher against a real web on loopback: the ordinary answers and the ordinary failures."""

import asyncio
import gzip
import hashlib
import socket
from pathlib import Path

import brotli
import pytest
import trustme
import zstandard

from tests.loopback import LoopbackWeb, Page, authority_file, redirect
from workers.fetch.fetcher import open_fetcher
from workers.fetch.policy import FetchPolicy, HostRules, parse_allowed_network, parse_resolve
from workers.model import Failure, Hop
from workers.protocols import FetchRequest

LOOPBACK = (parse_allowed_network("127.0.0.0/8"), parse_allowed_network("::1/128"))


def policy(**settings) -> FetchPolicy:
    """Return a policy that may reach loopback and loses no time."""
    return FetchPolicy(**{"allow_networks": LOOPBACK, "timeout_s": 5.0, "gap_ms": 0, "retries": 0} | settings)


async def observe(url: str, **settings):
    """Observe one address with a fetcher of its own."""
    async with open_fetcher(policy(**settings)) as fetcher:
        return await fetcher.observe(FetchRequest(url=url))


async def test_a_page_comes_back_whole():
    async with LoopbackWeb() as web:
        web.page("/a", Page(b"<title>T</title>", headers=(("ETag", '"1"'), ("Last-Modified", "x"))))
        seen = await observe(web.url("/a#part"))
    assert (seen.status, seen.body, seen.body_complete) == (200, b"<title>T</title>", True)
    assert seen.hops == (Hop(url=web.url("/a"), status=200, reason="Status"),)
    assert seen.final_url == web.url("/a#part")
    assert (seen.media_type, seen.charset) == ("text/html", "utf-8")
    assert seen.headers["etag"] == '"1"'
    assert seen.digest == "sha256:" + hashlib.sha256(b"<title>T</title>").hexdigest()
    assert seen.failure is None


async def test_the_request_says_honestly_who_asks():
    async with LoopbackWeb() as web:
        await observe(web.url("/"), user_agent="Linkwright/1 (+mailto:a@b.example)")
    asked = web.asked[0]
    assert asked.headers["user-agent"] == "Linkwright/1 (+mailto:a@b.example)"
    assert asked.headers["host"] == f"127.0.0.1:{web.port}"
    assert asked.method == "GET"
    assert "cookie" not in asked.headers


async def test_redirects_are_followed_and_told():
    async with LoopbackWeb() as web:
        web.page("/a", redirect("/b", 301))
        web.page("/b", redirect(web.url("/c"), 302))
        web.page("/c", Page(b"there"))
        seen = await observe(web.url("/a#keep"))
    assert [hop.status for hop in seen.hops] == [301, 302, 200]
    assert seen.final_url == web.url("/c#keep")


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("br", brotli.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
        ("gzip, gzip", lambda body: gzip.compress(gzip.compress(body))),
    ],
)
async def test_content_codings_are_undone(coding, encode):
    body = b"<p>" + b"word " * 300
    async with LoopbackWeb() as web:
        web.page("/", Page(encode(body), headers=(("Content-Encoding", coding),)))
        seen = await observe(web.url("/"))
    assert (seen.body, seen.body_complete) == (body, True)


async def test_a_refused_connection_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        seen = await observe(f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert (seen.status, seen.failure) == (None, Failure.REFUSED)


async def test_a_silent_server_ends_at_the_deadline():
    async with LoopbackWeb() as web:
        web.page("/", Page(raw=b"", end="hang"))
        seen = await observe(web.url("/"), timeout_s=0.3)
    assert seen.failure is Failure.TIMEOUT
    assert seen.elapsed_ms >= 250


async def test_an_address_inside_is_refused_with_the_reason():
    async with LoopbackWeb() as web:
        seen = await observe(web.url("/"), allow_networks=())
    assert (seen.failure, seen.failure_reason) == (Failure.POLICY, "127.0.0.1 (loopback)")
    assert web.asked == []


async def test_a_name_plays_through_resolve_and_the_ca_bundle(tmp_path: Path):
    authority = trustme.CA()
    async with LoopbackWeb(authority=authority, names=("www.news.example",)) as web:
        web.page("/a", redirect("https://www.news.example/b"), host="www.news.example")
        web.page("/b", Page(b"there"), host="www.news.example")
        seen = await observe(
            "https://www.news.example/a",
            allow_networks=(),
            resolve=(parse_resolve(f"www.news.example:443:127.0.0.1:{web.port}"),),
            ca_bundle=authority_file(authority, tmp_path),
        )
    assert (seen.status, seen.final_url) == (200, "https://www.news.example/b")
    assert [asked.headers["host"] for asked in web.asked] == ["www.news.example"] * 2
    assert seen.tls.issuer.startswith("trustme")
    assert seen.tls.expires_at.tzinfo is not None


@pytest.mark.parametrize(
    ("name", "is_trusted", "words"),
    [("other.example", True, "wrong host"), ("www.news.example", False, "unknown issuer")],
)
async def test_a_certificate_that_does_not_verify_is_named(tmp_path, name, is_trusted, words):
    authority = trustme.CA()
    async with LoopbackWeb(authority=authority, names=(name,)) as web:
        seen = await observe(
            f"https://www.news.example:{web.port}/",
            resolve=(parse_resolve(f"www.news.example:{web.port}:127.0.0.1"),),
            ca_bundle=authority_file(authority, tmp_path) if is_trusted else None,
        )
    assert seen.failure is Failure.TLS
    assert seen.tls.failure.startswith(words)
    assert web.asked == []


async def test_rules_of_a_host_reach_only_that_host():
    async with LoopbackWeb() as web, LoopbackWeb() as other:
        web.page("/a", redirect(other.url("/b")))
        other.page("/b", Page(b"x"))
        rules = {f"127.0.0.1:{web.port}": HostRules(headers=(("X-Key", "1"),), basic_auth=("me", "pw"))}
        await observe(web.url("/a"), hosts=rules)
    assert web.asked[0].headers["x-key"] == "1"
    assert web.asked[0].headers["authorization"] == "Basic bWU6cHc="
    assert not {"x-key", "authorization"} & set(other.asked[0].headers)


async def test_recording_keeps_every_hop_as_it_went_over_the_wire():
    packed = gzip.compress(b"whole " * 30000)
    async with LoopbackWeb() as web:
        web.page("/a", redirect("/b"))
        web.page("/b", Page(packed, headers=(("Content-Encoding", "gzip"),)))
        async with open_fetcher(policy()) as fetcher:
            seen = await fetcher.observe(FetchRequest(url=web.url("/a"), record=True))
    first, second = seen.exchanges
    assert first.url == web.url("/a")
    assert first.request_head.startswith(b"GET /a HTTP/1.1\r\nHost: 127.0.0.1:")
    assert first.response_head.startswith(b"HTTP/1.1 302 Status\r\nLocation: /b\r\n")
    assert second.response_head.endswith(b"\r\n\r\n")
    assert (second.body, second.truncated) == (packed, None)
    assert second.remote_address == f"127.0.0.1:{web.port}"
    assert (len(seen.body), seen.body_complete) == (65536, False)


async def test_an_answer_that_ends_with_its_connection_keeps_certificate_and_address(tmp_path: Path):
    authority = trustme.CA()
    raw = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>whole</title>"
    trusting = policy(ca_bundle=authority_file(authority, tmp_path))
    page = Page(raw=raw, end="close")
    async with LoopbackWeb(authority=authority, default=page) as web, open_fetcher(trusting) as fetcher:
        seen = await fetcher.observe(FetchRequest(url=web.url("/"), record=True))
    assert (seen.body, seen.body_complete) == (b"<title>whole</title>", True)
    assert seen.tls.issuer.startswith("trustme")
    assert seen.exchanges[0].remote_address == f"127.0.0.1:{web.port}"


async def test_many_links_come_back_each_once_and_never_too_many_at_a_host():
    async with LoopbackWeb(default=Page(b"ok", delay_s=0.01)) as web:
        urls = [web.url(f"/{number}") for number in range(60)]
        async with open_fetcher(policy(per_host=3)) as fetcher:
            got = [
                (request.url, seen.status)
                async for request, seen in fetcher.observe_many(FetchRequest(url=url) for url in urls)
            ]
    assert sorted(got) == sorted((url, 200) for url in urls)
    assert web.peak == 3
    assert web.connections == 3


async def test_what_waits_for_its_turn_ends_with_the_fetcher():
    begun = asyncio.Event()

    def begin(_asked):
        begun.set()
        return Page(raw=b"", end="hang")

    async with asyncio.timeout(20), LoopbackWeb(default=begin) as web:
        async with open_fetcher(policy(per_host=1)) as fetcher:
            under_way = asyncio.create_task(fetcher.observe(FetchRequest(url=web.url("/first"))))
            await begun.wait()
            waiting = asyncio.create_task(fetcher.observe(FetchRequest(url=web.url("/second"))))
            await asyncio.sleep(0)
        seen = await asyncio.gather(under_way, waiting, return_exceptions=True)
    assert [type(each) for each in seen] == [asyncio.CancelledError, asyncio.CancelledError]
    assert web.paths() == ["/first"]
