"""Finds bare addresses in running text, whole though broken, in one linear pass.

Every address shows itself by one of four signs: a slash, a dot inside a word, an `@` or an escaped
colon. At each sign the head is looked for to the left, in a bounded window, and the tail to the right;
the pass then goes on behind what was taken.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.extract.breaks import whole_end
from workers.extract.heads import Head, encoded_head, host_head, mail_head, scheme_head
from workers.extract.tails import HYPHENS, trimmed_end
from workers.regex import regex

# One pattern a sign, each with a literal first character: several times faster than one alternation.
SLASH = regex(r"/")
BACKSLASHES = regex(r"\\\\")
WIDE_SLASH = regex("\uff0f")
DOT = regex(r"\.(?=[^\W_]|[\u2190-\u2bff])")
MASKED_DOT = regex(r"\[(?=(?:\.|dot)\])")
AT = regex(r"@(?=[^\W_])")
ESCAPED_COLON = regex(r"%(?=(?:25){0,3}3[aA])")
COLON_BEFORE_ESCAPE = regex(r":(?=%(?:25){0,3}2[fF])")
# Each sign with a character that every text with it holds: a text without it is not searched.
SIGNS = (
    ("/", SLASH),
    ("\\", BACKSLASHES),
    ("\uff0f", WIDE_SLASH),
    (".", DOT),
    ("[", MASKED_DOT),
    ("@", AT),
    ("%", ESCAPED_COLON),
    ("%", COLON_BEFORE_ESCAPE),
)
APOSTROPHES = frozenset("'\u2019")
SLASHES = (SLASH, BACKSLASHES, WIDE_SLASH)
# A break, with the marks of a quoted line behind it.
SPACES = regex(r"[^\S\r\n]*\r?\n(?:[^\S\r\n]?>){1,9}[^\S\r\n]*|\s+")
DASHED_BREAK = regex(rf"[{HYPHENS}](?:{SPACES.pattern})")
SOFT_LINE_END = regex(r"=[^\S\r\n]*\r?\n")  # of quoted-printable (RFC 2045, 6.7)


@dataclass(frozen=True, slots=True)
class Span:
    """One address in running text: `text[start:end]`, and what it may read as where it was broken.

    `readings` is empty for an unbroken address, else best first: joined as it stands, joined without
    the hyphen of the break, cut at the first break.
    """

    start: int
    end: int
    readings: tuple[str, ...] = ()
    is_cut_short: bool = False


def scan(
    text: str, start: int = 0, end: int | None = None, *, barriers: Sequence[tuple[int, int]] = ()
) -> Iterator[Span]:
    """Yield the addresses in `text[start:end]` in order, none overlapping another.

    `barriers` are ranges, sorted and disjoint, that no address may begin in or run into.
    """
    stop = len(text) if end is None else end
    signs = _signs(text, start, stop, barriers)
    floor = start
    barrier_starts = [low for low, _ in barriers] if signs else []
    for at, sign in signs:
        if at < floor:
            continue
        limit = stop
        if barriers:
            index = bisect_right(barrier_starts, at)
            if index and at < barriers[index - 1][1]:
                continue
            floor = max(floor, barriers[index - 1][1]) if index else floor
            limit = barrier_starts[index] if index < len(barriers) else stop
        head, seen = _head(text, at, sign, floor)
        if head is None:
            floor = max(floor, min(seen, limit))
            continue
        span = _span(text, head, limit)
        if span is not None:
            yield span
        floor = max(floor, at + 1, span.end if span else 0)


def _signs(
    text: str, start: int, end: int, barriers: Sequence[tuple[int, int]]
) -> list[tuple[int, re.Pattern[str]]]:
    """Return every sign with its place, in order; those behind barriers may be among them."""
    open_text = outside(text, start, end, barriers)
    signs = [
        (match.start(), sign)
        for character, sign in SIGNS
        if character in open_text
        for match in sign.finditer(text, start, end)
    ]
    signs.sort(key=lambda place: place[0])
    return signs


def outside(text: str, start: int, end: int, barriers: Sequence[tuple[int, int]]) -> str:
    """Return what of `text[start:end]` lies outside of the barriers."""
    if not barriers:
        return text if start == 0 and end == len(text) else text[start:end]
    pieces, at = [], start
    for low, high in barriers:
        pieces.append(text[at:low])
        at = high
    pieces.append(text[at:end])
    return "".join(pieces)


def _head(text: str, at: int, sign: re.Pattern[str], floor: int) -> tuple[Head | None, int]:
    """Return the head at a sign, and up to where later signs need not be looked at when there is none."""
    if sign in SLASHES:
        head = scheme_head(text, at, floor)
        if head is not None:
            return head, at
        return host_head(text, at, floor)[0], at
    if sign is AT:
        return mail_head(text, at, floor), at
    if sign is ESCAPED_COLON or sign is COLON_BEFORE_ESCAPE:
        return encoded_head(text, at, floor), at
    return host_head(text, at, floor)


def _span(text: str, head: Head, limit: int) -> Span | None:
    if head.end is not None:
        return Span(head.start, min(head.end, limit))
    if head.after > limit:
        return None
    if text[head.after : head.after + 1] in APOSTROPHES:  # `example.com's`
        return Span(head.start, head.after)
    whole = whole_end(text, head.start, head.after, limit)
    end = max(trimmed_end(text, head.start, whole.end), head.after)
    breaks = [at for at in whole.breaks if at < end]
    cut_short = text[end : end + 3] == "..."
    return Span(head.start, end, _readings(text, head.start, end, breaks), cut_short)


def _readings(text: str, start: int, end: int, breaks: Sequence[int]) -> tuple[str, ...]:
    if not breaks:
        return ()
    raw = text[start:end]
    joined = SPACES.sub("", raw)
    readings = [joined]
    if soft := SOFT_LINE_END.search(raw):
        unwrapped = SPACES.sub("", SOFT_LINE_END.sub("", raw))
        # Outside of a query nothing but the wrapping of mail ends a line in this sign.
        readings.insert(int("?" in raw[: soft.start()]), unwrapped)
    if DASHED_BREAK.search(raw):
        readings.append(SPACES.sub("", DASHED_BREAK.sub("", raw)))
    readings.append(text[start : trimmed_end(text, start, breaks[0])])
    return tuple(dict.fromkeys(readings))
