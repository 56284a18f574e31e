"""A page that speaks of itself and of nothing that was asked for: `This article …`, and hardly more."""

import re
from functools import cache

from workers.regex import regex
from workers.verdict.case import Case
from workers.verdict.lexicon import Entry, missing_entries
from workers.verdict.phrases import holds, may_hold
from workers.verdict.remainder import read_remainder
from workers.verdict.similarity import fold
from workers.verdict.story import told_blocks
from workers.verdict.words import words_of

_SENTENCE_WORDS, _PAGE_WORDS, _REST_WORDS, _FIGURES = 16, 45, 30, 2
_START_CHARS = 24
_UNSPACED = regex(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_QUESTION_MARKS = "?\uff1f\u061f"
# What holds a page back, or keeps it up without a text for now, is no loss.
_OTHER_STATES = (
    "paywall", "login", "consent", "challenge", "unavailable_here", "outage", "unavailable_now",
    "default_page", "default_lines", "private", "ended", "back_later",
)  # fmt: skip


def notice_of(case: Case) -> str | None:
    """Return the heading, or first text, that speaks of this very page; None on a page of more words."""
    page = case.page
    if not page.is_html or page.main_words > _PAGE_WORDS:
        return None
    first = "" if _has_own_heading(case) else next((block.text for block in told_blocks(page)), "")
    told = next((text for text in (page.main_heading, first) if text and _speaks_of_itself(text)), None)
    if told is None or any(_is_other_state(text) for text in (page.title, page.main_heading, page.main_text)):
        return None
    return told


def _has_own_heading(case: Case) -> bool:
    """Whether the heading says more than the names of the site, which stand on its refusal too."""
    other = case.context.probe.page if case.context.probe else None
    seen = " ".join((other.title, *(block.text for block in other.blocks))) if other else ""
    own = words_of(case.page.main_heading) - words_of(f"{seen} {case.page.site_name}")
    return any(word not in case.asked.host for word in own)


def says_nothing_else(case: Case, notice: str) -> bool:
    """Whether neither title nor text has anything of what was asked for, where something was named."""
    rest = read_remainder(case, notice)
    if not rest.is_sought or rest.is_related or rest.is_headed:
        return False
    return rest.words <= _REST_WORDS and rest.figures < _FIGURES


def _speaks_of_itself(text: str) -> bool:
    """Whether a short text begins with `this` and a word for a page, or with both in the other order."""
    folded = fold(text)
    if len(folded.split()) > _SENTENCE_WORDS or folded[-1:] in _QUESTION_MARKS:
        return False
    return any(
        match.start() <= _START_CHARS
        for pattern in _patterns()
        if (match := pattern.search(folded)) is not None
    )


def _is_other_state(text: str) -> bool:
    return any(may_hold(name, text) and holds(name, text) for name in _OTHER_STATES)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(entry) for entry in missing_entries() if entry.this)


def _pattern(entry: Entry) -> re.Pattern[str]:
    """Return what finds `this article` or `article this`, a word between them allowed."""
    this, nouns = ("|".join(map(re.escape, words)) for words in (entry.this, entry.nouns))
    joined = rf"(?:{this})\w?(?:{nouns})|(?:{nouns})(?:{this})"
    if _UNSPACED.match(entry.this[0]):
        return re.compile(joined)
    before = r"\w*" if entry.joins else ""
    gap = r"(?:\w+\s+)?"
    first = rf"(?<!\w)(?:{this})\s+{gap}{before}(?:{nouns})"
    return re.compile(rf"{first}|(?<!\w)(?:{nouns})\w*\s+(?:{this})(?!\w)")
