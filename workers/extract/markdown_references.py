"""Link reference definitions of Markdown: where each one writes its target, and which are never used."""

import re
from dataclasses import dataclass

import pyromark

from workers.extract.markdown_events import OPTIONS
from workers.extract.source_map import SourceMap

# A definition inside a block quote goes on behind the quote's marks.
TARGET = re.compile(r"[\s>]*\[(?:\\.|[^\\\]])*\]:[\s>]*(?:<((?:\\.|[^<>\\\r\n])*)>|(\S+))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition: its whole span, the span of its target, and the target decoded."""

    start: int
    end: int
    target_start: int
    target_end: int
    target: str


def normal_label(label: str) -> str:
    """Return the form in which labels match: whitespace collapsed, case folded (CommonMark, 4.7)."""
    return " ".join(label.split()).casefold()


def find_definitions(body: str, text: str, source_map: SourceMap) -> dict[str, Definition]:
    """Return the definitions of `text` by normal label, the first of a label winning.

    `body` is `text` with its front matter blanked, in as many bytes.
    """
    if "]:" not in body:
        return {}
    definitions: dict[str, Definition] = {}
    for label, written in pyromark.reference_definitions(body, options=OPTIONS).items():
        start = source_map.from_byte(written["span"]["start"])
        end = source_map.from_byte(written["span"]["end"])
        match = TARGET.match(text, start, end)
        if match is not None and match.lastindex is not None:
            low, high = match.span(match.lastindex)
            definitions.setdefault(normal_label(label), Definition(start, end, low, high, written["dest"]))
    return definitions
