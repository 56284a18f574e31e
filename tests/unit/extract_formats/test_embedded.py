"""Embedded text, and passages: the way back to the source, and when a link and its label are one finding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.extract.embedded import EmbeddedText, Piece, carry_back
from workers.extract.passage import Hyperlink, name_own, read_passage
from workers.extract.source_map import SourceMap
from workers.extract.text import links_in_text
from workers.model import FoundLink, Kind

WRITTEN = st.lists(
    st.sampled_from(["a", "é", "😀", "&amp;", "\\u0041", " ", "https://example.org/"]), max_size=12
)
DECODED = {"&amp;": "&", "\\u0041": "A"}


def _embedded(written: list[str], before: str = "") -> EmbeddedText:
    pieces, at = [], len(before)
    for text in written:
        pieces.append(Piece(text=DECODED.get(text, text), start=at, end=at + len(text)))
        at += len(text)
    return EmbeddedText(pieces)


@given(WRITTEN, st.data())
def test_every_span_is_carried_back_to_what_it_was_written_as(written, data):
    embedded = _embedded(written, "head ")
    source = "head " + "".join(written)
    start = data.draw(st.integers(0, len(embedded.text)))
    end = data.draw(st.integers(start, len(embedded.text)))
    outer_start, outer_end = embedded.span(start, end)
    slice_ = source[outer_start:outer_end]
    for form, decoded in DECODED.items():
        slice_ = slice_.replace(form, decoded)
    assert slice_ == embedded.text[start:end]


@given(WRITTEN)
def test_inner_and_span_agree_at_the_beginning_of_every_piece(written):
    embedded = _embedded(written)
    for piece in embedded.pieces:
        assert embedded.span(embedded.inner(piece.start), embedded.inner(piece.start) + 1)[0] == piece.start


@given(WRITTEN)
def test_findings_carried_back_are_slices_of_the_source(written):
    source = "".join(written)
    for link in carry_back(links_in_text(_embedded(written).text), _embedded(written), SourceMap(source)):
        assert link.raw == source[link.start : link.end]


def test_an_empty_text_has_the_place_of_its_only_piece():
    assert EmbeddedText([Piece(text="", start=7, end=7)]).span(0, 0) == (7, 7)


def _passage(text: str, *links: tuple[str, str]) -> list[FoundLink]:
    hyperlinks = [
        Hyperlink(start=text.index(shown), end=text.index(shown) + len(shown), target=target, locator="h")
        for shown, target in links
    ]
    return name_own(read_passage(text, hyperlinks, locate=lambda start, _end: f"t{start}"))


@pytest.mark.parametrize(
    ("text", "shown", "target"),
    [
        ("see https://example.org/a.", "https://example.org/a", "https://example.org/a"),
        ("see https://example.org/a.", "https://example.org/a", "http://www.example.org/a/"),
        ("see www.example.org/a.", "www.example.org/a", "https://tracker.example.net/?u=1"),
        ("see https://example.org/a…", "https://example.org/a…", "https://example.org/abcdef"),
        ("see https://example.org/a-\nmid.", "https://example.org/a-\nmid", "https://example.org/a-mid"),
        ("see https://example.org/a-\nmid.", "https://example.org/a-\nmid", "https://example.org/amid"),
    ],
)
def test_a_link_that_shows_its_own_address_is_one_finding(text, shown, target):
    assert [(link.kind, link.target) for link in _passage(text, (shown, target))] == [(Kind.LINK, target)]


@pytest.mark.parametrize(
    ("text", "shown", "target"),
    [
        ("see https://example.org/a-b/c", "https://example.org/a-", "https://example.org/a-"),
        ("see https://example.org/real", "https://example.org/real", "https://other.example.net/"),
        ("see https://example.org/a and this", "this", "https://example.org/b"),
    ],
)
def test_a_link_that_shows_another_address_is_two_findings(text, shown, target):
    assert sorted(link.kind for link in _passage(text, (shown, target))) == [Kind.BARE, Kind.LINK]


def test_findings_of_a_passage_stand_in_its_order():
    found = _passage("https://example.org/1 x https://example.org/3", ("x", "https://example.org/2"))
    assert [(link.target[-1], link.locator) for link in found] == [("1", "t0"), ("2", "h"), ("3", "t24")]
