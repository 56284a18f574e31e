"""The facts of local captures, as an index keeps them, and the seam to that index."""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalCapture:
    """One response or revisit record in a local WARC file.

    `record_id` is the WARC-Record-ID and unique. `key` is `workers.url.lookup_key(original)`.
    `file` is the name of the WARC file inside its home; `offset` and `length` are bytes of the
    compressed record. `payload_digest` is over the body as it came over the wire, `text_digest` over
    the body without content coding (both `algorithm:value`; the second is None where it could not be
    decoded within bounds). `revisit_of` is the record id of the whole response a revisit stands for.
    `leads_to` is the address a redirect answer sent the reader to.
    """

    record_id: str
    original: str
    key: str
    memento_datetime: datetime
    status: int
    media_type: str | None
    file: str
    offset: int
    length: int
    payload_digest: str
    text_digest: str | None = None
    revisit_of: str | None = None
    leads_to: str | None = None
    truncated: str | None = None


class CaptureIndex(Protocol):
    """The index of local captures; it lists nothing that was not written whole before."""

    async def add(self, capture: LocalCapture) -> None:
        """List one capture; listing the same `record_id` again changes nothing."""
        ...

    async def by_id(self, record_id: str) -> LocalCapture | None:
        """Return one capture, or None where it is not listed."""
        ...

    async def latest_by_digest(self, payload_digest: str) -> LocalCapture | None:
        """Return the newest whole response (no revisit, not truncated) with this payload, or None."""
        ...

    async def nearest(self, key: str, at: datetime) -> LocalCapture | None:
        """Return the capture under a lookup key that is nearest to a time, the older of two as near."""
        ...

    async def list(self, key: str) -> Sequence[LocalCapture]:
        """Return all captures under a lookup key, oldest first."""
        ...

    async def drop_from(self, file: str, offset: int) -> None:
        """Unlist what is said to stand in `file` at `offset` bytes or after: it is not there."""
        ...


@dataclass(slots=True)
class MemoryCaptureIndex:
    """A capture index for one process."""

    _by_id: dict[str, LocalCapture] = field(default_factory=dict)
    _by_key: dict[str, list[LocalCapture]] = field(default_factory=dict)
    _by_digest: dict[str, LocalCapture] = field(default_factory=dict)

    async def add(self, capture: LocalCapture) -> None:
        """List one capture; listing the same `record_id` again changes nothing."""
        if capture.record_id in self._by_id:
            return
        self._by_id[capture.record_id] = capture
        bisect.insort(self._by_key.setdefault(capture.key, []), capture, key=_order)
        if capture.revisit_of is None and capture.truncated is None:
            known = self._by_digest.get(capture.payload_digest)
            if known is None or known.memento_datetime <= capture.memento_datetime:
                self._by_digest[capture.payload_digest] = capture

    async def by_id(self, record_id: str) -> LocalCapture | None:
        """Return one capture, or None where it is not listed."""
        return self._by_id.get(record_id)

    async def latest_by_digest(self, payload_digest: str) -> LocalCapture | None:
        """Return the newest whole response (no revisit, not truncated) with this payload, or None."""
        return self._by_digest.get(payload_digest)

    async def nearest(self, key: str, at: datetime) -> LocalCapture | None:
        """Return the capture under a lookup key that is nearest to a time, the older of two as near."""
        return min(
            self._by_key.get(key, ()),
            key=lambda capture: (abs(capture.memento_datetime - at), capture.memento_datetime),
            default=None,
        )

    async def list(self, key: str) -> Sequence[LocalCapture]:
        """Return all captures under a lookup key, oldest first."""
        return tuple(self._by_key.get(key, ()))

    async def drop_from(self, file: str, offset: int) -> None:
        """Unlist what is said to stand in `file` at `offset` bytes or after: it is not there."""
        kept = [c for c in self._by_id.values() if c.file != file or c.offset < offset]
        if len(kept) == len(self._by_id):
            return
        self._by_id, self._by_key, self._by_digest = {}, {}, {}
        for capture in kept:
            await self.add(capture)


def _order(capture: LocalCapture) -> tuple[datetime, str, int]:
    return capture.memento_datetime, capture.file, capture.offset
