"""Addresses inside attribute values and raw text of HTML: srcset, CSS, meta refresh, JSON-LD.

Each function yields spans into the text it is given, so that the slice survives as it was written.
"""

import json
import re
from collections.abc import Iterator

SRCSET_URL = re.compile(r"[\s,]*([^\s,]\S*)")
SRCSET_DESCRIPTOR = re.compile(r"(?:[^,(]|\([^)]{0,200}\)){0,200},?")
CSS_STRING = r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'"
# The tokens of CSS that matter: comments and namespaces hold no address, the others may.
CSS_TOKEN = re.compile(
    r"/\*.*?(?:\*/|\Z)|@namespace\b[^;{]*"
    rf"|url\(\s*(?:{CSS_STRING}|((?:[^\s\"'()\\&]|\\.|&(?!quot;|apos;|#))+))\s*\)"
    r"|url\(\s*(?P<mark>&(?:quot|apos|#39|#34|#x27|#x22);)(.{0,2000}?)(?P=mark)\s*\)"
    rf"|@import\s+(?:{CSS_STRING})"
    rf"|(?<=[(,\s])(?:{CSS_STRING})(?=\s+(?:[\d.]+(?:x|dppx|dpi)|type\())",  # of image-set()
    re.IGNORECASE | re.DOTALL,
)
CSS_SIGN = re.compile(r"url\(|@import|image-set", re.IGNORECASE)
CSS_ESCAPE = re.compile(r"\\(?:([0-9A-Fa-f]{1,6})\s?|(.))", re.DOTALL)
REFRESH = re.compile(r"\s*[\d.]*\s*[;,]?\s*(?:url\s*=\s*)?([\"']?)(.*)\Z", re.IGNORECASE | re.DOTALL)
JSON_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?', re.DOTALL)
# A member of JSON-LD whose string value is an address, whatever its name.
JSON_ADDRESS = re.compile(r"(?:https?:)?\\?/\\?/[^\s\"]+\Z", re.IGNORECASE)
# Members of schema.org whose value is an address, also where it is a relative one.
JSON_ADDRESS_KEYS = frozenset(
    [
        "url",
        "contentUrl",
        "embedUrl",
        "thumbnailUrl",
        "thumbnail",
        "image",
        "logo",
        "sameAs",
        "mainEntityOfPage",
        "downloadUrl",
        "installUrl",
        "discussionUrl",
        "relatedLink",
        "significantLink",
        "isBasedOn",
        "license",
    ]
)
JSON_RELATIVE = re.compile(r"[^\s\"{}#:]*[/.][^\s\"{}]*\Z")
WORD = re.compile(r"\S+")
ADDRESS_VALUE = re.compile(r"\s*(?:https?:)?//[^\s/][^\s]*\s*\Z", re.IGNORECASE)
RELATIVE_VALUE = re.compile(
    r"\s*(?:\.{0,2}/[^\s/][^\s]*|[^\s:{}\"']+\.(?:jpe?g|png|gif|webp|avif|svg|html?))\s*\Z", re.IGNORECASE
)
# Meta elements whose content is an address even where it is relative.
META_ADDRESSES = frozenset(
    [
        "og:url",
        "og:image",
        "og:image:url",
        "og:image:secure_url",
        "og:video",
        "og:video:url",
        "og:see_also",
        "og:video:secure_url",
        "og:audio",
        "og:audio:url",
        "og:audio:secure_url",
        "twitter:image",
        "twitter:url",
        "twitter:image:src",
        "twitter:player",
        "twitter:player:stream",
        "msapplication-tileimage",
        "thumbnail",
        "thumbnailurl",
        "contenturl",
        "embedurl",
        "image",
        "url",
        "sameas",
        "parsely-link",
        "parsely-image-url",
        "sailthru.image.full",
        "sailthru.image.thumb",
        "citation_pdf_url",
        "citation_fulltext_html_url",
    ]
)
MAX_CODE_POINT = 0x10FFFF
SURROGATES = (0xD800, 0xDFFF)
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


def css_addresses(css: str) -> Iterator[tuple[int, int, str]]:
    """Yield span and decoded value of each `url()`, `@import` and `image-set()` address in order."""
    if CSS_SIGN.search(css) is None:
        return
    for match in CSS_TOKEN.finditer(css):
        group = match.lastindex
        if group is not None:
            start, end = match.span(group)
            yield start, end, css_value(css[start:end])


def css_value(written: str) -> str:
    """Return what a string or `url()` of CSS says, its backslash escapes decoded."""
    return CSS_ESCAPE.sub(_css_character, written) if "\\" in written else written


def _css_character(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return "" if escape[2] == "\n" else str(escape[2])
    number = int(escape[1], 16)
    return (
        chr(number)
        if 0 < number <= MAX_CODE_POINT and not SURROGATES[0] <= number <= SURROGATES[1]
        else "\ufffd"
    )


def refresh_span(content: str) -> tuple[int, int] | None:
    """Return the span of the address in a meta refresh, None where it only reloads."""
    match = REFRESH.match(content)
    if match is None or not match[2].strip():
        return None
    start, end = match.span(2)
    if match[1] and (close := content.find(match[1], start)) >= 0:
        end = close
    return start, start + len(content[start:end].rstrip())


def json_ld_addresses(script: str) -> Iterator[tuple[int, int, str]]:
    """Yield span and decoded value of each address among the strings of JSON-LD, vocabularies left out."""
    key = ""
    for match in JSON_STRING.finditer(script):
        written = match[1]
        if match[2]:
            key = written
        elif key not in JSON_CONTEXT_KEYS and (
            JSON_ADDRESS.match(written) or (key in JSON_ADDRESS_KEYS and JSON_RELATIVE.match(written))
        ):
            yield (*match.span(1), json_value(written))


def json_value(written: str) -> str:
    """Return what a string of JSON says; one with a wrong escape stays as written."""
    if "\\" not in written:
        return written
    try:
        return str(json.loads(f'"{written}"', strict=False))
    except ValueError:
        return written


def word_spans(value: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each word of a space-separated list."""
    return (match.span() for match in WORD.finditer(value))
