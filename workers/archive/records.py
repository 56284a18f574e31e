"""WARC 1.1 records of one exchange: response or revisit, and its request.

Heads are kept byte for byte but for two names: aiohttp has removed the transfer coding already, so
`Transfer-Encoding` would be a lie to whoever replays the record, and so would `Content-Length` of a body
that was cut. Both are renamed, not dropped. Source: WARC 1.1 (iipc.github.io/warc-specifications).
"""

import base64
import hashlib
import ipaddress
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

from warcio.recordbuilder import RecordBuilder  # type: ignore[import-untyped]  # warcio has no types
from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]  # warcio has no types
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]  # warcio has no types

from workers.archive.captures import LocalCapture
from workers.fetch.decoding import Decoder, read_codings
from workers.model import Exchange
from workers.url import join, lookup_key, without_fragment

WARC_VERSION: Final = "1.1"
TEXT_DIGEST_FIELD: Final = "Linkwright-Text-Digest"
RENAMED: Final = b"X-Archive-Orig-"
TRUNCATIONS: Final = frozenset({"length", "time", "disconnect"})
REDIRECTS: Final = range(300, 400)
_HEADER: Final = re.compile(rb"^([^:\r\n]+):[ \t]*(.*?)[ \t]*\r?$", re.MULTILINE)
_STATUS: Final = re.compile(rb"HTTP/\d\.\d\s+(\d{3})\b", re.IGNORECASE)


class RawHead(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """A header block that is written as the bytes it came in."""

    def __init__(self, raw: bytes) -> None:
        # warcio takes a head without first line for no head at all.
        super().__init__(raw.partition(b"\r\n")[0].decode("latin-1") or "-", [], "")
        self._raw = raw

    def compute_headers_buffer(self, header_filter: Callable[..., object] | None = None) -> None:
        """Give the writer the raw bytes in place of headers put together anew."""
        self.headers_buff = self._raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An exchange made ready for writing: bounded body, digests and facts; its place is not known yet."""

    exchange: Exchange
    body: bytes
    capture: LocalCapture


def sha1_digest(*parts: bytes) -> str:
    """Return the digest of a body as WARC files and CDX indexes write it: `sha1:` and base 32."""
    made = hashlib.sha1(usedforsecurity=False)
    for part in parts:
        made.update(part)
    return "sha1:" + base64.b32encode(made.digest()).decode("ascii")


NO_BODY: Final = sha1_digest(b"")


def headers_of(head: bytes) -> Mapping[str, str]:
    """Return the headers of a head, names lower-case, the first of repeated ones."""
    headers: dict[str, str] = {}
    for name, value in _HEADER.findall(head.partition(b"\n")[2]):
        headers.setdefault(name.decode("latin-1").strip().lower(), value.decode("latin-1"))
    return headers


def status_of(head: bytes) -> int:
    """Return the status that a response head says, 0 where it says none."""
    found = _STATUS.match(head)
    return int(found.group(1)) if found else 0


def draft(exchange: Exchange, *, max_bytes: int) -> Draft:
    """Make one exchange ready for writing; a body above `max_bytes` is cut and marked so."""
    body = exchange.body
    truncated = exchange.truncated if exchange.truncated in TRUNCATIONS | {None} else "unspecified"
    if len(body) > max_bytes:
        body, truncated = body[:max_bytes], "length"
    facts = facts_of(
        exchange.url,
        exchange.response_head,
        record_id=f"<urn:uuid:{uuid.uuid4()}>",
        at=exchange.started_at.astimezone(UTC),
        payload_digest=sha1_digest(body),
    )
    text_digest = _text_digest(body, exchange.response_head, max_bytes)
    return Draft(
        exchange=exchange,
        body=body,
        capture=replace(facts, text_digest=text_digest, truncated=truncated),
    )


def facts_of(
    url: str,
    head: bytes,
    *,
    record_id: str,
    at: datetime,
    payload_digest: str,
) -> LocalCapture:
    """Return what an index keeps of a response, its place and what the body showed still empty."""
    headers = headers_of(head)
    status = status_of(head)
    location = headers.get("location") if status in REDIRECTS else None
    original = without_fragment(url)
    return LocalCapture(
        record_id=record_id,
        original=original,
        key=lookup_key(original),
        memento_datetime=at,
        status=status,
        media_type=headers.get("content-type", "").partition(";")[0].strip().lower() or None,
        file="",
        offset=0,
        length=0,
        payload_digest=payload_digest,
        leads_to=join(location, original) if location else None,
    )


def response_record(
    builder: RecordBuilder, draft: Draft, *, revisit_of: LocalCapture | None
) -> ArcWarcRecord:
    """Return the response as a record, or as a revisit of an earlier one with the same payload."""
    capture = draft.capture
    fields = {
        "WARC-Record-ID": capture.record_id,
        "WARC-Date": warc_date(capture.memento_datetime),
        **_address_field(draft.exchange.remote_address),
    }
    if capture.text_digest:
        fields[TEXT_DIGEST_FIELD] = capture.text_digest
    if capture.truncated:
        fields["WARC-Truncated"] = capture.truncated
    raw_head = renamed_head(draft.exchange.response_head, cut=capture.truncated is not None)
    head = RawHead(raw_head)
    if revisit_of is not None:
        fields["WARC-Refers-To"] = revisit_of.record_id
        fields["WARC-Block-Digest"] = sha1_digest(raw_head)
        return builder.create_revisit_record(
            capture.original,
            capture.payload_digest,
            revisit_of.original,
            warc_date(revisit_of.memento_datetime),
            http_headers=head,
            warc_headers_dict=fields,
        )
    # Given with the record, for warcio takes three times as long to find the same.
    fields["WARC-Payload-Digest"] = capture.payload_digest
    fields["WARC-Block-Digest"] = sha1_digest(raw_head, draft.body)
    return builder.create_warc_record(
        capture.original,
        "response",
        payload=BytesIO(draft.body),
        length=len(draft.body),
        http_headers=head,
        warc_headers_dict=fields,
    )


def request_record(builder: RecordBuilder, draft: Draft) -> ArcWarcRecord:
    """Return the request of an exchange as a record that names its response."""
    return builder.create_warc_record(
        draft.capture.original,
        "request",
        http_headers=RawHead(draft.exchange.request_head),
        warc_headers_dict={
            "WARC-Date": warc_date(draft.capture.memento_datetime),
            "WARC-Concurrent-To": draft.capture.record_id,
            "WARC-Payload-Digest": NO_BODY,
            "WARC-Block-Digest": sha1_digest(draft.exchange.request_head),
        },
    )


def warc_date(at: datetime) -> str:
    """Return a time as WARC 1.1 writes it, with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def renamed_head(head: bytes, *, cut: bool) -> bytes:
    """Return a response head whose framing headers no longer claim what the record does not hold."""
    names = {b"transfer-encoding", b"content-length"} if cut else {b"transfer-encoding"}
    lines = head.split(b"\n")
    return b"\n".join(
        RENAMED + line if line.partition(b":")[0].strip().lower() in names else line for line in lines
    )


def _text_digest(body: bytes, head: bytes, max_bytes: int) -> str | None:
    decoder = Decoder(read_codings(headers_of(head).get("content-encoding", "")), max_bytes + 1)
    decoder.feed(body)
    decoder.finish()
    if decoder.fault is not None or len(decoder.body) > max_bytes:
        return None
    return f"sha256:{hashlib.sha256(decoder.body).hexdigest()}"


def _address_field(remote: str) -> dict[str, str]:
    host = remote
    if remote.startswith("["):
        host = remote[1:].partition("]")[0]
    elif remote.count(":") == 1:
        host = remote.partition(":")[0]
    try:
        return {"WARC-IP-Address": str(ipaddress.ip_address(host))}
    except ValueError:
        return {}
