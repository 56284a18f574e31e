"""Entries of a feed that carry their text are articles of their own, at their places in the feed."""

import json
from datetime import UTC, datetime

import pytest

from service.cli.selection import Selection
from service.settings import Settings
from service.settings_tables import FileTable
from workers.extract.document_json import document_from_json, document_to_json
from workers.extract.entries import article_named, articles_of, named_links
from workers.extract.find import find_links
from workers.extract.source import Source
from workers.model import Document, Entry, Format
from workers.plan import lists_a_site

RSS = (
    '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The News</title>'
    "<link>https://example.org/</link><language>pt</language>"
    '<item><title>One &amp; two</title><link>/2024/a</link><guid isPermaLink="false">id 1</guid>'
    "<pubDate>Tue, 22 Oct 2024 10:00:00 +0200</pubDate>"
    '<content:encoded><![CDATA[<p>😀 <a href="../x">up</a> <a href="#">gone</a></p>]]></content:encoded>'
    '<enclosure url="/a.mp3"/></item>'
    "<item><title>A teaser</title><link>/2024/b</link><description>Plain words.</description></item>"
    '<item><description>&lt;a href="/y"&gt;y&lt;/a&gt;</description><dc:date>2024-10-23</dc:date></item>'
    "</channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>T</title>'
    '<entry xml:base="https://example.org/e/"><id>tag:example.org,2024:1</id><title type="html">A &lt;b&gt;'
    "bold&lt;/b&gt; one</title><published>2024-01-02T03:04:05Z</published>"
    "<updated>2025-01-01T00:00:00Z</updated>"
    '<link href="1"/><content type="html">&lt;a href="x"&gt;x&lt;/a&gt;</content></entry>'
    '<entry xml:lang="de"><id>tag:example.org,2024:2</id><link href="https://example.org/2"/>'
    '<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><a href="y">y</a></div></summary>'
    "</entry>"
    '<entry><id>tag:example.org,2024:3</id><link href="https://example.org/3"/>'
    '<content src="https://example.org/3.html" type="text/html"/><summary>Words.</summary></entry></feed>'
)
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Notes",
        "language": "en",
        "items": [
            {
                "id": "7",
                "url": "https://example.org/7",
                "title": "Seven",
                "date_published": "2024-02-03T04:05:06Z",
                "content_html": '<a href="/seven">it</a>',
            },
            {"id": "8", "url": "https://example.org/8", "summary": "Words."},
            {"id": "7", "content_text": "See https://example.com/text here."},
            "no item at all",
        ],
    },
    indent=1,
)


def _articles(text: str) -> tuple[Document, ...]:
    articles = articles_of(find_links(Source(name="f", data=text.encode())))
    for article in articles:
        assert article.text is not None
        for link in article.links:
            assert article.text[link.start : link.end] == link.raw
    return articles


def _facts(article: Document) -> tuple[object, ...]:
    return (article.source, article.headline, article.published, article.language, article.own_url)


def test_the_items_of_rss_that_carry_their_text_are_articles():
    feed, one, last = _articles(RSS)
    assert [(link.target, str(link.kind)) for link in feed.links] == [
        ("https://example.org/", "metadata"),
        ("/2024/a", "feed-item"),
        ("/2024/b", "feed-item"),
    ]
    published = datetime(2024, 10, 22, 8, tzinfo=UTC)
    assert _facts(one) == ("f#id1", "One & two", published, "pt", "https://example.org/2024/a")
    assert [(link.raw, link.resolved, link.locator) for link in one.links] == [
        ("../x", "https://example.org/x", "entry=1"),
        ("#", None, "entry=1"),
        ("/a.mp3", "https://example.org/a.mp3", "entry=1"),
    ]
    assert one.links[0].base == "https://example.org/2024/a"
    assert _facts(last) == ("f#entry=3", None, datetime(2024, 10, 23, tzinfo=UTC), "pt", None)
    assert [link.resolved for link in last.links] == ["https://example.org/y"]


def test_the_entries_of_atom_that_carry_their_text_are_articles():
    feed, one, two = _articles(ATOM)
    assert [link.resolved for link in feed.links] == [
        "https://example.org/e/1",
        "https://example.org/2",
        "https://example.org/3",
        "https://example.org/3.html",
    ]
    published = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert _facts(one) == (
        "f#tag:example.org,2024:1",
        "A bold one",
        published,
        "en",
        "https://example.org/e/1",
    )
    assert one.published_source == "published"
    assert [link.resolved for link in one.links] == ["https://example.org/e/x"]
    assert _facts(two) == ("f#tag:example.org,2024:2", None, None, "de", "https://example.org/2")
    assert [(link.resolved, link.locator) for link in two.links] == [("https://example.org/y", "entry=2")]


def test_the_items_of_a_json_feed_that_carry_their_text_are_articles():
    feed, seven, third = _articles(JSON_FEED)
    assert [link.target for link in feed.links] == ["https://example.org/7", "https://example.org/8"]
    published = datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert _facts(seven) == ("f#7", "Seven", published, "en", "https://example.org/7")
    assert [(link.resolved, link.locator) for link in seven.links] == [
        ("https://example.org/seven", "/items/0/content_html")
    ]
    assert _facts(third) == ("f#entry=3", None, None, "en", None)
    assert [link.target for link in third.links] == ["https://example.com/text"]


def test_a_json_feed_whose_items_are_no_list_has_no_entries():
    text = '{"version": "https://jsonfeed.org/version/1", "items": {"a": {"url": "https://example.org/a"}}}'
    (document,) = _articles(text)
    assert document.entries == ()


@pytest.mark.parametrize("text", [RSS, ATOM, JSON_FEED], ids=["rss", "atom", "json"])
def test_every_finding_of_a_feed_is_told_once_in_its_order(text: str):
    document = find_links(Source(name="f", data=text.encode()))
    told = list(named_links(document))
    assert [(link.start, link.raw) for _, link in told] == [(link.start, link.raw) for link in document.links]
    feed, *entries = articles_of(document)
    apart = [(None, link) for link in feed.links]
    apart += [(entry.source, link) for entry in entries for link in entry.links]
    assert sorted(told, key=repr) == sorted(apart, key=repr)


@pytest.mark.parametrize("text", [RSS, ATOM, JSON_FEED], ids=["rss", "atom", "json"])
def test_an_entry_kept_under_its_name_is_found_in_its_feed(text: str):
    for article in _articles(text)[1:]:
        again = find_links(Source(name=article.source, data=text.encode()))
        found = article_named(again, article.source)
        assert _facts(found) == _facts(article)
        assert [link.start for link in found.links] == [link.start for link in article.links]
    whole = find_links(Source(name="f", data=text.encode()))
    assert article_named(whole, "f") is whole


@pytest.mark.parametrize("text", [RSS, JSON_FEED], ids=["rss", "json"])
def test_entries_cross_to_another_process_unchanged(text: str):
    document = find_links(Source(name="f", data=text.encode()))
    assert document_from_json(json.loads(json.dumps(document_to_json(document)))) == document


def test_a_feed_lists_a_site_and_its_entries_cite():
    for text in (RSS, ATOM, JSON_FEED):
        feed, *entries = _articles(text)
        assert lists_a_site(feed)
        assert not any(lists_a_site(entry) for entry in entries)


def test_two_entries_of_one_id_have_two_names():
    item = "<item><guid>https://example.org/g</guid><description>&lt;p&gt;x&lt;/p&gt;</description></item>"
    _, first, second = _articles(f'<rss version="2.0"><channel>{item}{item}</channel></rss>')
    assert (first.source, second.source) == ("f#https://example.org/g", "f#entry=2")


def test_the_longest_name_that_fits_is_the_entry():
    document = Document(
        source="f#a#1",
        format=Format.FEED,
        text="",
        links=(),
        entries=(
            Entry(number=1, name="1", has_content=True, headline="short"),
            Entry(number=2, name="a#1", has_content=True, headline="long"),
        ),
    )
    assert article_named(document, "f#a#1").headline == "long"


def test_the_filters_of_a_feeds_file_hold_for_its_entries():
    settings = Settings(files=(FileTable(path="f", exclude=("/x$",)),))
    _, one, _ = _articles(RSS)
    kept = Selection(settings).select(one)
    assert [link.resolved for link in kept.links] == [None, "https://example.org/a.mp3"]
