"""Hyphens without a visible break: one that cuts a word of the slug in two, and one that was lost."""

import re
from collections.abc import Iterator

from workers.repair.context import Context
from workers.repair.edits import Edit, Warrant
from workers.repair.junction import Judgement, judge
from workers.repair.slug import path_span

_PAIR = re.compile(r"(?<![^\W_])([^\W\d_]{1,30})-(?=([^\W\d_]{1,30})(?![^\W_]))")
_TOKEN = re.compile(r"(?<![^\W\d_])[^\W\d_]{4,40}(?![^\W\d_])")
_VOWELS = frozenset("aeiouy")
_LEAST_AFTER_LETTER = 3
# Prefixes that stand before a hyphen in headlines themselves.
_PREFIXES = frozenset(
    ["a", "al", "anti", "auto", "bi", "bio", "co", "counter", "cross", "cyber", "de", "dis", "e", "eco", "en", "ex", "extra", "hyper", "i", "in", "inter", "intra", "ir", "macro", "mega", "micro", "mid", "mini", "mis", "multi", "neo", "no", "non", "o", "off", "on", "out", "over", "post", "pre", "pro", "pseudo", "re", "self", "semi", "sub", "super", "t", "trans", "tri", "u", "ultra", "un", "under", "uni", "up", "vice", "x"]
)
_PRIOR = -3.5  # a stray hyphen is rare where nothing shows it
_GOOD_WORD = -5.5
_GOOD_PARTS_COST = -2.0
_PREFIX_COST = -1.0
_WITNESSED_SPLIT, _KNOWN_WORD_COST = 1.5, -4.0
_GUESSED_SPLIT = -2.0
_LEAST_SPLIT = 6
_LEAST_PART = 2
_SURE_APART = -4.0

Proposal = tuple[str, Edit]


def joins(url: str, context: Context) -> Iterator[Proposal]:
    """Yield the address with one hyphen taken out, for each place where the two parts may be one word."""
    start, end = path_span(url)
    for pair in _PAIR.finditer(url, start, end):
        edit = _join(pair[1], pair[2], context)
        if edit:
            yield url[: pair.end() - 1] + url[pair.end() :], edit


def _join(left: str, right: str, context: Context) -> Edit | None:
    a, b = left.lower(), right.lower()
    witnessed = a + b in context.witness.words
    if not witnessed and (context.log10(a + b) is None or _is_barred(a, b)):
        return None
    judged = judge(left, right, context)
    if judged.parted:
        return None
    warrant = Warrant.WITNESSED if judged.witnessed else Warrant.GUESSED
    return Edit(
        rule="hyphen_in_word", evidence=judged.evidence, warrant=warrant, odds=_odds(a, b, judged, context)
    )


def _is_barred(a: str, b: str) -> bool:
    """A letter alone is the rest of a word only where it can begin one; a letter after one never is."""
    if len(a) == 1:
        return a not in _VOWELS or len(b) < _LEAST_AFTER_LETTER
    return len(b) == 1


def _odds(a: str, b: str, judged: Judgement, context: Context) -> float:
    odds = judged.odds + _PRIOR
    if judged.witnessed:
        return odds
    left, right = context.log10(a), context.log10(b)
    if left is not None and right is not None and min(left, right) > _GOOD_WORD:
        odds += _GOOD_PARTS_COST
    return odds + (_PREFIX_COST if a in _PREFIXES else 0.0)


def splits(url: str, context: Context) -> Iterator[Proposal]:
    """Yield the address with a hyphen put between two words that stand glued together."""
    start, end = path_span(url)
    apart = context.witness.apart
    for token in _TOKEN.finditer(url, start, end):
        word = token[0].lower()
        if word in context.witness.words:
            continue
        found = _witnessed_split(word, apart, context) or _guessed_split(word, context)
        if found:
            at = token.start() + found[0]
            yield f"{url[:at]}-{url[at:]}", found[1]


def _witnessed_split(word: str, apart: dict[str, int], context: Context) -> tuple[int, Edit] | None:
    cut = apart.get(word)
    if cut is None:
        return None
    odds = _WITNESSED_SPLIT + (_KNOWN_WORD_COST if context.log10(word) is not None else 0.0)
    evidence = f"{context.source} has '{word[:cut]}' and '{word[cut:]}' as two words"
    return cut, Edit(rule="hyphen_lost", evidence=evidence, warrant=Warrant.GUESSED, odds=odds)


def _guessed_split(word: str, context: Context) -> tuple[int, Edit] | None:
    if len(word) < _LEAST_SPLIT or context.log10(word) is not None:
        return None
    best, best_score = 0, _SURE_APART * 2.5
    for cut in range(_LEAST_PART, len(word) - _LEAST_PART + 1):
        left, right = context.log10(word[:cut]), context.log10(word[cut:])
        if left is not None and right is not None and left + right > best_score:
            best, best_score = cut, left + right
    if not best:
        return None
    evidence = f"'{word}' is no known word, '{word[:best]}' and '{word[best:]}' are"
    return best, Edit(rule="hyphen_lost", evidence=evidence, warrant=Warrant.GUESSED, odds=_GUESSED_SPLIT)
