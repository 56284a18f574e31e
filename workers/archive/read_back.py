"""Captures read back: from archives through the guarded fetcher, from our own files by their place."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workers.archive.captures import CaptureIndex, LocalCapture
from workers.archive.faults import ArchiveFault
from workers.archive.link_format import raw_form
from workers.archive.memento import fault_of
from workers.archive.replay import whole_answer
from workers.archive.settings import LOCAL, WAYBACK
from workers.archive.throttle import Gate, utc_now
from workers.archive.timestamps import http_date
from workers.archive.warc_reader import StoredAnswer
from workers.fetch.decoding import Decoder, read_codings
from workers.model import Failure, Hop, Memento, Observation
from workers.protocols import Fetcher, FetchRequest
from workers.url import lookup_key

MAX_READ_BYTES: Final = 1_000_000
MAX_REPLAYED_BYTES: Final = 4_000_000  # rewritten addresses make pages longer
MAX_HOPS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """Implements `CaptureReader` of `workers/archive/verify.py`; a part that is None hands nothing out.

    `gate` is the way to the replay of the Wayback Machine, shared by all workers; None means no limit.
    """

    fetcher: Fetcher | None
    home: Path | None
    index: CaptureIndex
    gate: Gate | None = None

    async def read(self, memento: Memento, *, raw: bool = True) -> Observation:
        """Return what is handed out for a capture, raw or as replayed; faults are in the observation."""
        if memento.archive == LOCAL:
            return await self._read_local(memento)
        if self.fetcher is None:
            return _nothing(memento, "archives are not read in this run")
        request = (
            FetchRequest(url=raw_form(memento.uri_m), max_body_bytes=MAX_READ_BYTES)
            if raw
            else FetchRequest(url=memento.uri_m, max_body_bytes=MAX_REPLAYED_BYTES)
        )
        if self.gate is None or memento.archive != WAYBACK:
            return await self.fetcher.observe(request)
        try:
            await self.gate.admit()
        except ArchiveFault as fault:
            return _nothing(memento, fault.reason)
        answer = await self.fetcher.observe(request)
        fault_said = fault_of(answer, now=utc_now())
        await (self.gate.answered() if fault_said is None else self.gate.failed(fault_said))
        return answer

    async def _read_local(self, memento: Memento) -> Observation:
        """Return a local capture as it was observed, its archived redirects followed."""
        capture = await self.index.nearest(lookup_key(memento.original), memento.memento_datetime)
        hops: list[Hop] = []
        answer = None
        while capture is not None and len(hops) < MAX_HOPS:
            answer = await self._stored(capture)
            if answer is None:
                return _nothing(memento, f"{capture.file} does not hold it any more")
            hops.append(Hop(url=capture.original, status=answer.status, reason=answer.reason))
            if capture.leads_to is None:
                break
            target = await self.index.nearest(lookup_key(capture.leads_to), capture.memento_datetime)
            if target is None:
                break
            capture = target
        if capture is None or answer is None:
            return _nothing(memento, "it is not listed any more")
        return _observed(memento, capture, answer, tuple(hops))

    async def _stored(self, capture: LocalCapture) -> StoredAnswer | None:
        """Return a capture's answer, None where this run has no files or they lack it."""
        if self.home is None:
            return None
        return await whole_answer(self.home, self.index, capture, max_bytes=MAX_READ_BYTES)


def _observed(
    memento: Memento, capture: LocalCapture, answer: StoredAnswer, hops: tuple[Hop, ...]
) -> Observation:
    headers = {name.lower(): value for name, value in answer.headers}
    decoder = Decoder(read_codings(headers.get("content-encoding", "")), MAX_READ_BYTES)
    decoder.feed(answer.body)
    decoder.finish()
    _, _, charset = headers.get("content-type", "").partition("charset=")
    return Observation(
        url=memento.original,
        observed_at=capture.memento_datetime,
        final_url=capture.original,
        status=answer.status,
        hops=hops,
        headers={**headers, "memento-datetime": http_date(capture.memento_datetime)},
        media_type=capture.media_type,
        charset=charset.partition(";")[0].strip("\"' ") or None,
        body=bytes(decoder.body),
        body_complete=capture.truncated is None and len(decoder.body) < MAX_READ_BYTES,
        received_bytes=len(answer.body),
        digest=capture.payload_digest,
    )


def _nothing(memento: Memento, reason: str) -> Observation:
    return Observation(
        url=memento.original,
        observed_at=memento.memento_datetime,
        final_url=memento.original,
        failure=Failure.CANCELLED,
        failure_reason=reason,
    )
