"""Jupyter notebooks and CSV lists: texts in cells, with their places in the file."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.errors import UnreadableDocument
from workers.extract import csv_list, notebook
from workers.extract.csv_cells import guess_delimiter, rows
from workers.extract.source import Source
from workers.model import Defect, Document, Kind


def _notebook(*cells: dict, indent: int | None = 1) -> Document:
    text = json.dumps(
        {"cells": list(cells), "metadata": {"u": "https://meta.example/"}, "nbformat": 4}, indent=indent
    )
    document = notebook.read(Source(name="a.ipynb", data=text.encode()))
    assert document.text is not None
    for link in document.links:
        assert document.text[link.start : link.end] == link.raw
    return document


def _csv(text: str, name: str = "a.csv") -> Document:
    document = csv_list.read(Source(name=name, data=text.encode()))
    assert document.text is not None
    for link in document.links:
        assert document.text[link.start : link.end] == link.raw
    return document


def test_a_markdown_cell_written_as_lines_is_read_as_one_text():
    source = [
        "# The Títle\n",
        "\n",
        'See [the "report"](https://example.org/a "t") and [gone](#)\n',
    ]
    document = _notebook({"cell_type": "markdown", "source": source})
    assert [(link.target, link.anchor, link.locator) for link in document.links] == [
        ("https://example.org/a", 'the "report"', "/cells/0/source"),
        ("#", "gone", "/cells/0/source"),
    ]
    assert document.headline == "The Títle"
    assert document.skipped == {"addresses in metadata and data": 1}


def test_code_and_every_readable_output_are_read():
    outputs = [
        {"output_type": "stream", "text": ["see https://example.org/s\n"]},
        {
            "output_type": "display_data",
            "data": {
                "text/html": ['<a href="https://example.org/h?a=1&amp;b=2">x</a>'],
                "text/plain": "https://example.org/p",
                "image/png": "iVBORw0KGgo",
            },
        },
        {"output_type": "error", "traceback": ["https://example.org/e"]},
    ]
    cell = {"cell_type": "code", "source": "u = 'https://example.org/c'", "outputs": outputs}
    assert [(link.target, link.locator) for link in _notebook(cell).links] == [
        ("https://example.org/c", "/cells/0/source"),
        ("https://example.org/s", "/cells/0/outputs/0/text"),
        ("https://example.org/h?a=1&b=2", "/cells/0/outputs/1/data/text~1html"),
        ("https://example.org/p", "/cells/0/outputs/1/data/text~1plain"),
        ("https://example.org/e", "/cells/0/outputs/2/traceback"),
    ]


def test_an_escaped_character_in_a_cell_keeps_the_place():
    (link,) = _notebook({"cell_type": "markdown", "source": "😀 [é](https://example.org/é)"}).links
    assert link.raw == "https://example.org/\\u00e9"
    assert link.target == "https://example.org/é"


def test_json_without_cells_is_no_notebook():
    with pytest.raises(
        UnreadableDocument, match=r"\Aa: is not a Jupyter notebook: it has no list of cells\Z"
    ):
        notebook.read(Source(name="a", data=b'{"nbformat": 4}'))


def test_an_address_column_is_read_with_the_title_beside_it():
    text = 'Title,URL,Note\r\n"A ""b"", é","https://example.org/a,b",see https://example.org/n\r\nSecond,#,\r\nThird,,x\r\n'
    document = _csv(text)
    assert [(link.kind, link.target, link.anchor, link.locator) for link in document.links] == [
        (Kind.LINK, "https://example.org/a,b", 'A "b", é', "cell=2,2"),
        (Kind.BARE, "https://example.org/n", 'A "b", é', "cell=2,3"),
        (Kind.LINK, "#", "Second", "cell=3,2"),
    ]
    assert document.links[2].defects == (Defect.FRAGMENT_ONLY,)
    assert document.skipped == {"empty cells under an address heading": 1}


def test_a_list_without_headings_keeps_its_first_row():
    links = _csv("https://example.org/1\nhttps://example.org/2\n").links
    assert [link.target for link in links] == ["https://example.org/1", "https://example.org/2"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "name;url\nx;https://example.org/a,b\ny;https://example.org/c\n"),
        ("a.tsv", "name\turl\nx\thttps://example.org/a,b\ny\thttps://example.org/c\n"),
        ("a.csv", "name|url\nx|https://example.org/a,b\ny|https://example.org/c\n"),
    ],
)
def test_the_delimiter_is_told_from_the_lines(name, text):
    assert [link.target for link in _csv(text, name).links] == [
        "https://example.org/a,b",
        "https://example.org/c",
    ]


def test_an_address_without_a_scheme_under_its_heading_is_read():
    (link,) = _csv("site,website\nx,example.com/a\n").links
    assert (link.target, link.resolved) == ("example.com/a", "http://example.com/a")


def test_a_hyperlink_formula_is_a_link_with_its_text():
    (link,) = _csv('name,note\nx,"=HYPERLINK(""https://example.org/f"",""shown"")"\n').links
    assert (link.raw, link.anchor) == ("https://example.org/f", "shown")


def test_a_column_of_mail_addresses_is_no_address_column():
    assert _csv("name,e-mail address\nx,nobody\n").links == ()


CELL = st.text(alphabet='a",;\n\r é', max_size=6)


@given(st.lists(st.lists(CELL, min_size=2, max_size=3), min_size=1, max_size=4))
def test_what_is_written_quoted_is_read_back_with_its_places(table):
    text = "\r\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table)
    read = list(rows(text, ","))
    assert [[cell.value.text for cell in row] for row in read] == table
    for row in read:
        for cell in row:
            start, end = cell.value.span(0, len(cell.value.text))
            assert text[start:end].replace('""', '"') == cell.value.text


@given(st.text(alphabet='a",;\n\r\t|', max_size=30))
def test_any_text_makes_rows_in_order(text):
    places = [cell.value.span(0, 1)[0] for row in rows(text, guess_delimiter(text)) for cell in row]
    assert places == sorted(places)
