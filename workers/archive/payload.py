"""The body of an answer without its content coding, read within a bound."""

import zlib
from collections.abc import Callable
from typing import Final, Protocol

import brotli  # type: ignore[import-untyped]  # it has no stubs
import zstandard

MAX_CODINGS: Final = 3


class TooLarge(Exception):
    """A body grows beyond its bound when it is decoded."""


class _Zlib(Protocol):
    @property
    def unconsumed_tail(self) -> bytes: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def decoded(body: bytes, coding: str, *, max_bytes: int) -> bytes | None:
    """Return `body` with its content coding removed, or None where that cannot be done within `max_bytes`.

    `coding` is the value of Content-Encoding, several codings joined by commas in the order applied;
    '' and `identity` leave the body as it is. A body that ends early gives what was there.
    """
    names = [name for part in coding.lower().split(",") if (name := part.strip()) not in {"", "identity"}]
    if len(names) > MAX_CODINGS:
        return None
    try:
        for name in reversed(names):
            decode = _DECODERS.get(name)
            if decode is None:
                return None
            body = decode(body, max_bytes)
    except (zlib.error, brotli.error, zstandard.ZstdError, TooLarge):
        return None
    return body if len(body) <= max_bytes else None


def _gzip(body: bytes, max_bytes: int) -> bytes:
    out = b""
    while body:
        stream: _Zlib = zlib.decompressobj(16 + zlib.MAX_WBITS)
        out += _bounded(stream, body, max_bytes - len(out))
        body = stream.unused_data.lstrip(b"\0")
    return out


def _deflate(body: bytes, max_bytes: int) -> bytes:
    # RFC 9110 means the zlib form; some servers send the raw one.
    try:
        return _bounded(zlib.decompressobj(), body, max_bytes)
    except zlib.error:
        return _bounded(zlib.decompressobj(-zlib.MAX_WBITS), body, max_bytes)


def _bounded(stream: _Zlib, body: bytes, max_bytes: int) -> bytes:
    out = stream.decompress(body, max_bytes + 1)
    if len(out) > max_bytes:
        raise TooLarge
    return out


def _brotli(body: bytes, max_bytes: int) -> bytes:
    stream = brotli.Decompressor()
    out: list[bytes] = [stream.process(body, output_buffer_limit=max_bytes + 1)]
    size = len(out[0])
    while size <= max_bytes and not stream.is_finished() and not stream.can_accept_more_data():
        out.append(stream.process(b"", output_buffer_limit=max_bytes + 1 - size))
        size += len(out[-1])
    if size > max_bytes:
        raise TooLarge
    return b"".join(out)


def _zstd(body: bytes, max_bytes: int) -> bytes:
    reader = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(body, read_across_frames=True)
    out = reader.read(max_bytes + 1)
    if len(out) > max_bytes:
        raise TooLarge
    return bytes(out)


_DECODERS: Final[dict[str, Callable[[bytes, int], bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
