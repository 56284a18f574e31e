"""The sieve before phrase lists: what it stops is nothing for certain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.verdict.lexicon import missing_entries, phrase_lists
from workers.verdict.phrases import may_hold, may_hold_missing
from workers.verdict.sieve import Sieve, word_starts

MISSING = [phrase for entry in missing_entries() for phrase in (*entry.missing, *entry.whole)]
LISTED = [(name, phrase) for name, phrases in phrase_lists().items() for phrase in phrases]
SURROUNDINGS = st.sampled_from(["{}", "The {}.", "({})", "x, {}!", "{}xx", "- {} -", "1 {} 2"])


@given(st.sampled_from(MISSING), SURROUNDINGS)
def test_a_phrase_for_missing_pages_always_passes(phrase: str, around: str) -> None:
    assert may_hold_missing(around.format(phrase))


@given(st.sampled_from(LISTED), SURROUNDINGS)
def test_a_listed_phrase_always_passes(listed: tuple[str, str], around: str) -> None:
    name, phrase = listed
    assert may_hold(name, around.format(phrase))


@pytest.mark.parametrize("text", ["Not Found", "ERROR 404", "Página no encontrada", "找不到网页"])
def test_letter_case_and_accents_do_not_hide_a_phrase(text: str) -> None:
    assert may_hold_missing(text)


def test_words_that_only_begin_alike_are_stopped() -> None:
    sieve = Sieve(["not found", "removed"])
    assert not sieve.may_hold("The foundation remodelled its house")
    assert sieve.may_hold("It was removed")


def test_starts_are_those_of_words_in_small_letters() -> None:
    assert word_starts("The Harbour-Council, 2024!") == {"the", "harb", "coun", "2024"}
