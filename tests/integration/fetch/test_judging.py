"""Verdicts on what real exchanges bring: rules that hang on how an answer was received."""

from datetime import UTC, datetime

import pytest

from tests.loopback import LoopbackWeb, Page, redirect
from workers.fetch.fetcher import open_fetcher
from workers.fetch.policy import FetchPolicy, parse_allowed_network
from workers.judge import Judge
from workers.model import LinkTask, Outcome
from workers.protocols import FetchRequest

LOOPBACK = FetchPolicy(gap_ms=0, retries=0, allow_networks=(parse_allowed_network("127.0.0.0/8"),))
THIN = "<title>Gallery</title><h1>Photo {}</h1><p>One of the pictures of the harbour, number {}.</p>"


async def judge(web: LoopbackWeb, path: str):
    """Ask for one path and judge the answer, as the pipeline does."""
    url = web.url(path)
    async with open_fetcher(LOOPBACK) as fetcher:
        observation = await fetcher.observe(FetchRequest(url=url))
        judging = Judge(fetcher, clock=lambda: datetime.now(UTC))
        return (await judging.judge(LinkTask(written=url), observation)).verdict


@pytest.mark.parametrize(
    ("headers", "outcome"),
    [((), Outcome.SOFT_404), ((("Content-Length", "77"),), Outcome.OK)],
    ids=["nothing at all", "cut short of its length"],
)
async def test_an_empty_answer_is_an_error_page_only_where_it_is_whole(headers, outcome):
    head = "".join(f"{name}: {value}\r\n" for name, value in headers) or "Content-Length: 0\r\n"
    raw = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{head}\r\n".encode()
    async with LoopbackWeb(default=Page(raw=raw, end="close")) as web:
        assert (await judge(web, "/a")).outcome is outcome


@pytest.mark.parametrize("number", range(10))
async def test_a_thin_page_of_a_numbered_series_is_not_compared_with_itself(number):
    async with LoopbackWeb(default=Page(b"<h1>Not here</h1>", status=404)) as web:
        for each in range(10):
            web.page(f"/photo/{each}", Page(THIN.format(each, each).encode()))
        assert (await judge(web, f"/photo/{number}")).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "redirect to file: is not followed"),
        ("javascript:alert(1)", "redirect to javascript: is not followed"),
        ("http://10.0.0.1/", "redirect to http://10.0.0.1/: 10.0.0.1 (private network)"),
        ("http://169.254.169.254/latest", "(link-local, cloud metadata)"),
    ],
)
async def test_a_redirect_that_the_guard_forbids_is_refused_with_the_reason(location, reason):
    async with LoopbackWeb(default=redirect(location)) as web:
        verdict = await judge(web, "/a")
    assert (verdict.outcome, verdict.rule) == (Outcome.REFUSED, "failure/policy")
    assert reason in verdict.evidence[0]


async def test_redirects_in_a_circle_are_down_with_the_reason():
    async with LoopbackWeb(default=redirect("/a")) as web:
        verdict = await judge(web, "/a")
    assert (verdict.outcome, verdict.rule) == (Outcome.DOWN, "failure/redirect_loop")
    assert "redirected in a circle" in verdict.evidence[0]


async def test_a_page_with_a_broken_coding_is_ok_and_says_so():
    page = Page(b"<p>not brotli at all", headers=(("Content-Encoding", "br"),))
    async with LoopbackWeb(default=page) as web:
        verdict = await judge(web, "/a")
    assert verdict.outcome is Outcome.OK
    assert verdict.evidence[-1] == "judged by its beginning: the content coding is broken: not brotli"


async def test_a_missing_place_is_evidence_and_the_link_stays_ok():
    async with LoopbackWeb(default=Page(b"<h1>Not here</h1>", status=404)) as web:
        web.page("/a", Page(b"<h1 id=plan>The plan</h1><p>It goes ahead.</p>"))
        there, missing = await judge(web, "/a#plan"), await judge(web, "/a#costs")
    assert (there.outcome, missing.outcome) == (Outcome.OK, Outcome.OK)
    assert "the page has no place named #costs" in missing.evidence
    assert not any("no place" in told for told in there.evidence)


async def test_the_front_page_is_asked_once_where_every_address_shows_one_short_page():
    notice = Page(b"<title>Weir</title><h1>The weir rests</h1><p>Its keeper oils the wheels today</p>")
    async with LoopbackWeb(default=notice) as web, open_fetcher(LOOPBACK) as fetcher:
        judging = Judge(fetcher, clock=lambda: datetime.now(UTC))
        rules = []
        for path in ("/a/one", "/a/two", "/b/three"):
            observation = await fetcher.observe(FetchRequest(url=web.url(path)))
            rules.append((await judging.judge(LinkTask(written=web.url(path)), observation)).verdict.rule)
        assert rules == ["down/one-page"] * 3
        assert web.paths().count("/") == 1


async def test_the_front_page_is_not_asked_where_the_sibling_is_refused():
    async with LoopbackWeb(default=Page(b"<h1>Not here</h1>", status=404)) as web:
        web.page(
            "/a/one", Page(b"<title>Weir</title><h1>The weir rests</h1><p>Its keeper oils the wheels</p>")
        )
        assert (await judge(web, "/a/one")).outcome is Outcome.OK
        assert "/" not in web.paths()
