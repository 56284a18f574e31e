# ruff: noqa: RUF001 - characters that look alike are the subject here
"""The sentence around a place in running text, as a person would quote it."""

import re

from workers.regex import regex

REACH = 400  # code points looked at on either side
# The end of a sentence: its mark, closing quotes, and a space before something that can begin one.
SENTENCE_END = regex(r"(?<!\b[^\W\d_])[.!?…][\"'”’»)\]]*\s+(?=[^\s\W]|[\"“‘«(\[])(?![a-z])|[。！？]")
SENTENCE_MARK = regex(r"[.!?…。！？]")
BLANK_LINE = regex(r"\n[^\S\n]*\n|\r\n?[^\S\n\r]*\r")
ESCAPE = regex(r"\\([!-/:-@\[-`{-~])")
INLINE_LINK = regex(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,2000}\)")


def sentence_around(text: str, start: int, end: int) -> str:
    """Return the sentence that holds `text[start:end]`, whitespace collapsed, at most about 800 long."""
    before = _ending(text[max(0, start - REACH) : start])
    after = text[end : end + REACH]
    if "\n" in after or "\r" in after:
        stop = BLANK_LINE.search(after)
        after = after if stop is None else after[: stop.start()]
    if SENTENCE_MARK.search(after):
        stop = SENTENCE_END.search(after)
        after = after if stop is None else after[: stop.end()]
    return " ".join(f"{before}{text[start:end]}{after}".split())


def _ending(before: str) -> str:
    """Return the end of `before` that belongs to the sentence which goes on behind it."""
    if "\n" in before or "\r" in before:
        before = before[_last_end(BLANK_LINE, before) :]
    if SENTENCE_MARK.search(before):
        before = before[_last_end(SENTENCE_END, before) :]
    return before


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    """Return where the last match of `pattern` ends, 0 without one."""
    end = 0
    for match in pattern.finditer(text):
        end = match.end()
    return end


def plain_sentence(text: str, start: int, end: int) -> str:
    """Return the sentence around a place in text with `[text](target)` links, their targets left out."""
    sentence = sentence_around(text, start, end)
    if "](" in sentence:
        sentence = INLINE_LINK.sub(_inner, sentence)
    return ESCAPE.sub(_inner, sentence) if "\\" in sentence else sentence


def _inner(match: re.Match[str]) -> str:
    return match[1]
