"""Percent codes that should not stand in a path: encoded twice, or encoding a character nobody sees."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote, unquote_to_bytes

from workers.regex import regex
from workers.repair.characters import is_invisible
from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.slug import path_span

_TWICE = regex(r"%25(?=[0-9A-Fa-f]{2})")
_LAYERS = regex(r"%(?:25)+(?=[0-9A-Fa-f]{2})")
_HOLDS_ADDRESS = regex(r"https?%", re.IGNORECASE)  # an address in a query is rightly encoded twice
_BEYOND_ASCII = regex(r"(?:%[89A-Fa-f][0-9A-Fa-f]){2,12}")
_LAST_CONTROL = "\x9f"  # what looks like one is a Windows-1252 quote that some publishers keep
_DASHES = regex(r"(?<=[a-z0-9])(?:%E2%80%9[0-5]|%E2%88%92)(?=[a-z0-9])", re.IGNORECASE)
_QUERY = regex(r"%3F(?=[\w.-]{1,40}%3D)", re.IGNORECASE)
_QUERY_MARKS = regex(r"%(?:3F|3D|26)", re.IGNORECASE)
_SLASHES = regex(r"/[^/%]+(?:%2F[^/]*){2,}", re.IGNORECASE)
_SLASH = regex("%2F", re.IGNORECASE)
_SLASH_ODDS = 0.5
_ODDS = 1.5  # some publishers do keep such codes, so the web is asked first


def encoded_leftovers(url: str, _: Context) -> Iterator[Proposal]:
    """Yield the address with its path decoded once, and without encoded invisible characters."""
    start, end = path_span(url)
    path = url[start:end]
    if "%25" in url[end:] and not _HOLDS_ADDRESS.search(url, end):
        yield f"{url[:end]}{_LAYERS.sub('%', url[end:])}", _edit("the query was percent-encoded twice")
    if "%" not in path:
        return
    yield from ((f"{url[:start]}{each}{url[end:]}", edit) for each, edit in _separators(path, url[end:]))
    once = _TWICE.sub("%", path)
    if once != path:
        yield f"{url[:start]}{once}{url[end:]}", _edit("the path was percent-encoded twice")
    seen = _BEYOND_ASCII.sub(_without_invisible, path)
    if seen != path:
        yield f"{url[:start]}{seen}{url[end:]}", _edit("the path holds encoded invisible characters")


def _separators(path: str, rest: str) -> Iterator[Proposal]:
    """Yield a path with its encoded dashes, slashes or query as the marks that they are by rule."""
    dashed = "/".join(
        _DASHES.sub("-", each) if "_" not in each and "-" in _DASHES.sub("", each) else each
        for each in path.split("/")
    )
    if dashed != path:
        yield dashed, _edit("typographic dashes in percent codes stand for hyphens")
    asked = _QUERY.search(path)
    if asked and not rest.startswith("?"):
        query = _QUERY_MARKS.sub(lambda code: unquote(code[0]), path[asked.start() :])
        yield f"{path[: asked.start()]}{query}", _edit("the query's marks are in percent codes")
    if _SLASHES.fullmatch(path):
        yield _SLASH.sub("/", path), replace(_edit("slashes are in percent codes"), odds=_SLASH_ODDS)


def _without_invisible(found: re.Match[str]) -> str:
    try:
        chars = unquote_to_bytes(found[0]).decode()
    except UnicodeDecodeError:
        return found[0]
    kept = [char for char in chars if not is_invisible(char) or char <= _LAST_CONTROL]
    if len(kept) == len(chars):
        return found[0]
    return "".join(f"%{byte:02X}" for byte in "".join(kept).encode())


def _edit(evidence: str) -> Edit:
    return Edit(rule="percent_leftover", evidence=evidence, warrant=Warrant.VISIBLE, odds=_ODDS)
