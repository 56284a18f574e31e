"""Records on disk: read back by number, replaced, and a disk that is full says so."""

import errno
import os
import re
import tempfile
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.model import Candidate, Outcome
from workers.packed import Packed
from workers.spill import WRITTEN_AT_ONCE, Spill, Spilled

LARGE = b"x" * (WRITTEN_AT_ONCE // 3)


@given(st.lists(st.tuples(st.integers(0, 9), st.binary(max_size=9), st.integers(0, 2)), max_size=20))
def test_the_newest_record_of_a_number_is_read(puts: list[tuple[int, bytes, int]]) -> None:
    spill, expected = Spill(), {}
    for number, record, times in puts:
        expected[number] = record + LARGE * times
        spill.put(number, expected[number])
    assert {number: spill.read(number) for number in range(10) if number in spill} == expected


def test_a_short_run_makes_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    spill = Spill()
    spill.put(0, b"x" * (WRITTEN_AT_ONCE - 1))
    assert spill.read(0) == b"x" * (WRITTEN_AT_ONCE - 1)


def test_where_no_file_can_be_made_all_is_kept_and_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    spill = Spill()
    for number in range(5):
        spill.put(number, LARGE)
    assert [spill.read(number) for number in range(5)] == [LARGE] * 5
    assert len(caplog.messages) == 1
    assert re.match(r"/nowhere/at/all.*: no such file .*kept in memory", caplog.messages[0])


def test_a_disk_that_fills_up_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    spill, room = Spill(), 2
    records = [bytes([number]) * len(LARGE) for number in range(12)]

    def write(file: int, data: memoryview, at: int) -> int:
        nonlocal room
        if room == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        room -= 1
        return pwrite(file, data[: len(data) // 2 + 1], at)

    pwrite = os.pwrite
    monkeypatch.setattr(os, "pwrite", write)
    for number, record in enumerate(records):
        spill.put(number, record)
    assert [spill.read(number) for number in range(12)] == records
    assert ["no space left on device" in told for told in caplog.messages] == [True]


def test_what_has_no_record_is_a_key_error() -> None:
    spill = Spill()
    spill.put(3, b"")
    assert (3 in spill, 2 in spill, 4 in spill, -1 in spill, len(spill)) == (True, False, False, False, 4)
    for number in (2, 4, -1):
        with pytest.raises(KeyError):
            spill.read(number)


@pytest.mark.parametrize("held", [0, 1, 2048])
def test_values_come_back_in_the_order_of_their_numbers(monkeypatch: pytest.MonkeyPatch, held: int) -> None:
    monkeypatch.setattr("workers.spill.HELD", held)
    spilled = Spilled(Packed(Candidate))
    first, second = (Candidate(url=url, rule="r", score=0.5) for url in ("a", "b"))
    spilled.append(first)
    spilled[2] = second
    spilled[0] = second
    assert list(spilled.values()) == [second, second]
    assert (len(spilled), 1 in spilled, 2 in spilled, -1 in spilled) == (3, False, True, False)
    for number in (1, 3, -1):
        with pytest.raises(KeyError):
            spilled[number]


def test_members_of_enumerations_in_open_fields_come_back_as_their_text() -> None:
    packing = Packed(Candidate)
    shown = Candidate(
        url="https://a.example/x",
        rule="case",
        score=0.5,
        evidence=(Outcome.OK, "plain", HTTPStatus.OK.phrase),
    )
    kept = packing.unpack(packing.pack(shown))
    assert kept == shown
    assert [type(told) for told in kept.evidence] == [str, str, str]
