"""Titles that stand behind a label of a link and are none: 'Related article: TITLE', whose link was lost.

Only labels that announce a link to another piece and nothing else, alone at the head of a line, and only
titles of four words or more; a line with a link or an address in it has lost none.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from workers.extract.context import plain_sentence
from workers.extract.finding import Found
from workers.model import Defect, Kind
from workers.regex import regex

_PIECE = r"(?:articles?|stor(?:y|ies)|coverage|reading|posts?|reports?)"
_LABEL = (
    rf"related\s+{_PIECE}|(?:see|read)\s+also|(?:artículos?|notas?)\s+relacionad[oa]s?|"
    r"(?:lea|lee|leia|leggi)\s+(?:también|também|anche)|"
    r"lire\s+aussi|à\s+lire\s+aussi|articles?\s+(?:liés?|associés?)|(?:lesen\s+sie|lies)\s+auch|verwandter?\s+artikel|"
    r"читайте\s+(?:также|також)|相关(?:文章|阅读)|関連記事|관련\s*기사"
)
_STEMS = (
    "related ", " also", "relacionad", "también", "também", " anche", " aussi", "articles li", "article li",
    "associé", " auch", "verwandte", "читайте", "相关", "関連", "관련",
)  # fmt: skip
_LINE = regex(
    rf"^[ \t>*_#•·–-]*(?:{_LABEL})[*_ \t]*[:：][*_ \t]*[\"'“«„]?"  # noqa: RUF001 - marks of many scripts
    r"(?P<title>[^\r\n<>\[\]|]{8,300}?)[\"'”»“*_ \t.]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_WORD = re.compile(r"\w+")
_LEAST_WORDS = 4
_LEAST_CHARACTERS = 8  # of a title in a script that has no blanks between words


def bare_titles(text: str, found: Sequence[Found], holes: Sequence[tuple[int, int]] = ()) -> list[Found]:
    """Return the titles whose link was lost; none on a line that `found` or `holes` (code) stand on."""
    lowered = text.lower()
    if not any(stem in lowered for stem in _STEMS):
        return []
    taken = sorted([*((item.start, item.end) for item in found), *holes])
    return list(_titles(text, taken))


def with_bare_titles(text: str, found: list[Found], holes: Sequence[tuple[int, int]] = ()) -> list[Found]:
    """Return `found` and the titles whose link was lost, in the order of their places."""
    titles = bare_titles(text, found, holes)
    if not titles:
        return found
    return sorted([*found, *titles], key=_place)


def _place(item: Found) -> tuple[int, int]:
    return (item.start if item.seen_at is None else item.seen_at, item.start)


def _titles(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Found]:
    for line in _LINE.finditer(text):
        start, end = line.span("title")
        if _is_taken(line.start(), line.end(), taken) or not _is_title(line["title"]):
            continue
        yield Found(
            start=start,
            end=end,
            kind=Kind.LINK,
            target="",
            anchor=" ".join(line["title"].split()),
            context=plain_sentence(text, start, end),
            defects=(Defect.BARE_TITLE,),
        )


def _is_taken(low: int, high: int, taken: Sequence[tuple[int, int]]) -> bool:
    index = bisect_left(taken, (high, high))
    return any(end > low for _, end in taken[max(0, index - 8) : index])


def _is_title(title: str) -> bool:
    if title.rstrip().endswith((":", ",", ";")):
        return False
    words = _WORD.findall(title)
    is_unspaced = len(words) < _LEAST_WORDS and not title.isascii() and " " not in title.strip()
    return len(words) >= _LEAST_WORDS or (is_unspaced and len(title.strip()) >= _LEAST_CHARACTERS)
