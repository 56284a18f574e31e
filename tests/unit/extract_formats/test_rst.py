"""reStructuredText: every kind of target and reference."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.extract.rst import read
from workers.extract.source import Source
from workers.model import Defect, Document, Kind


def _read(text: str) -> Document:
    document = read(Source(name="a.rst", text=text))
    assert document.text is not None
    for link in document.links:
        assert document.text[link.start : link.end] == link.raw
    return document


def test_an_inline_target_is_a_link_with_its_text_and_sentence():
    (link,) = _read("é See `the report <https://example.org/a_b>`_ now.").links
    assert (link.kind, link.raw, link.anchor) == (Kind.LINK, "https://example.org/a_b", "the report")
    assert link.context == "é See the report now."
    assert (link.line, link.column) == (1, 7)


@pytest.mark.parametrize(
    "text",
    [
        "python_ .\n\n.. _python: https://example.org/p",
        "`Python Home`_ .\n\n.. _python home: https://example.org/p",
        "`Python: Home`_ .\n\n.. _`Python: Home`: https://example.org/p",
        "`x <py_>`_ .\n\n.. _py: https://example.org/p",
        "py_ .\n\n.. _py: other_\n.. _other: https://example.org/p",
        "`anon`__ .\n\n__ https://example.org/p",
        "anon__ .\n\n.. __: https://example.org/p",
        "`x <https://example.org/p>`__ .",
    ],
)
def test_every_reference_leads_to_its_target(text):
    assert [(link.kind, link.target) for link in _read(text).links] == [(Kind.LINK, "https://example.org/p")]


def test_two_references_to_one_target_are_two_citations_of_one_place():
    links = _read("a_ and a_\n\n.. _a: https://example.org/").links
    assert [(link.target, link.column) for link in links] == [
        ("https://example.org/", 1),
        ("https://example.org/", 8),
    ]


def test_anonymous_references_take_their_targets_in_turn():
    links = _read("`one`__ and two__\n\n__ https://example.org/1\n__ https://example.org/2").links
    assert [(link.anchor, link.target) for link in links] == [
        ("one", "https://example.org/1"),
        ("two", "https://example.org/2"),
    ]


def test_a_target_that_nothing_uses_is_a_reference():
    (link,) = _read("Text.\n\n.. _a: https://example.org/").links
    assert link.kind is Kind.REFERENCE


def test_a_target_over_two_lines_is_joined():
    (link,) = _read("a_\n\n.. _a: https://example.org/\n   path/x").links
    assert link.raw == "https://example.org/\n   path/x"
    assert link.resolved == "https://example.org/path/x"


def test_a_stripped_and_an_empty_target_are_placeholders():
    links = _read("`a <#>`_ `b <>`_").links
    assert [(link.target, link.defects) for link in links] == [
        ("#", (Defect.FRAGMENT_ONLY,)),
        ("", (Defect.EMPTY,)),
    ]


def test_targets_that_lead_to_each_other_lead_nowhere():
    document = _read("a_\n\n.. _a: b_\n.. _b: a_")
    assert document.links == ()
    assert document.skipped == {"references to places in the file": 1}


def test_an_image_gives_its_address_and_its_target():
    links = _read(
        ".. image:: https://example.org/i.png\n   :alt: A map\n   :target: https://example.org/t\n"
    ).links
    assert [(link.kind, link.target, link.anchor) for link in links] == [
        (Kind.IMAGE, "https://example.org/i.png", "A map"),
        (Kind.LINK, "https://example.org/t", "A map"),
    ]


def test_a_literal_is_left_out_and_counted():
    document = _read("``https://example.org/lit`` but https://example.org/bare.")
    assert [link.raw for link in document.links] == ["https://example.org/bare"]
    assert document.skipped == {"addresses in literals": 1}


def test_words_with_underscores_are_no_references():
    assert _read("file_name and __init__ and snake_case_ and x_y_z").links == ()


def test_headline_date_and_language_are_read():
    document = _read("The Títle\n=========\n\n:Date: 2024-10-22\n:lang: sv\n")
    assert (document.headline, document.language) == ("The Títle", "sv")
    assert document.published == datetime(2024, 10, 22, tzinfo=UTC)


RST = st.lists(
    st.sampled_from(
        [
            "`",
            "``",
            "<",
            ">",
            "_",
            "__",
            ".. _",
            ":",
            " ",
            "\n",
            "a",
            "https://example.org/a",
            "é",
            ".. image:: ",
        ]
    ),
    max_size=25,
).map("".join)


@given(RST)
def test_any_text_is_read_with_findings_that_are_slices(text):
    if text:
        _read(text)


@pytest.mark.parametrize(
    "text",
    [
        ".. code-block:: python\n\n   x = 'https://example.org/code'\n\n   y = 1\n\nhttps://example.org/p",
        "As follows::\n\n   https://example.org/literal\n\nhttps://example.org/p",
        ".. a comment https://example.org/comment\n   and https://example.org/more\n\nhttps://example.org/p",
    ],
)
def test_code_literal_blocks_and_comments_are_counted_and_not_listed(text):
    document = _read(text)
    assert [link.raw for link in document.links] == ["https://example.org/p"]
    assert sum(document.skipped.values()) in {1, 2}


def test_a_note_and_a_footnote_are_read():
    document = _read(
        ".. note:: https://example.org/n\n\n.. [1] See https://example.org/f and doi:10.1000/182\n"
    )
    assert [link.raw for link in document.links] == [
        "https://example.org/n",
        "https://example.org/f",
        "doi:10.1000/182",
    ]
