"""A document as it was handed in, and its text as the charset rules read it.

Charset order: byte order mark, HTTP header, `<meta>` (HTML only), valid UTF-8, detection. Source: the
Encoding Standard (encoding.spec.whatwg.org) for labels and the meaning of a byte order mark.
"""

import codecs
import importlib
import re
from dataclasses import dataclass
from functools import lru_cache

from workers.errors import UnreadableDocument
from workers.regex import regex

MAX_TEXT_BYTES = 16 * 1024 * 1024
META_BYTES = 4096
DETECT_BYTES = 64 * 1024
SAMPLE = 2 * 1024  # code points in which control characters are counted
# The longest first: the mark of UTF-32-LE begins with that of UTF-16-LE.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MARK_BYTES = frozenset(mark[:1] for mark, _ in MARKS)
META_CHARSET = regex(rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
# Labels that the Encoding Standard reads as windows-1252, whatever else they promise.
AS_WINDOWS_1252 = frozenset({"ascii", "latin-1", "iso8859-1"})
# C0 controls that no text carries; backspace, escape and form feed do occur in terminal captures.
LONE_SURROGATE = regex("[\ud800-\udfff]")  # JSON may carry them; no UTF-8 text can
CONTROLS = bytes([*range(8), *range(14, 27), *range(28, 32)])
ISO_2022_ESCAPES = (b"\x1b$B", b"\x1b$@")
WIDE_SHARE = 0.2  # of all bytes: of text in UTF-16, of which most is ASCII, nearly half are zero
BINARY_SHARE = 0.002
STRAY_CONTROLS = 4  # as many as a pasted text may hold and still be one


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One document as handed in.

    `name` is the path or address as given and stands in every error. `media_type` and `charset` are
    those of the HTTP header. `base` is the address that relative links are joined to. `text` is set
    where the text is known already (a JSON body); `data` is then ignored.
    """

    name: str
    data: bytes = b""
    media_type: str | None = None
    charset: str | None = None
    base: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The text of a source without its byte order mark.

    `charset_source` is `given`, `bom`, `header`, `meta`, `utf-8` or `detected`. `replaced` counts
    the U+FFFD that stand for bytes which the charset does not know.
    """

    text: str
    charset: str
    charset_source: str
    replaced: int = 0


def decode(source: Source, *, meta: bool = False) -> Decoded:
    """Return the text of `source`; broken sequences become U+FFFD rather than losing the document.

    `meta` asks for the charset in `<meta>` too (HTML). Line ends stay as they are.

    Raises:
        UnreadableDocument: it is empty, larger than `MAX_TEXT_BYTES`, or binary.
    """
    if source.text is not None:
        if len(source.text) > MAX_TEXT_BYTES:
            raise too_large(source)
        text = LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", source.text)
        return _checked(source, Decoded(text=text, charset="utf-8", charset_source="given"))
    if len(source.data) > MAX_TEXT_BYTES:
        raise too_large(source)
    return _checked(source, _decode_bytes(source, meta=meta))


def too_large(source: Source) -> UnreadableDocument:
    """Return the error for a source above `MAX_TEXT_BYTES`."""
    limit = MAX_TEXT_BYTES // (1024 * 1024)
    return UnreadableDocument(source.name, f"is larger than {limit} MB, the most that is read as text")


def _checked(source: Source, decoded: Decoded) -> Decoded:
    if not decoded.text:
        raise UnreadableDocument(source.name, "is empty")
    sample = decoded.text[:SAMPLE].encode("utf-8", "replace")
    controls = len(sample) - len(sample.translate(None, CONTROLS))
    if decoded.text.find("\x00", 0, DETECT_BYTES) >= 0 or controls > max(
        STRAY_CONTROLS, BINARY_SHARE * len(sample)
    ):
        raise UnreadableDocument(source.name, "is binary data, not text")
    return decoded


def _decode_bytes(source: Source, *, meta: bool) -> Decoded:
    data = source.data
    if data[:1] in MARK_BYTES:
        for mark, charset in MARKS:
            if data.startswith(mark):
                return _replacing(data[len(mark) :], charset, "bom")
    declared = [(source.charset, "header")]
    if meta and (found := META_CHARSET.search(data[:META_BYTES])):
        declared.append((found[1].decode("ascii"), "meta"))
    for label, charset_source in declared:
        charset_known = _python_charset(label)
        if charset_known and (text := _strict(data, charset_known)) is not None:
            return Decoded(text=text, charset=charset_known, charset_source=charset_source)
    known = [known for label, _ in declared if (known := _python_charset(label))]
    return _undeclared(data) or _detected(data, known)


def _undeclared(data: bytes) -> Decoded | None:
    """Return the text of bytes that nothing is said of, where they tell it themselves."""
    if (wide := _by_other_signs(data)) is not None:
        return wide
    if (text := _strict(data, "utf-8")) is not None:
        return Decoded(text=text, charset="utf-8", charset_source="utf-8")
    return None


def _by_other_signs(data: bytes) -> Decoded | None:
    """Return a text that only seems to be UTF-8: every second byte zero, or escapes of ISO 2022."""
    has_zeros = data.find(b"\x00", 0, DETECT_BYTES) >= 0
    if not has_zeros and data.find(b"\x1b", 0, DETECT_BYTES) < 0:
        return None  # nearly every text; one byte is looked for ten times as fast as a few
    head = data[:DETECT_BYTES]
    if has_zeros:
        even, odd = head[::2].count(0), head[1::2].count(0)
        least = len(head) * WIDE_SHARE
        guesses = [("utf-16-le", odd > least > 8 * even), ("utf-16-be", even > least > 8 * odd)]
    else:
        guesses = [("iso2022_jp", any(escape in head for escape in ISO_2022_ESCAPES))]
    for charset, is_likely in guesses:
        if is_likely and (text := _strict(data, charset)) is not None:
            return Decoded(text=text, charset=charset, charset_source="detected")
    return None


@lru_cache(maxsize=64)
def _python_charset(label: str | None) -> str | None:
    """Return Python's name for a charset label, or None where it is unknown or no charset of text."""
    try:
        info = codecs.lookup((label or "").strip())
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", True):
        return None
    return "windows-1252" if info.name in AS_WINDOWS_1252 else info.name


def _strict(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except (UnicodeError, ValueError):
        return None


def _replacing(data: bytes, charset: str, charset_source: str) -> Decoded:
    text = data.decode(charset, errors="replace")
    return Decoded(
        text=text,
        charset=charset,
        charset_source=charset_source,
        replaced=text.count("\N{REPLACEMENT CHARACTER}"),
    )


def _detected(data: bytes, declared: list[str]) -> Decoded:
    """Read bytes that are no valid UTF-8: mostly UTF-8 with a few broken sequences stays UTF-8."""
    as_utf8 = _replacing(data, "utf-8", "utf-8")
    above_ascii = sum(1 for character in as_utf8.text if character > "\x7f")
    if as_utf8.replaced * 4 <= above_ascii or b"\x00" in data[:DETECT_BYTES]:
        return as_utf8
    if declared:
        return _replacing(data, declared[0], "header")
    # Few documents need it, and its table takes a tenth of the start-up of reading one.
    charset = importlib.import_module("workers.extract.charsets").detect_charset(data)
    if charset is None:
        best = importlib.import_module("charset_normalizer").from_bytes(data[:DETECT_BYTES]).best()
        if best is None:
            return as_utf8
        charset = best.encoding
    return _replacing(data, charset, "detected")
