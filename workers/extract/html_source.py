"""Places in HTML source: where a tag's attribute values stand, and what an escaped slice says."""

import html
import re

# The HTML Standard, 13.2.5.32 to 13.2.5.40: what the tokenizer takes for one attribute.
ATTRIBUTE = re.compile(r"[\s/]*(=?[^\s/>=]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"'][^\s>]*)?))?")
TAG_NAME = re.compile(r"<[^\s/>]+")
STRICT_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9A-Fa-f]+;?|[A-Za-z][A-Za-z0-9]*;)")


def attribute_spans(text: str, at: int, limit: int) -> dict[str, tuple[int, int]]:
    """Return the spans of the attribute values of the tag at `at` by name, the first of a name winning."""
    spans: dict[str, tuple[int, int]] = {}
    name = TAG_NAME.match(text, at, limit)
    at = at + 1 if name is None else name.end()
    while at < limit and text[at] != ">":
        match = ATTRIBUTE.match(text, at, limit)
        if match is None or match.end() == at:
            at += 1
            continue
        at = match.end()
        if match[1]:
            group = match.lastindex or 1
            span = match.span(group) if group > 1 else (match.end(1), match.end(1))
            spans.setdefault(match[1].lower(), span)
    return spans


def decode_text(raw: str) -> str:
    """Return what `raw` says as text of an element: every reference decoded once."""
    return html.unescape(raw) if "&" in raw else raw


def decode_value(raw: str) -> str:
    """Return what `raw` says as an attribute value: `&amp;` decoded once, `&copy=` left alone."""
    if "&" not in raw:
        return raw
    return STRICT_REFERENCE.sub(lambda match: html.unescape(match[0]), raw)


def stripped_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without the ASCII whitespace at both ends, as the URL parser strips it."""
    raw = text[start:end]
    return start + len(raw) - len(raw.lstrip(" \t\n\f\r")), end - len(raw) + len(raw.rstrip(" \t\n\f\r"))
