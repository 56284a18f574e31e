"""Verdicts on what real exchanges bring: rules that hang on how an answer was received."""

from datetime import UTC, datetime

import pytest

from tests.loopback import LoopbackWeb, Page
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
