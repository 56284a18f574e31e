"""Hyphens without a visible break: one that cuts a word of the slug in two, and one that was lost."""

import re
from collections.abc import Iterator
from heapq import nlargest
from urllib.parse import unquote

from workers.regex import regex
from workers.repair.characters import LETTER, MARKS
from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.junction import CONTRACTION_ENDS, VOWELS, Judgement, judge, lexical_odds
from workers.repair.slug import path_span

_PAIR = regex(rf"(?<![^\W_])(?<![{MARKS}])({LETTER}{{1,30}})-(?=({LETTER}{{1,30}})(?![^\W_])(?![{MARKS}]))")
_ENCODED = regex(r"%[89A-Fa-f][0-9A-Fa-f]")
_TOKEN = regex(r"(?<![^\W\d_])[^\W\d_]{4,40}(?![^\W\d_])")
_HYPHENED = regex(r"[^/_]+-[^/_]+")
_CAMEL = regex(r"[a-z][A-Z]")
_LEAST_AFTER_LETTER = 3
_LONGEST_PARTICLE = 2
# Prefixes that stand before a hyphen in headlines themselves.
_PREFIXES = frozenset(
    [
        "a",
        "al",
        "anti",
        "auto",
        "bi",
        "bio",
        "co",
        "counter",
        "cross",
        "cyber",
        "de",
        "dis",
        "e",
        "eco",
        "en",
        "ex",
        "extra",
        "hyper",
        "i",
        "in",
        "inter",
        "intra",
        "ir",
        "macro",
        "mega",
        "micro",
        "mid",
        "mini",
        "mis",
        "multi",
        "neo",
        "no",
        "non",
        "o",
        "off",
        "on",
        "out",
        "over",
        "post",
        "pre",
        "pro",
        "pseudo",
        "re",
        "self",
        "semi",
        "sub",
        "super",
        "t",
        "trans",
        "tri",
        "u",
        "ultra",
        "un",
        "under",
        "uni",
        "up",
        "vice",
        "x",
    ]
)
_PRIOR = -2.5  # a stray hyphen is rare where nothing shows it
_GOOD_WORD = -5.5
_GOOD_PARTS_COST = -1.0
_PREFIX_COST = -1.0
_DOUBT = 2.5
_WITNESSED_SPLIT, _KNOWN_WORD_COST = 1.5, -4.0
_BOTH_SAID, _ONE_SAID = 1.2, 1.5
_GUESSED_SPLIT, _PER_POWER_OF_TEN, _MOST_GUESSED = -2.5, 0.6, 0.5
_LIKELY_PAIR, _LEAST_PAIR = -11.0, -14.0
_HALF_KNOWN, _COMMON_WORD, _LEAST_HALF = -6.5, -5.5, 4  # offered for the web to tell, and no more
_UNKNOWN = -20.0
_LEAST_SPLIT = 6
_LEAST_PART = 2
_MOST_CUTS = 2


def joins(url: str, context: Context) -> Iterator[Proposal]:
    """Yield the address with one hyphen taken out, for each place where the two parts may be one word."""
    start, end = path_span(url)
    if _ENCODED.search(url, start, end):
        yield from _encoded_joins(url, context)
        return
    for pair in _PAIR.finditer(url, start, end):
        edit = _join(pair[1], pair[2], context)
        if edit:
            yield url[: pair.end() - 1] + url[pair.end() :], edit


def _encoded_joins(url: str, context: Context) -> Iterator[Proposal]:
    """Yield joins of a path in percent codes: its letters are read, its hyphens counted."""
    start, end = path_span(url)
    hyphens = [found.start() for found in re.finditer("-", url[:end])]
    before = url[:start].count("-")
    path = unquote(url[start:end])
    for pair in _PAIR.finditer(path):
        number = before + path.count("-", 0, pair.end() - 1)
        edit = _join(pair[1], pair[2], context)
        if edit and number < len(hyphens):
            at = hyphens[number]
            yield url[:at] + url[at + 1 :], edit


def _join(left: str, right: str, context: Context) -> Edit | None:
    a, b = left.lower(), right.lower()
    if _is_barred(a, b) or not (a + b in context.witness.words or _may_be_word(a, b, context)):
        return None
    judged = judge(left, right, context)
    if judged.parted:
        return None
    warrant = Warrant.WITNESSED if judged.witnessed else Warrant.GUESSED
    odds = _odds(a, b, judged, context)
    return Edit(rule="hyphen_in_word", evidence=judged.evidence, warrant=warrant, odds=odds)


def _is_barred(a: str, b: str) -> bool:
    """A letter alone is the rest of a word only where it can begin one; what ends a contraction never is."""
    if len(a) == 1:
        return a not in VOWELS or len(b) < _LEAST_AFTER_LETTER
    return len(b) == 1 or b in CONTRACTION_ENDS


def _may_be_word(a: str, b: str, context: Context) -> bool:
    """Whether the joined form is a known word, and not two particles or initials ('la-na')."""
    particles = len(a) <= _LONGEST_PARTICLE and len(b) <= _LONGEST_PARTICLE
    return not particles and context.log10(a + b) is not None


def _odds(a: str, b: str, judged: Judgement, context: Context) -> float:
    left, right = context.log10(a), context.log10(b)
    odds = judged.odds + _PRIOR
    good_parts = left is not None and right is not None and min(left, right) > _GOOD_WORD
    if judged.witnessed:
        # A slug may part what its headline writes as one ('deep-freeze', 'Deepfreeze').
        return odds + (_DOUBT * min(0.0, lexical_odds(a, b, context)) if good_parts else 0.0)
    return odds + (_GOOD_PARTS_COST if good_parts else 0.0) + (_PREFIX_COST if a in _PREFIXES else 0.0)


def splits(url: str, context: Context) -> Iterator[Proposal]:
    """Yield the address with a hyphen put between two words that stand glued together.

    Only in parts of the path that part their words by hyphens.
    """
    start, end = path_span(url)
    for segment in _HYPHENED.finditer(url, start, end):
        for token in _TOKEN.finditer(url, segment.start(), segment.end()):
            word = token[0].lower()
            if word in context.witness.words or _CAMEL.search(token[0]):
                continue
            certain = _witnessed_split(word, context)
            for cut, edit in [certain] if certain else _guessed_splits(word, context):
                at = token.start() + cut
                yield f"{url[:at]}-{url[at:]}", edit


def _witnessed_split(word: str, context: Context) -> tuple[int, Edit] | None:
    cut = context.witness.apart.get(word)
    if cut is None:
        return None
    odds = _WITNESSED_SPLIT + (_KNOWN_WORD_COST if context.log10(word) is not None else 0.0)
    evidence = f"{context.witness.source_of(word[:cut])} has '{word[:cut]}' and '{word[cut:]}' as two words"
    return cut, Edit(rule="hyphen_lost", evidence=evidence, warrant=Warrant.GUESSED, odds=odds)


def _guessed_splits(word: str, context: Context) -> Iterator[tuple[int, Edit]]:
    """Yield the likeliest cuts of a word that is not known."""
    if len(word) < _LEAST_SPLIT or context.log10(word) is not None:
        return
    for odds, cut, evidence in nlargest(_MOST_CUTS, _cuts(word, context)):
        yield cut, Edit(rule="hyphen_lost", evidence=evidence, warrant=Warrant.GUESSED, odds=odds)


def _cuts(word: str, context: Context) -> Iterator[tuple[float, int, str]]:
    """Yield odds, place and evidence of each cut of an unknown word into two words."""
    said = context.witness.words
    for cut in range(_LEAST_PART, len(word) - _LEAST_PART + 1):
        left, right = word[:cut], word[cut:]
        if (left, right) in context.witness.pairs:
            # A mark stands between them, and slugs drop marks as a rule: 'Lunr.js', 'NYSE:DKS'.
            yield (
                _HALF_KNOWN,
                cut,
                f"{context.witness.source_of(left)} has '{said[left]}' and '{said[right]}'",
            )
            return
        if left in said and right in said:
            yield _BOTH_SAID, cut, f"{context.witness.source_of(left)} has '{said[left]}' and '{said[right]}'"
            continue
        likely = _log10(left, context) + _log10(right, context)
        if likely > _LEAST_PAIR:
            odds = _GUESSED_SPLIT + (likely - _LIKELY_PAIR) * _PER_POWER_OF_TEN
            bonus = _ONE_SAID if left in said or right in said else 0.0
            yield (
                min(odds, _MOST_GUESSED) + bonus,
                cut,
                f"'{word}' is no known word, '{left}' and '{right}' are",
            )
        elif min(len(left), len(right)) >= _LEAST_HALF:
            known, commonest = max((_log10(part, context), part) for part in (left, right))
            if known > _COMMON_WORD:
                yield _HALF_KNOWN + len(commonest) / 100, cut, f"'{word}' is no known word, '{commonest}' is"


def _log10(word: str, context: Context) -> float:
    found = context.log10(word)
    return _UNKNOWN if found is None else found
