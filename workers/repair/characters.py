"""Which characters of an address are invisible, dashes, ellipses or stand for ASCII ones.

Decided by Unicode categories and compatibility mappings (UAX #44, UAX #15), never by lists of
characters seen in one set of documents.
"""

import unicodedata
from functools import lru_cache

from workers.regex import regex

# Vowel signs and joiners inside the words of Semitic, Indic and South-East Asian scripts (UAX #44: Mn, Mc):
# the beginning of a character class, for `re` has no name for marks.
MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0971-\u09e3\u09f0-\u0a65\u0a70-\u0ae3"
    "\u0af0-\u0b63\u0b70-\u0be5\u0bf0-\u0c65\u0c70-\u0ce5\u0cf0-\u0d65\u0d70-\u0de5\u0df0-\u0dff"
    "\u0e30-\u0e4e\u0eb0-\u0ecd\u102b-\u103e\u17b4-\u17d3\u200c\u200d"
)
LETTER = rf"(?:[^\W\d_]|[{MARKS}])"

_DEL_OR_CONTROL = regex(r"[\x00-\x08\x0e-\x1b\x7f]")
_JOINERS = "\u200c\u200d"
_REPLACEMENTS = "\ufffc\ufffd"  # what stands for an object or a byte that could not be shown
_SELECTOR = "VARIATION SELECTOR"
_FILLER_NAMES = (_SELECTOR, "COMBINING GRAPHEME JOINER", "FILLER", "VOWEL SEPARATOR")


@lru_cache(maxsize=4096)
def is_invisible(char: str) -> bool:
    """Whether a character leaves no mark: format controls, control characters, fillers, selectors."""
    category = unicodedata.category(char)
    if category == "Cf":
        return True
    if category == "Cc":
        return not char.isspace()
    return category in {"Mn", "Lo"} and any(part in unicodedata.name(char, "") for part in _FILLER_NAMES)


@lru_cache(maxsize=4096)
def is_ellipsis(char: str) -> bool:
    """Whether one character stands for a run of dots."""
    return "ELLIPSIS" in unicodedata.name(char, "") or unicodedata.normalize("NFKC", char).startswith("..")


@lru_cache(maxsize=4096)
def is_dash(char: str) -> bool:
    """Whether a non-ASCII character is a dash or is drawn as one (category Pd, minus, hyphen bullet)."""
    if char.isascii():
        return False
    if unicodedata.category(char) == "Pd":
        return True
    name = unicodedata.name(char, "")
    return name == "MINUS SIGN" or name.startswith("HYPHEN")


@lru_cache(maxsize=4096)
def ascii_form(char: str) -> str | None:
    """Return what a compatibility character (ligature, full width, styled letter) is in ASCII, or None."""
    if char.isascii() or char.isspace() or is_ellipsis(char):
        return None
    if unicodedata.category(char)[0] not in "LNPS":
        return None
    folded = unicodedata.normalize("NFKC", char)
    return folded if folded.isascii() and folded.isprintable() and " " not in folded else None


@lru_cache(maxsize=4096)
def is_outside_mark(char: str) -> bool:
    """Whether a non-ASCII character is punctuation that belongs to the text around an address."""
    if char.isascii():
        return False
    if unicodedata.category(char) in {"Pi", "Pf", "Ps", "Pe", "Po"} or char in _REPLACEMENTS:
        return True
    return "QUOTATION MARK" in unicodedata.name(char, "")


def code_points(chars: str) -> str:
    """Return the distinct characters as code points, for evidence: 'U+200B, U+00AD'."""
    return ", ".join(dict.fromkeys(f"U+{ord(char):04X}" for char in chars[:100]))


def without_invisible(text: str) -> tuple[str, str]:
    """Return the text without invisible characters, and the characters that went.

    A joiner or selector that belongs to letters or symbols beyond ASCII (Persian, Indic, emoji) stays.
    """
    if text.isascii() and not _DEL_OR_CONTROL.search(text):
        return text, ""
    kept: list[str] = []
    gone: list[str] = []
    for index, char in enumerate(text):
        if not is_invisible(char) or _belongs(char, text[index - 1 : index], text[index + 1 : index + 2]):
            kept.append(char)
        else:
            gone.append(char)
    return "".join(kept), "".join(gone)


def _belongs(char: str, before: str, after: str) -> bool:
    if _is_selector(char):
        return _is_foreign(before)
    return char in _JOINERS and _is_foreign(after) and (_is_foreign(before) or _is_selector(before))


@lru_cache(maxsize=4096)
def _is_selector(char: str) -> bool:
    return bool(char) and _SELECTOR in unicodedata.name(char, "")


def _is_foreign(char: str) -> bool:
    return bool(char) and not char.isascii() and not char.isspace() and not is_invisible(char)
