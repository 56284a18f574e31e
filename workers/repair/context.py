"""What a repair may lean on beside the address itself: the headline's words and the language's."""

from functools import cached_property

from workers.regex import regex
from workers.repair.headline import Witness, witness
from workers.repair.language import detect, detect_from_url
from workers.repair.words import Lexicon, lexicon

_MOST_NEARBY = 2000  # code points
_SEEN_NEARBY = -6.5
_PATH_WORD = regex(r"(?<![^\W\d_])[^\W\d_]{4,30}(?![^\W\d_])")
_LEAST_COUNTED, _MOST_COUNTED = 4, 24


class Context:
    """The witness and the lexicon of one link; the lexicon is loaded when it is first needed.

    An anchor that only repeats the address is no witness. `language` is a code such as `de` or `de-AT`;
    without one the headline's words tell it, or those of the address. `nearby` is the text around the
    link, without the link: its words count as known, no more.
    """

    def __init__(
        self,
        url: str,
        *,
        headline: str | None = None,
        anchor: str | None = None,
        language: str | None = None,
        nearby: str = "",
    ) -> None:
        self.witness: Witness = witness(headline or "", _unless_address(anchor or "", url))
        self._url = url[:_MOST_NEARBY]
        self._language = language.partition("-")[0].lower() if language else None
        self._nearby = nearby

    @cached_property
    def language(self) -> str:
        """The two-letter code of the article's language, as given or as its words tell."""
        if self._language:
            return self._language
        return detect(self.witness.order) if self.witness else detect_from_url(self._url)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of the article's language, with English."""
        return lexicon(self.language)

    @cached_property
    def is_at_home(self) -> bool:
        """Whether the word lists know most of the address's words; where not, they say little of any."""
        words = _PATH_WORD.findall(self._url.partition("://")[2].partition("/")[2].lower())[:_MOST_COUNTED]
        known = sum(self.lexicon.log10(word) is not None for word in words)
        return len(words) < _LEAST_COUNTED or known * 2 >= len(words)

    @cached_property
    def _words_nearby(self) -> Witness:
        return Witness(self._nearby[:_MOST_NEARBY])

    def log10(self, word: str) -> float | None:
        """Return the base-10 logarithm of a word's probability, None where it is unknown."""
        found = self.lexicon.log10(word)
        if found is None and self._nearby and word in self._words_nearby.words:
            return _SEEN_NEARBY
        return found


def _unless_address(anchor: str, url: str) -> str:
    shown = anchor.strip().rstrip("\u2026.")
    return "" if not shown or shown in url or url in shown else anchor
