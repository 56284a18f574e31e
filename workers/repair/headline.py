"""What the headline and the link's own anchor say about words of an address: the witness."""

import re
from functools import cached_property, lru_cache
from itertools import islice

from workers.regex import regex
from workers.repair.characters import MARKS
from workers.repair.folding import slug_forms

_TOKEN = regex(rf"(?:[^\W_]|[{MARKS}])+")
_APOSTROPHE_MARKS = "'`\u2018\u2019\u02bc\u00b4"
APOSTROPHES = regex(rf"(?<=\w)[{_APOSTROPHE_MARKS}](?=\w)")

_LONGEST_READ = 2000  # code points


class Witness:
    """The words of a headline and an anchor, folded as slugs fold them, and which stand side by side.

    `words` maps each folded word to how it is written; `pairs` maps two neighbours to what is between
    them: a space, or the mark that parts them; `order` holds the words as they come.
    """

    def __init__(self, headline: str, anchor: str = "") -> None:
        self.words: dict[str, str] = {}
        self.pairs: dict[tuple[str, str], str] = {}
        self.order: list[str] = []
        self._read_whole(headline)
        self._in_headline = len(self.words)
        self._read_whole(anchor)

    @cached_property
    def apart(self) -> dict[str, int]:
        """What two words with a plain space between them would be if glued, and where they part."""
        return {left + right: len(left) for (left, right), between in self.pairs.items() if between == " "}

    def source_of(self, word: str) -> str:
        """Return which of the two a folded word was read from, 'headline' or 'anchor'."""
        return "headline" if word in self._headline_words else "anchor"

    @cached_property
    def _headline_words(self) -> frozenset[str]:
        return frozenset(islice(self.words, self._in_headline))

    def __bool__(self) -> bool:
        return bool(self.words)

    def _read_whole(self, text: str) -> None:
        glued = APOSTROPHES.sub("", text)
        self._read(glued)
        if glued != text:
            self._read(text)

    def _read(self, text: str) -> None:
        before: re.Match[str] | None = None
        for found in _TOKEN.finditer(text):
            for form in slug_forms(found[0]):
                self.words.setdefault(form, found[0])
                if before:
                    between = text[before.end() : found.start()]
                    for earlier in slug_forms(before[0]):
                        self.pairs.setdefault(
                            (earlier, form), " " if between.isspace() else between.strip()[:1]
                        )
            self.order.append(slug_forms(found[0])[0])
            before = found


@lru_cache(maxsize=512)
def witness(headline: str, anchor: str) -> Witness:
    """Return what a headline and an anchor bear witness to; of very long ones, their beginnings."""
    return Witness(headline[:_LONGEST_READ], anchor[:_LONGEST_READ])
