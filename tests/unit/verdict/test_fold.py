"""Folding for comparison: the quick way by letters says what decomposing the whole text says."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.verdict.similarity import fold

# Small letters, accents apart, signs that join, Hangul parts and syllables, wide and narrow forms.
LETTERS = st.one_of(
    st.characters(max_codepoint=0x24F),
    st.characters(min_codepoint=0x300, max_codepoint=0x36F),
    st.characters(min_codepoint=0x900, max_codepoint=0x11FF),
    st.characters(min_codepoint=0xAC00, max_codepoint=0xAC40),
    st.characters(min_codepoint=0xFF00, max_codepoint=0xFFEF),
    st.characters(),
)


def decomposed(text: str) -> str:
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = unicodedata.normalize("NFC", text).replace("\u2019", "'").replace("\u2018", "'")
    return " ".join(text.casefold().split())


@given(st.text(LETTERS, max_size=12))
def test_folding_by_letters_is_folding_the_whole(text: str) -> None:
    assert fold(text) == decomposed(text)


def test_every_letter_folds_as_it_does_alone() -> None:
    letters = [chr(code) for code in range(0x80, 0x3000)]
    assert [fold(f"x{letter}y") for letter in letters] == [decomposed(f"x{letter}y") for letter in letters]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L\u2019\u00c9t\u00e9 \u2013 d\u00e9j\u00e0", "l'ete \u2013 deja"),
        ("e\u0301\u0327", "e"),
        ("\u0439\u0451", "\u0438\u0435"),
        ("\u1112\u1161\u11ab\uae00", "\ud55c\uae00"),
        ("STRA\u00dfE\u00a0\uff21", "strasse a"),
    ],
)
def test_accents_case_and_spaces_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded
