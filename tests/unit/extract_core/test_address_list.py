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


@given(st.lists(st.sampled_from(HTML), min_size=1, max_size=8))
def test_every_mixture_of_html_lists_the_same(pieces: list[str]) -> None:
    agree("\n".join(pieces), Format.HTML)


def test_other_formats_list_their_findings() -> None:
    assert list_addresses(Source(name="a.txt", text="[a](https://x.org/b) www.x.org")) == [
        "https://x.org/b",
        "http://www.x.org/",
    ]
