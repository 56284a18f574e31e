"""A path in capitals or with every word capitalised, where slugs are written in lower case."""

import re
from collections.abc import Iterator

from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.slug import joined_url, split_url

_CODE = re.compile(r"%[0-9A-Fa-f]{2}")
_WORD = re.compile(r"[A-Za-z]+")
_LEAST_WORDS = 4
_LEAST_IN_ONE_SEGMENT = 7
_CAPITALS_ODDS, _TITLE_ODDS, _SHORT_ODDS = 2.0, 1.0, -1.5
_CAPITAL_SLUG_ODDS, _TITLE_SLUG_ODDS = 1.0, -2.0


def lowered_paths(url: str, _: Context) -> Iterator[Proposal]:
    """Yield the address with its path in lower case, where every word of it begins or stands in capitals."""
    origin, path, query, fragment = split_url(url)
    words = _WORD.findall(_CODE.sub("", path))
    if not path or all(word.islower() for word in words):
        return
    if not all(word[0].isupper() for word in words):
        yield from _lowered_slug(origin, path, query, fragment)
        return
    segments = sum(1 for segment in path.split("/") if _WORD.search(segment))
    long_enough = len(words) >= (_LEAST_WORDS if segments > 1 else _LEAST_IN_ONE_SEGMENT)
    odds, how = _TITLE_ODDS, "every word of the path begins with a capital"
    if path.isupper():
        odds, how = _CAPITALS_ODDS, "the whole path is in capitals"
        long_enough = len(words) >= _LEAST_WORDS
    edit = Edit(
        rule="path_case", evidence=how, warrant=Warrant.GUESSED, odds=odds if long_enough else _SHORT_ODDS
    )
    yield joined_url(origin, _lowered(path), query, fragment), edit


def _lowered_slug(origin: str, path: str, query: str, fragment: str) -> Iterator[Proposal]:
    """Yield the address with a slug in lower case that is in capitals, or whose words all begin with one.

    Only something to try: many publishers do write their slugs so, below folders in lower case.
    """
    segments = path.split("/")
    for index, segment in enumerate(segments):
        words = _WORD.findall(_CODE.sub("", segment))
        if len(words) < _LEAST_WORDS or "_" in segment or not all(word[0].isupper() for word in words):
            continue
        odds, how = _TITLE_SLUG_ODDS, "every word of the slug begins with a capital"
        if all(word.isupper() for word in words):
            odds, how = _CAPITAL_SLUG_ODDS, "the slug is in capitals"
        edit = Edit(rule="path_case", evidence=how, warrant=Warrant.GUESSED, odds=odds)
        lowered = [*segments[:index], _lowered(segment), *segments[index + 1 :]]
        yield joined_url(origin, "/".join(lowered), query, fragment), edit
        return


def _lowered(path: str) -> str:
    """Return a path in lower case, its percent codes as they are."""
    return "".join(
        part if index % 2 else part.lower() for index, part in enumerate(re.split(f"({_CODE.pattern})", path))
    )
