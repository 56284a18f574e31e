"""How gently hosts are asked: limits, gaps, Retry-After, back-off, robots.txt, dead hosts."""

import asyncio
import itertools
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.loopback import LoopbackWeb, Page, many_webs, redirect
from workers.fetch.fetcher import open_fetcher
from workers.fetch.hosts import HostState
from workers.fetch.policy import FetchPolicy, HostRules, parse_allowed_network
from workers.fetch.resolver import NameFailed
from workers.fetch.robots import ObeyingFetcher
from workers.model import Failure
from workers.protocols import FetchRequest

LOOPBACK = FetchPolicy(
    timeout_s=5.0, gap_ms=0, retries=1, allow_networks=(parse_allowed_network("127.0.0.0/8"),)
)


@asynccontextmanager
async def opened(**settings):
    """Open a fetcher for loopback."""
    async with open_fetcher(replace(LOOPBACK, **settings)) as fetcher:
        yield fetcher


async def observe_all(fetcher, urls):
    """Observe many addresses; return them by address."""
    requests = [FetchRequest(url=url) for url in urls]
    return {request.url: seen async for request, seen in fetcher.observe_many(requests)}


async def test_starts_at_a_host_keep_their_gap():
    async with LoopbackWeb(default=Page(b"x")) as web, opened(gap_ms=200) as fetcher:
        await observe_all(fetcher, [web.url(f"/{number}") for number in range(5)])
    starts = [asked.at for asked in web.asked]
    gaps = [later - earlier for earlier, later in itertools.pairwise(starts)]
    assert min(gaps) > 0.1


async def test_a_host_may_have_a_gap_and_a_limit_of_its_own():
    async with LoopbackWeb(default=Page(b"x", delay_s=0.02)) as web:
        rules = {f"127.0.0.1:{web.port}": HostRules(per_host=1, gap_ms=0)}
        async with opened(hosts=rules, per_host=6, gap_ms=5000) as fetcher:
            await observe_all(fetcher, [web.url(f"/{number}") for number in range(4)])
    assert web.peak == 1


def in_two_seconds() -> str:
    """Return an HTTP date that is at least one second ahead, as it has no fractions."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)


@pytest.mark.parametrize("after", ["1", "0m1s", "1.0 s", in_two_seconds])
async def test_a_rest_holds_for_the_whole_host_and_no_later_success_ends_it(after):
    said: list[float] = []

    def busy(asked):
        if said:
            return Page(b"fine now")
        said.append(asked.at)
        return Page(
            b"slow down", status=429, headers=(("Retry-After", after() if callable(after) else after),)
        )

    async with LoopbackWeb(default=Page(b"ok")) as web, opened(per_host=2) as fetcher:
        web.page("/slow", Page(b"ok", delay_s=0.3))
        web.page("/busy", busy)
        urls = [web.url(path) for path in ("/slow", "/busy", "/c", "/d", "/e", "/f")]
        seen = await observe_all(fetcher, urls)
    later = [asked.at - said[0] for asked in web.asked[2:]]
    assert min(later) >= 1.0
    assert {each.status for each in seen.values()} == {200}
    assert seen[web.url("/busy")].attempts == 2


async def test_a_rest_longer_than_the_run_may_wait_ends_the_asking():
    held = Page(b"come back tomorrow", status=503, headers=(("Retry-After", "86400"),))
    async with LoopbackWeb(default=held) as web, opened(per_host=1) as fetcher:
        seen = await observe_all(fetcher, [web.url("/a"), web.url("/b"), web.url("/c")])
        states = fetcher.host_states()
    assert len(web.asked) == 1
    assert Counter(each.failure for each in seen.values()) == {None: 1, Failure.CANCELLED: 2}
    assert next(each for each in seen.values() if each.failure is None).status == 503
    assert [state.key for state in states] == [f"127.0.0.1:{web.port}"]
    assert 86390 < states[0].rest_s <= 86400


async def test_a_rest_is_handed_over_to_the_next_worker():
    async with LoopbackWeb(default=Page(b"x")) as web, opened() as fetcher:
        key = f"127.0.0.1:{web.port}"
        fetcher.restore([HostState(key=key, rest_s=0.4, mean_s=0.1)])
        loop = asyncio.get_running_loop()
        started = loop.time()
        await fetcher.observe(FetchRequest(url=web.url("/")))
    assert loop.time() - started >= 0.4


@pytest.mark.parametrize(
    ("status", "attempts"), [(500, 2), (502, 2), (504, 2), (408, 2), (522, 2), (404, 1), (403, 1)]
)
async def test_only_what_can_mend_is_asked_again(status, attempts):
    async with LoopbackWeb(default=Page(b"x", status=status)) as web, opened() as fetcher:
        seen = await fetcher.observe(FetchRequest(url=web.url("/")))
    assert (seen.status, seen.attempts, len(web.asked)) == (status, attempts, attempts)


async def test_a_timeout_is_not_asked_again_in_the_same_run():
    async with LoopbackWeb(default=Page(raw=b"", end="hang")) as web, opened(timeout_s=0.2) as fetcher:
        seen = await fetcher.observe(FetchRequest(url=web.url("/")))
    assert (seen.failure, len(web.asked)) == (Failure.TIMEOUT, 1)


async def test_requests_given_up_still_count_at_the_server():
    silent = Page(raw=b"", end="hang")
    async with LoopbackWeb(default=silent) as web, opened(timeout_s=0.1, per_host=2) as fetcher:
        await observe_all(fetcher, [web.url(f"/{number}") for number in range(12)])
    assert (web.peak, len(web.asked)) == (2, 12)


async def test_a_redirect_to_another_host_keeps_that_hosts_limit():
    async with many_webs(2) as (first, second), opened(per_host=2) as fetcher:
        first.default = lambda asked: replace(redirect(second.url(asked.path)), delay_s=0.01)
        second.default = Page(b"x", delay_s=0.01)
        seen = await observe_all(fetcher, [web.url(f"/{n}") for n in range(20) for web in (first, second)])
    assert {each.status for each in seen.values()} == {200}
    assert (first.peak, second.peak) == (2, 2)


async def test_a_kept_connection_that_the_server_closed_is_replaced_unseen():
    closing = Page(b"x", headers=(("Connection", "keep-alive"),), end="close")
    async with LoopbackWeb(default=closing) as web, opened(per_host=1, retries=0) as fetcher:
        seen = await observe_all(fetcher, [web.url(f"/{number}") for number in range(6)])
    assert {(each.status, each.attempts) for each in seen.values()} == {(200, 1)}


async def test_a_redirect_within_a_host_goes_over_the_same_connection():
    async with LoopbackWeb() as web, opened() as fetcher:
        web.page("/a", redirect("/b"))
        web.page("/b", Page(b"there"))
        seen = await fetcher.observe(FetchRequest(url=web.url("/a")))
    assert (seen.body, web.paths(), web.connections) == (b"there", ["/a", "/b"], 1)


async def test_no_connection_is_kept_to_a_host_that_nothing_waits_for():
    async with LoopbackWeb(default=Page(b"x", delay_s=0.01)) as web, opened(per_host=3) as fetcher:
        await observe_all(fetcher, [web.url(f"/{number}") for number in range(9)])
        await asyncio.wait_for(web.left.wait(), 30)
        again = await fetcher.observe(FetchRequest(url=web.url("/again")))
    assert (again.status, web.connections) == (200, 4)


async def test_closing_the_fetcher_leaves_no_task_and_no_connection():
    reached = asyncio.Event()

    def silent(_):
        if len(web.asked) == 3:
            reached.set()
        return Page(raw=b"", end="hang")

    async with LoopbackWeb(default=silent) as web:
        before = asyncio.all_tasks()
        async with opened(per_host=3) as fetcher:
            stream = fetcher.observe_many([FetchRequest(url=web.url(f"/{n}")) for n in range(9)])
            reading = asyncio.ensure_future(anext(stream))
            await asyncio.wait_for(reached.wait(), 30)
            ours = [task for task in asyncio.all_tasks() - before if "_serve" not in repr(task)]
        await asyncio.wait_for(web.left.wait(), 30)
        with pytest.raises(asyncio.CancelledError):
            await reading
    assert len(ours) == 4
    assert [task for task in ours if not task.done()] == []


async def test_a_host_that_cannot_be_reached_is_not_waited_for_link_by_link():
    class Nobody:
        asked = 0

        async def addresses(self, name):
            self.asked += 1
            raise NameFailed(Failure.SERVFAIL, f"the name servers gave no answer for {name}")

        async def close(self):
            pass

    names = Nobody()
    policy = replace(LOOPBACK, retries=0)
    async with open_fetcher(policy, names=names) as fetcher:
        seen = await observe_all(fetcher, [f"http://www.example.org/{number}" for number in range(50)])
    assert {each.failure for each in seen.values()} == {Failure.SERVFAIL}
    assert names.asked <= 2


async def test_a_reader_that_falls_behind_stops_the_asking():
    async with LoopbackWeb(default=Page(b"x")) as web, opened(per_host=4) as fetcher:
        enough = asyncio.Event()

        def count(_):
            if len(web.asked) >= 64:
                enough.set()
            return Page(b"x")

        web.default = count
        requests = [FetchRequest(url=web.url(f"/{number}")) for number in range(300)]
        stream = fetcher.observe_many(requests)
        await anext(stream)
        await enough.wait()
        for number in range(5):
            await fetcher.observe(FetchRequest(url=web.url(f"/before/{number}")))
        assert len(web.asked) <= 64 + 1 + 4 + 5
        single = await fetcher.observe(FetchRequest(url=web.url("/probe")))
        rest = [seen async for _, seen in stream]
    assert single.status == 200
    assert len(rest) == 299


async def test_leaving_a_stream_early_asks_for_no_more():
    async with LoopbackWeb(default=Page(b"x")) as web, opened(per_host=1) as fetcher:
        requests = [FetchRequest(url=web.url(f"/{number}")) for number in range(200)]
        stream = fetcher.observe_many(requests)
        await anext(stream)
        await stream.aclose()
        await fetcher.observe(FetchRequest(url=web.url("/last")))
    assert len(web.asked) < 10


async def test_a_fault_of_our_own_is_raised_where_the_answer_is_awaited(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("workers.fetch.walk.Walk.take", broken)
    async with LoopbackWeb() as web, opened() as fetcher:
        with pytest.raises(ZeroDivisionError):
            await fetcher.observe(FetchRequest(url=web.url("/")))


async def test_robots_are_asked_once_and_obeyed():
    robots = Page(b"User-agent: *\nDisallow: /private\n", media_type="text/plain")
    async with LoopbackWeb(default=Page(b"x")) as web, opened() as fetcher:
        web.page("/robots.txt", robots)
        obeying = ObeyingFetcher(fetcher)
        seen = await observe_all(obeying, [web.url(path) for path in ("/a", "/private/b", "/c")])
        single = await obeying.observe(FetchRequest(url=web.url("/private/d")))
    assert Counter(web.paths()) == {"/robots.txt": 1, "/a": 1, "/c": 1}
    refused = seen[web.url("/private/b")]
    assert (refused.failure, refused.failure_reason) == (
        Failure.POLICY,
        f"robots.txt of 127.0.0.1:{web.port} asks us not to",
    )
    assert single.failure is Failure.POLICY


@pytest.mark.parametrize(("status", "is_allowed"), [(404, True), (403, True), (500, False), (429, False)])
async def test_a_missing_robots_file_forbids_nothing_and_a_failing_host_all(status, is_allowed):
    async with LoopbackWeb(default=Page(b"x")) as web, opened(retries=0) as fetcher:
        web.page("/robots.txt", Page(b"", status=status))
        rules = await ObeyingFetcher(fetcher).rules(web.url("/a"))
    assert rules.allow("/a") is is_allowed


@pytest.mark.parametrize(("status", "hours"), [(503, 2), (200, 25)])
async def test_a_robots_file_is_believed_for_a_day_and_a_failing_host_for_an_hour(status, hours):
    now = 0.0
    async with LoopbackWeb(default=Page(b"x")) as web, opened() as fetcher:
        web.page("/robots.txt", Page(b"User-agent: *\nDisallow: /\n", status=status))
        obeying = ObeyingFetcher(fetcher, clock=lambda: now)
        before = await obeying.observe(FetchRequest(url=web.url("/a")))
        web.page("/robots.txt", Page(b""))
        kept = await obeying.observe(FetchRequest(url=web.url("/a")))
        now = hours * 3600.0
        after = await obeying.observe(FetchRequest(url=web.url("/a")))
    assert (before.failure, kept.failure, after.status) == (Failure.POLICY, Failure.POLICY, 200)


async def test_single_links_obey_robots_where_the_policy_says_so():
    async with LoopbackWeb(default=Page(b"x")) as web, opened(robots=True) as fetcher:
        web.page("/robots.txt", Page(b"User-agent: linkwright\nDisallow: /no\n"))
        forbidden = await fetcher.observe(FetchRequest(url=web.url("/no")))
        many = await observe_all(fetcher, [web.url("/no/2"), web.url("/yes")])
    assert forbidden.failure is Failure.POLICY
    assert {url: seen.status for url, seen in many.items()} == {web.url("/no/2"): None, web.url("/yes"): 200}
    assert web.paths() == ["/robots.txt", "/yes"]


async def test_a_walk_obeys_robots_and_its_delay_and_single_links_do_not():
    robots = Page(b"User-agent: *\nDisallow: /no\nCrawl-delay: 0.2\n", media_type="text/plain")
    async with LoopbackWeb(default=Page(b"x")) as web, opened(per_host=4) as fetcher:
        web.page("/robots.txt", robots)
        single = await fetcher.observe(FetchRequest(url=web.url("/no/single")))
        paths = ("/a", "/b", "/c", "/no/walked")
        requests = [FetchRequest(url=web.url(path), walks=True) for path in paths]
        seen = {request.url: each async for request, each in fetcher.observe_many(requests)}
    assert single.status == 200
    assert seen[web.url("/no/walked")].failure is Failure.POLICY
    assert web.paths()[:2] == ["/no/single", "/robots.txt"]
    assert sorted(web.paths()[2:]) == ["/a", "/b", "/c"]
    starts = [asked.at for asked in web.asked[2:]]
    assert min(later - earlier for earlier, later in itertools.pairwise(starts)) > 0.18
