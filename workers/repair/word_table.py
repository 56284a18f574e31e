"""Words with a number each, by the hundred thousand, in eight bytes a slot.

A dict of the English list takes 27 MB. Here a word is the upper 53 bits of its hash: two of half a million
words have the same ones once in fifty thousand runs.
"""

from array import array
from collections.abc import Iterable

_LOW_BITS = 11
_HELD = 1 << (_LOW_BITS - 1)  # tells a word of hash and number 0 from a free slot
_NUMBER = _HELD - 1
_HASH = ((1 << 64) - 1) ^ (_HELD | _NUMBER)
_SPACE = 3  # halves of a slot a word, at least: probing stays short


class WordTable:
    """A fixed map from words to numbers below 1,024; of a word given twice the first number stays."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        entries = array("Q", ((hash(word) & _HASH) | _HELD | number for word, number in words))
        size = 1 << (len(entries) * _SPACE // 2).bit_length()
        self._slots = slots = array("Q", bytes(8 * size))
        self._last = last = size - 1
        for entry in entries:
            wanted = entry & _HASH
            index = (entry >> _LOW_BITS) & last
            while (held := slots[index]) and held & _HASH != wanted:
                index = (index + 1) & last
            if not held:
                slots[index] = entry

    def get(self, word: str) -> int | None:
        """Return the number of a word, None where it is not in the table."""
        slots, last = self._slots, self._last
        wanted = hash(word) & _HASH
        index = (wanted >> _LOW_BITS) & last
        while held := slots[index]:
            if held & _HASH == wanted:
                return held & _NUMBER
            index = (index + 1) & last
        return None
