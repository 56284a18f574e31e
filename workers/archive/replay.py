"""Local captures handed out again: read by their place, revisits filled in, content codings undone."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from workers.archive.captures import CaptureIndex, LocalCapture
from workers.archive.warc_reader import StoredAnswer, read_answer
from workers.fetch.decoding import Decoder, read_codings


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A captured answer for a reader.

    `content_type` is the header as it was captured, None where there was none. `body` is decoded;
    `content_encoding` is None but where a coding is not known here and still applies to `body`.
    """

    status: int
    content_type: str | None
    content_encoding: str | None
    body: bytes


async def whole_answer(
    home: Path, index: CaptureIndex, capture: LocalCapture, *, max_bytes: int
) -> StoredAnswer | None:
    """Return a capture's answer, None where its file does not hold it any more.

    A revisit has its own head and the body of what it refers to; at most `max_bytes` of a body are read.
    """
    answer = await asyncio.to_thread(read_answer, home, capture, max_bytes=max_bytes)
    if answer is None or capture.revisit_of is None:
        return answer
    whole = await index.by_id(capture.revisit_of)
    if whole is None:
        return None
    body = await asyncio.to_thread(read_answer, home, whole, max_bytes=max_bytes)
    return None if body is None else replace(answer, body=body.body)


async def replay(home: Path, index: CaptureIndex, capture: LocalCapture, *, max_bytes: int) -> Replay | None:
    """Return a capture for a reader, at most `max_bytes` of its body; None where its file lacks it."""
    answer = await whole_answer(home, index, capture, max_bytes=max_bytes)
    return None if answer is None else await asyncio.to_thread(_decoded, answer, max_bytes)


def _decoded(answer: StoredAnswer, max_bytes: int) -> Replay:
    headers: dict[str, str] = {}
    for name, value in answer.headers:
        headers.setdefault(name.lower(), value)
    coding = headers.get("content-encoding", "")
    decoder = Decoder(read_codings(coding), max_bytes)
    decoder.feed(answer.body)
    decoder.finish()
    is_left_coded = decoder.fault is not None and not decoder.body
    return Replay(
        status=answer.status,
        content_type=headers.get("content-type"),
        content_encoding=coding if is_left_coded else None,
        body=answer.body if is_left_coded else bytes(decoder.body),
    )
