"""The telling words of a title, slug or anchor, as sets that can be compared."""

from workers.regex import regex
from workers.verdict.similarity import fold

_WORD = regex(r"[^\W\d_]+")
_SPELLINGS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae"})
_MIN_WORD_CHARS = 3


def words_of(text: str) -> frozenset[str]:
    """Return the words of three letters or more of `text`, folded, umlauts in both spellings."""
    folded = _WORD.findall(fold(text))
    if not text.isascii():
        folded += _WORD.findall(fold(text.casefold().translate(_SPELLINGS)))
    return frozenset(word for word in folded if len(word) >= _MIN_WORD_CHARS or not word.isascii())
