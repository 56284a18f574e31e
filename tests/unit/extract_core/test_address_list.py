"""The quick list of addresses is the list of the findings that can be fetched."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.extract.addresses import list_addresses
from workers.extract.find import find_links
from workers.extract.source import Source
from workers.model import Format

MARKDOWN = [
    "[a](https://x.org/b)",
    "[a](<https://x.org/b c>)",
    "![i](https://x.org/i.png)",
    "<https://x.org/auto>",
    "[r][s]\n\n[s]: https://x.org/r\n",
    "https://x.org/bare-\nbroken",
    "www.x.org/y",
    "a@x.org",
    "[h](#)",
    "[j](javascript:0)",
    "[q](https://x.org/?a[]=1&amp;b)",
    "[u](https://x.org/é/ü)",
    '<a href="/rel?a&amp;b">x</a>',
    "`https://x.org/code`",
    "\n\n    https://x.org/code\n\n",
    "doi:10.1000/182",
    "[f][^1]\n\n[^1]: https://x.org/foot\n",
    "words. More words, U.S. 3.14",
    "\n\n",
    "\\[a](https://x.org/escaped)",
    "<https://x.org/a[b](https://x.org/c)>",
    "[a `b](https://x.org/d) c` d",
    "\n\n- item\n\n      [c](https://x.org/indented)\n\n",
    "\n\n-     [c](https://x.org/code-in-item)\n\n",
    "\n\n> [q](https://x.org/quoted)\n\n",
    "\n\n~~~\n[f](https://x.org/fenced)\n~~~\n\n",
    "\n\n| a |\n|---|\n| [t](https://x.org/cell) | [u](https://x.org/lost) |\n\n",
    "\n\n---\n[r](https://x.org/between-rules)\n---\n\n",
    "![a](https://x.org/i.png)[b](/relative)[c](HTTPS://X.org)",
    "[![n](https://x.org/n.png)](https://x.org/around)",
    "<!-- [c](https://x.org/comment) -->",
    "[a](https://x.org/a_(b))",
    "[a](https://x.org/./b/../c)[d](https://x.org/../d)[e](http://x.org:80/e)",
    "see and/or x.org/path, 50 % of 10.5",
    "ISBN 978-0-306-40615-7",
    "math.GT/0309136",
    "bbc.co.uk/news",
]
HTML = [
    "<a href=https://x.org/a>x</a>",
    "<a href='/rel?a&amp;b&copy=1'>https://x.org/shown</a>",
    "<img src=i.png srcset='a.png 1x, b,c.png 2x'>",
    "<base href=https://x.org/base/>",
    "<meta http-equiv=refresh content='1; url=r.html'>",
    "<meta property=og:url content=https://x.org/og><meta name=a content=b>",
    '<script type="application/ld+json">{"@id":"https:\\/\\/x.org\\/ld"}</script>',
    "<script>var a='https://x.org/js'</script>",
    "<style>b{background:url(bg.png)}</style>",
    "<p style=\"background:url('st.png')\">x",
    "<div data-src=https://x.org/data>",
    "<iframe srcdoc='<a href=/in>x</a>'></iframe>",
    "<noscript><img src=/ns.png></noscript>",
    "<template><a href=/t>x</a></template>",
    "<p>see https://x.org/bare-</p><p>next</p>",
    "<code>https://x.org/code</code>",
    "<p>ISSN 2049-3630</p>",
    "<a href=#>x</a><a href=mailto:a@x.org>y</a>",
    "<textarea><a href=/no>x</a></textarea><!-- <a href=/no> -->",
    "<svg><a xlink:href=/svg>s</a></svg><form action=/f></form>",
    "plain words. More U.S. words",
    "<p>https://x.org/<wbr>long and doi:10.10<wbr>00/182</p>",
    "<p>www<b>.x.org/bold</b></p>",
    "<p>words.</p><p>org and</p>",
    "<img src=/a.png data-src=/lazy.jpg><img data-srcset='/l.jpg 1x'>",
    "<div data-id=7 data-when='2024/05/06'>x</div>",
    "<object data=/o codebase=/c></object><p data=/none>x</p>",
    "<style>/* url(no.png) */ a{b:image-set('1.png' 1x)}</style>",
    "<meta property=og:video content=v.mp4><meta name=description content='a/b.c'>",
    '<script type="application/ld+json">{"image":"/i.png","name":"a/b"}</script>',
    "<a name=n>https://x.org/in-a-named-anchor</a>",
    "<title>x.org | A page of 2024</title>",
    "<input type=image src=/s.png formaction=/fa><img longdesc=/ld background=/bg>",
]


def agree(text: str, form: Format) -> None:
    source = Source(name="a", text=text, base="https://base.org/dir/")
    found = [link.resolved for link in find_links(source, format=form).links if link.resolved is not None]
    assert Counter(list_addresses(source, format=form)) == Counter(found)


@pytest.mark.parametrize("piece", MARKDOWN)
def test_one_construct_of_markdown_lists_the_same(piece: str) -> None:
    agree(f"A title\n\n{piece}\n", Format.MARKDOWN)


@pytest.mark.parametrize("piece", HTML)
def test_one_construct_of_html_lists_the_same(piece: str) -> None:
    agree(f"<title>A title</title>{piece}\n", Format.HTML)


@given(st.lists(st.sampled_from(MARKDOWN), min_size=1, max_size=8))
def test_every_mixture_of_markdown_lists_the_same(pieces: list[str]) -> None:
    agree(" ".join(pieces) + "\n", Format.MARKDOWN)


@given(st.lists(st.sampled_from(MARKDOWN), min_size=1, max_size=4))
def test_front_matter_lists_the_same(pieces: list[str]) -> None:
    before = "---\ntitle: A\nlinks: [https://x.org/f1, 'https://x.org/f2']\nurl: https://x.org/\u00fc\n---\n"
    agree(before + " ".join(pieces) + "\n", Format.MARKDOWN)


@given(st.lists(st.sampled_from(HTML), min_size=1, max_size=8))
def test_every_mixture_of_html_lists_the_same(pieces: list[str]) -> None:
    agree("\n".join(pieces), Format.HTML)


def test_other_formats_list_their_findings() -> None:
    assert list_addresses(Source(name="a.txt", text="[a](https://x.org/b) www.x.org")) == [
        "https://x.org/b",
        "http://www.x.org/",
    ]
