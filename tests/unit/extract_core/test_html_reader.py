"""HTML: every attribute that carries an address, and what the page says of itself."""

from datetime import UTC, datetime

import pytest

from workers.extract.find import find_links
from workers.extract.source import Source
from workers.model import Defect, Document, Format, FoundLink


def read(html: str, base: str | None = None) -> Document:
    document = find_links(Source(name="a.html", text=html, base=base), format=Format.HTML)
    assert document.text is not None
    assert [document.text[link.start : link.end] for link in document.links] == [
        link.raw for link in document.links
    ]
    return document


def one(html: str, base: str | None = None) -> FoundLink:
    (link,) = read(html, base).links
    return link


@pytest.mark.parametrize(
    ("html", "kind", "raws"),
    [
        ("<a href=/x>a</a>", "link", ["/x"]),
        ("<map><area href='/x'></map>", "link", ["/x"]),
        ("<img src=i.png>", "image", ["i.png"]),
        ("<img srcset='a.png 1x, b.png 2x'>", "image", ["a.png", "b.png"]),
        ("<picture><source srcset=a.webp></picture>", "image", ["a.webp"]),
        ("<video src=v.mp4 poster=p.jpg></video>", None, ["v.mp4", "p.jpg"]),
        ("<audio><source src=a.mp3><track src=t.vtt></audio>", "media", ["a.mp3", "t.vtt"]),
        (
            "<blockquote cite=/c>q</blockquote><q cite=/d>q</q><ins cite=/e></ins>",
            "metadata",
            ["/c", "/d", "/e"],
        ),
        ("<form action=/f><button formaction=/g></form>", "form", ["/f", "/g"]),
        ("<object data=o.pdf></object><embed src=e>", "media", ["o.pdf", "e"]),
        ("<a href=/x ping='/p1 /p2'>a</a>", None, ["/x", "/p1", "/p2"]),
        ("<img src=i longdesc=l.html>", None, ["i", "l.html"]),
        ("<body background=b.gif>", "image", ["b.gif"]),
        ("<svg><a xlink:href='/s'></a></svg>", "link", ["/s"]),
        ("<svg><use xlink:href='s.svg#a'/></svg>", "resource", ["s.svg#a"]),
        ("<meta http-equiv=Refresh content='5; URL=\"/r\"'>", "metadata", ["/r"]),
        ("<link rel=canonical href=/c>", "canonical", ["/c"]),
        ("<link rel='alternate' hreflang=de href=/de>", "alternate", ["/de"]),
        ("<link rel=stylesheet href=s.css><script src=j.js></script>", "resource", ["s.css", "j.js"]),
        ("<meta property=og:url content=https://x.org/o>", "metadata", ["https://x.org/o"]),
        ("<meta property=og:image content=https://x.org/i>", "metadata", ["https://x.org/i"]),
        ("<div style=\"background:url('b.png')\">", "resource", ["b.png"]),
        ("<div style='background:url(&quot;b.png&quot;)'>", "resource", ["b.png"]),
        ("<style>@import 'i.css'; b{background:url( b.png )}</style>", "resource", ["i.css", "b.png"]),
        (
            "<div data-src=https://x.org/i data-n=7 data-href='//x.org/h'>",
            None,
            ["https://x.org/i", "//x.org/h"],
        ),
        ("<template><a href=/t>t</a></template>", "link", ["/t"]),
        ("<noscript><img src=/n.png></noscript>", "image", ["/n.png"]),
        ("<iframe src=/f></iframe>", "media", ["/f"]),
        ("<svg><image xlink:href=/s.png></svg>", "image", ["/s.png"]),
        (
            "<meta property=og:video content=v.mp4><meta name=twitter:image content=/t.png>",
            None,
            ["v.mp4", "/t.png"],
        ),
        ("<meta itemprop=image content=/m.png>", "metadata", ["/m.png"]),
        (
            "<style>/* url(no.png) */ @namespace url(http://www.w3.org/); a{b:url(y.png)}</style>",
            None,
            ["y.png"],
        ),
        ("<style>a{b:image-set('1.png' 1x, \"2.png\" 2x)}</style>", "resource", ["1.png", "2.png"]),
        (
            "<img data-src=/lazy.jpg data-width=/7 data-srcset='/l1.jpg 1x'>",
            "image",
            ["/lazy.jpg", "/l1.jpg"],
        ),
        ("<div data-bg='url(/b.png)'>", "resource", ["/b.png"]),
    ],
)
def test_every_attribute_with_an_address_is_read(html: str, kind: str | None, raws: list[str]) -> None:
    links = read(html).links
    assert [link.raw for link in links] == raws
    assert kind is None or {str(link.kind) for link in links} == {kind}


def test_json_ld_addresses_are_read_but_its_vocabulary_is_not() -> None:
    document = read(
        '<script type="application/ld+json">{"@context":"https://schema.org","url":"https:\\/\\/x.org\\/y",'
        '"sameAs":["https://w.org/1"],"name":"no address"}</script>'
    )
    assert [link.raw for link in document.links] == ["https:\\/\\/x.org\\/y", "https://w.org/1"]
    assert document.links[0].target == "https://x.org/y"


def test_a_srcdoc_is_read_through_its_escapes() -> None:
    link = one('<iframe srcdoc="&lt;a href=&quot;/in?x=1&amp;amp;y=2&quot;&gt;in&lt;/a&gt;"></iframe>')
    assert (link.raw, link.target, link.anchor) == ("/in?x=1&amp;amp;y=2", "/in?x=1&y=2", "in")


def test_trap_2_what_cannot_be_fetched_is_reported_with_a_reason() -> None:
    html = "".join(
        f"<a href='{target}'>x</a>"
        for target in ("#", "", "javascript:void(0)", "mailto:a@b.org", "tel:+1", "data:text/plain,x", "#top")
    )
    assert [(link.resolved, *link.defects) for link in read(html).links] == [
        (None, Defect.FRAGMENT_ONLY),
        (None, Defect.EMPTY),
        (None, Defect.SCRIPT),
        (None, Defect.UNSUPPORTED_SCHEME),
        (None, Defect.UNSUPPORTED_SCHEME),
        (None, Defect.UNSUPPORTED_SCHEME),
        (None, Defect.FRAGMENT_ONLY),
    ]


def test_trap_2_nofollow_is_kept_with_the_link() -> None:
    assert one("<a href=https://x.org rel='nofollow noopener'>x</a>").rel == ("nofollow", "noopener")


def test_trap_5_entities_decode_once_and_copy_stays() -> None:
    link = one("<a href='https://x.org/?a=1&amp;amp;b&copy=2&amp;c=3'>x</a>")
    assert link.target == "https://x.org/?a=1&amp;b&copy=2&c=3"


def test_trap_5_a_srcset_keeps_commas_and_data_addresses() -> None:
    links = read("<img srcset='a,b.png 1x, data:image/png;base64,AA,BB 2x,c.png 3x'>").links
    assert [link.raw for link in links] == ["a,b.png", "data:image/png;base64,AA,BB", "c.png"]


def test_trap_5_a_base_counts_wherever_it_stands() -> None:
    document = read("<a href=b>x</a><base href=/dir/><base href=/other/>", base="https://x.org/page")
    (link,) = document.links
    assert (link.resolved, link.base, link.base_source) == (
        "https://x.org/dir/b",
        "https://x.org/dir/",
        "base element",
    )


def test_what_is_no_tag_is_no_link() -> None:
    html = (
        "<!-- <a href=/c> --><textarea><a href=/t></textarea><title><a href=/i></title>"
        "<script>'<a href=/s>'</script><a>none</a>&lt;a href=/e&gt;"
    )
    assert read(html).links == ()


def test_addresses_in_text_are_found_but_not_in_code_or_scripts() -> None:
    document = read(
        "<p>See https://x.org/a?b=1&amp;c=2. Or www.y.org/z</p><code>https://code.org/</code>"
        "<script>var a = 'https://script.org/'</script><a href=/l>https://shown.org/</a>"
    )
    assert [(link.kind, link.raw) for link in document.links] == [
        ("bare", "https://x.org/a?b=1&amp;c=2"),
        ("bare", "www.y.org/z"),
        ("link", "/l"),
    ]
    assert document.links[0].target == "https://x.org/a?b=1&c=2"
    assert document.skipped == {"code": 1, "script": 1}


def test_the_anchor_and_its_sentence_are_plain_text() -> None:
    html = "<div>First one. Then <b>the <a href=/x>min<i>is</i>ter\n said</a></b> it. Last.</div><p>Other</p>"
    link = one(html)
    assert (link.anchor, link.context) == ("minister said", "Then the minister said it.")


def test_an_image_is_anchored_by_its_alternative_text() -> None:
    links = read("<a href=/x><img src=i.png alt=' A  flag '></a>").links
    assert [(link.raw, link.anchor) for link in links] == [("/x", ""), ("i.png", "A flag")]


def test_a_tag_over_lines_keeps_exact_places() -> None:
    links = read("<p>é😀</p>\r\n<a\r\n class=x\r\n href = '/y' >a</a>\r<a href=/z>b</a>").links
    assert [(link.raw, link.line, link.column) for link in links] == [("/y", 4, 10), ("/z", 5, 9)]


def test_the_page_tells_headline_date_language_and_own_address() -> None:
    document = read(
        "<html lang=uk><head><title>T | Site</title><link rel=canonical href=/own>"
        "<meta property=og:title content='The headline'>"
        "<meta property='article:published_time' content='2024-03-02T01:00:00+02:00'></head><h1>Site</h1>",
        base="https://x.org/a",
    )
    assert (document.headline, document.language, document.own_url) == (
        "The headline",
        "uk",
        "https://x.org/own",
    )
    assert document.published == datetime(2024, 3, 1, 23, 0, tzinfo=UTC)
    assert document.published_source == "meta article:published_time"


def test_json_ld_comes_before_the_meta_tags() -> None:
    document = read(
        "<meta property=og:title content=Other><script type=application/ld+json>"
        '{"@graph":[{"@type":"Organization"},{"@type":"NewsArticle","headline":"Head",'
        '"datePublished":"2024-01-02","inLanguage":"fr"}]}</script>'
    )
    assert (document.headline, document.published_source, document.language) == ("Head", "json-ld", "fr")


@pytest.mark.parametrize(
    ("html", "own"),
    [
        ("<!-- saved from url=(0021)https://x.org/saved --><p>a", "https://x.org/saved"),
        (
            "<link rel=canonical href='https://web.archive.org/web/20200101000000/https://x.org/a'>",
            "https://x.org/a",
        ),
        ("<p>Original url: <a href=https://x.org/own>here</a></p>", "https://x.org/own"),
        ("<dl><dt>Source:</dt><dd><a href=https://x.org/own>x.org</a></dd></dl>", "https://x.org/own"),
    ],
)
def test_banners_and_labels_name_the_own_address(html: str, own: str) -> None:
    assert read(html).own_url == own


def test_identifiers_stand_in_text_and_in_links() -> None:
    links = read("<p>doi:10.1000/182 <a href='https://doi.org/10.1000/ABC'>x</a></p>").links
    assert [link.identifier and link.identifier.normal for link in links] == ["10.1000/182", "10.1000/abc"]
    assert [str(link.kind) for link in links] == ["identifier", "link"]


@pytest.mark.parametrize(
    ("html", "raw", "target", "readings"),
    [
        (
            "<p>https://x.org/long/<wbr>path</p>",
            "https://x.org/long/<wbr>path",
            "https://x.org/long/path",
            (),
        ),
        ("<p>www.exam<wbr>ple.org/x</p>", "www.exam<wbr>ple.org/x", "www.example.org/x", ()),
        (
            "<p><b>https://</b>x.org/bold</p>",
            "https://</b>x.org/bold",
            "https://x.org/bold",
            ("https://x.org/bold", "https://"),
        ),
        (
            "<p>https://x.org/a<i>b</i>c/d</p>",
            "https://x.org/a<i>b</i>c/d",
            "https://x.org/abc/d",
            ("https://x.org/abc/d", "https://x.org/a"),
        ),
        (
            "<p><span>https://x.org/</span><span>more</span></p>",
            "https://x.org/</span><span>more",
            "https://x.org/more",
            ("https://x.org/more", "https://x.org/"),
        ),
    ],
)
def test_an_address_that_inline_tags_divide_is_one(
    html: str, raw: str, target: str, readings: tuple[str, ...]
) -> None:
    link = one(html)
    assert (link.raw, link.target, link.readings) == (raw, target, readings)


@pytest.mark.parametrize(
    "html",
    [
        "<p><b>https://x.org/a</b>nd more</p>",
        "<p>https://x.org/a<sup>1</sup></p>",
        "<p>https://x.org/a<br>next</p>",
        "<p>https://x.org/a<img alt=b>c</p>",
        "<td>https://x.org/a</td><td>b</td>",
        "<p>https://x.org/a <i>b</i></p>",
    ],
)
def test_what_ends_an_address_is_not_joined_to_it(html: str) -> None:
    assert one(html.replace("<img alt=b>", "<img>")).target == "https://x.org/a"


def test_an_identifier_that_a_break_divides_is_one() -> None:
    link = one("<p>doi:10.10<wbr>00/182</p>")
    assert link.identifier is not None
    assert (link.raw, link.identifier.value) == ("doi:10.10<wbr>00/182", "10.1000/182")


def test_json_ld_members_for_addresses_may_be_relative_and_escaped() -> None:
    html = (
        '<script type="application/ld+json">{"@type":"Article","name":"a/b","image":{"url":"/i.png"},'
        '"sameAs":["https://x.org/\\u0061","x.org/b"],"@id":"#me"}</script>'
    )
    assert [link.target for link in read(html).links] == ["/i.png", "https://x.org/a", "x.org/b"]


def test_an_escape_of_css_is_decoded() -> None:
    assert one("<p style='background:url(a\\ b.png)'>").target == "a b.png"


def test_a_script_behind_a_line_end_is_nothing_to_fetch() -> None:
    link = one("<a href='java\nscript:alert(1)'>x</a>", base="https://x.org/")
    assert (link.resolved, link.defects) == (None, (Defect.SCRIPT,))


@pytest.mark.parametrize(
    ("html", "date", "source"),
    [
        ("<h1>Head</h1><p>By A | 6 May 2024</p><p>Text.</p>", datetime(2024, 5, 6, tzinfo=UTC), "dateline"),
        ("<h1>Head</h1><time>2024-05-06</time>", datetime(2024, 5, 6, tzinfo=UTC), "time element"),
        (
            "<span itemprop=datePublished>6 May 2024</span>",
            datetime(2024, 5, 6, tzinfo=UTC),
            "meta datepublished",
        ),
        ("<h1>Head</h1><p>The fair, which began on May 6, 2024, went on for two weeks.</p>", None, None),
    ],
)
def test_a_date_may_stand_in_the_text_of_the_page(
    html: str, date: datetime | None, source: str | None
) -> None:
    document = read(html)
    assert (document.published, document.published_source) == (date, source)


def test_the_article_of_json_ld_is_the_one_with_a_headline() -> None:
    html = (
        '<script type="application/ld+json">{"@graph":[{"@type":"WebPage","name":"p"},'
        '{"@type":["NewsArticle"],"headline":"H","inLanguage":"es","url":"https://x.org/a"}]}</script><title>T</title>'
    )
    document = read(html)
    assert (document.headline, document.language, document.own_url) == ("H", "es", "https://x.org/a")
