"""Addresses inside attribute values and raw text of HTML: srcset, CSS, meta refresh, JSON-LD.

Each function yields spans into the text it is given, so that the slice survives as it was written.
"""

import re
from collections.abc import Iterator

SRCSET_URL = re.compile(r"[\s,]*([^\s,]\S*)")
SRCSET_DESCRIPTOR = re.compile(r"(?:[^,(]|\([^)]{0,200}\)){0,200},?")
CSS_URL = re.compile(r"url\(\s*(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^\s\"'()]+))\s*\)", re.IGNORECASE)
CSS_ESCAPED_URL = re.compile(r"url\(\s*(&(?:quot|apos|#39|#34|#x27|#x22);)(.{0,2000}?)\1\s*\)", re.IGNORECASE)
CSS_IMPORT = re.compile(r"@import\s+(?:\"([^\"\n]*)\"|'([^'\n]*)')", re.IGNORECASE)
REFRESH = re.compile(r"\s*[\d.]*\s*[;,]?\s*(?:url\s*=\s*)?([\"']?)(.*)\Z", re.IGNORECASE | re.DOTALL)
# A member of JSON-LD whose string value is an address, whatever its name.
JSON_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?', re.DOTALL)
JSON_ADDRESS = re.compile(r"(?:https?:)?\\?/\\?/[^\s\"]+\Z", re.IGNORECASE)
WORD = re.compile(r"\S+")
ADDRESS_VALUE = re.compile(r"\s*(?:https?:)?//[^\s/][^\s]*\s*\Z", re.IGNORECASE)
META_ADDRESSES = frozenset({"og:url", "og:image"})  # addresses even where they are relative
JSON_CONTEXT_KEYS = frozenset({"@context", "@type", "@vocab"})


def srcset_spans(value: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each image address of a srcset; a data URL keeps its commas."""
    at = 0
    while match := SRCSET_URL.match(value, at):
        start, end = match.span(1)
        at = end
        if value[end - 1] == ",":
            end -= len(match[1]) - len(match[1].rstrip(","))
        else:
            descriptor = SRCSET_DESCRIPTOR.match(value, at)
            at = descriptor.end() if descriptor else at
        yield start, end


def css_spans(css: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each `url()` and `@import` address in order."""
    spans = {
        match.start(): match.span(match.lastindex)
        for pattern in (CSS_URL, CSS_IMPORT, CSS_ESCAPED_URL)
        for match in pattern.finditer(css)
        if match.lastindex is not None
    }
    yield from (span for _, span in sorted(spans.items()))


def refresh_span(content: str) -> tuple[int, int] | None:
    """Return the span of the address in a meta refresh, None where it only reloads."""
    match = REFRESH.match(content)
    if match is None or not match[2].strip():
        return None
    start, end = match.span(2)
    if match[1] and (close := content.find(match[1], start)) >= 0:
        end = close
    return start, start + len(content[start:end].rstrip())


def json_ld_spans(script: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each address among the string values of JSON-LD, vocabularies left out."""
    key = ""
    for match in JSON_STRING.finditer(script):
        if match[2]:
            key = match[1]
        elif key not in JSON_CONTEXT_KEYS and JSON_ADDRESS.match(match[1]):
            yield match.span(1)


def word_spans(value: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each word of a space-separated list."""
    return (match.span() for match in WORD.finditer(value))
