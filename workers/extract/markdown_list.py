"""Lists the addresses of Markdown, None where the findings would hold others.

An article of paragraphs, headings, simple lists, `[text](address)` and `<address>` is split at its links:
nothing in it can make a link anything else. What may (code, escapes, HTML, tables, indented lines,
brackets of any other kind) goes through the parser; one with definitions is read whole.
"""

import importlib
import re

from workers.extract.finding import Base, given_base, resolve_all
from workers.extract.identifiers import find_identifiers
from workers.extract.signs import may_hold_address
from workers.extract.source import Source, decode

# A whole link; no character in it has another meaning to the parser than it has here.
LINK = re.compile(r"\[[^\[\]<>\\`|\r\n^]*\]\(([^\s<>()\[\]\\;`|]+)\)")
WHOLE = re.compile(f"!?{LINK.pattern}")  # with the mark of a picture
AUTOLINK = re.compile(r"<(https?://[^\s<>\\;`|\x00]+)>")
HOLE = "\x00"  # stands for a link in what is left: no sign of an address, no space, and in no text
# Lines that the parser may take for code, and list items whose text may be.
INDENTED = re.compile(r"\n(?:[ \t]|(?:(?:[-+*>]|\d{1,9}[.)]) ?)+ {2})")
OTHER_MEANING = "[]<\\`|~\t"
FRONT_MATTER = ("---", "+++")


def list_quickly(source: Source) -> list[str] | None:
    """Return the addresses of Markdown that can be fetched, None where it must be read whole."""
    text, base = decode(source).text, given_base(source.base)
    before: list[str] = []
    if text.startswith(FRONT_MATTER):
        metadata = importlib.import_module("workers.extract.metadata")
        _, start = metadata.front_matter(text)
        before = resolve_all([item.target for item in metadata.front_matter_addresses(text, start)], base)
        text = text[start:]
    listed = _list_plain(text, base)
    if listed is None and "]:" not in text:
        page = importlib.import_module("workers.extract.markdown_events").render(text)
        listed = importlib.import_module("workers.extract.html_list").list_rendered(page, source.base)
    return None if listed is None else before + listed


def _list_plain(text: str, base: Base) -> list[str] | None:
    """Return the addresses of an article without any difficulty, None for others."""
    pieces = LINK.split(f"\n{text}")
    prose = HOLE.join(pieces[::2])
    targets = pieces[1::2]
    if "<" in prose:
        pieces = AUTOLINK.split(prose)
        prose = HOLE.join(pieces[::2])
        targets += pieces[1::2]
    for character in OTHER_MEANING:
        if character in prose:
            return None
    if INDENTED.search(prose):
        return None
    listed = resolve_all(targets, base)
    if may_hold_address(prose) or find_identifiers(prose):
        listed += _list_bare(text, base)
    return listed


def _list_bare(text: str, base: Base) -> list[str]:
    """Return the addresses and identifiers in the prose, found as the findings are."""
    reader = importlib.import_module("workers.extract.text")
    holes = [match.span() for pattern in (WHOLE, AUTOLINK) for match in pattern.finditer(text)]
    holes.sort()
    found = reader.with_mentions(text, holes, reader.find_bare(text, barriers=holes))
    return [address for item in found if (address := item.resolved(base)) is not None]
