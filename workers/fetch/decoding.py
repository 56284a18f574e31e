"""Content codings undone piece by piece, never beyond a bound: gzip, deflate, br, zstd, also one on another.

A few kilobytes can unfold to gigabytes, so every decoder is asked for at most so many bytes.
Sources: RFC 9110 (8.4), 1950-1952, 7932, 8878.
"""

import io
import zlib
from collections.abc import Callable, Sequence
from typing import Final, Protocol

import brotli  # type: ignore[import-untyped]  # the wheel has no stubs
import zstandard

INNER_LIMIT_BYTES: Final = 2 * 1024 * 1024
"""The most that an inner coding may unfold to before the outer one is undone."""
MOST_CODINGS: Final = 3
_ZSTD_WINDOW_BYTES: Final = 8 * 1024 * 1024
_ZSTD_FIRST_TRY_BYTES: Final = 4096
_GZIP_MAGIC: Final = b"\x1f\x8b"
_IDENTITY: Final = frozenset({"", "identity", "none", "binary", "utf-8", "aws-chunked"})


class BrokenCoding(ValueError):
    """The bytes are not what the content coding says."""


class _Stage(Protocol):
    @property
    def is_whole(self) -> bool:
        """Whether the coded bytes came to their own end, as far as the coding tells."""
        ...

    @property
    def is_mislabelled(self) -> bool:
        """Whether the bytes were plain, whatever the label said."""
        ...

    def feed(self, data: bytes, room: int) -> bytes:
        """Take more coded bytes; return at most `room` decoded ones."""
        ...

    def finish(self, room: int) -> bytes:
        """Return what is left once no more will come, at most `room` bytes."""
        ...


class _Zlib:
    """gzip and deflate; a gzip label on plain bytes and deflate without its zlib frame are both met with."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._inflate: zlib._Decompress | None = None
        self._plain = False

    @property
    def is_whole(self) -> bool:
        return self._inflate is None or self._plain or self._inflate.eof

    @property
    def is_mislabelled(self) -> bool:
        return self._plain

    def _open(self, head: bytes) -> "zlib._Decompress":
        if self._gzip:
            return zlib.decompressobj(31)
        framed = head[0] & 0x0F == zlib.DEFLATED and (
            len(head) == 1 or int.from_bytes(head[:2], "big") % 31 == 0
        )
        return zlib.decompressobj(zlib.MAX_WBITS if framed else -zlib.MAX_WBITS)

    def feed(self, data: bytes, room: int) -> bytes:
        if not data:
            return b""
        if self._inflate is None:
            self._plain = self._gzip and not _GZIP_MAGIC.startswith(data[:2])
            self._inflate = self._open(data)
        if self._plain:
            return data[:room]
        try:
            return self._inflate_members(data, room)
        except zlib.error as error:
            raise BrokenCoding(str(error)) from error

    def _inflate_members(self, data: bytes, room: int) -> bytes:
        out = b""
        while data and len(out) < room and self._inflate is not None:
            out += self._inflate.decompress(self._inflate.unconsumed_tail + data, room - len(out))
            rest = self._inflate.unused_data
            data = b""
            if self._inflate.eof and self._gzip and rest.startswith(_GZIP_MAGIC):
                self._inflate, data = zlib.decompressobj(31), rest
        return out

    def finish(self, room: int) -> bytes:
        if self._inflate is None or self.is_whole:
            return b""
        return self._inflate.decompress(self._inflate.unconsumed_tail, room) if room else b""


class _Brotli:
    is_mislabelled = False

    def __init__(self) -> None:
        self._brotli = brotli.Decompressor()

    @property
    def is_whole(self) -> bool:
        return bool(self._brotli.is_finished())

    def feed(self, data: bytes, room: int) -> bytes:
        try:
            # Its bound is one of blocks: a little more than was asked for may come.
            return bytes(self._brotli.process(data, output_buffer_limit=room))[:room]
        except brotli.error as error:
            raise BrokenCoding("not brotli") from error

    def finish(self, room: int) -> bytes:
        return b""


class _Zstd:
    """Zstandard, undone from the start each time twice as much has come: its stream has no output bound."""

    is_mislabelled = False

    def __init__(self) -> None:
        self._raw = bytearray()
        self._given = 0
        self._next = _ZSTD_FIRST_TRY_BYTES

    @property
    def is_whole(self) -> bool:
        return True  # its reader does not tell

    def feed(self, data: bytes, room: int) -> bytes:
        self._raw += data
        if len(self._raw) < self._next:
            return b""
        self._next = 2 * len(self._raw)
        return self.finish(room)

    def finish(self, room: int) -> bytes:
        window = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
        reader = window.stream_reader(io.BytesIO(self._raw), read_across_frames=True)
        try:
            out = reader.read(self._given + room)[self._given :]
        except zstandard.ZstdError as error:
            raise BrokenCoding(str(error)) from error
        self._given += len(out)
        return bytes(out)


_STAGES: Final[dict[str, Callable[[], _Stage]]] = {
    "gzip": lambda: _Zlib(gzip=True),
    "x-gzip": lambda: _Zlib(gzip=True),
    "deflate": lambda: _Zlib(gzip=False),
    "br": _Brotli,
    "zstd": _Zstd,
}


def read_codings(header: str) -> list[str]:
    """Return the codings named in a Content-Encoding header, first applied first, identity left out."""
    named = (coding.strip().lower() for coding in header.split(","))
    return [coding for coding in named if coding not in _IDENTITY]


class Decoder:
    """The decoded beginning of one body, at most `limit` bytes of it.

    `fault` says in words why decoding stopped early; `is_full` that the bound was reached.
    """

    def __init__(self, codings: Sequence[str], limit: int) -> None:
        self.body = bytearray()
        self.fault: str | None = None
        self._limit = limit
        self._inner = 0
        unknown = [coding for coding in codings if coding not in _STAGES]
        if unknown or len(codings) > MOST_CODINGS:
            self.fault = (
                f"content coding {unknown[0]!r} is not known" if unknown else "too many content codings"
            )
        self._stages = [] if self.fault else [_STAGES[coding]() for coding in reversed(codings)]

    @property
    def oddity(self) -> str | None:
        """What was odd about a body that could be read all the same, in words; None for none."""
        plain = any(stage.is_mislabelled for stage in self._stages)
        return "it is said to be compressed, and is not" if plain else None

    @property
    def is_full(self) -> bool:
        """Whether no more is wanted: the bound is reached, or the coding is broken."""
        return len(self.body) >= self._limit or self.fault is not None

    def feed(self, data: bytes) -> None:
        """Take more coded bytes as they came."""
        if self.is_full:
            return
        if not self._stages:
            self.body += data[: self._limit - len(self.body)]
            return
        self._run(data, finish=False)

    def finish(self) -> None:
        """Take note that no more bytes will come."""
        if self._stages and not self.is_full:
            self._run(b"", finish=True)
            if not self.is_full and not all(stage.is_whole for stage in self._stages):
                self.fault = "the content coding ends too early"

    def _run(self, data: bytes, *, finish: bool) -> None:
        try:
            for number, stage in enumerate(self._stages, start=1):
                is_last = number == len(self._stages)
                room = self._limit - len(self.body) if is_last else INNER_LIMIT_BYTES - self._inner
                decoded = stage.feed(data, room) if data else b""
                if finish and len(decoded) < room:
                    decoded += stage.finish(room - len(decoded))
                if not is_last:
                    self._inner += len(decoded)
                    if self._inner >= INNER_LIMIT_BYTES:
                        self.fault = "an inner content coding unfolds without end"
                data = decoded
            self.body += data
        except BrokenCoding as error:
            self.fault = f"the content coding is broken: {error}"
