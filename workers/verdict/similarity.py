"""How alike two texts are, whatever their numbers, dates and echoed addresses.

Error pages of one host differ in teasers, nonces and the address they repeat, so digits count as one
digit and words that look like addresses are left out.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from workers.regex import regex

_DIGITS = regex(r"\d+")
_WORD = regex(r"[^\W_]+")
_UNSPACED = regex(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
# Letters that may become one with the letter before them when they are composed again: Hangul parts, vowel
# signs of scripts of India and South-East Asia.
_JOINING = regex(
    "[\u0980-\u0dff\u0f00-\u11ff\u1b00-\u1b7f\u3130-\u318f\u3200-\u327f\uffa0-\uffdc\U00011100-\U00011fff]"
)
_LAST_ASCII = "\x7f"
_MAX_CHARS = 20_000
_SKETCH_BITS = 64


# A page's text is compared many times while it is judged, and never again.
@lru_cache(maxsize=64)
def fold(text: str) -> str:
    """Return `text` for comparison: no letter case, no accents or vowel points, single spaces."""
    return " ".join((text if text.isascii() else _without_marks(text)).casefold().split())


def _without_marks(text: str) -> str:
    """Return `text` without accents and vowel points; each letter of its alphabet is looked up once."""
    if _JOINING.search(text):
        return _decomposed(text)
    for letter in set(text):
        if letter > _LAST_ASCII and (plain := _plain_letter(letter)) != letter:
            text = text.replace(letter, plain)
    return text


@lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    return _decomposed(letter)


def _decomposed(text: str) -> str:
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", text).replace("\u2019", "'").replace("\u2018", "'")


def similarity(left: str, right: str) -> float:
    """Return 0…1: the share of word pairs two texts have in common (Dice); 1.0 for two empty texts."""
    a, b = Counter(_shingles(left)), Counter(_shingles(right))
    total = a.total() + b.total()
    if not total:
        return 1.0
    return 2 * (a & b).total() / total


def without_words(text: str, words: frozenset[str]) -> str:
    """Return `text`, folded, without these words; numbers are left out too."""
    return " ".join(
        word for word in _WORD.findall(_DIGITS.sub(" ", fold(text[:_MAX_CHARS]))) if word not in words
    )


@lru_cache(maxsize=64)
def text_digest(text: str) -> str:
    """Return one digest for texts that differ in numbers and echoed addresses only; '' for no text."""
    words = _words(text)
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:32] if words else ""


def sketch(text: str) -> str:
    """Return a 64-bit similarity hash as 16 hex digits, to be stored and compared later ('' for no text).

    Source: Charikar, 2002 (simhash), over word pairs.
    """
    weights = [0] * _SKETCH_BITS
    shingles = Counter(_shingles(text))
    if not shingles:
        return ""
    for shingle, count in shingles.items():
        value = int.from_bytes(hashlib.blake2b(shingle.encode(), digest_size=8).digest(), "big")
        for bit in range(_SKETCH_BITS):
            weights[bit] += count if value >> bit & 1 else -count
    return f"{sum(1 << bit for bit, weight in enumerate(weights) if weight > 0):016x}"


def sketch_similarity(left: str, right: str) -> float | None:
    """Return 0…1, the share of equal bits of two sketches, or None where one has none."""
    if not left or not right:
        return None
    return 1 - (int(left, 16) ^ int(right, 16)).bit_count() / _SKETCH_BITS


def _words(text: str) -> list[str]:
    text = fold(text[:_MAX_CHARS])
    if "/" in text or "=" in text or text.count("-") > 1:
        text = " ".join(word for word in text.split() if not _is_address(word))
    text = _DIGITS.sub("0", text)
    if text.isascii():
        return _WORD.findall(text)
    return _WORD.findall(_UNSPACED.sub(r" \g<0> ", text))


def _is_address(word: str) -> bool:
    return "/" in word or "=" in word or word.count("-") > 1


def _shingles(text: str) -> Iterable[str]:
    words = _words(text)
    if len(words) == 1:
        return words
    return [f"{first} {second}" for first, second in pairwise(words)]
