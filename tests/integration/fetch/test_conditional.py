"""Conditional requests: what goes to the address asked for, and to no other."""

from tests.loopback import LoopbackWeb, Page, redirect
from workers.fetch.fetcher import open_fetcher
from workers.fetch.policy import FetchPolicy, parse_allowed_network
from workers.model import Observation, Validators
from workers.protocols import FetchRequest

POLICY = FetchPolicy(gap_ms=0, retries=1, allow_networks=(parse_allowed_network("127.0.0.0/8"),))
DATE = "Mon, 02 Feb 2026 10:00:00 GMT"
KNOWN = Validators(etag='W/"7"', last_modified=DATE)


async def ask(web: LoopbackWeb, path: str) -> Observation:
    request = FetchRequest(url=web.url(path), validators=KNOWN, headers=(("X-Own", "1"),))
    async with open_fetcher(POLICY) as fetcher:
        return await fetcher.observe(request)


def sent(web: LoopbackWeb) -> list[tuple[str, str | None, str | None]]:
    names = ("if-none-match", "if-modified-since")
    return [(each.path, *(each.headers.get(name) for name in names)) for each in web.asked]


async def test_validators_go_to_the_address_that_was_asked_for():
    async with LoopbackWeb() as web:
        web.page("/a", Page(status=304))
        seen = await ask(web, "/a")
        assert sent(web) == [("/a", 'W/"7"', DATE)]
        assert web.asked[0].headers["x-own"] == "1"
    assert (seen.status, seen.body, seen.failure) == (304, b"", None)


async def test_validators_do_not_follow_a_redirect_even_on_the_same_host():
    async with LoopbackWeb() as web:
        web.page("/a", redirect("/b"))
        web.page("/b", Page(status=304))
        seen = await ask(web, "/a")
        assert sent(web) == [("/a", 'W/"7"', DATE), ("/b", None, None)]
        assert web.asked[1].headers["x-own"] == "1"
    assert [hop.status for hop in seen.hops] == [302, 304]
