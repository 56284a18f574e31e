"""What holds for every text: spans, order, idempotence, concatenation, and time in proportion to length."""

import json
import re
import time
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workers.extract.find import find_links
from workers.extract.identifiers import find_identifiers
from workers.extract.scanner import scan
from workers.extract.source import Source
from workers.model import Document, Format

FORMATS = (Format.TEXT, Format.MARKDOWN, Format.HTML)
PIECES = st.sampled_from(
    [
        "http://a.org/b-",
        "https://x.com/c_(d)",
        "www.e.net/f",
        "hxxps[:]//g[.]com",
        "http%3A%2F%2Fh.org",
        "i@j.org",
        "[k](",
        "](",
        ")",
        "<",
        ">",
        "<a href='/l'>",
        "</a>",
        "[m][n]",
        "[n]: /o\n",
        "`",
        "```\n",
        "- ",
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "\t",
        "\xa0",
        "\u200b",
        "\xad",
        "é",
        "😀",
        "щ",
        "。",
        "…",
        "&amp;",
        "\\",
        "*",
        "_",
        "#",
        "|",
        "!",
        "10.1000/182",
        "word",
        "The",
        ".",
        ",",
        "html",
        '"',
        "'",
        "--- \n",
        "<!--",
        "<style>",
        "<script>",
        "srcset=",
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200)


# How a text stands in each format; what cannot stand there is left out.
PLAIN_FORMATS = (
    Format.TEXT,
    Format.MARKDOWN,
    Format.HTML,
    Format.LATEX,
    Format.RST,
    Format.BIBTEX,
    Format.CSV,
)
WRAPPED: dict[Format, Callable[[str], str]] = {
    Format.JSON: lambda text: json.dumps({"a": [text, {"url": text, text[:20]: 1}]}),
    Format.NOTEBOOK: lambda text: json.dumps(
        {"nbformat": 4, "cells": [{"cell_type": "markdown", "source": text.splitlines(keepends=True)}]}
    ),
    Format.FEED: lambda text: (
        f"<rss><channel><item><title>{escape(text)}</title><link>{escape(text)}</link>"
        f"<description>{escape(text)}</description></item></channel></rss>"
    ),
    Format.SITEMAP: lambda text: f"<urlset><url><loc>{escape(text)}</loc></url></urlset>",
    Format.OPML: lambda text: (
        f"<opml><body><outline text={quoteattr(text)} url={quoteattr(text)}/></body></opml>"
    ),
    Format.BIBTEX: lambda text: f'@misc{{a, title = {{{text}}}, url = "{text}"}}\n{text}',
    Format.CSV: lambda text: f'title,url\n"{text}",{text}\n',
    Format.LATEX: lambda text: f"\\url{{{text}}} \\href{{{text}}}{{{text}}} {text}",
    Format.RST: lambda text: f"`a <{text}>`_ {text}\n\n.. _b: {text}\n\n.. image:: {text}\n",
}
TEXT_FORMATS = (*PLAIN_FORMATS, Format.JSON, Format.NOTEBOOK, Format.FEED, Format.SITEMAP, Format.OPML)
XML_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")


def written(text: str, form: Format) -> str:
    wrap = WRAPPED.get(form)
    return wrap(XML_TEXT.sub("", text)) if wrap else text


def read(text: str, form: Format) -> Document:
    assume(text)
    assume("\x00" not in text and not any(character < "\t" for character in text))
    return find_links(Source(name="a", text=text), format=form)


@pytest.mark.parametrize("form", TEXT_FORMATS)
@given(text=TEXTS)
def test_raw_is_the_slice_and_places_agree(text: str, form: Format) -> None:
    assume(sum(character < " " and character not in "\t\n\r" for character in text) == 0)
    document = read(written(text, form), form)
    assert document.text is not None
    for link in document.links:
        assert link.start is not None
        assert link.end is not None
        assert document.text[link.start : link.end] == link.raw
        assert link.line is not None
        assert link.line >= 1
        assert link.column is not None
        assert link.column >= 1


@pytest.mark.parametrize("form", TEXT_FORMATS)
@given(text=TEXTS)
def test_findings_come_in_the_order_of_the_source(text: str, form: Format) -> None:
    assume(sum(character < " " and character not in "\t\n\r" for character in text) == 0)
    places = [(link.line, link.column) for link in read(written(text, form), form).links]
    assert places == sorted(places)


@pytest.mark.parametrize("form", TEXT_FORMATS)
@given(text=TEXTS)
def test_reading_twice_finds_the_same(text: str, form: Format) -> None:
    assume(sum(character < " " and character not in "\t\n\r" for character in text) == 0)
    assert read(written(text, form), form) == read(written(text, form), form)


@given(text=TEXTS)
def test_spans_never_overlap_and_a_found_address_is_found_alone(text: str) -> None:
    end = 0
    for span in scan(text):
        assert end <= span.start < span.end <= len(text)
        end = span.end
        assert all(" " not in reading for reading in span.readings)


@given(first=TEXTS, second=TEXTS)
def test_two_texts_with_a_blank_line_between_find_what_each_finds(first: str, second: str) -> None:
    gap = "\n\n.\n\n"
    whole = first + gap + second
    apart = [(span.start, span.end) for span in scan(first)]
    shift = len(first) + len(gap)
    apart += [(span.start + shift, span.end + shift) for span in scan(second)]
    assert [(span.start, span.end) for span in scan(whole)] == apart


WORDS = st.sampled_from(
    [
        "see https://a.org/b-c, and",
        "https://x.com/c_(d)",
        "www.e.net/f",
        "[k](https://k.org/l 't')",
        "![i](/j.png)",
        "<https://m.org/n>",
        "i@j.org",
        "doi:10.1000/182",
        "hxxps[:]//g[.]com",
        "Words of a sentence.",
        "https://o.org/p-\nq/r",
        "\xe9 \U0001f600",
    ]
)
PARAGRAPHS = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


@pytest.mark.parametrize("form", [Format.TEXT, Format.MARKDOWN, Format.LATEX, Format.RST])
@given(first=PARAGRAPHS, second=PARAGRAPHS)
def test_two_paragraphs_hold_what_each_holds(first: str, second: str, form: Format) -> None:
    gap = "\n\nWords.\n\n"
    shift = len(first) + len(gap)
    whole = [(link.start, link.end, link.kind) for link in read(first + gap + second, form).links]
    apart = [(link.start, link.end, link.kind) for link in read(first, form).links]
    apart += [
        ((link.start or 0) + shift, (link.end or 0) + shift, link.kind) for link in read(second, form).links
    ]
    assert whole == apart


@given(first=PARAGRAPHS, second=PARAGRAPHS)
def test_two_paragraphs_of_a_page_hold_what_each_holds(first: str, second: str) -> None:
    one, other = f"<p>{first}</p>", f"<p>{second}</p>"
    whole = [(link.start, link.end, link.kind) for link in read(one + other, Format.HTML).links]
    apart = [(link.start, link.end, link.kind) for link in read(one, Format.HTML).links]
    apart += [
        ((link.start or 0) + len(one), (link.end or 0) + len(one), link.kind)
        for link in read(other, Format.HTML).links
    ]
    assert whole == apart


@given(text=TEXTS)
def test_identifiers_are_slices_in_order(text: str) -> None:
    end = 0
    for mention in find_identifiers(text):
        assert end <= mention.start < mention.end
        assert text[mention.start : mention.end].endswith(mention.identifier.value)
        end = mention.end


HOSTILE = [
    "http://a.com/((((",
    "x.com/((",
    "http://a.com/......",
    "http://a.com/b- ",
    "http://a.com/b-\n",
    "a.",
    "[",
    "](",
    "[a](",
    "[](<",
    "[a][b]",
    "![",
    "<",
    "<div>",
    "<a href='",
    "<a b=",
    "&amp;",
    "http:",
    "http://",
    "a/",
    "a@",
    "\u200b",
    "_http://a",
    "%3A",
    "<img srcset='a 1x,",
    "<i style='url(",
    '<script type="application/ld+json">"a',
    "[a]: b\n",
    "10.1234/",
    "ISBN 978-",
    "Source: ",
    '[a](b "',
    "> ",
    "> http://a.com/b-\n",
    "http://a.com/<wbr>",
    "<b>a.</b>",
    "<i>http://a.b/</i>",
    "978-0-",
    "PMID ",
    "1 ",
    "@import 'a",
    "url(/*",
    "a: [http://",
    "'",
]


def seconds(unit: str, length: int, form: Format) -> float:
    text = (unit * (length // len(unit) + 1))[:length]
    best = 10.0
    for _ in range(3):
        started = time.process_time()
        find_links(Source(name="a", text=text), format=form)
        best = min(best, time.process_time() - started)
    return best


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("unit", HOSTILE)
def test_trap_9_hostile_text_takes_time_in_proportion(unit: str, form: Format) -> None:
    # Four times the text: linear is 4, quadratic 16. The floor keeps the clock's grain out of it.
    short, long = seconds(unit, 4_000, form), seconds(unit, 16_000, form)
    assert long < max(9 * short, 0.02)
