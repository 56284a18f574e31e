"""The mark of a footnote, or a title in brackets, glued to the end of an address: '.html12', '/[3]'."""

import re
import unicodedata
from collections.abc import Iterator

from workers.regex import regex
from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.encoding import Step
from workers.repair.file_endings import DOCUMENT_ENDINGS

_ENDING = rf"\.(?:{'|'.join(DOCUMENT_ENDINGS)})"
_BRACKETED = regex(r"(?<=[\w/)])(?:\[(?:\d{1,3}|[a-z]|[^\W\d][\w ,'-]{1,80})\]|\^\d{1,3})+$")
_AFTER_ENDING = regex(r"(?<=[a-z])(?:\(\d{1,2}\)|\{\d{1,2}\})$")
_ENDING_BEFORE = regex(rf"{_ENDING}$", re.IGNORECASE)
_DIGITS = regex(rf"{_ENDING}(\d{{1,3}})$", re.IGNORECASE)
# Endings that have a digit of their own: '.html5', '.php7'.
_OWN_DIGIT = regex(r"(?:html5|php[3-8]|xhtml1)$", re.IGNORECASE)
_LETTER = re.compile(r"/\[[a-z]\]$")
_UNIT = regex(r"(?:^|[^A-Za-z])(?:[kcm]?m|ft|in)$")
_ODDS = 3.0


def without_footnote(url: str) -> Step:
    """Remove the mark of a footnote that no address has at its end: raised figures, figures in brackets."""
    last = url[-1:]
    if last.isascii() and last not in "])}0123456789":
        return None
    start = _raised_from(url)
    if start == len(url) and last.isascii():
        start = _bracketed_from(url)
    if start == len(url):
        return None
    return url[:start], f"{url[start:]!r} is the mark of a footnote"


def glued_figures(url: str, _: Context) -> Iterator[Proposal]:
    """Yield the address without the figures glued to a file name's ending, or a letter in brackets."""
    if _LETTER.search(url):
        evidence = f"{url[-3:]!r} may be the mark of a footnote"
        yield url[:-3], Edit(rule="footnote", evidence=evidence, warrant=Warrant.VISIBLE, odds=_ODDS)
    found = _DIGITS.search(url)
    if found and not _OWN_DIGIT.search(url):
        evidence = f"'{found[1]}' after a file name's ending may be the mark of a footnote"
        yield (
            url[: found.start(1)],
            Edit(rule="footnote", evidence=evidence, warrant=Warrant.VISIBLE, odds=_ODDS),
        )


def _raised_from(url: str) -> int:
    """Return where the raised figures at the end begin; a unit's power is none of them ('m²')."""
    start = len(url)
    while start and (
        is_raised(url[start - 1]) or (url[start - 1] == "," and is_raised(url[start : start + 1]))
    ):
        start -= 1
    return len(url) if _UNIT.search(url[max(0, start - 3) : start]) else start


def is_raised(char: str) -> bool:
    """Whether a character is a raised figure, as footnotes have them."""
    return not char.isascii() and unicodedata.decomposition(char).startswith("<super>") and char.isdigit()


def _bracketed_from(url: str) -> int:
    found = None if _LETTER.search(url) else _BRACKETED.search(url)
    if found and ("?" not in url or found[0][0] == "^"):
        return found.start()
    found = _AFTER_ENDING.search(url)
    return found.start() if found and _ENDING_BEFORE.search(url, 0, found.start()) else len(url)
