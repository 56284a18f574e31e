"""The word lists that tell error pages, landers and walls, read once from the TOML files beside."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from workers.verdict.similarity import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The words of one language, folded: stems of nouns, predicates, whole phrases, and words for `this`.

    `joins` says that a noun may begin inside a longer word.
    """

    language: str
    nouns: tuple[str, ...]
    missing: tuple[str, ...]
    whole: tuple[str, ...]
    this: tuple[str, ...]
    joins: bool


@cache
def missing_entries() -> tuple[Entry, ...]:
    """Return the words of missing pages of every language, English first."""
    read = tomllib.loads(_text("missing.toml"))
    return tuple(
        Entry(
            language=language,
            nouns=_split(words["nouns"]),
            missing=_split(words["missing"]),
            whole=_split(words["whole"]),
            this=_split(words.get("this", "")),
            joins=bool(words.get("joins")),
        )
        for language, words in read.items()
    )


@cache
def phrase_lists() -> MappingProxyType[str, tuple[str, ...]]:
    """Return the other word lists by name: domains for sale, suspended accounts, challenges, logins."""
    read = tomllib.loads(_text("phrases.toml"))
    return MappingProxyType({name: _split("|".join(lines)) for name, lines in read.items()})


@cache
def marks(name: str) -> tuple[str, ...]:
    """Return one list of machine marks (`marks.toml`), as it stands there."""
    return tuple(_all_marks()[name])


@cache
def _all_marks() -> dict[str, list[str]]:
    return tomllib.loads(_text("marks.toml"))


def _text(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _split(words: str) -> tuple[str, ...]:
    # Folded as one text, for there are thousands; longest first, so that a hit covers as much as it can.
    folded = {word.strip() for word in fold(words).split("|")} - {""}
    return tuple(sorted(folded, key=lambda word: (-len(word), word)))
