"""CDXJ lines: the index that replay tools read, one sorted line a capture.

Keys follow the sort-friendly form (SURT) that pywb computes, so that its look-ups meet ours; they are
coarser than `workers.url.lookup_key`: letter case, order of query parameters and session ids are folded.
"""

import ipaddress
import json
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

from workers.archive.captures import LocalCapture
from workers.archive.timestamps import timestamp_14
from workers.url import parse, without_fragment

REVISIT_TYPE: Final = "warc/revisit"
_WWW: Final = re.compile(r"^www\d*\.")
_KEPT: Final = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_SESSION: Final = re.compile(
    r"^(.*?)(?:(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24})(?:&(.*))?$",
    re.DOTALL,
)
_UNESCAPES: Final = 5


def surt_key(url: str) -> str:
    """Return the SURT form of an address: `http://www.Example.org/B/?z=1&a=2` is `org,example)/b?a=2&z=1`.

    A string that is no URL is its own key.
    """
    parsed = parse(without_fragment(url))
    if parsed is None or not parsed.hostname:
        return url
    host = _WWW.sub("", parsed.hostname.strip("[]").rstrip("."))
    key = host if _is_ipv6(host) else ",".join(reversed(host.split(".")))
    if parsed.port:
        key += f":{parsed.port}"
    path = re.sub(r"/{2,}", "/", _escaped(parsed.pathname)) or "/"
    if len(path) > 1:
        path = path.rstrip("/") or "/"
    query = _query(_escaped(parsed.search.removeprefix("?")))
    return f"{key}){path}" + (f"?{query}" if query else "")


def cdxj_line(capture: LocalCapture, *, file: str | None = None, offset: int | None = None) -> str:
    """Return one capture's line without line end; `file` and `offset` say where a copy of it stands."""
    facts = {
        "url": capture.original,
        "mime": REVISIT_TYPE if capture.revisit_of else capture.media_type or "unk",
        "status": str(capture.status),
        "digest": capture.payload_digest,
        "length": str(capture.length),
        "offset": str(capture.offset if offset is None else offset),
        "filename": file or capture.file,
    }
    return f"{surt_key(capture.original)} {timestamp_14(capture.memento_datetime)} {json.dumps(facts)}"


def sorted_lines(lines: Iterable[str]) -> bytes:
    """Return an index as bytes; replay tools search it by halves, so its order is that of bytes."""
    return b"".join(line + b"\n" for line in sorted(line.encode() for line in lines))


def _escaped(part: str) -> str:
    """Return a part with escapes undone and set again, in lower case: one spelling for one meaning."""
    raw = part.encode()
    for _ in range(_UNESCAPES):
        plain = unquote_to_bytes(raw)
        if plain == raw:
            break
        raw = plain
    return quote_from_bytes(raw, safe=_KEPT).lower()


def _query(query: str) -> str:
    found = _SESSION.match(query)
    if found:
        query = found.group(1) + (found.group(2) or "")
    return "&".join(sorted(query.split("&"), key=lambda part: part.partition("=")))


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6  # noqa: PLR2004  the version is the name
    except ValueError:
        return False
