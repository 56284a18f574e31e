"""What a text says besides that something is missing."""

from dataclasses import dataclass
from functools import lru_cache

from workers.verdict.asides import without_asides
from workers.verdict.blocks import count_words
from workers.verdict.phrases import Hit, is_advice, sentences
from workers.verdict.similarity import fold

_BY_THE_WAY, _LONG_SENTENCE = 0.5, 12
_MAX_TEXT_CHARS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One text without its sentences of loss and its advice: what it says besides, and what stands before.

    `words` counts what it says besides, `words_before` the part of it before the first sentence of loss (all
    of it where there is none); `besides` and `said` are the two kinds of sentences, folded. Of a long
    sentence in which it is said by the way, the other words count.
    """

    words: int
    words_before: int
    besides: str
    said: str


@lru_cache(maxsize=256)
def tell_apart(text: str) -> Told:
    """Return what `text` says besides that something is missing."""
    words, before = 0, None
    besides, said = [], []
    for sentence, hit in sentences(without_asides(fold(text[:_MAX_TEXT_CHARS]))):
        count = count_words(sentence)
        if hit is not None:
            said.append(sentence)
            before = words if before is None else before
            words += round(count * (1 - hit.coverage)) if _is_by_the_way(hit, count) else 0
        elif not is_advice(sentence):
            besides.append(sentence)
            words += count
    return Told(
        words=words,
        words_before=words if before is None else before,
        besides=" ".join(besides),
        said=" ".join(said),
    )


def _is_by_the_way(hit: Hit, words: int) -> bool:
    return hit.coverage < _BY_THE_WAY and words >= _LONG_SENTENCE
