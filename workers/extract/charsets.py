# ruff: noqa: RUF001 - characters that look alike are the subject here
"""Which charset an undeclared text was written in that is no UTF-8: the reading whose letters are likeliest.

Every charset that reads the bytes without a fault is tried with every language that was written in it; a
letter costs what its neighbours make of it (`letter_table.txt`, from counts of words), a sign costs by where
it stands. The bytes are the same for all, so the sums compare. Where nothing speaks for another one it is
windows-1252, as browsers have it (encoding.spec.whatwg.org).
"""

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

TABLE = Path(__file__).with_name("letter_table.txt")
DEFAULT = "windows-1252"
MOST_BYTES_READ = 1_000  # of those that are not ASCII
MOST_BYTES = 64 * 1024
ABOVE_ASCII = re.compile(rb"[\x80-\xff]")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# What a charset must be the better by to be taken, in bits: the rarer it is, the more.
HANDICAPS: Mapping[str, float] = {
    DEFAULT: 0,
    "windows-1251": 2,
    "koi8-u": 3,
    "windows-1250": 1,
    "shift_jis": 2,
    "gb18030": 2,
    "iso-8859-2": 2,
    "windows-1254": 1,
    "windows-1257": 2,
    "iso-8859-15": 4,
    "cp866": 4,
    "iso-8859-5": 6,
    **dict.fromkeys(
        ("mac-roman", "mac-latin2", "mac-greek", "mac-turkish", "mac-cyrillic", "iso-8859-6"), 10
    ),
    **dict.fromkeys(("cp850", "cp437", "cp852"), 10),
}
HANDICAP = 3.0
# Bits that a letter costs which a language never has there, and a character that is in no list.
STRANGE = 16
STRANGE_IDEOGRAPH = 32
PLAIN_IDEOGRAPH = 15
INNER_CAPITAL = 8
ALONE = 6
WITHIN_WORD = 16
QUOTES = frozenset("«»‹›“”„‟‘’‚–—…\xa0")
APOSTROPHE_OR_DASH = frozenset("’–—")
DOTS = frozenset("•·")
# Signs, and what may stand right before and right behind them besides spaces, digits and ASCII signs.
BEHIND_LETTERS = frozenset("©®™²³°")
BEFORE_LETTERS = frozenset("¿¡©§°")
BETWEEN_SPACES = frozenset("№")
AMOUNTS = frozenset("€£½¼¾±×")  # beside a digit
SIGNS = BEHIND_LETTERS | BEFORE_LETTERS | BETWEEN_SPACES | AMOUNTS
ORDINALS = frozenset("ªº")
DOTTED_I = "\u0130"
IDEOGRAPHIC = frozenset({"shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"})
WIDE_SIGNS = re.compile("[\u3000-\u3020\u30fb\u30fc\uff01-\uff5e\u2014\u2018-\u201d\u2026\xb7]")
KANA = re.compile("[\u3041-\u30fa]")
ASCII_END = "\x7f"
BIG5_COMMON = 0xC6  # the last lead byte of its first level, the characters in use
# Bits a byte that even the best reading must stay below, of few bytes and of many; right ones take 4 to 8.
UNLIKELY, UNLIKELY_OF_MANY = 15.0, 10.5
MANY = 24


@dataclass(frozen=True, slots=True)
class _Language:
    """What letters cost in one language, in bits, by pair of neighbours or by character."""

    charsets: tuple[str, ...]
    costs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text read in one charset: pairs round its letters, its single characters, and what its signs cost."""

    pairs: Sequence[tuple[str, str]]
    characters: Sequence[str]
    signs: float


def detect_charset(data: bytes) -> str | None:
    """Return the charset that undeclared bytes were likeliest written in; None where none is likely.

    `data` is no valid UTF-8. A part of a long text is looked at.
    """
    part = data[:MOST_BYTES]
    places = [match.end() for match in islice(ABOVE_ASCII.finditer(part), MOST_BYTES_READ)]
    bound = UNLIKELY if len(places) < MANY else UNLIKELY_OF_MANY
    best, least = None, bound * len(places) + HANDICAP
    for charset, languages in _by_charset().items():
        if _strictly(part, charset, is_all=len(part) == len(data)) is None:
            continue
        text = _strictly(part[: places[-1] + 1], charset, is_all=False) or ""
        cost = _cost(_reading(text, charset), charset, languages) + HANDICAPS.get(charset, HANDICAP)
        if cost < least:
            best, least = charset, cost
    return best


@lru_cache(maxsize=1)
def _by_charset() -> Mapping[str, Sequence[_Language]]:
    """Return the languages of every charset."""
    found: dict[str, list[_Language]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        _, names, units = line.split("\t")
        charsets = tuple(names.split(" "))
        width = 2 if IDEOGRAPHIC & set(charsets) else 3
        costs = {
            units[at : at + width - 1]: int(units[at + width - 1], 16) for at in range(0, len(units), width)
        }
        for charset in charsets:
            found.setdefault(charset, []).append(_Language(charsets, costs))
    return found


def _strictly(part: bytes, charset: str, *, is_all: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(charset)().decode(part, is_all)
    except UnicodeDecodeError:
        return None


def _reading(text: str, charset: str) -> _Reading:
    pairs: list[tuple[str, str]] = []
    characters: list[str] = []
    signs = 0.0
    for match in NOT_ASCII.finditer(text):
        at, character = match.start(), match[0]
        before, after = text[at - 1 : at] or " ", text[at + 1 : at + 2] or " "
        if charset in IDEOGRAPHIC:
            characters.append(character)
            signs += sum(WITHIN_WORD / 2 for each in (before, after) if each.isascii() and each.isalpha())
        elif character == DOTTED_I:
            signs += STRANGE if before.isalpha() and before.islower() else 6
        elif not character.isalpha() or character in ORDINALS:
            signs += _sign_cost(before, character, after)
        else:
            lower, left, right = (_letter(each) for each in (character, before, after))
            pairs.append((left + lower, lower + right))
            signs += ALONE * (left == right == "_")
            signs += INNER_CAPITAL * (character.isupper() and before.islower())
            signs += INNER_CAPITAL * (character.islower() and after.isupper())
    return _Reading(pairs, characters, signs)


def _letter(character: str) -> str:
    """Return a letter as the table has it, `_` for what is none."""
    return character.lower()[0] if character.isalpha() else "_"


def _sign_cost(before: str, character: str, after: str) -> float:
    """Return what a character costs that is no letter: little where writers put such signs."""
    if character in ORDINALS:
        return 6 if before.isdigit() or before in {"n", "N"} else STRANGE
    if character in DOTS:
        return 6 if before.isalpha() == after.isalpha() else STRANGE
    if character in QUOTES:
        return _quote_cost(before, character, after)
    if not _may_stand(before, character, after):
        return STRANGE + 4
    return 13 if character in AMOUNTS and not (before.isdigit() or after.isdigit()) else 9


def _quote_cost(before: str, character: str, after: str) -> float:
    """Return what a quote, dash or ellipsis costs: dashes have spaces on both sides, or none."""
    is_inner = character in APOSTROPHE_OR_DASH
    if before.isalpha() and after.isalpha():
        return 6 if is_inner else STRANGE
    if is_inner and after.isalpha():
        return 13
    return 6 if before < ASCII_END or after < ASCII_END else STRANGE


def _may_stand(before: str, character: str, after: str) -> bool:
    """Whether writers put such a sign between these two."""
    if before.isalpha() and character not in BEHIND_LETTERS:
        return False
    if after.isalpha() and character not in BEFORE_LETTERS:
        return False
    return character in SIGNS


def _cost(reading: _Reading, charset: str, languages: Sequence[_Language]) -> float:
    """Return what a reading costs in the language that it suits best."""
    if charset in IDEOGRAPHIC:
        least = min(sum(_ideograph_costs(reading.characters, charset, each.costs)) for each in languages)
        return reading.signs + least
    return reading.signs + min(
        sum(each.costs.get(left, STRANGE) + each.costs.get(right, STRANGE) for left, right in reading.pairs)
        / 2
        for each in languages
    )


def _ideograph_costs(characters: Sequence[str], charset: str, costs: Mapping[str, int]) -> Iterator[float]:
    for character in characters:
        if (cost := costs.get(character)) is not None:
            yield cost
        elif WIDE_SIGNS.match(character):
            yield 10
        elif _is_plain(character, charset):
            yield PLAIN_IDEOGRAPH
        else:
            yield STRANGE_IDEOGRAPH


def _is_plain(character: str, charset: str) -> bool:
    """Whether a character is in common use where it is in no list: any kana, the first level of Big5."""
    if charset == "big5":
        return character.encode("big5")[0] <= BIG5_COMMON
    return charset in {"shift_jis", "euc_jp"} and KANA.match(character) is not None
