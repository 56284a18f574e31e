"""How an address is written in HTML: in attribute values of every quoting, in text, in JSON-LD and CSS."""

import re
from collections.abc import Iterator

from workers.mend.forms import forms_of

LOOKS_BACK = 20_000
NEAR = 80
IN_TAG = re.compile(r"<[A-Za-z][\w:-]*(?:\s|/)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*(?P<quote>\"[^\"]*|'[^']*)?\Z")
VALUE_OPENS = re.compile(r"=\s*\Z")
NAME_ENDS = re.compile(r"[^\s\"'<>/=]\Z")
RAW_TEXT_LOOKS_BACK = 200_000
# What an unquoted value may hold (HTML Standard, 13.1.2.3).
UNQUOTED = re.compile(r"[^\s\"'=<>`]+")
# Also where they are escaped, as in the text of a feed.
TAG = re.compile(r"<\\?/?[A-Za-z][^<>]*>|&lt;\\?/?[A-Za-z](?:(?!&[lg]t;)[^<>])*&gt;")
BREAK = re.compile(r"(?:<|&lt;)\\?/?wbr\b", re.IGNORECASE)
EQUALS = re.compile(r"\s*=")

Written = Iterator[tuple[str, str]]


def is_in_tag(text: str, at: int) -> bool:
    """Whether `at` stands inside a tag, among its attributes."""
    return _tag_before(text, at) is not None


def _tag_before(text: str, at: int) -> re.Match[str] | None:
    """Return what of the tag around `at` stands before it, None outside of tags."""
    floor = max(0, at - LOOKS_BACK)
    opening = text.rfind("<", floor, at)
    while opening >= 0:
        if (tag := IN_TAG.match(text[opening:at])) is not None:
            return tag
        # A '<' inside a quoted value: the tag began before it.
        if text.find(">", opening, at) >= 0:
            return None
        opening = text.rfind("<", floor, opening)
    return None


def html_spellings(text: str, start: int, end: int, address: str, *, is_prose: bool) -> Written:
    """Yield ways to write `address` at a place of an HTML document; `is_prose`: it stands in its text."""
    if not is_prose and is_in_tag(text, start):
        return tag_spellings(text, start, end, address)
    if not is_prose and _is_raw_text(text, start):
        return ((form, form) for form in forms_of(address))
    kept = tags_in(text[start:end])
    return ((escaped(form) + kept, form) for form in forms_of(address))


def tags_in(raw: str) -> str:
    """Return the tags that divide an address in text, for their other halves stand elsewhere."""
    return "".join(tag[0] for tag in TAG.finditer(raw) if not BREAK.match(tag[0]))


def tag_spellings(text: str, start: int, end: int, address: str) -> Written:
    """Yield ways to write `address` as (part of) an attribute value, its quoting kept.

    A value without quotes gets them where it must; an attribute without a value gets one.
    """
    tag = _tag_before(text, start)
    is_quoted = tag is None or tag["quote"] is not None
    before = text[max(0, start - NEAR) : start]
    is_unquoted = not is_quoted and VALUE_OPENS.search(before) is not None
    has_no_value = not is_quoted and start == end and NAME_ENDS.search(before) is not None
    for form in forms_of(address):
        value = escaped(form)
        if has_no_value:
            yield f'="{value}"', form
        elif is_unquoted and not (UNQUOTED.fullmatch(value) and start < end):
            yield f'"{value}"', form
        else:
            yield value, form
            # A document inside an attribute (srcdoc) is escaped once more.
            yield value.replace("&", "&amp;"), form


def value_end(text: str, end: int) -> int:
    """Return where an attribute without a value ends: behind its '=', if it has one."""
    equals = EQUALS.match(text, end)
    return end if equals is None else equals.end()


def escaped(address: str) -> str:
    """Return `address` with what HTML reads as its own signs as references, safe in text and values."""
    for sign, reference in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        address = address.replace(sign, reference)
    return address


def _is_raw_text(text: str, at: int) -> bool:
    """Whether `at` stands in a script or style element, where references are not decoded."""
    before = text[max(0, at - RAW_TEXT_LOOKS_BACK) : at].lower()
    opened = max(before.rfind("<script"), before.rfind("<style"))
    return opened > max(before.rfind("</script"), before.rfind("</style"))
