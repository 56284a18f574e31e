"""Runs of lines in a text that are nothing but plain addresses: a list of them, kept as places.

Lists are long, and of such a line everything is known by where it begins and ends. The first and the last
line of a run are left to those who read running text: a label, a sentence or a broken address may touch them.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, overload

from workers.extract.finding import Base
from workers.extract.identifiers import identifier_of
from workers.model import FoundLink, Kind
from workers.regex import regex

LEAST: Final = 16
"""Runs of fewer lines are not worth it."""

_BYTE = r"(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])"
# What the URL Standard serialises unchanged and no reader of text trims; it ends like no broken address.
_LINE: Final = regex(
    r"^https?://(?:[a-z][a-z0-9-]*+(?:\.[a-z][a-z0-9-]*+)++"
    rf"|{_BYTE}(?:\.{_BYTE}){{3}})"
    r"(?!:80/|:443/)(?::(?:[1-9]\d{0,3}|[1-5]\d{4}))?/"
    r"(?:[A-Za-z0-9_~/-]*+(?:\.[A-Za-z0-9_~-][A-Za-z0-9_~/-]*+)*+(?:\?[A-Za-z0-9_=&.-]*+)?(?<=[A-Za-z0-9/]))\n",
    re.MULTILINE,
)


class AddressLines:
    """The lines of a text that are plain addresses amid others; `parts` are the ranges of all the rest."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts, self._ends, self._numbers = array("I"), array("I"), array("I")
        self.parts: list[tuple[int, int]] = []
        # Line ends of other kinds, and links of Markdown that span lines, are rare in lists.
        if "\r" in text or "](" in text:
            self.parts.append((0, len(text)))
            return
        at = line = 0
        for run in _runs(text):
            if len(run) < LEAST + 2:
                continue
            first = run[1]
            line += text.count("\n", at, first)
            self.parts.append((at, first))
            for start, after in pairwise(run[1:]):
                end = _end_of_line(text, start, after)
                self._starts.append(start)
                self._ends.append(end)
                self._numbers.append(line + 1)
                line += after - end
            at = run[-1]
        self.parts.append((at, len(text)))

    def __len__(self) -> int:
        """Return how many lines there are."""
        return len(self._starts)

    def start(self, place: int) -> int:
        """Return where the line at a place begins."""
        return self._starts[place]

    def link(self, place: int, base: Base) -> FoundLink:
        """Return the citation that the line at a place is."""
        start, end = self._starts[place], self._ends[place]
        address = self._text[start:end]
        return FoundLink(
            raw=address,
            target=address,
            kind=Kind.BARE,
            resolved=address,
            base=base.url,
            base_source=base.source,
            context=address,
            start=start,
            end=end,
            line=self._numbers[place],
            column=1,
            identifier=identifier_of(address),
        )


def _runs(text: str) -> Iterator[Sequence[int]]:
    """Yield where the addresses of each run begin, lines without anything between them left out."""
    run = array("I")
    end = 0
    for match in _LINE.finditer(text):
        start = match.start()
        if run and start != end and text[end:start].strip("\n"):
            yield run
            run = array("I")
        run.append(start)
        end = match.end()
    if run:
        yield run


def _end_of_line(text: str, start: int, after: int) -> int:
    """Return where the address at `start` ends, before the line ends that lead up to `after`."""
    return after - 1 if text[after - 2] != "\n" else text.index("\n", start)


class ListedLinks(Sequence[FoundLink]):
    """The citations of a text with lists, in order; those of lists are made each time they are asked for."""

    def __init__(self, lines: AddressLines, others: Sequence[tuple[int, FoundLink]], base: Base) -> None:
        """Put the lines among `others`, which come with their places, in order."""
        self._lines = lines
        self._others = [link for _, link in others]
        self._base = base
        self._order = array("l")
        line = 0
        for number, (place, _) in enumerate(others):
            while line < len(lines) and lines.start(line) < place:
                self._order.append(line)
                line += 1
            self._order.append(~number)
        self._order.extend(range(line, len(lines)))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._order)

    @overload
    def __getitem__(self, place: int) -> FoundLink: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[FoundLink]: ...

    def __getitem__(self, place: int | slice) -> FoundLink | Sequence[FoundLink]:
        """Return the citation at a place, counted from 0."""
        if isinstance(place, slice):
            return tuple(map(self._made, self._order[place]))
        return self._made(self._order[place])

    def __iter__(self) -> Iterator[FoundLink]:
        """Yield all in order."""
        return map(self._made, self._order)

    def __eq__(self, other: object) -> bool:
        """Whether `other` holds the same citations."""
        return isinstance(other, tuple | ListedLinks) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """Return the hash of the citations as a tuple."""
        return hash(tuple(self))

    def _made(self, number: int) -> FoundLink:
        return self._others[~number] if number < 0 else self._lines.link(number, self._base)
