"""A mark of the sentence and a word of it, glued to the end of an address: '.The', ')and', ';see'."""

import re
from collections.abc import Iterator

from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.file_endings import DOCUMENT_ENDINGS, FILE_ENDINGS
from workers.repair.language import is_citing_word, is_function_word

_END = re.compile(r"([.;,:)\]])([A-Za-z][a-z]{1,14})$")
_ENDING = re.compile(rf"\.(?:{'|'.join(DOCUMENT_ENDINGS)})$", re.IGNORECASE)
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
    lower = word.lower()
    known = context.log10(lower)
    spoken = is_citing_word(lower) or is_function_word(lower, context.language)
    if lower in FILE_ENDINGS or (not spoken and (known is None or known < _KNOWN)):
        return None
    if mark in ")]":
        opener = "(" if mark == ")" else "["
        return None if before.count(opener) > before.count(mark) else _SURE
    if _ENDING.search(before):
        return _SURE if spoken or word[0].isupper() else _LIKELY
    last = before.rpartition("/")[2]
    if mark == ".":
        return _LIKELY if word[0].isupper() and last == last.lower() and len(last) > 1 else None
    return _LIKELY if spoken and last == last.lower() else None
