"""Reads `[text](target)` and `<target>` in plain text: many an article is Markdown saved as .txt.

The grammar is CommonMark's for inline links and autolinks (spec.commonmark.org, 6.3 and 6.5), without
blocks: brackets pair from the inside out, a backslash escapes punctuation, a target may stand in `<…>`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workers.regex import regex

MAX_ANCHOR = 2_000
TOKEN = regex(r"\\.|\[|\](\()?|\n[^\S\n]*\n", re.DOTALL)
ESCAPE = regex(r"\\([!-/:-@\[-`{-~])")
SPACE = r"[ \t]*(?:\r\n|\r|\n)?[ \t]*"
TITLE = r"\"(?:\\.|[^\"\\]){0,1000}\"|'(?:\\.|[^'\\]){0,1000}'|\((?:\\.|[^()\\]){0,1000}\)"
ANGLED = regex(rf"\({SPACE}<((?:\\.|[^<>\\\r\n])*)>(?:{SPACE}(?:{TITLE}))?{SPACE}\)", re.DOTALL)
TARGET_OPEN = regex(rf"\({SPACE}")
TARGET_CLOSE = regex(rf"(?:[ \t\r\n]{SPACE}(?:{TITLE}))?{SPACE}\)", re.DOTALL)
TARGET_PIECE = regex(r"\\[!-/:-@\[-`{-~]|[^\s()\\]+|\\|\(|\)")
AUTOLINK = regex(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>")
MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Inline:
    """One `[text](target)`: spans of the whole, of its text and of its target."""

    start: int
    end: int
    text_start: int
    text_end: int
    target_start: int
    target_end: int
    is_image: bool


def unescape(text: str) -> str:
    """Return `text` with backslash escapes of punctuation decoded."""
    return ESCAPE.sub(r"\1", text) if "\\" in text else text


def target_span(text: str, at: int, limit: int) -> tuple[int, int, int] | None:
    """Return start and end of the target in `(target "title")` at `at`, and the end of the whole.

    None where no inline target can be read there.
    """
    angled = ANGLED.match(text, at, limit)
    if angled:
        return angled.start(1), angled.end(1), angled.end()
    opened = TARGET_OPEN.match(text, at, limit)
    if opened is None or text[opened.end() : opened.end() + 1] == "<":
        return None
    start = end = opened.end()
    depth = 0
    while (piece := TARGET_PIECE.match(text, end, limit)) is not None:
        if piece[0] == "(":
            depth += 1
        elif piece[0] == ")":
            depth -= 1
        if depth < 0 or depth > MAX_DEPTH:
            break
        end = piece.end()
    closed = TARGET_CLOSE.match(text, end, limit)
    if closed is None or depth > 0:
        return None
    return start, end, closed.end()


def inline_links(text: str) -> Iterator[Inline]:
    """Yield the inline links and images of plain text in the order of their ends, inner ones first."""
    if "](" not in text:
        return
    opened: list[int] = []
    resume = 0
    for token in TOKEN.finditer(text):
        if token.start() < resume or token[0][0] == "\\":
            continue
        if token[0] == "[":
            opened.append(token.start())
        elif token[0][0] == "\n":
            opened.clear()
        elif opened:
            bracket = opened.pop()
            span = target_span(text, token.end() - 1, len(text)) if token[1] else None
            if span is None or token.start() - bracket > MAX_ANCHOR:
                continue
            is_image = text[bracket - 1 : bracket] == "!"
            start = bracket - is_image
            yield Inline(start, span[2], bracket + 1, token.start(), span[0], span[1], is_image)
            resume = span[2]
