"""A path in capitals or with every word capitalised, where slugs are written in lower case."""

import re
from collections.abc import Iterator

from workers.regex import regex
from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.slug import joined_url, split_url

_CODE = regex(r"%[0-9A-Fa-f]{2}")
_WORD = regex(r"[A-Za-z]+")
_LEAST_WORDS, _LEAST_IN_SLUG = 4, 2
_LEAST_IN_ONE_SEGMENT = 7
_LEAST_LETTERS = 10
_CAPITALS_ODDS, _TITLE_ODDS, _SHORT_ODDS = 2.0, 1.0, -1.5
_CAPITAL_SLUG_ODDS, _TITLE_SLUG_ODDS = 1.0, -2.0
_SHORT_SLUG_ODDS, _UNKNOWN_SLUG_ODDS, _SAID_ODDS = 0.4, -1.0, 2.0


def lowered_paths(url: str, context: Context) -> Iterator[Proposal]:
    """Yield the address with its path in lower case, where every word of it begins or stands in capitals."""
    origin, path, query, fragment = split_url(url)
    words = _WORD.findall(_CODE.sub("", path))
    if not path or all(word.islower() for word in words):
        return
    if not all(word[0].isupper() for word in words):
        yield from _lowered_slug(origin, path, query, fragment, context=context)
        return
    segments = sum(1 for segment in path.split("/") if _WORD.search(segment))
    long_enough = len(words) >= (_LEAST_WORDS if segments > 1 else _LEAST_IN_ONE_SEGMENT)
    odds, how = _TITLE_ODDS, "every word of the path begins with a capital"
    if path.isupper():
        odds, how = _CAPITALS_ODDS, "the whole path is in capitals"
        long_enough = len(words) >= _LEAST_WORDS
    if not _are_words(path, words, context):
        odds = _SHORT_ODDS
    elif not long_enough:
        slug = next(segment for segment in path.split("/") if _WORD.search(segment))
        short = _slug_edit(slug, words, context) if segments == 1 else None
        odds = short.odds if short else _SHORT_ODDS
    edit = Edit(rule="path_case", evidence=how, warrant=Warrant.GUESSED, odds=odds)
    yield joined_url(origin, _lowered(path), query, fragment), edit


def _lowered_slug(
    origin: str, path: str, query: str, fragment: str, *, context: Context
) -> Iterator[Proposal]:
    """Yield the address with a slug in lower case that is in capitals, or whose words all begin with one.

    Only something to try: many publishers do write their slugs so, below folders in lower case.
    """
    segments = path.split("/")
    for index, segment in enumerate(segments):
        words = _WORD.findall(_CODE.sub("", segment))
        if len(words) < _LEAST_IN_SLUG or "_" in segment or not all(word[0].isupper() for word in words):
            continue
        edit = _slug_edit(segment, words, context)
        if edit:
            lowered = [*segments[:index], _lowered(segment), *segments[index + 1 :]]
            yield joined_url(origin, "/".join(lowered), query, fragment), edit
            return


def _slug_edit(segment: str, words: list[str], context: Context) -> Edit | None:
    """Return the edit of one slug; a short one with figures in it is an identifier ('DOC-123')."""
    in_capitals = all(word.isupper() for word in words)
    how = "the slug is in capitals" if in_capitals else "every word of the slug begins with a capital"
    said = context.witness.words
    if (
        in_capitals
        and len(words) > _LEAST_IN_SLUG
        and all(_is_said_small(said.get(word.lower())) for word in words)
    ):
        evidence = f"{how}, and the headline has its words in small letters"
        return Edit(rule="path_case", evidence=evidence, warrant=Warrant.WITNESSED, odds=_SAID_ODDS)
    long_enough = sum(map(len, words)) >= _LEAST_LETTERS
    if len(words) >= _LEAST_WORDS and long_enough:
        odds = _CAPITAL_SLUG_ODDS if in_capitals else _TITLE_SLUG_ODDS
    elif not in_capitals or "-" not in segment or any(char.isdigit() for char in segment):
        return None
    else:
        known = all(context.log10(word.lower()) is not None for word in words)
        odds = _SHORT_SLUG_ODDS if known and long_enough else _UNKNOWN_SLUG_ODDS
    return Edit(rule="path_case", evidence=how, warrant=Warrant.GUESSED, odds=odds)


def _is_said_small(written: str | None) -> bool:
    return written is not None and not written.isupper()


def _are_words(path: str, words: list[str], context: Context) -> bool:
    """Whether half of the words are known: what is made of initials and figures is an identifier."""
    if sum(char.isdigit() for char in path) > sum(map(len, words)):
        return False
    known = sum(context.log10(word.lower()) is not None for word in words if len(word) > 1)
    return known * 2 >= len(words)


def _lowered(path: str) -> str:
    """Return a path in lower case, its percent codes as they are."""
    return "".join(
        part if index % 2 else part.lower() for index, part in enumerate(re.split(f"({_CODE.pattern})", path))
    )
