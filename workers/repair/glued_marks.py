"""A mark of the sentence and a word of it, glued to the end of an address: '.The', ')and', ';see'."""

import re
from collections.abc import Iterator

from workers.regex import regex
from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.file_endings import DOCUMENT_ENDINGS, FILE_ENDINGS
from workers.repair.language import is_citing_word, is_function_word

_END = regex(r"([.;,:)\](\[])([A-Za-z][a-z]{1,14})$")
_ENDING = regex(rf"\.(?:{'|'.join(DOCUMENT_ENDINGS)})$", re.IGNORECASE)
_KNOWN = -5.6
_SURE, _LIKELY = 5.0, 2.5


def words_after_marks(url: str, context: Context) -> Iterator[Proposal]:
    """Yield the address without a mark and the word after it, where the text goes on so."""
    found = _END.search(url)
    if found is None or "/" not in url[len("https://") : found.start()]:
        return
    odds = _odds(url[: found.start()], found[1], found[2], context)
    if odds is not None:
        evidence = f"'{found[0]}' at the end goes on as text does"
        edit = Edit(rule="glued_word", evidence=evidence, warrant=Warrant.VISIBLE, odds=odds)
        yield url[: found.start()], edit


def _odds(before: str, mark: str, word: str, context: Context) -> float | None:
    """Return how surely a mark and a word are the text's; None where they are the address's own."""
    spoken = is_citing_word(word.lower()) or is_function_word(word, context.language)
    if word.lower() in FILE_ENDINGS or (not spoken and (context.log10(word.lower()) or -20.0) < _KNOWN):
        return None
    if mark in "([":
        return _SURE
    if mark in ")]":
        opener = "(" if mark == ")" else "["
        return None if before.count(opener) > before.count(mark) else _SURE
    is_capital = word[0].isupper()
    if _ENDING.search(before):
        return _SURE if spoken or is_capital else _LIKELY
    return _odds_after_slug(before.rpartition("/")[2], mark, is_capital=is_capital, spoken=spoken)


def _odds_after_slug(slug: str, mark: str, *, is_capital: bool, spoken: bool) -> float | None:
    if slug != slug.lower() or len(slug) == 1:
        return None
    if mark == ".":
        return (_SURE if spoken and not slug else _LIKELY) if is_capital else None
    return _LIKELY if spoken else None
