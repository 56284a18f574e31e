"""Hostile documents take a time that grows with their size and no faster."""

import gc
import time

import pytest
from hostile import HOSTILE

from workers.extract.find import find_links
from workers.extract.source import Source

SIZE = 1_000
MOST = 3.0  # of twice the size to the time of once, with room for a noisy machine
TRIES = 3
TOO_SHORT_TO_TELL_S = 0.1


def _seconds(name: str, size: int) -> float:
    format_, build = HOSTILE[name]
    source = Source(name=name, data=build(size))
    gc.collect()
    gc.disable()  # what else lives in the test process is not the reader's
    try:
        begun = time.process_time()
        find_links(source, format=format_)
        return time.process_time() - begun
    finally:
        gc.enable()


def _ratio(name: str) -> float:
    twice = _seconds(name, 2 * SIZE)
    return twice / _seconds(name, SIZE) if twice > TOO_SHORT_TO_TELL_S else 0.0


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_no_faster_than_size(name):
    assert any(_ratio(name) < MOST for _ in range(TRIES))


def test_names_of_variables_before_a_bracket_are_read_at_once():
    text = "char description[" + "A_LONG_NAME_OF_A_CONSTANT" * 8 + "];)."
    begun = time.process_time()
    find_links(Source(name="a.txt", text=text * 50))
    assert time.process_time() - begun < 1
