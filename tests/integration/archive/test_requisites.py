"""What a page needs is captured beside it, within bounds."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.loopback import LoopbackWeb, Page
from workers.archive.archives import open_archives
from workers.archive.captures import MemoryCaptureIndex
from workers.archive.requisites import RequisiteBounds, capture_requisites, find_requisites
from workers.archive.settings import ArchiveSettings
from workers.archive.throttle import MemoryThrottle
from workers.fetch.fetcher import open_fetcher
from workers.fetch.policy import FetchPolicy, parse_allowed_network
from workers.protocols import FetchRequest
from workers.url import lookup_key

HTML = b"""<!doctype html><link rel="stylesheet" href="/style.css"><script src="/code.js"></script>
<img src="/one.png" srcset="/two.png 2x"><img src="/one.png#again"><img src="/lie.png">
<img src="data:image/gif;base64,AAAA"><img src="http://10.0.0.1/inner.png"><a href="/other">x</a>"""
STYLE = Page(b"p{}", media_type="text/css")
IMAGE = Page(b"\x89PNG....", media_type="image/png")


@pytest.fixture
async def web() -> AsyncIterator[LoopbackWeb]:
    async with LoopbackWeb() as running:
        running.page("/", Page(HTML))
        running.page("/style.css", STYLE)
        running.page("/one.png", IMAGE)
        running.page("/two.png", Page(b"\x89PNG2", media_type="image/png"))
        running.page("/lie.png", Page(b"<p>no image</p>"))
        yield running


async def capture(web: LoopbackWeb, home: Path, bounds: RequisiteBounds) -> tuple[int, MemoryCaptureIndex]:
    index = MemoryCaptureIndex()
    policy = FetchPolicy(
        allow_networks=(parse_allowed_network("127.0.0.0/8"),), gap_ms=0, retries=0, timeout_s=2
    )
    settings = ArchiveSettings(names=(), warc_home=home)
    async with (
        open_fetcher(policy) as fetcher,
        open_archives(settings, throttle=MemoryThrottle(), index=index) as archive,
    ):
        page = await fetcher.observe(FetchRequest(url=web.url("/")))
        return await capture_requisites(page, fetcher=fetcher, archive=archive, bounds=bounds), index


async def test_styles_and_images_are_captured_and_nothing_else(web: LoopbackWeb, tmp_path: Path) -> None:
    count, index = await capture(web, tmp_path / "warc", RequisiteBounds())
    assert count == 3
    for path in ("/style.css", "/one.png", "/two.png"):
        assert len(await index.list(lookup_key(web.url(path)))) == 1
    for path in ("/lie.png", "/code.js", "/other"):
        assert await index.list(lookup_key(web.url(path))) == ()
    assert sorted(asked.path for asked in web.asked) == [
        "/",
        "/lie.png",
        "/one.png",
        "/style.css",
        "/two.png",
    ]


async def test_the_count_is_bounded_and_styles_come_first(web: LoopbackWeb, tmp_path: Path) -> None:
    count, index = await capture(web, tmp_path / "warc", RequisiteBounds(max_count=1))
    assert count == 1
    assert len(await index.list(lookup_key(web.url("/style.css")))) == 1


async def test_no_more_is_asked_for_once_the_bytes_are_used_up(web: LoopbackWeb, tmp_path: Path) -> None:
    count, _ = await capture(web, tmp_path / "warc", RequisiteBounds(max_bytes=1, at_once=1))
    assert count == 1


async def test_what_is_no_page_needs_nothing(web: LoopbackWeb) -> None:
    policy = FetchPolicy(allow_networks=(parse_allowed_network("127.0.0.0/8"),), gap_ms=0, retries=0)
    async with open_fetcher(policy) as fetcher:
        image = await fetcher.observe(FetchRequest(url=web.url("/one.png")))
    assert find_requisites(image, max_count=10) == ()
