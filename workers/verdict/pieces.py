"""A page's text in the pieces that its tree holds: what it may say, however they are joined.

Between two pieces may be the border of a paragraph, or nothing, as where a word is half in bold. What may
stand there is told for every way to read them, so that a 'certainly not' holds for the one that counts.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import turbohtml
from turbohtml import Element, Node, Text

from workers.regex import regex
from workers.verdict.asides import CLOSING_MARKS, OPENING_MARKS
from workers.verdict.blocks import BLOCK_TAGS, HIDDEN, SILENT_TAGS, flags_of
from workers.verdict.lexicon import phrase_lists
from workers.verdict.phrases import list_sieve, missing_phrases
from workers.verdict.sieve import Around, Sieve, Vocabulary, find_words, squeeze, start_of
from workers.verdict.similarity import fold

_SEAM = "\x00"
# A seam after a word of three letters or fewer, which may go on behind it; the others are known already.
_BROKEN_WORD = regex(
    "\x00(?:(?<=[\\W_][^\\W_]\x00)|(?<=[\\W_][^\\W_]{2}\x00)|(?<=[\\W_][^\\W_]{3}\x00))[^\\W_]"
)
_RUN = regex(r"[^\W_]*")
_KNOWN_CHARS, _SEEN_CHARS = 3, 16
_OPENING = regex(f"[{re.escape(OPENING_MARKS.replace(chr(39), ''))}]")
_AROUND_CHARS = 40
# Not the one of `region's`: what a seam stands before may begin a word.
_OPENING_APOSTROPHE = regex(r"'(?<!\w')")
_STATUS = regex(r"(?<!\d)4(?:04|10)(?!\d)")
_STATUSES = ("404", "410")
_MOST_UNSEEN, _MOST_STEPS = 300, 40
_MAYBE_HIDDEN = "[hidden],[style]"
_CODE_TAGS = ("script", "style")
_SILENT_TAGS = sorted(SILENT_TAGS - {"head"})


def shown_pieces(document: turbohtml.Document, *, until: Element | None) -> list[str] | None:
    """Return the text of a document without its code; None where it is not sure what it shows.

    It ends with the element `until`, None for all of it. Hidden and silent parts are among it, but none that
    stands in the middle of a line.
    """
    silent = [element for element in document.iter_elements(_SILENT_TAGS) if element.text]
    hidden = document.select(_MAYBE_HIDDEN)
    if (silent or hidden) and not _are_apart(silent, hidden):
        return None
    if until is not None:
        return [*_pieces_before(document, until), *until.strings]
    pieces = list(document.strings)
    code = [element.text for element in silent if element.tag in _CODE_TAGS]
    if not code:
        return pieces
    known, count = set(code), len(pieces)
    pieces = [piece for piece in pieces if piece not in known]
    # Something shown may repeat a script.
    return pieces if len(pieces) == count - len(code) else None


def _pieces_before(document: turbohtml.Document, end: Element) -> Iterator[str]:
    code: Element | None = None
    for node in document.descendants:
        if isinstance(node, Text):
            if code is None or node.parent != code:
                yield node.data
        elif isinstance(node, Element):
            if node == end:
                return
            code = node if node.tag in _CODE_TAGS else None


def _are_apart(silent: Sequence[Element], maybe_hidden: Sequence[Element]) -> bool:
    """Whether no part that is not shown, though its text is among the pieces, divides a line."""
    unseen = [part for part in silent if part.tag not in _CODE_TAGS]
    unseen += [part for part in maybe_hidden if flags_of(part, part.tag) & HIDDEN and part.text]
    return len(unseen) < _MOST_UNSEEN and all(_is_apart(part) for part in unseen)


def _is_apart(part: Element) -> bool:
    """Whether a part that is not shown stands at the border of a block, so that it divides no line."""
    return _has_border(part, is_before=True) or _has_border(part, is_before=False)


def _has_border(part: Element, *, is_before: bool) -> bool:
    node: Node = part
    for _ in range(_MOST_STEPS):
        beside = node.previous_sibling if is_before else node.next_sibling
        if beside is not None:
            told = _is_border(beside)
            if told is not None:
                return told
            node = beside
            continue
        around = node.parent
        if not isinstance(around, Element) or around.tag in BLOCK_TAGS:
            return True
        node = around
    return False


def _is_border(node: Node) -> bool | None:
    """Return True for a block, False for text of the line, None for what shows nothing."""
    if isinstance(node, Text):
        return None if node.data.isspace() else False
    if not isinstance(node, Element) or node.tag in SILENT_TAGS or flags_of(node, node.tag) & HIDDEN:
        return None
    if node.tag in BLOCK_TAGS:
        return True
    return False if node.text else None


class Pieces:
    """The pieces of a text, ready to be asked what may stand in them; each False is certain."""

    def __init__(self, pieces: Sequence[str]) -> None:
        text = _SEAM + _SEAM.join(pieces)
        text = text.lower() if text.isascii() else fold(text)
        self._text = text
        self._squeezed = squeeze(text)
        self._starts = _vocabulary().starts_in(find_words(text)) | _starts_of_broken(text)

    def may_hold_missing(self) -> bool:
        """Whether a sentence that says something is missing may stand in the text, or one of no results."""
        squeezed = self._squeezed
        if _missing_or_nothing().may_hold_squeezed(squeezed, self._starts) or self._may_hold_around_asides():
            return True
        if "404" not in squeezed and "410" not in squeezed:
            return False
        joined = self._text.replace(_SEAM, "")
        is_joined = any(joined.count(status) != self._text.count(status) for status in _STATUSES)
        return is_joined or _STATUS.search(self._text) is not None

    def _may_hold_around_asides(self) -> bool:
        """Whether a phrase may stand there once quotes and brackets are left out, as the rules do."""
        squeezed = self._squeezed
        if not self._starts and squeezed.isascii():
            return False
        if not _OPENING.search(squeezed) and not _OPENING_APOSTROPHE.search(self._text):
            return False
        before = [squeezed[max(0, at - _AROUND_CHARS) : at] for at in _places(OPENING_MARKS, squeezed)]
        behind = [squeezed[at + 1 : at + 1 + _AROUND_CHARS] for at in _places(CLOSING_MARKS, squeezed)]
        around = Around(before=before, behind=behind)
        return _missing_or_nothing().may_hold_around(squeezed, self._starts, around)

    def may_hold_paywall(self) -> bool:
        """Whether a note that the rest is for subscribers may stand in the text."""
        return list_sieve("paywall").may_hold_squeezed(self._squeezed, self._starts)


def _places(marks: str, text: str) -> list[int]:
    return [match.start() for match in re.finditer(f"[{re.escape(marks)}]", text)]


@cache
def _missing_or_nothing() -> Sieve:
    return Sieve([*missing_phrases(), *phrase_lists()["no_results"]])


@cache
def _vocabulary() -> Vocabulary:
    return Vocabulary(_missing_or_nothing(), list_sieve("paywall"))


def _starts_of_broken(text: str) -> set[str]:
    """Return what the words may begin with whose first letters end at a seam."""
    starts: set[str] = set()
    for match in _BROKEN_WORD.finditer(text):
        seam = match.start()
        first = next(size for size in range(_KNOWN_CHARS + 1) if not text[seam - size - 1].isalnum())
        starts.update(_grown(text[seam - first : seam + _SEEN_CHARS].split(_SEAM)))
    return starts


def _grown(parts: Iterable[str]) -> Iterator[str]:
    """Yield the beginnings of a word as one part after the other is taken to belong to it."""
    grown = ""
    for part in parts:
        run = _RUN.match(part)
        letters = run[0] if run else ""
        grown += letters
        yield start_of(grown)
        if len(grown) > _KNOWN_CHARS or len(letters) < len(part):
            return
