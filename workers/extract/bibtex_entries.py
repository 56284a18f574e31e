"""The entries of a BibTeX file with the places of their fields' values, in one pass."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

ENTRY = re.compile(r"@\s*([A-Za-z]{2,40})\s*[{(]")
KEY = re.compile(r"\s*([^,{}()\"=\s]{1,300})\s*,")
FIELD = re.compile(r"[\s,]*([A-Za-z][\w:.+/-]{0,60})\s*=")
SPACE = re.compile(r"\s*")
MARK = re.compile(r'\\.|[{}"]', re.DOTALL)
WORD = re.compile(r"[^\s,{}()\"#]+")
END_OF_ENTRY = re.compile(r"[\s,]*[})]?")
NO_ENTRY = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A part of a field's value: the span inside its braces or quotation marks; `name` is lower case."""

    name: str
    start: int
    end: int


@dataclass(slots=True, kw_only=True)
class Entry:
    """One entry; `key` is '' where it has none (`@string`)."""

    kind: str
    key: str
    start: int
    values: list[Value] = field(default_factory=list)
    end: int = 0


def entries(text: str) -> Iterator[Entry]:
    """Yield the entries of `text`; a value that is never closed is the last, and runs to the end."""
    at = 0
    while match := ENTRY.search(text, at):
        at = match.end()
        if match[1].lower() == NO_ENTRY:
            continue
        key = KEY.match(text, at)
        entry = Entry(kind=match[1].lower(), key=key[1] if key else "", start=match.start())
        at = _read_fields(text, key.end() if key else at, entry)
        entry.end = at
        yield entry


def _read_fields(text: str, at: int, entry: Entry) -> int:
    """Take an entry's fields and return where it ends."""
    while name := FIELD.match(text, at):
        at = name.end()
        while True:
            at = _skip_space(text, at)
            value = _value_at(text, at)
            if value is None:
                break
            start, end, at = value
            entry.values.append(Value(name=name[1].lower(), start=start, end=end))
            at = _skip_space(text, at)
            if text[at : at + 1] != "#":
                break
            at += 1
    ending = END_OF_ENTRY.match(text, at)
    return at if ending is None else ending.end()


def _skip_space(text: str, at: int) -> int:
    space = SPACE.match(text, at)
    return at if space is None else space.end()


def _value_at(text: str, at: int) -> tuple[int, int, int] | None:
    """Return start and end of the value at `at`, and where reading goes on; None where there is none."""
    opening = text[at : at + 1]
    if opening not in {"{", '"'}:
        word = WORD.match(text, at)
        return None if word is None else (word.start(), word.end(), word.end())
    depth = 1 if opening == "{" else 0
    for mark in MARK.finditer(text, at + 1):
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            depth -= 1
        if depth == 0 and mark[0] == ("}" if opening == "{" else '"'):
            return at + 1, mark.start(), mark.end()
    return at + 1, len(text), len(text)
