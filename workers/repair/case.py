"""A path in capitals or with every word capitalised, where slugs are written in lower case."""

import re
from collections.abc import Iterator

from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.slug import joined_url, split_url

_WORD = re.compile(r"[A-Za-z]+")
_LEAST_WORDS = 4
_LEAST_IN_ONE_SEGMENT = 7
_CAPITALS_ODDS, _TITLE_ODDS, _SHORT_ODDS = 2.0, 1.0, -1.5


def lowered_paths(url: str, _: Context) -> Iterator[Proposal]:
    """Yield the address with its path in lower case, where every word of it begins or stands in capitals."""
    origin, path, query, fragment = split_url(url)
    if path.islower() or not path:
        return
    words = _WORD.findall(path)
    if not all(word[0].isupper() for word in words):
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
    yield joined_url(origin, path.lower(), query, fragment), edit
