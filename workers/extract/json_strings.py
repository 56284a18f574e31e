"""The strings of a JSON text with their JSON Pointers (RFC 6901) and their places in the source."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workers.errors import UnreadableDocument
from workers.extract.embedded import EmbeddedText, Piece

TOKEN = re.compile(r'[{}\[\],]|"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?')
ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")

MAX_POINTER = 1_000
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonString:
    """One string: the path of the value it is (or, for a key, belongs to), and its decoded text."""

    path: Path
    value: EmbeddedText
    is_key: bool = False

    @property
    def pointer(self) -> str | None:
        """Return the JSON Pointer of the value, None where it is too long to stand in every finding."""
        if sum(len(step) for step in self.path if isinstance(step, str)) > MAX_POINTER:
            return None
        return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in self.path)

    @property
    def key(self) -> str:
        """Return the nearest object key above the value, '' where there is none."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")


def load(source_name: str, text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the decoded value of a JSON text, its numbers left as they are written.

    Raises:
        UnreadableDocument: it is no JSON, or nested too deeply.
    """
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except RecursionError as error:
        raise UnreadableDocument(source_name, "nests JSON too deeply to be read") from error
    except ValueError as error:
        raise UnreadableDocument(source_name, f"is not valid JSON: {error}") from error


def strings(text: str) -> Iterator[JsonString]:
    """Yield the strings of a valid JSON text, keys among them, in its order."""
    path: list[str | int] = []
    for match in TOKEN.finditer(text):
        mark = match[0]
        if mark == "[":
            path.append(0)
        elif mark == "{":
            path.append("")
        elif mark in {"]", "}"}:
            path.pop()
        elif mark == ",":
            if path and isinstance(path[-1], int):
                path[-1] += 1
        else:
            end = match.end() if match[1] is None else match.start(1)
            value = EmbeddedText(_pieces(text, match.start() + 1, end - 1))
            is_key = match[1] is not None
            if is_key:
                path[-1] = value.text
            yield JsonString(path=tuple(path), value=value, is_key=is_key)


def _pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    at = start
    for match in ESCAPE.finditer(text, start, end):
        yield Piece(text=text[at : match.start()], start=at, end=match.start())
        decoded = LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", json.loads(f'"{match[0]}"'))
        yield Piece(text=decoded, start=match.start(), end=match.end())
        at = match.end()
    yield Piece(text=text[at:end], start=at, end=end)


def value_at(loaded: Any, path: Path) -> Any:  # noqa: ANN401 - any JSON value
    """Return the part of a decoded value at `path`, None where there is none."""
    for step in path:
        try:
            loaded = loaded[step]
        except (KeyError, IndexError, TypeError):
            return None
    return loaded
