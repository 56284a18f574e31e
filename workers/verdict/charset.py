"""Bytes of a page to text: the byte order mark, then the header, then the page's own word, then detection.

A declared charset that cannot read the bytes is not believed. Source: WHATWG Encoding and HTML
standards (prescan of the first bytes).
"""

import codecs
import re
from functools import lru_cache

from turbohtml import detect

from workers.regex import regex

_DECLARED = regex(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE)
_XML_DECLARED = regex(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]{2,40})""", re.IGNORECASE)
_PRESCAN_BYTES = 2048
_DETECTION_BYTES = 65_536
_LOST = "\ufffd"
# One letter in five hundred may be broken on an honest page: a cut, a copied byte, a bad advertisement.
_TOLERATED_LOSS = 0.002
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FIRST_BYTES = tuple(mark for mark, _ in _MARKS)
# The web reads these labels as their Windows supersets.
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "ksc5601": "cp949",
}


def decode_page(body: bytes, *, charset: str | None) -> tuple[str, str]:
    """Return the text of `body` and the name of the charset that read it.

    `charset` is what the header declared, or None. Never fails: bytes that nothing reads become U+FFFD.
    """
    if body.startswith(_FIRST_BYTES):
        for mark, codec in _MARKS:
            if body.startswith(mark):
                return body[len(mark) :].decode(codec, "replace"), codec
    return _read_as(body, charset) or _read_as(body, _declared_in(body)) or _detected(body)


def _read_as(body: bytes, label: str | None) -> tuple[str, str] | None:
    """Return the text of `body` and the charset's name if a declared charset reads it."""
    codec_name = _codec(label)
    if codec_name is None:
        return None
    text = body.decode(codec_name, "replace")
    return (text, codec_name) if _is_readable(text) else None


def _declared_in(body: bytes) -> str | None:
    start = body[:_PRESCAN_BYTES]
    match = _XML_DECLARED.match(start) or _DECLARED.search(start)
    if match is None:
        return None
    label = match[1].decode("ascii", "replace")
    # A meta element that could be read as ASCII cannot stand in UTF-16 (HTML standard, 13.2.3.2).
    return "utf-8" if label.lower().startswith("utf-16") else label


@lru_cache(maxsize=256)
def _codec(label: str | None) -> str | None:
    if not label:
        return None
    try:
        info = codecs.lookup(label.strip())
    except (LookupError, ValueError):
        return None
    # Codecs such as base64 or rot13 are in the same registry and are no charsets.
    if not getattr(info, "_is_text_encoding", True):
        return None
    return _SUPERSETS.get(info.name, info.name)


def _is_readable(text: str) -> bool:
    # The last letter may have been cut by the end of what was fetched.
    return text.count(_LOST, 0, max(0, len(text) - 4)) <= len(text) * _TOLERATED_LOSS


def _detected(body: bytes) -> tuple[str, str]:
    match = detect.detect(body[:_DETECTION_BYTES])
    codec = _codec(match.encoding) or "utf-8"
    return body.decode(codec, "replace"), codec
