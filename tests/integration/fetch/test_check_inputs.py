"""Pages given as addresses are asked for side by side, and told in the order given."""

import asyncio
from pathlib import Path

from service.cli.check_inputs import InputReader
from service.cli.inputs import Read, ReadInput
from service.cli.selection import Selection
from service.settings import Settings
from tests.loopback import Asked, LoopbackWeb, Page
from workers.fetch.fetcher import open_fetcher
from workers.fetch.policy import FetchPolicy, parse_allowed_network

POLICY = FetchPolicy(
    gap_ms=0,
    retries=0,
    per_host=8,
    timeout_s=30.0,
    allow_networks=(parse_allowed_network("127.0.0.0/8"),),
)
MAX_BYTES = 100_000


def page(name: str) -> Page:
    return Page(f'<title>{name}</title><p>See <a href="/of-{name}">it</a>.'.encode())


def told(read: Read) -> tuple[str, object]:
    """Return the name of an input, and its links or why it could not be read."""
    if isinstance(read, ReadInput):
        return read.source.name, [each.resolved for each in read.document.links]
    return read.source, read.reason


async def test_pages_are_asked_side_by_side_and_told_in_the_order_given(tmp_path: Path):
    file = tmp_path / "b.md"
    file.write_text("[it](https://of-b.example/)")
    last_was_asked = asyncio.Event()

    async def first(_: Asked) -> Page:
        """Answer once the last page has been asked for, which one after the other never comes to."""
        await last_was_asked.wait()
        return page("a")

    async def last(_: Asked) -> Page:
        last_was_asked.set()
        return page("c")

    async with LoopbackWeb() as web, open_fetcher(POLICY) as fetcher:
        web.page("/a", first)
        web.page("/c", last)
        web.page("/long", Page(b"x" * (MAX_BYTES + 1)))
        a, gone, long, c = (web.url(path) for path in ("/a", "/gone", "/long", "/c"))
        read: list[Read] = []
        inputs = InputReader(fetcher, Selection(Settings()), read.append, max_bytes=MAX_BYTES)
        await inputs.read_all([a, gone, long, a, c, str(file), c])
    assert [told(each) for each in read] == [
        (a, [web.url("/of-a")]),
        (gone, "answered with status 404"),
        (long, "is longer than 100000 bytes"),
        (a, [web.url("/of-a")]),
        (c, [web.url("/of-c")]),
        (str(file), ["https://of-b.example/"]),
        (c, [web.url("/of-c")]),
    ]
