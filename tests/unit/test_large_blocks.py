"""The C library takes the setting where it knows it, and its absence is no error."""

import ctypes

import pytest

from workers.large_blocks import hand_back_large_blocks


def test_the_setting_is_taken_or_its_absence_told() -> None:
    assert hand_back_large_blocks() is hasattr(ctypes.CDLL(None), "mallopt")


def test_another_c_library_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    assert not hand_back_large_blocks()
