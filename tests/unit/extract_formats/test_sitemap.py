"""Sitemaps and outlines: addresses with their places, gzip with a bound."""

import gzip

import pytest

from workers.errors import UnreadableDocument
from workers.extract import opml, sitemap
from workers.extract.source import Source
from workers.model import Document, Kind

XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
URLSET = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset {XMLNS} xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<!-- é --><url><loc> https://example.org/a?b=1&amp;c=2 </loc><lastmod>2024-10-22</lastmod>
<xhtml:link rel="alternate" hreflang="de" href="https://example.org/de"/>
<image:image><image:loc>https://example.org/i.png</image:loc></image:image></url></urlset>
"""


def _sitemap(data: bytes) -> Document:
    document = sitemap.read(Source(name="a.xml", data=data))
    for link in document.links:
        assert document.text is not None
        assert document.text[link.start : link.end] == link.raw
    return document


@pytest.mark.parametrize("data", [URLSET.encode(), gzip.compress(URLSET.encode())], ids=["plain", "gzip"])
def test_a_sitemap_lists_its_pages_alternates_and_images(data):
    links = _sitemap(data).links
    assert [(link.kind, link.raw, link.target) for link in links] == [
        (Kind.FEED_ITEM, "https://example.org/a?b=1&amp;c=2", "https://example.org/a?b=1&c=2"),
        (Kind.ALTERNATE, "https://example.org/de", "https://example.org/de"),
        (Kind.IMAGE, "https://example.org/i.png", "https://example.org/i.png"),
    ]
    assert (links[0].line, links[0].column) == (3, 22)


def test_a_sitemap_index_lists_its_sitemaps():
    text = f"<sitemapindex {XMLNS}><sitemap><loc>https://example.org/s.xml.gz</loc></sitemap></sitemapindex>"
    assert [link.target for link in _sitemap(text.encode()).links] == ["https://example.org/s.xml.gz"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"<rss/>", "is not a sitemap: its root is <rss>"),
        (gzip.compress(b"<urlset/>")[:-9], "is gzip data that is cut off"),
        (b"\x1f\x8b\x08\x00junkjunkjunk", "is damaged gzip data"),
        (gzip.compress(b" " * 40_000_000), "unpacks to more than is read"),
    ],
    ids=["empty", "feed", "cut", "damaged", "bomb"],
)
def test_a_sitemap_that_cannot_be_read_is_one_error_with_its_name(data, reason):
    with pytest.raises(UnreadableDocument) as raised:
        _sitemap(data)
    assert str(raised.value) == f"a.xml: {reason}"


def test_an_outline_gives_feeds_and_pages_with_their_titles():
    text = (
        '<opml version="2.0"><head><title>Reading</title>'
        "<dateCreated>Tue, 22 Oct 2024 10:00:00 GMT</dateCreated></head><body>"
        '<outline text="News"><outline title="A &amp; B" xmlUrl="https://example.org/f?a=1&amp;b=2" '
        "htmlUrl='https://example.org/'/>"
        '<outline text="see https://example.org/t" url=""/></outline></body></opml>'
    )
    document = opml.read(Source(name="a.opml", data=text.encode()))
    assert document.text is not None
    assert [(link.kind, link.raw, link.target, link.anchor) for link in document.links] == [
        (
            Kind.FEED_ITEM,
            "https://example.org/f?a=1&amp;b=2",
            "https://example.org/f?a=1&b=2",
            "A & B",
        ),
        (Kind.LINK, "https://example.org/", "https://example.org/", "A & B"),
        (Kind.BARE, "https://example.org/t", "https://example.org/t", ""),
        (Kind.LINK, "", "", "see https://example.org/t"),
    ]
    assert all(document.text[link.start : link.end] == link.raw for link in document.links)
    assert document.links[-1].start == text.index('url=""') + 5
    assert document.headline == "Reading"
    assert document.published_source == "opml"


def test_an_outline_that_is_none_is_one_error_with_its_name():
    with pytest.raises(UnreadableDocument, match=r"\Aa\.opml: is not OPML: its root is <urlset>\Z"):
        opml.read(Source(name="a.opml", data=b"<urlset/>"))
