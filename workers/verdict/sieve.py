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
        self._by_start: dict[str, list[str]] = {}
        whole = []
        for phrase in phrases:
            start = _telling_start(phrase)
            if start is None:
                whole.append(phrase)
            else:
                self._by_start.setdefault(start, []).append(phrase)
        self.starts = frozenset(self._by_start)
        self._whole = tuple(whole)
        self._whole_apart = tuple(phrase for phrase in whole if not _JOINED.search(phrase))
        self._whole_ascii = tuple(phrase for phrase in whole if phrase.isascii())

    def may_hold(self, text: str, starts: Set[str] | None = None) -> bool:
        """Whether a phrase may stand in `text`; False is certain.

        `starts` are its `word_starts`, where they are known.
        """
        begun = self.starts & (word_starts(text) if starts is None else starts)
        if not begun and text.isascii():
            lowered = text.lower() if self._whole_ascii else ""
            return any(phrase in lowered for phrase in self._whole_ascii)
        folded = fold(text)
        if any(phrase in folded for start in begun for phrase in self._by_start[start]):
            return True
        return any(phrase in folded for phrase in self._whole_of(folded))

    def _whole_of(self, folded: str) -> tuple[str, ...]:
        """Return the phrases without a telling word that a text in these letters may have."""
        if folded.isascii():
            return self._whole_ascii
        return self._whole if _JOINED.search(folded) else self._whole_apart


def _telling_start(phrase: str) -> str | None:
    """Return the start of a word that any text with `phrase` has as one of its own, or None."""
    if _JOINED.search(phrase):
        return None
    words = _WORD.findall(phrase)
    longest = max(words, key=len, default="")
    if len(longest) >= _START_CHARS:
        return longest[:_START_CHARS]
    # A short last word may go on in the text; those before it are whole.
    return max(words[:-1], key=len, default=None)
