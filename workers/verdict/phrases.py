"""Sentences that say a page is missing, in many languages, and where they stand in a text.

A sentence counts when it holds a noun for a page or item and a predicate for being missing, in one
language, or one of the whole phrases. All words are our own wording of what error pages say.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from workers.verdict.lexicon import LEXICON
from workers.verdict.similarity import fold

_SENTENCE = re.compile(r"[^.!?。！？؟।։\n|]+")
_MAX_SENTENCE_CHARS = 260
_MAX_TEXT_CHARS = 6000


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One sentence that says something is missing: its words, the language, and how much of it says so.

    `coverage` is 0…1: the share of the sentence's letters from its first to its last matching word.
    """

    sentence: str
    language: str
    coverage: float


@lru_cache(maxsize=4096)
def find_missing(text: str) -> Hit | None:
    """Return the first sentence of `text` that says a page or item is missing, or None."""
    for match in _SENTENCE.finditer(fold(text[:_MAX_TEXT_CHARS])):
        sentence = match[0].strip(" -–—:·»«\"'")
        if 2 < len(sentence) <= _MAX_SENTENCE_CHARS and (hit := _hit(sentence)):
            return hit
    return None


def _hit(sentence: str) -> Hit | None:
    for entry in LEXICON:
        for phrase in entry.whole:
            if phrase in sentence:
                return Hit(sentence=sentence, language=entry.language, coverage=len(phrase) / len(sentence))
        missing = next((word for word in entry.missing if word in sentence), None)
        if missing is None:
            continue
        noun = next((word for word in entry.nouns if word in sentence), None)
        if noun is not None:
            return Hit(
                sentence=sentence,
                language=entry.language,
                coverage=_span(sentence, noun, missing) / len(sentence),
            )
    return None


def _span(sentence: str, first: str, second: str) -> int:
    a, b = sentence.index(first), sentence.index(second)
    return max(a + len(first), b + len(second)) - min(a, b)
