"""Text as words that can be compared, alike in every script, and how much each word tells.

Letters of scripts that put no spaces between words (Chinese, Japanese, Thai …) are words of their own.
"""

import math
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W_])+")
_WIDE = re.compile(rf"[{_UNSPACED}]")
_STRETCH = "\u0640"  # the Arabic tatweel lengthens a line and means nothing
_SHORT = 2
_WIDE_WEIGHT, _SHORT_WEIGHT = 0.5, 0.6
_KIN, _MIN_STEM, _STEM = 0.8, 4, 0.55


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text with the place of each: `starts` and `ends` are offsets into the folded text."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Return the numbers (first, behind the last) of the words that begin in `start…end`."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)


def fold(text: str) -> str:
    """Return `text` without letter case, accents, vowel points and invisible characters; spaces stay."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.replace(_STRETCH, ""))
    kept = "".join(c for c in parts if unicodedata.category(c) not in ("Mn", "Cf"))
    return unicodedata.normalize("NFC", kept).casefold()


def words_in(folded: str) -> Words:
    """Return the words of a folded text."""
    found = list(_WORD.finditer(folded))
    return Words(
        words=tuple(match[0] for match in found),
        starts=tuple(match.start() for match in found),
        ends=tuple(match.end() for match in found),
    )


def words_of(text: str) -> tuple[str, ...]:
    """Return the folded words of `text`, in order."""
    return tuple(_WORD.findall(fold(text)))


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a word tells on one page: a word that stands everywhere tells little."""

    counts: Counter[str]

    def of(self, word: str) -> float:
        """Return 0…1, less for each time that the page has the word, and for short ones."""
        rarity = 1 / (1 + math.log(max(1, self.counts[word])))
        if _WIDE.match(word):
            return rarity * _WIDE_WEIGHT
        return rarity * (_SHORT_WEIGHT if len(word) <= _SHORT else 1.0)

    def total(self, words: Iterable[str]) -> float:
        """Return the sum over `words`."""
        return sum(map(self.of, words))


def length_of(words: Sequence[str]) -> float:
    """Return how many words these are worth: a letter of an unspaced script counts half."""
    return sum(_WIDE_WEIGHT if _WIDE.match(word) else 1.0 for word in words)


def alike(left: Sequence[str], right: Sequence[str]) -> float:
    """Return 0…1: the share of words that two short texts have in common (Dice), 1 only for the same text.

    Words with the same beginning count nearly as much: 'warning' and 'warned', 'сообщил' and 'сообщила'.
    """
    if not left or not right:
        return 0.0
    if tuple(left) == tuple(right):
        return 1.0
    same = Counter(left) & Counter(right)
    shared = float(same.total())
    theirs = list((Counter(right) - same).elements())
    for word in (Counter(left) - same).elements():
        kin = next((other for other in theirs if _are_kin(word, other)), None)
        if kin is not None:
            theirs.remove(kin)
            shared += _KIN
    return min(0.99, 2 * shared / (len(left) + len(right)))


def _are_kin(left: str, right: str) -> bool:
    """Whether two words begin alike for more than half of their length, four letters at least."""
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))
    return common >= _MIN_STEM and common > _STEM * max(len(left), len(right))


def triples(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """Return all runs of three words, of a shorter text the text itself."""
    if len(words) < 3:  # noqa: PLR2004 - a run of three
        return frozenset({tuple(words)}) if words else frozenset()
    return frozenset(zip(words, words[1:], words[2:], strict=False))
