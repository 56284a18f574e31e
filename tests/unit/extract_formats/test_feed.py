"""RSS and Atom: items, their media, and HTML that stands inside, each with its place in the source."""

from datetime import UTC, datetime

import pytest

from workers.errors import UnreadableDocument
from workers.extract.feed import read
from workers.extract.feed_entries import read_feed_date
from workers.extract.source import Source
from workers.model import Defect, Document, Kind


def _read(text: str | bytes) -> Document:
    data = text if isinstance(text, bytes) else text.encode()
    document = read(Source(name="a.xml", data=data))
    for link in document.links:
        assert document.text is not None
        assert document.text[link.start : link.end] == link.raw
    return document


def _rss(item: str, channel: str = "") -> str:
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"{channel}<item>{item}</item></channel></rss>"
    )


def test_the_link_of_an_item_is_read_with_its_title_and_place():
    (link,) = _read(
        _rss("<title>Néws &amp; views</title>\n<link> https://example.org/a?b=1&amp;c=2 </link>")
    ).links
    assert link.kind is Kind.FEED_ITEM
    assert link.raw == "https://example.org/a?b=1&amp;c=2"
    assert link.target == "https://example.org/a?b=1&c=2"
    assert link.anchor == "Néws & views"
    assert (link.line, link.column) == (2, 8)


def test_a_link_in_cdata_is_without_its_marks():
    (link,) = _read(_rss("<link><![CDATA[https://example.org/a]]></link>")).links
    assert link.raw == "https://example.org/a"


def test_an_empty_link_of_an_item_is_reported():
    for written in ("<link/>", "<link></link>"):
        (link,) = _read(_rss(written)).links
        assert (link.raw, link.resolved, link.defects) == ("", None, (Defect.EMPTY,))


def test_links_in_escaped_html_are_carried_back_to_the_source():
    item = (
        '<description>See &lt;a href="https://example.org/?a=1&amp;amp;b=2"&gt;this&lt;/a&gt;.</description>'
    )
    (link,) = _read(_rss(item)).links
    assert link.raw == "https://example.org/?a=1&amp;amp;b=2"
    assert link.target == "https://example.org/?a=1&b=2"
    assert link.anchor == "this"


def test_links_in_cdata_html_are_joined_to_the_item():
    item = (
        "<link>https://example.org/2024/a</link><content:encoded><![CDATA[<p>😀 é\r\n"
        '<a href="../x">up</a> <a href="#">gone</a></p>]]></content:encoded>'
    )
    links = _read(_rss(item)).links
    assert [(link.raw, link.resolved) for link in links] == [
        ("https://example.org/2024/a", "https://example.org/2024/a"),
        ("../x", "https://example.org/x"),
        ("#", None),
    ]
    assert links[1].base_source == "item link"


def test_a_guid_counts_only_where_it_is_a_new_address():
    assert [(link.target, link.kind) for link in _read(_rss("<guid>https://example.org/g</guid>")).links] == [
        ("https://example.org/g", Kind.FEED_ITEM)
    ]
    same = _read(_rss("<guid>https://example.org/a</guid><link>https://example.org/a</link>"))
    assert [link.kind for link in same.links] == [Kind.FEED_ITEM]
    assert same.skipped == {"identifiers that repeat a link": 1}
    opaque = _read(_rss('<guid isPermaLink="false">https://example.org/7</guid>'))
    assert opaque.links == ()


def test_media_of_an_item_are_read():
    item = (
        '<enclosure url="https://example.org/a.mp3?x=1&amp;y=2" type="audio/mpeg"/>'
        '<media:group><media:content url="https://example.org/b.jpg" medium="image"/></media:group>'
        "<media:thumbnail url='https://example.org/t.png'/><comments>https://example.org/c</comments>"
    )
    assert [(link.kind, link.target) for link in _read(_rss(item)).links] == [
        (Kind.MEDIA, "https://example.org/a.mp3?x=1&y=2"),
        (Kind.IMAGE, "https://example.org/b.jpg"),
        (Kind.IMAGE, "https://example.org/t.png"),
        (Kind.LINK, "https://example.org/c"),
    ]


def test_a_feed_says_its_facts():
    channel = (
        "<title>The News</title><link>https://example.org/</link><language>pt-BR</language>"
        '<pubDate>Tue, 22 Oct 2024 10:00:00 +0200</pubDate><atom:link rel="self" href="https://example.org/rss"/>'
    )
    document = _read(_rss("<link>/a</link>", channel))
    assert document.headline == "The News"
    assert document.published == datetime(2024, 10, 22, 8, tzinfo=UTC)
    assert document.language == "pt-BR"
    assert document.own_url == "https://example.org/"
    assert [(link.kind, link.resolved) for link in document.links] == [
        (Kind.METADATA, "https://example.org/"),
        (Kind.ALTERNATE, "https://example.org/rss"),
        (Kind.FEED_ITEM, "https://example.org/a"),
    ]


def test_an_atom_entry_is_read_with_its_relations_and_contents():
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/"><title>T</title>'
        '<entry><title>One</title><link href="a"/><link rel="enclosure" href="b.mp3"/>'
        '<link rel="related" href="https://example.net/r"/><id>tag:example.org,2024:1</id>'
        '<content type="html">&lt;img src="i.png"&gt;</content>'
        '<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        '<a href="c?d&amp;e">c</a></div></summary>'
        '<source><link href="https://elsewhere.example/"/></source></entry></feed>'
    )
    document = _read(text)
    assert [(link.kind, link.raw, link.resolved) for link in document.links] == [
        (Kind.FEED_ITEM, "a", "https://example.org/a"),
        (Kind.MEDIA, "b.mp3", "https://example.org/b.mp3"),
        (Kind.LINK, "https://example.net/r", "https://example.net/r"),
        (Kind.IMAGE, "i.png", "https://example.org/i.png"),
        (Kind.LINK, "c?d&amp;e", "https://example.org/c?d&e"),
    ]
    assert document.skipped == {"identifiers that are no address": 1}


def test_rdf_items_outside_the_channel_are_read():
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        "<channel><title>T</title><link>https://example.org/</link></channel>"
        "<item><title>One</title><link>one</link></item></rdf:RDF>"
    )
    assert [link.resolved for link in _read(text).links] == [
        "https://example.org/",
        "https://example.org/one",
    ]


def test_bare_addresses_in_titles_and_plain_text_are_read():
    item = "<title>On https://example.org/t</title><description>see https://example.org/d.</description>"
    assert [link.raw for link in _read(_rss(item)).links] == [
        "https://example.org/t",
        "https://example.org/d",
    ]


def test_the_declared_encoding_is_believed():
    text = '<?xml version="1.0" encoding="windows-1251"?>' + _rss(
        "<title>Мир</title><link>https://example.org/мир</link>"
    )
    (link,) = _read(text.encode("windows-1251")).links
    assert (link.raw, link.anchor) == ("https://example.org/мир", "Мир")


def test_a_utf16_feed_has_code_point_places():
    (link,) = _read(
        ("\ufeff" + _rss("<title>😀</title><link>https://example.org/</link>")).encode("utf-16-le")
    ).links
    assert link.raw == "https://example.org/"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Tue, 22 Oct 2024 10:00:00 GMT", datetime(2024, 10, 22, 10, tzinfo=UTC)),
        ("2024-10-22T10:00:00+02:00", datetime(2024, 10, 22, 8, tzinfo=UTC)),
        ("Tue, 99 Oct 2024 10:00:00 GMT", None),
        ("soon", None),
    ],
)
def test_a_feed_date_is_read_in_either_form(written, expected):
    assert read_feed_date(written) == expected


BOMB = (
    '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<rss><channel><item><link>&b;</link></item></channel></rss>"
)
EXTERNAL = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel>&x;</channel></rss>'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("<rss><channel>", "is not well-formed XML: no element found (line 1)"),
        ("<html><body/></html>", "is not an RSS or Atom feed: its root is <html>"),
        (BOMB, "declares its own XML entities or DTD, which are refused"),
        (EXTERNAL, "declares its own XML entities or DTD, which are refused"),
        ("<a>" * 5000, "nests XML elements more than 2000 deep"),
    ],
    ids=["empty", "cut", "html", "entity-bomb", "external-entity", "deep"],
)
def test_what_cannot_be_read_is_one_error_with_the_name_of_the_file(text, reason):
    with pytest.raises(UnreadableDocument) as raised:
        _read(text)
    assert str(raised.value) == f"a.xml: {reason}"


def test_an_empty_line_before_the_declaration_is_passed_over_and_places_stay():
    text = '\r\n <?xml version="1.0" encoding="UTF-8"?>\n' + _rss("<title>é</title><link>/a</link>")
    (link,) = _read(text).links
    assert link.start == text.index("/a<")


def test_a_doctype_that_only_names_a_dtd_is_passed_over():
    text = '<!DOCTYPE rss PUBLIC "-//X//DTD RSS 0.91//EN" "https://example.org/rss.dtd">' + _rss(
        "<link>/a</link>"
    )
    assert [link.raw for link in _read(text).links] == ["/a"]


def test_what_stands_inside_the_content_of_media_is_read():
    links = _read(
        _rss(
            '<media:content url="https://example.org/v.mp4"><media:thumbnail url="https://example.org/t.jpg"/>'
            "</media:content>"
        )
    ).links
    assert [link.raw for link in links] == ["https://example.org/v.mp4", "https://example.org/t.jpg"]
