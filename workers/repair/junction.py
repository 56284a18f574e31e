"""Whether two neighbouring letter runs of an address are one word or two.

The odds without a headline come from a logistic model of word likelihoods and lengths, fitted on words
of real slugs cut at random against real neighbours; half of the domains taught it, the other half
confirmed it (98 % right on either side). What the headline says outweighs it.
"""

from dataclasses import dataclass
from math import log

from workers.repair.context import Context

_BIAS = 4.1
_JOINED_KNOWN, _JOINED_LIKELY = 6.3, 1.58
_LEFT_KNOWN, _LEFT_LIKELY, _LEFT_LENGTH = -1.63, -1.0, -1.49
_RIGHT_KNOWN, _RIGHT_LIKELY, _RIGHT_LENGTH = -1.83, -0.96, -1.83
_UNKNOWN_ALL_ROUND, _LEFT_LETTER, _RIGHT_LETTER = 2.09, -0.3, -1.11
_LONE_CONSONANT = -3.0  # hyphenation leaves no consonant alone; initials stand so: 'becky-g'
_JOINED_BASE, _PART_BASE = -6.0, -5.0

# Ends of English contractions and possessives, which slugs cut off: 'didn-t', 'world-s', 'we-re'.
CONTRACTION_ENDS = frozenset(["s", "t", "d", "m", "ll", "re", "ve"])
VOWELS = frozenset("aeiouy")
_WITNESS_ODDS = 9.0
_LOOSE_WITNESS_ODDS = 3.0
_LEAST_SHARED_STEM = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How surely two letter runs are one word: natural log-odds, and what says so.

    `witnessed` tells that the headline holds the joined word, `parted` that it holds the two apart.
    """

    odds: float
    evidence: str
    witnessed: bool = False
    parted: bool = False


def judge(left: str, right: str, context: Context) -> Judgement:
    """Return how surely `left` and `right` are one word that a break or a stray hyphen cut in two."""
    a, b = left.lower(), right.lower()
    said = _said_by_witness(a, b, context)
    if said:
        return said
    if b in CONTRACTION_ENDS:
        return Judgement(odds=-_WITNESS_ODDS, evidence=f"'{right}' ends a contraction")
    odds = lexical_odds(a, b, context)
    return Judgement(odds=odds, evidence=_lexical_evidence(left, right, odds, context))


def _said_by_witness(a: str, b: str, context: Context) -> Judgement | None:
    joined, said = a + b, context.witness
    if not said:
        return None
    between = said.pairs.get((a, b))
    one_word = said.words.get(joined)
    if one_word and between is None:
        return Judgement(
            odds=_WITNESS_ODDS,
            evidence=f"{said.source_of(joined)} has '{one_word}' as one word",
            witnessed=True,
        )
    if between and not one_word:
        apart = f"{said.source_of(a)} has '{said.words[a]}' and '{said.words[b]}' apart"
        return Judgement(odds=-_WITNESS_ODDS, evidence=apart, parted=True)
    return None if one_word else _said_by_stem(a, b, context)


def _said_by_stem(a: str, b: str, context: Context) -> Judgement | None:
    """A headline word that shares the stem across the cut ('remain' and 'remains') is a weaker witness."""
    joined = a + b
    if len(joined) < _LEAST_SHARED_STEM or len(b) < 2 or b in context.witness.words:  # noqa: PLR2004
        return None
    for word, written in context.witness.words.items():
        if len(word) >= _LEAST_SHARED_STEM and (word.startswith(joined) or joined.startswith(word)):
            shared = min(len(word), len(joined))
            if shared > len(a) + 1 and abs(len(word) - len(joined)) <= 3:  # noqa: PLR2004
                odds = _LOOSE_WITNESS_ODDS + lexical_odds(a, b, context)
                evidence = f"{context.witness.source_of(word)} has '{written}'"
                return Judgement(odds=odds, evidence=evidence, witnessed=True)
    return None


def lexical_odds(a: str, b: str, context: Context) -> float:
    """Return the log-odds, by the words alone, that two lower-case letter runs are one word."""
    left, right, joined = context.log10(a), context.log10(b), context.log10(a + b)
    odds = _BIAS + _LEFT_LENGTH * log(len(a)) + _RIGHT_LENGTH * log(len(b))
    odds += _LEFT_LETTER * (len(a) == 1) + _RIGHT_LETTER * (len(b) == 1)
    odds += _LONE_CONSONANT * (len(a) == 1 and a not in VOWELS)
    if joined is not None:
        odds += _JOINED_KNOWN + _JOINED_LIKELY * (joined - _JOINED_BASE)
    elif left is None or right is None:
        odds += _UNKNOWN_ALL_ROUND
    if left is not None:
        odds += _LEFT_KNOWN + _LEFT_LIKELY * (left - _PART_BASE)
    if right is not None:
        odds += _RIGHT_KNOWN + _RIGHT_LIKELY * (right - _PART_BASE)
    return odds


def _lexical_evidence(left: str, right: str, odds: float, context: Context) -> str:
    known = [f"'{part}'" for part in (left + right, left, right) if context.log10(part.lower()) is not None]
    verdict = "one word" if odds > 0 else "two words"
    return f"'{left}' and '{right}' are likelier {verdict}; known: {', '.join(known) or 'none'}"
