"""What stands at the end of an address in percent codes and is none of it: '%20', '%22', '%3C/a%3E'.

The codes are read one character at a time from the end; what no address ends in is taken off. Where a
title may end so itself ('%22Heroes%22', 'Players%27'), nothing is certain.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from workers.regex import regex
from workers.repair.characters import is_ellipsis, is_invisible
from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.encoding import Step

_LONGEST_TAIL = 120
_CHARACTER = regex(
    r"%(?:[0-7][0-9A-F]|[CD][0-9A-F]%[89AB][0-9A-F]|E[0-9A-F](?:%[89AB][0-9A-F]){2}|F[0-7](?:%[89AB][0-9A-F]){3})|.",
    re.IGNORECASE | re.DOTALL,
)
# The codes that a mark can end in, so that all others need not be read.
_MAY_END = regex(r"%(?:[01].|2[02789CE]|3[ABCE]|5[BCDE]|60|7[BCD]|[89AB].)[^%/?#&=\w]{0,4}$", re.IGNORECASE)
# A tag, or the end of an attribute: '%3C/a%3E', '%3Cbr%20/%3E', '%22%3E', '%22%20target='.
_MARKUP = regex(
    r"%3C(?:/|%2F)?[A-Z][A-Z0-9]{0,9}(?:%20[^%]{0,20}){0,4}(?:/|%2F)?(?:%3E|>)|%3C(?:/|%2F)[A-Z]{1,10}$"
    r"|(?<=[\w/])(?:%20)+(?:\(|%28|%5B|\[)[\w. -]{1,30}(?:\)|%29|%5D|\])$|(?:%5C[nrt])+$"
    r"|%2[27](?:%20|\+|\s)?(?:/|%2F)?(?:%3E|>)|%2[27](?:%20|\+|\s)+[A-Z-]{2,12}(?:=|%3D)",
    re.IGNORECASE,
)
_PARTNERS = {
    ")": "(",
    "]": "[",
    "}": "{",
    ">": "<",
    "\u201d": "\u201c\u201e",
    "\u201c": "\u201d\u201e",
    "\u2019": "\u2018\u201a",
    "\u00bb": "\u00ab",
    "\u00ab": "\u00bb",
    "\u203a": "\u2039",
}
_QUOTES = "\"'`"
_LITERAL = f".,;:{_QUOTES}"
_CODED = f".,;:{_QUOTES}()[]{{}}<>\\|^"
_DASHES = "-\u2013\u2014|"
_REPLACEMENTS = "\ufffc\ufffd"
_APOSTROPHES = "'\u2019"
_DOUBTFUL_ODDS = 2.0


@dataclass(frozen=True, slots=True)
class _Tail:
    """Where the end begins that may be taken off, and why that is not certain where it is not."""

    start: int
    doubt: str


def without_encoded_tail(url: str) -> Step:
    """Remove percent codes at the end that stand for what no address ends in."""
    if "%" not in url:
        return None
    markup = _MARKUP.search(url, 1) if any(code in url for code in ("%3", "%2", "%5")) else None
    if markup and not (markup[0].startswith("%20") and "?" in url):
        return url[: markup.start()], "a tag in percent codes stands after it"
    tail = _tail(url)
    if tail is None or tail.doubt:
        return None
    return url[: tail.start], f"not part of the address: {url[tail.start :][:24]!r} after it"


def doubtful_tails(url: str, _: Context) -> Iterator[Proposal]:
    """Yield the address without codes at its end that may be its own."""
    tail = _tail(url) if "%" in url else None
    if tail and tail.doubt:
        yield (
            url[: tail.start],
            Edit(rule="edge", evidence=tail.doubt, warrant=Warrant.VISIBLE, odds=_DOUBTFUL_ODDS),
        )


def _tail(url: str) -> _Tail | None:
    """Return the longest end of marks, at least one of them in codes; None where there is none."""
    if not _MAY_END.search(url):
        return None
    tokens = list(_CHARACTER.finditer(url, max(0, len(url) - _LONGEST_TAIL)))
    chars = [_decoded(token[0]) for token in tokens]
    start, doubt = None, ""
    for index in range(len(tokens) - 1, 0, -1):
        char, is_coded, at = chars[index], len(tokens[index][0]) > 1, tokens[index].start()
        if not _may_go(char, is_coded=is_coded, after_blank=chars[index - 1].isspace()):
            break
        if is_coded:
            if _is_closing(char, url[:at]):
                break
            doubt = doubt or _doubt(char, url[:at])
            start = at
        elif char in _DASHES:
            start = at
    return None if start is None else _Tail(start, doubt)


def _decoded(token: str) -> str:
    return unquote_to_bytes(token).decode(errors="replace") if len(token) > 1 else token


def _may_go(char: str, *, is_coded: bool, after_blank: bool) -> bool:
    """Whether a character may stand between the end of an address and the text: blank, quote, bracket."""
    if char in _DASHES and after_blank:
        return True
    if not is_coded:
        return char in _LITERAL
    if char.isascii():
        return char in _CODED or char.isspace() or is_invisible(char)
    if char.isspace() or char in _REPLACEMENTS or is_invisible(char):
        return True
    asks = unicodedata.normalize("NFKC", char) in "?!"
    return unicodedata.category(char) in {"Pi", "Pf", "Ps", "Pe", "Po"} and not asks and not is_ellipsis(char)


def _is_closing(char: str, before: str) -> bool:
    """Whether a mark closes what was opened in the address itself."""
    if char in _QUOTES:
        return _count(char, before) % 2 == 1
    openers = _PARTNERS.get(char, "")
    return sum(_count(opener, before) for opener in openers) > (_count(char, before) if openers else 0)


def _doubt(char: str, before: str) -> str:
    """Return why a mark may be the address's own, '' where it cannot be."""
    if char in _APOSTROPHES and before[-1:] == "s":
        return "a quote at the end may be the title's apostrophe"
    if char == " " and "?" in before:
        return "a blank at the end may be part of what is asked for"
    return ""


def _count(char: str, url: str) -> int:
    codes = "".join(f"%{byte:02X}" for byte in char.encode())
    return url.upper().count(codes) + url.count(char)
