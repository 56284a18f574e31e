"""Where a bare address ends: brackets in balance, punctuation of the sentence left behind.

One pass from left to right that never looks past the end it returns by more than the trimmed
punctuation, so that a hostile text costs linear time.
"""

import re
import unicodedata

from workers.extract.glued import brackets_end, glued_at, is_dash_of_sentence
from workers.regex import regex

CLOSING = {")": "(", "]": "[", "}": "{"}
OPENING = frozenset("([{")
# Plain stretches are taken whole, every other character is looked at alone. They are short, so that an
# address which ends inside of one costs no look at all of a text without spaces.
STRETCH = regex(r"[^\s<>\"'`()\[\]{}|&,;\xab\xbb\u2010-\u206f\u3000-\u303f\uff00-\uffef\x00-\x1f\x7f]{1,500}")
ENTITY_STOP = regex(
    r"&(?:quot|lt|gt|apos|nbsp|ldquo|rdquo|lsquo|rsquo|laquo|raquo|#0*3[49]|#x0*2[27]|#8220|#8221);",
    re.IGNORECASE,
)
ENTITY_END = regex(r"&[#\w]{2,8};\Z")
NEXT_ADDRESS = regex(r"[,;]+(?:https?:|www\.)", re.IGNORECASE)
HYPHENS = "-\u2010\u2011\xad"
TRAILING = frozenset(".,;:!?'*\\^\u2010\u2011")
BACKSLASHED = regex(r"[a-z]{2,8}:\\\\", re.IGNORECASE)
PUNCTUATION = frozenset({"Po", "Ps", "Pe", "Pi", "Pf"})
MIDDLE_DOTS = frozenset("\xb7\u0387\u2027\u30fb\uff65")
FULL_WIDTH_BRACKET = "\uff08"
ASCII_LIMIT = "\x7f"


def tail_end(text: str, at: int, limit: int) -> int:
    """Return where the address that runs through `at` ends, before any trimming; never past `limit`."""
    stack: list[str] = []
    while at < limit:
        stretch = STRETCH.match(text, at, limit)
        if stretch and stretch[0].isascii():
            at = stretch.end()
            continue
        if stretch:
            own_end = glued_at(text, *stretch.span())
            at = _foreign_end(text, stretch.start(), own_end)
            if at == own_end < stretch.end():
                break
            if at == stretch.end():
                continue
        step = _step(text, at, limit, stack)
        if not step:
            break
        at += step
    return at


def _foreign_end(text: str, start: int, end: int) -> int:
    """Return where punctuation of another script ends `text[start:end]`, `end` where none does."""
    for at in range(start, end):
        if text[at] > ASCII_LIMIT and unicodedata.category(text[at]) in PUNCTUATION and not _is_dot(text, at):
            return at
    return end


def _is_dot(text: str, at: int) -> bool:
    """Whether the character is a middle dot between letters, as in Catalan and Japanese names."""
    return text[at] in MIDDLE_DOTS and text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha()


def _step(text: str, at: int, limit: int, stack: list[str]) -> int:
    """Return how many code points at `at` belong to the address, 0 where it ends."""
    character = text[at]
    if character in OPENING:
        stack.append(character)
        return 1
    if character in CLOSING:
        closes = bool(stack) and stack[-1] == CLOSING[character]
        if closes:
            stack.pop()
        return int(closes)
    if character in ",;&":
        stop = ENTITY_STOP if character == "&" else NEXT_ADDRESS
        return int(stop.match(text, at, limit) is None)
    if character == "'":
        before = text[at - 1 : at]
        inside = before.isalnum() or before in {"_", "="}
        return int(inside and text[at + 1 : min(at + 2, limit)].isalnum())
    return _other(text, at, character)


def _other(text: str, at: int, character: str) -> int:
    if character <= ASCII_LIMIT or character.isspace():
        # A stray control character inside of a word.
        return int(
            not character.isspace() and not character.isprintable() and text[at + 1 : at + 2].isalnum()
        )
    category = unicodedata.category(character)
    if (
        character in "\u2025\u2026\u2010\u2011\u2012\u2013\u2014\u2015\u2043\ufe58\ufe63\uff0d"
        or category == "Cf"
    ):
        is_dash = category == "Pd" or character == "\u2043"
        return int(not is_dash or _is_dash_of_address(text, at))
    if character == FULL_WIDTH_BRACKET:
        return brackets_end(text, at) - at
    if character in MIDDLE_DOTS:
        return int(_is_dot(text, at))
    if character == "\u2019":
        return int(text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha())
    return int(category[0] in "LMN" or (category[0] == "S" and character not in "\uff5c\uff1c\uff1e"))


def _is_dash_of_address(text: str, at: int) -> bool:
    """Whether the dash at `at` stands inside of a word of the address, or at a break in it."""
    if is_dash_of_sentence(text, at):
        return False
    return text[at + 1 : at + 2].isalnum() or _ends_line(text, at, text[at])


def _ends_line(text: str, at: int, character: str) -> bool:
    """Whether a hyphen stands at a break behind which a word goes on."""
    return character in HYPHENS and text[at + 1 : at + 2].isspace() and text[at + 2 : at + 3].islower()


def trimmed_end(text: str, start: int, end: int) -> int:
    """Return the end of `text[start:end]` without the punctuation of the sentence it stands in.

    Emphasis marks go where the same mark stands before the address; an ellipsis that says the address
    was cut short stays.
    """
    before = text[start - 1 : start]
    while end > start and _is_outside(text, start, end, before):
        end -= 1
    return end


def _is_outside(text: str, start: int, end: int, before: str) -> bool:
    """Whether the last of `text[start:end]` belongs to the sentence, not to the address."""
    last = text[end - 1]
    if last == ";":
        return ENTITY_END.search(text, max(start, end - 10), end) is None
    if (last == "\\" and BACKSLASHED.match(text, start)) or (last == "!" and text[end - 2] == "#"):
        return False
    return last in TRAILING or last in OPENING or last.isspace() or (last in "_~" and last == before)
