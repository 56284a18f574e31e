# ruff: noqa: RUF001 - characters that look alike are the subject here
"""The sentence around a place in running text, as a person would quote it."""

import re

REACH = 400  # code points looked at on either side
# The end of a sentence: its mark, closing quotes, and a space before something that can begin one.
SENTENCE_END = re.compile(r"(?<!\b[^\W\d_])[.!?…][\"'”’»)\]]*\s+(?=[^\s\W]|[\"“‘«(\[])(?![a-z])|[。！？]")
PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n|\r\n?[^\S\n\r]*\r")
SPACES = re.compile(r"\s+")
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
INLINE_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,2000}\)")


def sentence_around(text: str, start: int, end: int) -> str:
    """Return the sentence that holds `text[start:end]`, whitespace collapsed, at most about 800 long."""
    low, high = max(0, start - REACH), min(len(text), end + REACH)
    before, after = text[low:start], text[end:high]
    before = before[_last_end(PARAGRAPH_END, before) :]
    before = before[_last_end(SENTENCE_END, before) :]
    stop = PARAGRAPH_END.search(after)
    after = after if stop is None else after[: stop.start()]
    stop = SENTENCE_END.search(after)
    after = after if stop is None else after[: stop.end()]
    return SPACES.sub(" ", before + text[start:end] + after).strip()


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    """Return where the last match of `pattern` ends, 0 without one."""
    return max((match.end() for match in pattern.finditer(text)), default=0)


def plain_sentence(text: str, start: int, end: int) -> str:
    """Return the sentence around a place in text with `[text](target)` links, their targets left out."""
    return ESCAPE.sub(r"\1", INLINE_LINK.sub(r"\1", sentence_around(text, start, end)))
