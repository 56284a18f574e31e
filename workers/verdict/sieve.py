"""A quick 'certainly not' before a long list of phrases is looked for in a text.

Each phrase has a longest word; where no word of the text begins as one of these, no phrase is there. Most
text of the web passes at the cost of one set of its words' beginnings, which serves several lists.
"""

import re
from collections.abc import Iterable, Set

from workers.verdict.similarity import fold

# Scripts without spaces, and those whose particles are written together with the word.
_JOINED = re.compile(
    r"[\u0590-\u06ff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_WORD = re.compile(r"[^\W_]+")
_APART = str.maketrans({code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)})
_START_CHARS = 4


def word_starts(text: str) -> Set[str]:
    """Return the first four letters of each word of `text`, as folded text has them."""
    words = text.translate(_APART).split() if text.isascii() else _WORD.findall(fold(text))
    return {word[:_START_CHARS] for word in set(words)}


class Sieve:
    """Many phrases, in folded form, by the beginnings of their telling words."""

    def __init__(self, phrases: Iterable[str]) -> None:
        by_start: dict[str, list[str]] = {}
        whole = []
        for phrase in phrases:
            word = max(_WORD.findall(phrase), key=len, default="")
            if len(word) >= _START_CHARS and not _JOINED.search(phrase):
                by_start.setdefault(word[:_START_CHARS], []).append(phrase)
            else:
                whole.append(phrase)
        self._by_start = by_start
        self._starts = frozenset(by_start)
        self._whole = tuple(whole)
        self._whole_ascii = tuple(phrase for phrase in whole if phrase.isascii())

    def may_hold(self, text: str, starts: Set[str] | None = None) -> bool:
        """Whether a phrase may stand in `text`; False is certain.

        `starts` are its `word_starts`, where they are known.
        """
        begun = self._starts & (word_starts(text) if starts is None else starts)
        whole = self._whole_ascii if text.isascii() else self._whole
        if not (begun or whole):
            return False
        folded = fold(text)
        return any(phrase in folded for start in begun for phrase in self._by_start[start]) or any(
            phrase in folded for phrase in whole
        )
