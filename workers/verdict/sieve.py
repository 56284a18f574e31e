"""A quick 'certainly not' before a long list of phrases is looked for in a text.

Each phrase has a longest word; where no word of the text begins as one of these, no phrase is there. Most
text of the web passes at the cost of one set of its words' beginnings, which serves several lists.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain, pairwise

from workers.regex import regex
from workers.verdict.similarity import fold

# Scripts without spaces, and those whose particles are written together with the word.
_JOINED = regex(
    r"[\u0590-\u06ff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_WORD = regex(r"[^\W_]+")
_LETTER_BEYOND = regex(r"[^\W_\x00-\x7f]")
_NONE: dict[str, list[str]] = {}
_APART = bytes(ord(chr(code).lower()) if chr(code).isalnum() else ord(" ") for code in range(128)) * 2
_BLANKS = b" \t\n\v\f\r\x1c\x1d\x1e\x1f\x00"
_BORDER = "\x01"
_START_CHARS = 4
_MOST_PLAIN_WORDS, _LONGEST_PLAIN_WORD = 16_384, 24


def find_words(text: str) -> list[str]:
    """Return the words of `text`, as folded text has them."""
    folded = text if text.isascii() else fold(text)
    if folded.isascii() or not _LETTER_BEYOND.search(folded):  # quotation marks, dashes
        return folded.encode("ascii", "replace").translate(_APART).decode().split()
    return _WORD.findall(folded)


def squeeze(folded: str) -> str:
    """Return a folded text without its spaces and seams: its letters, however they belong together."""
    if folded.isascii():
        return folded.encode().translate(None, _BLANKS).decode()
    return folded.replace(" ", "").replace("\x00", "")


def start_of(word: str) -> str:
    """Return the first four letters of a word: what it begins with is known by."""
    return word[:_START_CHARS]


def word_starts(text: str) -> Set[str]:
    """Return the first four letters of each word of `text`, as folded text has them."""
    return {word[:_START_CHARS] for word in set(find_words(text))}


class Sieve:
    """Many phrases, in folded form, by the beginnings of their telling words (`starts`)."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_start: dict[str, dict[str, list[str]]] = {}
        whole = []
        for phrase in phrases:
            word = _telling_word(phrase)
            if word is None:
                whole.append(phrase)
            else:
                self._by_start.setdefault(start_of(word), {}).setdefault(word, []).append(phrase)
        self.starts = frozenset(self._by_start)
        self._whole = tuple(whole)
        self._whole_apart = tuple(phrase for phrase in whole if not _JOINED.search(phrase))
        self._whole_ascii = tuple(phrase for phrase in whole if phrase.isascii())

    def may_hold(self, text: str) -> bool:
        """Whether a phrase may stand in `text`; False is certain."""
        begun = self.starts & word_starts(text)
        if not begun and text.isascii():
            lowered = text.lower() if self._whole_ascii else ""
            return any(phrase in lowered for phrase in self._whole_ascii)
        folded = fold(text)
        if any(phrase in folded for phrase in self._told(folded, begun)):
            return True
        return any(phrase in folded for phrase in self._whole_of(folded))

    def may_hold_squeezed(self, squeezed: str, starts: Set[str]) -> bool:
        """Whether a phrase may stand in a text of which only the letters are sure; False is certain.

        `squeezed` is the text folded and without spaces; `starts` are those that its words may begin with.
        """
        for start in starts:
            for word, phrases in self._by_start.get(start, _NONE).items():
                if word in squeezed and _stands_squeezed(phrases, squeezed):
                    return True
        return _stands_squeezed(self._whole_of(squeezed), squeezed)

    def may_hold_around(self, squeezed: str, starts: Set[str], around: "Around") -> bool:
        """Whether a phrase may stand in a text when what quotes and brackets hold is left out of it.

        `squeezed` and `starts` are those of `may_hold_squeezed`; False is certain.
        """
        for phrase in chain(self._told(squeezed, starts), self._whole_of(squeezed)):
            words = phrase.split()
            if around.may_divide(words) and all(word in squeezed for word in words):
                return True
        return False

    def _told(self, text: str, starts: Set[str]) -> Iterator[str]:
        """Yield the phrases whose telling word stands in `text`, which has words with these beginnings."""
        for start in starts:
            for word, phrases in self._by_start.get(start, _NONE).items():
                if word in text:
                    yield from phrases

    def _whole_of(self, folded: str) -> tuple[str, ...]:
        """Return the phrases without a telling word that a text in these letters may have."""
        if folded.isascii():
            return self._whole_ascii
        return self._whole if _JOINED.search(folded) else self._whole_apart


class Around:
    """The squeezed text before marks that may open a quotation or bracket, and behind those that close it."""

    def __init__(self, *, before: Iterable[str], behind: Iterable[str]) -> None:
        self._before = _BORDER.join((*before, ""))
        self._behind = _BORDER.join(("", *behind))

    def may_divide(self, words: Sequence[str]) -> bool:
        """Whether one of `words` stands before such a part and the next one behind one."""
        return any(
            first + _BORDER in self._before and _BORDER + second in self._behind
            for first, second in pairwise(words)
        )


class Vocabulary:
    """The telling words of several sieves, and the words of pages that are known to be none of them.

    Pages share most of their words, so nearly all of a page's are known from others. At most 16,384 are kept.
    """

    def __init__(self, *sieves: Sieve) -> None:
        self._starts = frozenset[str]().union(*(sieve.starts for sieve in sieves))
        self._plain: set[str] = set()

    def starts_in(self, words: Iterable[str]) -> Set[str]:
        """Return the beginnings of the telling words among folded `words`."""
        begun = set()
        for word in set(words) - self._plain:
            start = word[:_START_CHARS]
            if start in self._starts:
                begun.add(start)
            elif len(word) <= _LONGEST_PLAIN_WORD:
                self._plain.add(word)
        if len(self._plain) > _MOST_PLAIN_WORDS:
            self._plain.clear()
        return begun


def _stands_squeezed(phrases: Iterable[str], squeezed: str) -> bool:
    return any(phrase.replace(" ", "") in squeezed for phrase in phrases)


def _telling_word(phrase: str) -> str | None:
    """Return a word that any text with `phrase` has, at the beginning of one of its own, or None."""
    if _JOINED.search(phrase):
        return None
    words = _WORD.findall(phrase)
    longest = max(words, key=len, default="")
    if len(longest) >= _START_CHARS:
        return longest
    # A short last word may go on in the text; those before it are whole.
    return max(words[:-1], key=len, default=None)
