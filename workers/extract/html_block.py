"""Collects the running text of a page block by block, and gives each citation its anchor and sentence.

A block is what no sentence reaches over: a paragraph, a cell, a list item.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from workers.extract.context import sentence_around
from workers.extract.finding import Found
from workers.extract.html_prose import CUT, TextPiece, find_in_pieces
from workers.extract.labels import LABEL_REACH, Label, label_of
from workers.extract.signs import sign_check
from workers.extract.text import may_be_own
from workers.model import Kind

MAX_LINES = 8
LINE_LENGTH = 160


@dataclass(slots=True)
class Pending:
    """A finding whose sentence is still being read; offsets into the block's text."""

    found: Found
    slot: int
    start: int
    end: int | None = None


@dataclass(slots=True)
class Blocks:
    """The blocks of one page, one after the other.

    `found` holds every finding in the order it was met, `labels` those of the article's own address by
    its index. `seam` is what stood since the last piece of text. `lines` are the first short blocks
    since it was emptied, at most `MAX_LINES`, for the date under a headline.
    """

    source: str
    found: list[Found] = field(default_factory=list)
    labels: dict[int, Label] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    seam: int = 0
    length: int = 0
    anchor: Pending | None = None
    _said: list[str] = field(default_factory=list)
    _prose: list[TextPiece] = field(default_factory=list)
    _offsets: list[int] = field(default_factory=list)
    _last: list[str] = field(default_factory=list)
    _pending: list[Pending] = field(default_factory=list)
    _may_hold: Callable[[str], bool] | None = None

    def say(self, data: str, at: int, stop: int) -> None:
        """Take a piece of text; outside of an anchor it is searched for addresses when the block ends."""
        if not self._said and data.isspace():
            return
        if self.anchor is None:
            self._prose.append(TextPiece(at, stop, data, self.seam))
            self._offsets.append(self.length)
            self.seam = 0
        self.hear(data)

    def hear(self, data: str) -> None:
        """Take a piece of text that is shown and is no prose (code, a line break)."""
        self._said.append(data)
        self.length += len(data)

    def text(self) -> str:
        """Return the text of the block so far."""
        return "".join(self._said)

    def cite(self, found: Found, *, is_anchor: bool) -> None:
        """Take a finding that stands here; the text up to `end_anchor` is its anchor if it `is_anchor`."""
        pending = Pending(found, len(self.found), self.length)
        self.found.append(found)
        self._pending.append(pending)
        if is_anchor:
            self.end_anchor()
            self.anchor = pending
        else:
            pending.end = self.length

    def end_anchor(self) -> None:
        """Close the anchor that is open, if one is."""
        if self.anchor is not None:
            self.anchor.end = self.length
            self.anchor = None
        self.seam |= CUT

    def end(self) -> None:
        """Close the block: its findings get their anchors and sentences."""
        if self._prose:
            self._search()
        if self._pending:
            text = "".join(self._said)
            for pending in self._pending:
                self._complete(pending, text)
            self._pending.clear()
            self.anchor = None
        if self._said:
            if len(self.lines) < MAX_LINES:
                self._keep_line()
            self._last = self._said
            self._said = []
            self.length = 0
        self.seam = 0

    def _search(self) -> None:
        pieces, offsets = self._prose, self._offsets
        if self._may_hold is None:
            self._may_hold = sign_check(self.source)
        for placed in find_in_pieces(self.source, pieces, self._may_hold):
            start = offsets[placed.piece] + placed.within
            end = start + len(placed.found.target)
            self._pending.append(Pending(placed.found, len(self.found), start, end))
            self.found.append(placed.found)
        self._prose, self._offsets = [], []

    def _complete(self, pending: Pending, text: str) -> None:
        found, start = pending.found, pending.start
        end = len(text) if pending.end is None else pending.end
        if may_be_own(found):
            before = text[max(0, start - LABEL_REACH) : start]
            if not before.strip():
                before = f"{''.join(self._last).rstrip()[-LABEL_REACH:]}\n{before}"
            if (label := label_of(before)) is not None:
                self.labels[pending.slot] = label
        if found.kind is Kind.LINK and end > start:
            found.anchor = " ".join(text[start:end].split()) or found.anchor
        found.context = sentence_around(text, start, end)

    def _keep_line(self) -> None:
        line = " ".join(self.text().split())
        if 0 < len(line) <= LINE_LENGTH:
            self.lines.append(line)
