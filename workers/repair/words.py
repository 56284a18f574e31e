"""How likely a word is in a language, from word frequency lists that are read when first asked for.

The lists are the data files of the wordfreq package, read without importing it: its code brings 25 MB
and 0.2 s of start-up that nothing here uses (decision 0030).
"""

import gzip
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import msgpack  # type: ignore[import-untyped]  # it ships no types

from workers.errors import LinkwrightError
from workers.repair.folding import slug_forms
from workers.repair.word_table import WordTable

LANGUAGES = frozenset(
    ["en", "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "da", "nb", "fi", "cs", "ro", "hu", "tr", "id"]
)
_CENTIBELS = 100.0  # to one power of ten
_FORMAT = {"format": "cB", "version": 1}


class Lexicon:
    """The words of one or more languages with their likelihood; a word counts as its best language has it."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self._tables = tuple(_table(language) for language in languages)

    def log10(self, word: str) -> float | None:
        """Return the base-10 logarithm of a lower-case word's probability, None where it is unknown."""
        found = (table.get(word) for table in self._tables)
        best = min((rarity for rarity in found if rarity is not None), default=None)
        return None if best is None else -best / _CENTIBELS


@cache
def lexicon(language: str) -> Lexicon:
    """Return the words of a language, English among them: its words stand in addresses everywhere."""
    return Lexicon(tuple(dict.fromkeys(("en", language if language in LANGUAGES else "en"))))


def is_lexicon_read() -> bool:
    """Whether the words of a language, and so the long English list, are read already."""
    return lexicon.cache_info().currsize > 0


@cache
def _table(language: str) -> WordTable:
    """Return each word with its rarity in centibels below certainty."""
    return WordTable(_words(language))


def _words(language: str) -> Iterator[tuple[str, int]]:
    """Yield each word of a list with its rarity, commonest first, then what addresses make of accents."""
    accented = []
    for rarity, bucket in enumerate(_buckets(language)):
        for word in bucket:
            yield word, rarity
            if not word.isascii():
                accented.append((word, rarity))
    for word, rarity in accented:
        for form in slug_forms(word):
            yield form, rarity


def _buckets(language: str) -> Iterator[list[str]]:
    """Yield the words of each centibel, read one after the other: the whole list at once takes 20 MB."""
    size = "large" if language == "en" else "small"
    with gzip.open(_data_folder() / f"{size}_{language}.msgpack.gz") as packed:
        unpacker = msgpack.Unpacker(packed, raw=False)
        count = unpacker.read_array_header()
        header = unpacker.unpack()
        if header != _FORMAT:
            raise LinkwrightError(f"the word list of '{language}' has an unknown format: {header}")
        for _ in range(count - 1):
            yield unpacker.unpack()


@cache
def _data_folder() -> Path:
    spec = find_spec("wordfreq")
    if spec is None or not spec.submodule_search_locations:
        raise LinkwrightError("the word lists are missing: the wordfreq package is not installed")
    return Path(spec.submodule_search_locations[0]) / "data"
