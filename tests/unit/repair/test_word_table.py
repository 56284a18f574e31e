"""The table of words: what was put in comes out, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from workers.repair.word_table import WordTable

NUMBERS = st.integers(min_value=0, max_value=1023)


@given(st.dictionaries(st.text(max_size=8), NUMBERS, max_size=200), st.text(max_size=8))
def test_the_table_answers_as_a_dict_does(words: dict[str, int], other: str) -> None:
    table = WordTable(words.items())
    assert {word: table.get(word) for word in words} == words
    assert table.get(other) == words.get(other)


def test_the_first_number_of_a_word_stays() -> None:
    assert WordTable([("amid", 3), ("amid", 7)]).get("amid") == 3


def test_an_empty_table_knows_nothing() -> None:
    assert WordTable([]).get("amid") is None
