"""The links of an article as they have to be found elsewhere: anchor, words around, and what is known."""

import html
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workers.align.page_text import read_page_text
from workers.align.wording import words_of
from workers.model import Document, Format, FoundLink, Kind, Outcome
from workers.written import verdict_as_written

REACH_CHARS: Final = 700
REACH_WORDS: Final = 30
MAX_ARTICLE_CHARS: Final = 200_000
_PLACE = "\x00"
_INLINE = "a|abbr|b|bdi|cite|code|em|font|i|mark|q|s|small|span|strong|sub|sup|u|wbr"
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE})\b[^<>]{{0,2000}}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_TARGET = re.compile(r"\]\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,2000})?\)")
_ADDRESS = re.compile(r"https?://[^\s<>()\]\"']{1,2000}", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_HALF_TAG_BEFORE, _HALF_TAG_AFTER = re.compile(r"\A[^<>]{0,300}>"), re.compile(r"<[^<>]{0,300}\Z")
_SLACK = 2
# What may be looked for: a link or an image of the text itself, not a form, a script or a head element.
LOOKED_FOR: Final = frozenset({Kind.LINK, Kind.IMAGE, Kind.AUTOLINK, Kind.REFERENCE, Kind.FOOTNOTE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """One citation as words: `words[start:end]` is its anchor, `words[low:high]` its sentence.

    `number` is its place among the article's citations. `target` is the known address, None for a
    stripped link. `start` is None where the anchor does not stand in the words around it.
    """

    number: int
    anchor: tuple[str, ...]
    words: tuple[str, ...]
    start: int | None
    end: int
    low: int
    high: int
    target: str | None = None
    is_image: bool = False


def is_lost(found: FoundLink) -> bool:
    """Whether a citation is a link whose target was stripped, and that can be looked for."""
    if found.kind not in LOOKED_FOR:
        return False
    verdict = verdict_as_written(found)
    return verdict is not None and verdict.outcome is Outcome.PLACEHOLDER


def read_cited(document: Document, known: Mapping[str, str]) -> list[Cited]:
    """Return the stripped and the known links of an article in order; identifiers and parts are left out.

    `known` maps a resolved address to what stands for it now (a repair that was accepted).
    """
    cited = []
    seen: Counter[tuple[str, str]] = Counter()
    for number, found in enumerate(document.links):
        lost = is_lost(found)
        if not lost and (found.kind not in LOOKED_FOR or found.resolved is None):
            continue
        turn = seen[found.context, found.anchor]
        seen[found.context, found.anchor] += 1
        target = None if lost else known.get(found.resolved or "", found.resolved)
        cited.append(_cited(document, number, found, target, turn))
    return cited


def _cited(document: Document, number: int, found: FoundLink, target: str | None, turn: int) -> Cited:
    anchor = words_of(found.anchor)
    sentence = words_of(found.context)
    place = _in_text(document, found, anchor) if document.text is not None and anchor else None
    words, start = place or (sentence, _nth(sentence, anchor, turn))
    end = (start or 0) + len(anchor) if start is not None else 0
    low, high = _sentence_in(words, sentence, anchor, start) if place else (0, len(words))
    return Cited(
        number=number,
        anchor=anchor,
        words=words,
        start=start,
        end=end,
        low=low,
        high=high,
        target=target,
        is_image=found.kind is Kind.IMAGE,
    )


def _in_text(
    document: Document, found: FoundLink, anchor: tuple[str, ...]
) -> tuple[tuple[str, ...], int] | None:
    """Return the words around a citation and the number of its anchor's first, None where it is not there."""
    text = document.text or ""
    if found.start is None or found.end is None:
        return None
    before = text[max(0, found.start - REACH_CHARS) : found.start]
    after = text[found.end : found.end + REACH_CHARS]
    is_html = document.format is Format.HTML
    plain = plain_text(f"{before}{_PLACE}{after}", is_html=is_html, is_part=True)
    left, _, right = plain.partition(_PLACE)
    said, following = words_of(left), words_of(right)
    at = _last(said, anchor)
    if at is None:
        at = _nth(following[: len(anchor) + _SLACK], anchor, 0)
        at = None if at is None else at + len(said)
    if at is None:
        return None
    words = said + following
    first = max(0, at - REACH_WORDS)
    return words[first : at + len(anchor) + REACH_WORDS], at - first


def plain_text(text: str, *, is_html: bool, is_part: bool = False) -> str:
    """Return a source without tags, link targets and escapes, as far as its words are concerned.

    `is_part` says that the text may begin or end inside a tag.
    """
    if is_part and is_html:
        text = _HALF_TAG_AFTER.sub("", _HALF_TAG_BEFORE.sub("", text))
    text = _INLINE_TAG.sub(_keeping_place(""), text)
    text = _TAG.sub(_keeping_place(" "), text)
    text = _TARGET.sub(_keeping_place("] "), text)
    text = _ADDRESS.sub(_keeping_place(" "), text)
    return html.unescape(_ESCAPE.sub(r"\1", text))


def article_words(document: Document) -> tuple[str, ...]:
    """Return the words of an article; of a format without text those around its links."""
    if document.text is not None and document.format is Format.HTML:
        body = document.text[:MAX_ARTICLE_CHARS].encode()
        return read_page_text(body, url=document.source, charset="utf-8").content_words
    if document.text is not None:
        return words_of(plain_text(document.text[:MAX_ARTICLE_CHARS], is_html=False))
    contexts = dict.fromkeys(found.context for found in document.links)
    return words_of(" ".join(contexts)[:MAX_ARTICLE_CHARS])


def _keeping_place(substitute: str) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        return _PLACE if _PLACE in match[0] else substitute

    return replace


def _last(words: Sequence[str], anchor: tuple[str, ...]) -> int | None:
    """Return where the anchor stands at the very end of `words`, None where it does not."""
    for skipped in range(_SLACK + 1):
        at = len(words) - skipped - len(anchor)
        if at >= 0 and tuple(words[at : at + len(anchor)]) == anchor:
            return at
    return None


def _nth(words: Sequence[str], anchor: tuple[str, ...], turn: int) -> int | None:
    """Return where the anchor stands in `words` for the given time, or the last time it does."""
    if not anchor:
        return None
    length = len(anchor)
    places = [at for at in range(len(words) - length + 1) if tuple(words[at : at + length]) == anchor]
    return places[min(turn, len(places) - 1)] if places else None


def _sentence_in(
    words: tuple[str, ...], sentence: tuple[str, ...], anchor: tuple[str, ...], start: int | None
) -> tuple[int, int]:
    """Return the borders of the citation's sentence among the words around its anchor."""
    if start is None:
        return 0, len(words)
    low, high = 0, len(words)
    best = -1
    length = len(anchor)
    for at in range(len(sentence) - length + 1):
        if sentence[at : at + length] != anchor:
            continue
        shared = _agreeing(words[:start], sentence[:at])
        if shared > best:
            best = shared
            low = max(0, start - at)
            high = min(len(words), start + len(sentence) - at)
    return low, high


def _agreeing(left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many words two texts have in common at their ends."""
    count = 0
    for a, b in zip(reversed(left), reversed(right), strict=False):
        if a != b:
            break
        count += 1
    return count
