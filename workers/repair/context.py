"""What a repair may lean on beside the address itself: the headline's words and the language's."""

from functools import cached_property

from workers.repair.headline import Witness, witness
from workers.repair.language import detect
from workers.repair.words import Lexicon, lexicon


class Context:
    """The witness and the lexicon of one link; the lexicon is loaded when it is first needed.

    `headline` wins over `anchor`; `language` is a two-letter code, or None to detect it.
    """

    def __init__(self, headline: str | None, anchor: str | None = None, language: str | None = None) -> None:
        self.source = "headline" if headline else "anchor"
        self.witness: Witness = witness(headline or anchor or "")
        self._language = language

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of the article's language, with English."""
        return lexicon(self._language or detect(self.witness.order))

    def log10(self, word: str) -> float | None:
        """Return the base-10 logarithm of a word's probability, None where it is unknown."""
        return self.lexicon.log10(word)
