"""Pages that sitemaps and feeds list are read within bounds, as robots.txt allows, each once."""

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from tests.loopback import LoopbackWeb, Page
from workers.errors import UnreadableDocument
from workers.extract.find import find_links
from workers.extract.source import Source
from workers.fetch.fetcher import open_fetcher
from workers.fetch.policy import FetchPolicy, parse_allowed_network
from workers.listed import AnsweredFetcher, ReadPage, SiteWalk, WalkBounds
from workers.protocols import FetchRequest

POLICY = FetchPolicy(
    gap_ms=0,
    retries=0,
    per_host=8,
    timeout_s=30.0,
    allow_networks=(parse_allowed_network("127.0.0.0/8"),),
)
XML = "application/xml"


def html(name: str) -> Page:
    return Page(f'<title>{name}</title><p>See <a href="/of-{name}">it</a>.'.encode())


def urlset(*addresses: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{each}</loc></url>' for each in addresses)}</urlset>".encode()


def index(*addresses: str) -> bytes:
    entries = "".join(f"<sitemap><loc>{each}</loc></sitemap>" for each in addresses)
    return f"<sitemapindex>{entries}</sitemapindex>".encode()


@asynccontextmanager
async def walking(web: LoopbackWeb, bounds: WalkBounds) -> AsyncIterator[SiteWalk]:
    async with open_fetcher(POLICY) as fetcher:
        yield SiteWalk(fetcher, find_links, bounds=bounds, max_bytes=100_000)


async def walked(
    web: LoopbackWeb, given: bytes, bounds: WalkBounds | None = None
) -> list[tuple[str, object]]:
    """Return the path and the links, or the reason, of every page that a document lists."""
    document = find_links(Source(name=web.url("/sitemap.xml"), data=given))
    async with walking(web, bounds or WalkBounds()) as walk:
        return [told(page) async for page in walk.pages_of(document)]


def told(page: ReadPage) -> tuple[str, object]:
    if isinstance(page, UnreadableDocument):
        return "/" + page.source.rpartition("/")[2], page.reason
    source, document = page
    links = [(link.resolved or "").rpartition("/")[2] for link in document.links]
    return "/" + source.name.rpartition("/")[2], links


async def test_the_pages_of_a_sitemap_are_read_in_its_order_and_a_bad_one_stops_none():
    async with LoopbackWeb() as web:
        web.pages |= {"/a": html("a"), "/empty": Page(b""), "/c": html("c")}
        read = await walked(web, urlset(*(web.url(each) for each in ("/a", "/gone", "/empty", "/c", "/a"))))
    assert read == [
        ("/a", ["of-a"]),
        ("/gone", "answered with status 404"),
        ("/empty", "is empty"),
        ("/c", ["of-c"]),
    ]


async def test_a_robots_txt_keeps_the_walk_away():
    async with LoopbackWeb() as web:
        web.pages |= {
            "/robots.txt": Page(b"User-agent: *\nDisallow: /private", media_type="text/plain"),
            "/a": html("a"),
            "/private": html("p"),
        }
        read = await walked(web, urlset(web.url("/private"), web.url("/a")))
        asked = [each.path for each in web.asked]
    assert "/private" not in asked
    assert dict(read)["/a"] == ["of-a"]
    assert "robots.txt" in str(dict(read)["/private"])


async def test_an_index_is_followed_to_its_sitemaps_packed_ones_and_cycles_too():
    async with LoopbackWeb() as web:
        web.pages |= {
            "/one.xml": Page(urlset(web.url("/a")), media_type=XML),
            "/two.xml.gz": Page(
                gzip.compress(urlset(web.url("/b"), web.url("/a"))), media_type="application/gzip"
            ),
            "/again.xml": Page(index(web.url("/sitemap.xml"), web.url("/again.xml"), web.url("/three.xml"))),
            "/three.xml": Page(urlset(web.url("/c")), media_type=XML),
            **{f"/{name}": html(name) for name in "abc"},
        }
        read = await walked(
            web, index(*(web.url(f"/{name}") for name in ("one.xml", "two.xml.gz", "again.xml")))
        )
        asked = [each.path for each in web.asked]
    assert read == [
        ("/one.xml", ["a"]),
        ("/a", ["of-a"]),
        ("/two.xml.gz", ["b", "a"]),
        ("/b", ["of-b"]),
        ("/again.xml", ["again.xml", "three.xml"]),
        ("/three.xml", ["c"]),
        ("/c", ["of-c"]),
    ]
    assert sorted(asked) == sorted(set(asked))


async def test_pages_lists_and_depth_are_bounded():
    async with LoopbackWeb() as web:
        pages = [f"/{number}" for number in range(9)]
        web.pages |= {page: html(page[1:]) for page in pages}
        web.pages["/deep.xml"] = Page(index(web.url("/deeper.xml")))
        web.pages["/deeper.xml"] = Page(urlset(*(web.url(page) for page in pages)))
        given = index(web.url("/deep.xml"))
        three = await walked(web, given, WalkBounds(pages=3))
        shallow = await walked(web, given, WalkBounds(depth=1))
        one_list = await walked(web, given, WalkBounds(lists=1))
        web.asked.clear()
        document = find_links(Source(name="s", data=urlset(*(web.url(page) for page in pages))))
        async with walking(web, WalkBounds(pages=4)) as walk:
            assert len([page async for page in walk.pages_of(document)]) == 4
        assert walk.passed_over == {"s": 5}
        assert len([each for each in web.asked if each.path != "/robots.txt"]) == 4
    assert three == [
        ("/deep.xml", ["deeper.xml"]),
        ("/deeper.xml", ["0", "1", "2"]),
        ("/0", ["of-0"]),
        ("/1", ["of-1"]),
        ("/2", ["of-2"]),
    ]
    assert shallow == one_list == [("/deep.xml", [])]


async def test_a_packed_sitemap_that_unpacks_without_end_is_one_error():
    bomb = gzip.compress(b"<urlset>" + b" " * 40_000_000)
    async with LoopbackWeb() as web:
        web.pages |= {"/bomb.xml.gz": Page(bomb, media_type="application/gzip"), "/fine.xml": Page(urlset())}
        read = await walked(web, index(web.url("/bomb.xml.gz"), web.url("/fine.xml")))
    assert read == [("/bomb.xml.gz", "unpacks to more than is read"), ("/fine.xml", [])]


async def test_only_entries_without_their_text_are_asked_for():
    async with LoopbackWeb() as web:
        web.pages |= {"/a": html("a"), "/b": html("b")}
        whole = "<description>&lt;p&gt;All of it.&lt;/p&gt;</description>"
        items = f"<item><link>{web.url('/a')}</link>{whole}</item><item><link>{web.url('/b')}</link></item>"
        read = await walked(web, f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())
    assert read == [("/b", ["of-b"])]


async def test_what_a_walk_was_answered_is_not_asked_again():
    async with LoopbackWeb() as web, open_fetcher(POLICY) as fetcher:
        web.pages |= {"/a": html("a"), "/b": html("b"), "/long": Page(b"<p>" + b"x" * 90_000)}
        walk = SiteWalk(fetcher, find_links, bounds=WalkBounds(), max_bytes=100_000)
        document = find_links(Source(name="s", data=urlset(web.url("/a"), web.url("/long"))))
        assert len([page async for page in walk.pages_of(document)]) == 2
        web.asked.clear()
        requests = [FetchRequest(url=web.url(path)) for path in ("/a", "/b", "/long")]
        answered = AnsweredFetcher(fetcher, walk.answers)
        seen = {request.url: observation async for request, observation in answered.observe_many(requests)}
        assert [each.path for each in web.asked] == ["/b"]
        assert {url.rpartition("/")[2]: len(each.body) for url, each in seen.items()} == {
            "a": len(html("a").body),
            "b": len(html("b").body),
            "long": 65_536,
        }
        assert not seen[web.url("/long")].body_complete
        kept = [replace(each, record=True) for each in requests[:1]]
        assert [
            seen.status async for _, seen in AnsweredFetcher(fetcher, walk.answers).observe_many(kept)
        ] == [200]
        assert [each.path for each in web.asked] == ["/b", "/a"]
