"""Words of an address that a hyphen splits: joined again where the headline, or the language, says so."""

import re
from collections.abc import Iterator

from workers.repair.edits import Edit, Warrant
from workers.repair.headline import Witness
from workers.repair.words import Lexicon

_PAIR = re.compile(r"(?<=[/\-])([a-z]+)-(?=([a-z]+)(?:[-/.?#]|$))")
_CLITICS = frozenset(["s", "t", "d", "m", "ll", "re", "ve"])
_PREFIXES = frozenset(
    ["re", "co", "anti", "non", "pre", "post", "ex", "un", "de", "e", "x", "al", "el", "la", "le", "mid"]
)
_VOWELS = frozenset("aeiouy")
_MOST_JOINS = 40
WITNESSED_ODDS = 4.0
GUESSED_ODDS = -1.5


def joins(url: str, said: Witness, words: Lexicon | None) -> Iterator[tuple[str, Edit]]:
    """Yield addresses in which one hyphen inside a word is taken out, with the edit that did it.

    With a witness only words that it holds are joined, and never a pair that it parts; without one, or
    beside it, a join that the language knows as a word is a guess.
    """
    for number, found in enumerate(_PAIR.finditer(url)):
        if number >= _MOST_JOINS:
            return
        left, right = found[1], found[2]
        if (edit := _judge(left, right, said, words)) is not None:
            yield url[: found.end() - 1] + url[found.end() :], edit


def _judge(left: str, right: str, said: Witness, words: Lexicon | None) -> Edit | None:
    """Return the edit that joins two parts, None where nothing speaks for it."""
    joined = left + right
    if right in _CLITICS or (left, right) in said.pairs:
        return None
    if joined in said.words:
        evidence = f"the headline has '{said.words[joined]}' as one word"
        return Edit(rule="inner_hyphen", evidence=evidence, warrant=Warrant.WITNESSED, odds=WITNESSED_ODDS)
    if words is None or not _may_split(left, right):
        return None
    likely = words.log10(joined)
    if likely is None:
        return None
    apart = [words.log10(part) for part in (left, right)]
    both_words = all(each is not None and each > -4 for each in apart)  # noqa: PLR2004 - one word in 10,000
    odds = GUESSED_ODDS - 1.0 * (left in _PREFIXES) - 1.0 * both_words + max(0.0, likely + 5.0)
    evidence = f"'{joined}' is a word; no headline bears it out"
    return Edit(rule="inner_hyphen", evidence=evidence, warrant=Warrant.GUESSED, odds=odds)


def _may_split(left: str, right: str) -> bool:
    """Whether a word could have been split here: a single letter on the left has to be a vowel."""
    if len(left) == 1:
        return left in _VOWELS and len(right) >= 3  # noqa: PLR2004
    return len(left) + len(right) >= 4  # noqa: PLR2004
