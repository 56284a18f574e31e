"""Servers that lie, flood, drip and hang up: each gives an outcome with a reason, in time and in bounds."""

import gzip
import itertools
import time
import tracemalloc
import zlib
from dataclasses import replace

import brotli
import pytest
import zstandard

from tests.loopback import LoopbackWeb, Page, redirect
from workers.fetch.fetcher import open_fetcher
from workers.fetch.policy import FetchPolicy, parse_allowed_network
from workers.model import Failure, Observation
from workers.protocols import FetchRequest

MOST_TAKEN_BYTES = 256 * 1024
LOOPBACK = FetchPolicy(
    timeout_s=1.0, gap_ms=0, retries=0, allow_networks=(parse_allowed_network("127.0.0.0/8"),)
)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


async def observe(page: Page, **settings) -> Observation:
    """Observe one page of a lying server, and hold it to the bounds every answer is held to."""
    policy = FetchPolicy(
        **{
            "timeout_s": 1.0,
            "gap_ms": 0,
            "retries": 0,
            "allow_networks": (parse_allowed_network("127.0.0.0/8"),),
        }
        | settings
    )
    async with LoopbackWeb(default=page) as web, open_fetcher(policy) as fetcher:
        started = time.monotonic()
        seen = await fetcher.observe(FetchRequest(url=web.url("/")))
        assert time.monotonic() - started < policy.timeout_s + 10
    assert seen.received_bytes <= MOST_TAKEN_BYTES
    return seen


def endless(piece: bytes):
    """Return pieces without end, as far as a server may send them."""
    return list(itertools.repeat(piece, 2000))


@pytest.mark.parametrize(
    ("raw", "failure", "reason"),
    [
        (b"", Failure.RESET, "the connection was closed before the end (head)"),
        (b"HTTP/1.1 200", Failure.RESET, "the connection was closed before the end (head)"),
        (OK, Failure.RESET, "the connection was closed before the end (head)"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", Failure.PROTOCOL, "not HTTP: "),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 4, Failure.PROTOCOL, "not HTTP: "),
        (b"HTTP/1.1 xyz OK\r\n\r\n", Failure.PROTOCOL, "not HTTP: "),
        (OK + b"Content-Length: -5\r\n\r\nhello", Failure.PROTOCOL, "not HTTP: "),
        (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", Failure.PROTOCOL, "not HTTP: "),
        (
            b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
            Failure.PROTOCOL,
            "not HTTP: ",
        ),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 200, Failure.PROTOCOL, "not HTTP: only interim answers (head)"),
    ],
)
async def test_what_is_no_answer_has_a_failure_with_a_reason(raw, failure, reason):
    seen = await observe(Page(raw=raw, end="close"))
    assert (seen.status, seen.failure) == (None, failure)
    assert seen.failure_reason.startswith(reason)


async def test_a_reset_before_any_answer_is_told():
    seen = await observe(Page(raw=b"", end="reset"))
    assert (seen.status, seen.failure) == (None, Failure.RESET)


@pytest.mark.parametrize(
    "raw",
    [
        OK + b"Content-Length: 500\r\n\r\n<title>cut</title>",
        OK + b"Transfer-Encoding: chunked\r\n\r\n12\r\n<title>cut</title>\r\n",
    ],
)
async def test_a_body_that_breaks_off_keeps_its_beginning(raw):
    seen = await observe(Page(raw=raw, end="close"))
    assert (seen.status, seen.failure, seen.body_complete) == (200, None, False)
    assert seen.body == b"<title>cut</title>"
    assert seen.failure_reason


async def test_a_body_that_lasts_as_long_as_its_connection_is_whole_when_that_is_closed():
    seen = await observe(Page(raw=OK + b"\r\n<title>whole</title>", end="close"))
    assert (seen.status, seen.body, seen.body_complete) == (200, b"<title>whole</title>", True)
    assert seen.failure_reason is None


async def test_a_body_that_lasts_as_long_as_its_connection_is_cut_when_that_is_reset():
    seen = await observe(
        Page(raw=[OK + b"\r\n<title>cut</title>", b""], pause_s=0.1, end="reset"), timeout_s=20.0
    )
    assert (seen.status, seen.body, seen.body_complete) == (200, b"<title>cut</title>", False)
    assert seen.failure_reason == "the connection was closed before the end"


async def test_an_early_end_is_asked_again_once():
    async with LoopbackWeb() as web:
        answers = iter((Page(raw=OK + b"Content-Length: 9\r\n\r\nab", end="close"), Page(b"whole")))
        web.page("/", lambda _: next(answers))
        policy = replace(LOOPBACK, retries=1, timeout_s=5.0)
        async with open_fetcher(policy) as fetcher:
            seen = await fetcher.observe(FetchRequest(url=web.url("/")))
    assert (seen.body, seen.attempts, len(seen.hops)) == (b"whole", 2, 1)


async def test_bytes_after_the_end_never_answer_the_next_request():
    forged = OK + b"Content-Length: 6\r\n\r\nforged"
    first = Page(raw=OK + b"Content-Length: 4\r\n\r\nreal" + forged)
    async with LoopbackWeb() as web:
        web.page("/a", first)
        web.page("/b", Page(b"second"))
        policy = replace(LOOPBACK, per_host=1)
        async with open_fetcher(policy) as fetcher:
            requests = [FetchRequest(url=web.url(path)) for path in ("/a", "/b")]
            got = {request.url: seen.body async for request, seen in fetcher.observe_many(requests)}
    assert got == {web.url("/a"): b"real", web.url("/b"): b"second"}


@pytest.mark.parametrize("surplus", [b"JUNK JUNK\r\n\r\n", b"</html>\n", OK + b"Content-Length: 1\r\n\r\nx"])
@pytest.mark.parametrize(
    "whole",
    [
        OK + b"Content-Length: 4\r\n\r\nreal",
        OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nreal\r\n0\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK + b"Content-Length: 4\r\n\r\nreal",
    ],
    ids=["length", "chunked", "after an interim answer"],
)
async def test_bytes_after_the_end_do_not_take_the_answer_along(whole, surplus):
    seen = await observe(Page(raw=whole + surplus))
    assert (seen.status, seen.failure, seen.body, seen.body_complete) == (200, None, b"real", True)
    assert seen.failure_reason == "more came after its end"


async def test_of_an_empty_answer_with_more_behind_it_nobody_can_say_that_it_is_whole():
    seen = await observe(Page(raw=OK + b"Content-Length: 0\r\n\r\n<h1>A page</h1>"))
    assert (seen.status, seen.body, seen.body_complete) == (200, b"", False)


async def test_a_fault_within_a_body_ends_it_at_once():
    raw = OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nreal\r\nZZ\r\n"
    seen = await observe(Page(raw=raw, end="hold"), timeout_s=20.0)
    assert (seen.status, seen.body, seen.body_complete) == (200, b"real", False)
    assert seen.elapsed_ms < 5000


async def test_bare_line_feeds_are_read_as_browsers_read_them():
    seen = await observe(Page(raw=b"HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 2\n\nhi"))
    assert seen.failure is Failure.PROTOCOL or (seen.status, seen.body) == (200, b"hi")
    assert seen.failure_reason or seen.status == 200


@pytest.mark.parametrize(
    "piece", [b"X-Flood: " + b"a" * 4000 + b"\r\n", b"a" * 4000, b"HTTP/1.1 103 Early\r\n\r\n" * 100]
)
async def test_a_head_without_end_is_stopped(piece):
    start = b"" if piece.startswith(b"HTTP") else OK
    seen = await observe(Page(raw=[start, *endless(piece)], end="close"))
    assert (seen.status, seen.failure) == (None, Failure.PROTOCOL)


async def test_a_dripping_head_ends_at_the_deadline():
    pieces = [bytes([byte]) for byte in OK * 50]
    seen = await observe(Page(raw=pieces, pause_s=0.05, end="close"), timeout_s=0.4)
    assert (seen.status, seen.failure) == (None, Failure.TIMEOUT)


async def test_a_dripping_body_is_alive_with_what_came():
    pieces = [OK + b"Content-Length: 900\r\n\r\n<title>", *itertools.repeat(b"x", 800)]
    seen = await observe(Page(raw=pieces, pause_s=0.02, end="close"), timeout_s=1.0)
    assert (seen.status, seen.failure, seen.body_complete) == (200, None, False)
    assert seen.body.startswith(b"<title>x")
    assert seen.failure_reason == "no answer in time"


async def test_a_body_without_end_is_left_after_its_beginning():
    head = OK + b"Transfer-Encoding: chunked\r\n\r\n"
    seen = await observe(Page(raw=[head, *endless(b"2000\r\n" + b"y" * 8192 + b"\r\n")], end="close"))
    assert (seen.status, len(seen.body), seen.body_complete) == (200, 65536, False)


async def test_a_film_is_not_read():
    head = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 5000000000\r\n\r\n"
    seen = await observe(Page(raw=[head, *endless(b"v" * 8192)], end="close"))
    assert (seen.status, seen.body, seen.failure_reason) == (200, b"", "not read: of no use to the verdict")


def _zeros(size: int) -> bytes:
    return bytes(size)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(_zeros(64 << 20), 9)),
        ("deflate", zlib.compress(_zeros(64 << 20), 9)),
        ("br", brotli.compress(_zeros(64 << 20), quality=1)),
        ("zstd", zstandard.ZstdCompressor(level=1).compress(_zeros(64 << 20))),
        ("gzip, gzip", gzip.compress(gzip.compress(_zeros(256 << 20), 9), 9)),
    ],
)
async def test_a_bomb_unfolds_no_further_than_the_bound(coding, packed):
    page = Page(packed, headers=(("Content-Encoding", coding),))
    tracemalloc.start()
    try:
        seen = await observe(page)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seen.status == 200
    assert len(seen.body) <= 65536
    assert not seen.body_complete
    assert peak < 16 << 20


@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("br", b"<p>not brotli at all", "the content coding is broken: not brotli"),
        ("zstd", b"<p>not zstandard at all", "the content coding is broken: "),
        ("deflate", b"\x78\x9c<p>broken", "the content coding is broken: "),
        ("lzma", b"<p>", "content coding 'lzma' is not known"),
        ("gzip, gzip, gzip, gzip", b"<p>", "too many content codings"),
    ],
)
async def test_a_coding_that_lies_is_told(coding, body, reason):
    seen = await observe(Page(body, headers=(("Content-Encoding", coding),)))
    assert seen.status == 200
    assert seen.failure_reason.startswith(reason)
    assert not seen.body_complete


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("br", brotli.compress)])
async def test_a_coding_that_ends_too_early_is_told(coding, pack):
    packed = pack(b"".join(b"<p>line %d of many" % number for number in range(2000)))
    seen = await observe(Page(packed[:-9], headers=(("Content-Encoding", coding),)))
    assert seen.body.startswith(b"<p>line 0 of many")
    assert (seen.body_complete, seen.failure_reason) == (False, "the content coding ends too early")


async def test_plain_bytes_under_a_gzip_label_are_read_as_they_are_and_told():
    seen = await observe(Page(b"<p>plain", headers=(("Content-Encoding", "gzip"),)))
    assert seen.failure_reason == "it is said to be compressed, and is not"
    assert (seen.body, seen.body_complete) == (b"<p>plain", True)


async def test_a_200_with_a_body_of_nothing_is_told_as_that():
    seen = await observe(Page(b""))
    assert (seen.status, seen.body, seen.body_complete, seen.digest) == (200, b"", True, None)


@pytest.mark.parametrize(
    ("page", "failure", "reason"),
    [
        (redirect("/a", 302, ("Location", "/b")), Failure.BAD_REDIRECT, "two different Location headers"),
        (redirect("http://"), Failure.BAD_REDIRECT, "a Location that is no address"),
        (redirect("http://[::1"), Failure.BAD_REDIRECT, "a Location that is no address"),
        (redirect("https:example.com"), Failure.BAD_REDIRECT, "a Location that is no address"),
        (redirect("file:///etc/passwd"), Failure.POLICY, "redirect to file: is not followed"),
        (redirect("javascript:alert(1)"), Failure.POLICY, "redirect to javascript: is not followed"),
        (
            redirect("http://10.0.0.1/"),
            Failure.POLICY,
            "redirect to http://10.0.0.1/: 10.0.0.1 (private network)",
        ),
        (redirect("//u:p@example.com/"), Failure.POLICY, "redirect to //u:p@example.com/: credentials"),
        (redirect("/"), Failure.REDIRECT_LOOP, "redirected in a circle at "),
    ],
)
async def test_a_location_that_cannot_be_followed_has_a_reason(page, failure, reason):
    seen = await observe(page)
    assert seen.failure is failure
    assert seen.failure_reason.startswith(reason)
    assert [hop.status for hop in seen.hops] == [302]


async def test_two_equal_locations_are_one():
    async with LoopbackWeb() as web:
        web.page("/a", redirect("/b", 302, ("Location", "/b")))
        web.page("/b", Page(b"there"))
        async with open_fetcher(LOOPBACK) as fetcher:
            seen = await fetcher.observe(FetchRequest(url=web.url("/a")))
    assert (seen.status, seen.body) == (200, b"there")


async def test_a_redirect_without_a_location_is_an_answer():
    seen = await observe(Page(b"choose", status=302))
    assert (seen.status, seen.body, seen.failure) == (302, b"choose", None)


async def test_an_endless_chain_ends_after_ten_redirects():
    def onward(asked):
        return redirect(f"/{int(asked.path[1:] or 0) + 1}")

    seen = await observe(onward)
    assert seen.failure is Failure.TOO_MANY_REDIRECTS
    assert len(seen.hops) == 11


async def test_a_bounce_that_only_sets_a_cookie_is_no_loop():
    def consent(asked):
        cookie = asked.headers.get("cookie", "")
        return (
            Page(b"read on") if cookie == "seen=1" else redirect("/", 302, ("Set-Cookie", "seen=1; Path=/"))
        )

    seen = await observe(consent)
    assert (seen.status, seen.body) == (200, b"read on")


async def test_cookies_are_never_shared_between_links():
    async with LoopbackWeb() as web:
        web.page("/a", redirect("/b", 302, ("Set-Cookie", "id=7")))
        web.page("/b", Page(b"b"))
        async with open_fetcher(LOOPBACK) as fetcher:
            for path in ("/a", "/b"):
                await fetcher.observe(FetchRequest(url=web.url(path)))
    assert [asked.headers.get("cookie") for asked in web.asked] == [None, "id=7", None]


async def test_ninety_cookies_do_not_swell_the_next_request():
    many = [("Set-Cookie", f"n{number}={'v' * 300}") for number in range(90)]
    async with LoopbackWeb() as web:
        web.page("/a", redirect("/b", 302, *many))
        web.page("/b", Page(b"b"))
        async with open_fetcher(LOOPBACK) as fetcher:
            seen = await fetcher.observe(FetchRequest(url=web.url("/a")))
    assert seen.status == 200
    assert len(web.asked[1].headers["cookie"]) <= 8192


@pytest.mark.parametrize("piece", [b"1;" + b"e" * 30_000 + b"\r\nx\r\n", b"1\r\nx\r\n" * 2000])
async def test_a_body_that_is_hardly_more_than_framing_is_given_up(piece):
    raw = [OK + b"Transfer-Encoding: chunked\r\n\r\n", *endless(piece)]
    seen = await observe(Page(raw=raw, end="hang"), timeout_s=20.0, retries=1)
    assert (seen.status, seen.failure, seen.body_complete, seen.attempts) == (200, None, False, 1)
    assert seen.failure_reason == "not HTTP: hardly any body in what comes"


async def second(*pages: Page, timeout_s: float = 20.0) -> tuple[Observation, list[str]]:
    """Return what came of the second of two links of a host, answered by `pages`, and what was asked."""
    left = iter(pages)
    policy = replace(LOOPBACK, timeout_s=timeout_s, per_host=1)
    async with LoopbackWeb(pages={"/b": lambda _: next(left)}, default=Page(b"a")) as web:
        requests = [FetchRequest(url=web.url("/a")), FetchRequest(url=web.url("/b"))]
        async with open_fetcher(policy) as fetcher:
            seen = {request.url: each async for request, each in fetcher.observe_many(requests)}
        assert web.peak == 1
        return seen[web.url("/b")], web.paths()


@pytest.mark.parametrize("left_over", [OK + b"Content-Length: 4\r\n\r\nevil", b"</html>\r\n\r\n"])
async def test_what_is_left_of_an_answer_is_not_taken_for_the_next(left_over):
    answer = OK + b"Content-Length: 4\r\n\r\nreal"
    seen, asked = await second(Page(raw=left_over + answer), Page(raw=answer))
    assert (seen.status, seen.body, seen.failure_reason) == (200, b"real", None)
    assert asked == ["/a", "/b", "/b"]


async def test_a_kept_connection_that_ended_gets_no_second_deadline():
    late, later = Page(raw=b"", delay_s=1.2, end="close"), Page(b"x", delay_s=1.6)
    seen, _ = await second(late, later, timeout_s=2.0)
    assert (seen.status, seen.failure) == (None, Failure.TIMEOUT)


@pytest.mark.parametrize("header", ["X-More", "Content-Type"])
async def test_redirects_that_pour_on_the_way_are_followed_no_further(header):
    def pour(asked):
        number = int(asked.path.strip("/") or 0)
        headers = ((header, "x" * 20_000), ("Location", f"/{number + 1}"))
        return Page(b"z" * 60_000, status=302, headers=headers, media_type="text/html")

    seen = await observe(pour, timeout_s=20.0)
    assert (seen.status, seen.failure) == (302, Failure.TOO_MANY_REDIRECTS)
    assert seen.failure_reason == "more than 128 kB of redirects"
