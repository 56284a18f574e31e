"""Reads a document that is escaped inside an attribute: the srcdoc of an iframe."""

import html
import re
from collections.abc import Callable
from dataclasses import replace

from workers.extract.embedded import EmbeddedText, Piece
from workers.extract.finding import Found

REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def escaped_findings(raw: str, start: int, read: Callable[[str], list[Found]]) -> list[Found]:
    """Return what `read` finds in the decoded `raw`, placed where it was written as, from `start` on."""
    embedded = EmbeddedText(_pieces(raw, start))
    findings = []
    for found in read(embedded.text):
        low, high = embedded.span(found.start, found.end)
        findings.append(replace(found, start=low, end=high, seen_at=None))
    return findings


def _pieces(raw: str, start: int) -> list[Piece]:
    pieces, at = [], 0
    for match in REFERENCE.finditer(raw):
        pieces.append(Piece(text=raw[at : match.start()], start=start + at, end=start + match.start()))
        pieces.append(
            Piece(text=html.unescape(match[0]), start=start + match.start(), end=start + match.end())
        )
        at = match.end()
    pieces.append(Piece(text=raw[at:], start=start + at, end=start + len(raw)))
    return pieces
