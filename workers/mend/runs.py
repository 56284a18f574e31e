"""Text that is written in pieces (runs of a Word document): a span of it gives way to a new text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from workers.mend.source_bytes import TextEdit

CHUNK = re.compile(r"&[^;&<]{1,40};|\r\n|[^&\r]+|[&\r]")
SIGNS = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;"))


@dataclass(frozen=True, slots=True)
class Run:
    """Some decoded text and where it is written in the part: verbatim, or whole (a reference, a tag)."""

    text: str
    start: int
    end: int

    @property
    def is_verbatim(self) -> bool:
        """Whether each character of it stands for itself."""
        return self.end - self.start == len(self.text)


def escaped(text: str) -> str:
    """Return `text` as XML writes it, in content and in attribute values alike."""
    for sign, reference in SIGNS:
        text = text.replace(sign, reference)
    return text


def runs_in(source: str, start: int, end: int) -> Iterator[Run]:
    """Yield the character data or attribute value at `source[start:end]` as runs."""
    for chunk in CHUNK.finditer(source, start, end):
        shown = "\n" if chunk[0] == "\r\n" else unescape(chunk[0]) if chunk[0][0] == "&" else chunk[0]
        yield Run(shown, chunk.start(), chunk.end())


def replaced(runs: Sequence[Run], start: int, end: int, text: str) -> list[TextEdit]:
    """Return the edits after which `text` stands in the place of `start` to `end` of the runs' text.

    It goes where the span begins; whatever else of the span other runs hold is taken out. An empty span
    takes it at the beginning of the run there.
    """
    edits: list[TextEdit] = []
    at, new = 0, escaped(text)
    for run in runs:
        low, high = max(start - at, 0), min(end - at, len(run.text))
        at += len(run.text)
        is_empty_here = start == end and low == high and 0 <= low <= len(run.text)
        if low >= high and not is_empty_here:
            continue
        span = (run.start + low, run.start + high) if run.is_verbatim else (run.start, run.end)
        edits.append(TextEdit(start=span[0], end=span[1], text=new))
        new = ""
        if start == end:
            break
    return edits
