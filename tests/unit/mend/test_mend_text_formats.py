"""How each text format takes a new address: every place it can stand in, with what that place escapes."""

import pytest
from mending import mended, text_of

from workers.model import Format

NEW = "https://new.org/a_(b)?x=1&copy=2"
HTML_NEW = "https://new.org/a_(b)?x=1&amp;copy=2"
RSS = "<rss><channel><item><description>{}</description></item></channel></rss>"

MARKDOWN = [
    ("[x](#)", NEW, f"[x]({NEW})"),
    ("[x]()", NEW, f"[x]({NEW})"),
    ("[x](<>)", NEW, f"[x](<{NEW}>)"),
    ("[x](http://old.org/ 'title')\r\n", NEW, f"[x]({NEW} 'title')\r\n"),
    ("[x](<http://old.org/a b>)", NEW, f"[x](<{NEW}>)"),
    ("[x](#)", "https://new.org/a)b", r"[x](https://new.org/a\)b)"),
    ("[x](#)", "https://new.org/?a=1&lt;=2", "[x](https://new.org/?a=1&amp;lt;=2)"),
    ("![x](#)", NEW, f"![x]({NEW})"),
    ("[x][d]\n\n[d]: http://old.org/ 'title'\n", NEW, f"[x][d]\n\n[d]: {NEW} 'title'\n"),
    ("> [x][d]\n>\n> [d]:\n> <http://old.org/>\n", NEW, f"> [x][d]\n>\n> [d]:\n> <{NEW}>\n"),
    ("<http://old.org/>", NEW, f"<{NEW}>"),
    ("see http://old.org/.\n", NEW, f"see {NEW}.\n"),
    ("see http://old.org/ there\n", "https://new.org/a.", "see <https://new.org/a.> there\n"),
    ("http://old.org/a-mid-\n  suspected-x\n", NEW, f"{NEW}\n"),
    ('<a href="http://old.org/">x</a>\n', NEW, f'<a href="{HTML_NEW}">x</a>\n'),
    ("a <a href=#>x</a> b\n", NEW, f'a <a href="{HTML_NEW}">x</a> b\n'),
    ("---\nurl: http://old.org/\n---\n\ntext\n", NEW, f"---\nurl: {NEW}\n---\n\ntext\n"),
    ("[^1]\n\n[^1]: http://old.org/x\n", NEW, f"[^1]\n\n[^1]: {NEW}\n"),
]

HTML = [
    ('<a href="#">x</a>', NEW, f'<a href="{HTML_NEW}">x</a>'),
    ("<a href='#'>x</a>", "https://new.org/it's", "<a href='https://new.org/it&#39;s'>x</a>"),
    ("<a href=# title=t>x</a>", NEW, f'<a href="{HTML_NEW}" title=t>x</a>'),
    ("<a href=# title=t>x</a>", "https://new.org/it's", "<a href=https://new.org/it&#39;s title=t>x</a>"),
    ("<a href>x</a>", NEW, f'<a href="{HTML_NEW}">x</a>'),
    ("<a href=>x</a>", NEW, f'<a href="{HTML_NEW}">x</a>'),
    ('<a href="">x</a>', NEW, f'<a href="{HTML_NEW}">x</a>'),
    ('<a href=" http://old.org/ ">x</a>', NEW, f'<a href=" {HTML_NEW} ">x</a>'),
    ("<p>http://old.org/ is it", NEW, f"<p>{HTML_NEW} is it"),
    ("<p>http://old.org/<wbr>a<b>bc/d</b> there", NEW, f"<p>{HTML_NEW}<b></b> there"),
    ("<b>http://old.org/<i>q</i></b>", NEW, f"<b>{HTML_NEW}<i></i></b>"),
    (
        '<img srcset="http://old.org/1 1x, http://old.org/2 2x">',
        "https://new.org/a,b",
        '<img srcset="https://new.org/a,b 1x, http://old.org/2 2x">',
    ),
    (
        "<iframe srcdoc=\"<a href='http://old.org/'>&amp;</a>\"></iframe>",
        "https://new.org/?a=1&lt;=2",
        "<iframe srcdoc=\"<a href='https://new.org/?a=1&amp;amp;lt;=2'>&amp;</a>\"></iframe>",
    ),
    (
        '<base href="https://base.org/"><a href="page">x</a>',
        NEW,
        f'<base href="https://base.org/"><a href="{HTML_NEW}">x</a>',
    ),
    (
        '<script type="application/ld+json">{"url": "http://old.org/"}</script>',
        "https://new.org/?a=1&b=2",
        '<script type="application/ld+json">{"url": "https://new.org/?a=1&b=2"}</script>',
    ),
    (
        '<div style="background: url(http://old.org/x.png)"></div>',
        "https://new.org/a(b).png",
        '<div style="background: url(https://new.org/a%28b%29.png)"></div>',
    ),
    (
        '<meta http-equiv="refresh" content="0; url=http://old.org/">',
        NEW,
        f'<meta http-equiv="refresh" content="0; url={HTML_NEW}">',
    ),
]

OTHERS = [
    (Format.TEXT, "[x](#)", "https://new.org/a)b", r"[x](https://new.org/a\)b)"),
    (Format.TEXT, "see http://old.org/a-\nb-c-d\n\nthere", NEW, f"see {NEW}\n\nthere"),
    (Format.TEXT, "(http://old.org/)", "https://new.org/a)", "(https://new.org/a%29)"),
    (Format.RST, "`x <#>`_", NEW, f"`x <{NEW}>`_"),
    (Format.RST, "`x <http://old.org/>`_", "https://new.org/a_", "`x <https://new.org/a%5F>`_"),
    (Format.RST, "a_ b\n\n.. _a: http://old.org/\n   rest\n", NEW, f"a_ b\n\n.. _a: {NEW}\n"),
    (Format.RST, "a_\n\n.. _a: b_\n.. _b: http://old.org/\n", NEW, f"a_\n\n.. _a: b_\n.. _b: {NEW}\n"),
    (Format.RST, "`x`__\n\n__ http://old.org/\n", NEW, f"`x`__\n\n__ {NEW}\n"),
    (Format.RST, ".. image:: http://old.org/x.png\n", NEW, f".. image:: {NEW}\n"),
    (Format.LATEX, r"\href{http://old.org/}{x}", "https://new.org/%20_", r"\href{https://new.org/%20_}{x}"),
    (Format.LATEX, r"\href{http://old.org/\_}{x}", "https://new.org/%20_", r"\href{https://new.org/\%20\_}{x}"),
    (Format.BIBTEX, "@misc{k, url = {http://old.org/}}", NEW, f"@misc{{k, url = {{{NEW}}}}}"),
    (Format.JSON, r'{"u": "http:\/\/old.org\/"}', "https://new.org/a", r'{"u": "https:\/\/new.org\/a"}'),
    (Format.JSON, '{"u": "http://old.org/"}', NEW, f'{{"u": "{NEW}"}}'),
    (
        Format.JSON,
        r'{"html": "<p>http:\/\/old.org\/<b>x\/y<\/b> it"}',
        "https://new.org/a",
        r'{"html": "<p>https:\/\/new.org\/a<b><\/b> it"}',
    ),
    (Format.CSV, "u,n\nhttp://old.org/,1\n", "https://new.org/a,b", "u,n\nhttps://new.org/a%2Cb,1\n"),
    (Format.CSV, 'u,n\n"http://old.org/",1\n', "https://new.org/a,b", 'u,n\n"https://new.org/a,b",1\n'),
    (
        Format.FEED,
        "<rss><channel><item><link>http://old.org/</link></item></channel></rss>",
        NEW,
        f"<rss><channel><item><link>{HTML_NEW}</link></item></channel></rss>",
    ),
    (
        Format.FEED,
        RSS.format("http://old.org/&lt;b&gt;x/y&lt;/b&gt; it"),
        "https://new.org/a",
        RSS.format("https://new.org/a&lt;b&gt;&lt;/b&gt; it"),
    ),
    (
        Format.SITEMAP,
        "<urlset><url><loc>http://old.org/</loc></url></urlset>",
        NEW,
        f"<urlset><url><loc>{HTML_NEW}</loc></url></urlset>",
    ),
    (
        Format.NOTEBOOK,
        '{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": ["[x](#)"]}]}',
        "https://new.org/a)b",
        r'{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": ["[x](https://new.org/a\\)b)"]}]}',
    ),
]  # fmt: skip

CASES = [(Format.MARKDOWN, *case) for case in MARKDOWN] + [(Format.HTML, *case) for case in HTML] + OTHERS


@pytest.mark.parametrize(("fmt", "written", "address", "expected"), CASES)
def test_a_new_address_stands_where_the_old_one_stood(fmt: Format, written: str, address: str, expected: str):
    assert text_of(mended(written, fmt, [address])) == expected


def test_two_links_with_one_definition_change_together():
    text = "[x][d] and [y][d]\n\n[d]: http://old.org/\n"
    assert text_of(mended(text, Format.MARKDOWN, [NEW, NEW])) == f"[x][d] and [y][d]\n\n[d]: {NEW}\n"


OTHER = "https://other.org/"
XY = "\n\n.. _d: #\n.. _x y: d_\n"


@pytest.mark.parametrize(
    ("written", "addresses", "expected"),
    [
        ("[x][d] [y][d]\n\n[d]: #\n", [NEW, OTHER], f"[x][d] [y]({OTHER})\n\n[d]: {NEW}\n"),
        ("[x][d] [y][d]\n\n[d]: #\n", {0: NEW}, f"[x]({NEW}) [y][d]\n\n[d]: #\n"),
        ("[d] ![y][d] [d][]\n\n[d]: #\n", {0: NEW, 1: NEW}, f"[d]({NEW}) ![y]({NEW}) [d][]\n\n[d]: #\n"),
        (
            "[x][d] [y][d] [z][d]\n\n[d]: #\n",
            [OTHER, NEW, NEW],
            f"[x]({OTHER}) [y][d] [z][d]\n\n[d]: {NEW}\n",
        ),
        (
            "[a [b\\] `]` c][d] [y][d]\n\n[d]: #\n",
            {0: "https://new.org/a)"},
            "[a [b\\] `]` c](https://new.org/a\\)) [y][d]\n\n[d]: #\n",
        ),
    ],
)
def test_markdown_links_leave_a_shared_definition_that_is_not_to_be_theirs(written, addresses, expected):
    assert text_of(mended(written, Format.MARKDOWN, addresses)) == expected


@pytest.mark.parametrize(
    ("written", "addresses", "expected"),
    [
        (f"d_ `x y`_ d_{XY}", {0: NEW}, f"`d <{NEW}>`__ `x y`_ d_{XY}"),
        (f"`x y`_ d_{XY}", [OTHER, NEW], f"`x y`_ `d <{NEW}>`__{XY.replace('#', OTHER)}"),
        ("`t <d_>`_ d_\n\n.. _d: #\n", {0: NEW}, f"`t <{NEW}>`_ d_\n\n.. _d: #\n"),
    ],
)  # fmt: skip
def test_restructured_links_leave_a_shared_target_that_is_not_to_be_theirs(written, addresses, expected):
    assert text_of(mended(written, Format.RST, addresses)) == expected


@pytest.mark.parametrize(
    ("text", "address", "reason"),
    [
        ("[x][nowhere]", NEW, "a reference that is defined nowhere has no place for an address"),
        ("[x](#)", "javascript:alert(1)", "the new address is no absolute http or https address"),
        ("[x](#)", "/only/a/path", "the new address is no absolute http or https address"),
        ("doi:10.1000/182 says", NEW, "an identifier is no address; its resolver is asked"),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_reason(text: str, address: str, reason: str):
    result = mended(text, Format.MARKDOWN, [address])
    assert (result.data.decode(), [refused.reason for refused in result.refused]) == (text, [reason])


def test_one_change_that_does_not_read_back_does_not_stop_the_others():
    # The quotation mark ends the old address at its hyphen, and would be taken for a part of the new one.
    text = "<a href='#'>a</a> http://old.org/b-'The <a href='#'>c</a>"
    result = mended(text, Format.HTML, [NEW, "https://new.org/a", NEW])
    assert result.data.decode() == (
        f"<a href='{HTML_NEW}'>a</a> http://old.org/b-'The <a href='{HTML_NEW}'>c</a>"
    )
    assert [(each.change.position, each.reason) for each in result.refused] == [
        (1, "written there, it would not be read as the new address")
    ]
