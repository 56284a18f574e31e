"""How slugs write words: lower case, without accents, in ASCII letters where the script is Latin."""

import unicodedata
from functools import lru_cache

from workers.regex import regex
from workers.repair.romanise import romanised

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "ß": "ss"})
# What a letter without a decomposition is drawn from stands in its Unicode name: 'L WITH STROKE', 'AE'.
_NAMED = regex(r"LATIN SMALL (?:LETTER|LIGATURE) (?:DOTLESS )?([A-Z]{1,2})(?: WITH .+)?")
_OTHERS = {"SHARP S": "ss", "ETH": "d", "THORN": "th", "ENG": "n"}


@lru_cache(maxsize=16384)
def slug_forms(word: str) -> tuple[str, ...]:
    """Return the forms in which slugs may write a word, the commonest first.

    Accents are dropped, or an umlaut is spelled with two letters, or the word stays in its own letters, or
    it is romanised.
    """
    lower = word.lower()
    if lower.isascii():
        return (lower,)
    plain = lower.translate(_PLAIN)
    # A letter such as 'й' is one of its own where words are romanised, not an accented one.
    foreign = () if plain.isascii() else (*romanised(lower), *romanised(plain))
    return tuple(dict.fromkeys((plain, lower.translate(_SPELLED), lower, *foreign)))


class _Letters(dict[int, str]):
    """What slugs write for a character, found out when it is first met; a table for `str.translate`."""

    def __missing__(self, point: int) -> str:
        written = "".join(_letter(char) for char in unicodedata.normalize("NFKD", chr(point)))
        self[point] = written
        return written


def _letter(char: str) -> str:
    """Return one decomposed character as slugs write it, '' for what combines with the letter before it."""
    if char.isascii():
        return char
    if unicodedata.combining(char):
        return ""
    name = unicodedata.name(char, "")
    found = _NAMED.fullmatch(name)
    return found[1].lower() if found else _OTHERS.get(name.removeprefix("LATIN SMALL LETTER "), char)


_PLAIN = _Letters()
_SPELLED = _Letters(_UMLAUTS)
