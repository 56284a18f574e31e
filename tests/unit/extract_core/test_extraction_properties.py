"""What holds for every text: spans, order, idempotence, concatenation, and time in proportion to length."""

import time

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


def read(text: str, form: Format) -> Document:
    assume(text)
    assume("\x00" not in text and not any(character < "\t" for character in text))
    return find_links(Source(name="a", text=text), format=form)


@pytest.mark.parametrize("form", FORMATS)
@given(text=TEXTS)
def test_raw_is_the_slice_and_places_agree(text: str, form: Format) -> None:
    assume(sum(character < " " and character not in "\t\n\r" for character in text) == 0)
    document = read(text, form)
    assert document.text is not None
    for link in document.links:
        assert link.start is not None
        assert link.end is not None
        assert document.text[link.start : link.end] == link.raw
        assert link.line is not None
        assert link.line >= 1
        assert link.column is not None
        assert link.column >= 1


@pytest.mark.parametrize("form", FORMATS)
@given(text=TEXTS)
def test_findings_come_in_the_order_of_the_source(text: str, form: Format) -> None:
    assume(sum(character < " " and character not in "\t\n\r" for character in text) == 0)
    places = [(link.line, link.column) for link in read(text, form).links]
    assert places == sorted(places)


@pytest.mark.parametrize("form", FORMATS)
@given(text=TEXTS)
def test_reading_twice_finds_the_same(text: str, form: Format) -> None:
    assume(sum(character < " " and character not in "\t\n\r" for character in text) == 0)
    assert read(text, form) == read(text, form)


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
