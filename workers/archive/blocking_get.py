"""One blocking GET with a total deadline, for the thread pool that waybackpy runs in.

waybackpy's own transport has no time limit, follows redirects and takes proxies from the environment.
This one asks exactly the address it is given, and once its time is up it shuts the socket, so that
neither a hang nor a byte a second can hold its thread.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from workers.archive.faults import ArchiveFault

MAX_BODY_BYTES = 4_000_000
CHUNK_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one GET brought: headers with lower-case names, the body as text."""

    status: int
    headers: Mapping[str, str]
    text: str


def get(
    url: str, *, headers: Mapping[str, str], timeout_s: float, tls: ssl.SSLContext | None = None
) -> Answer:
    """Ask for `url`, redirects not followed, and return the whole answer.

    Raises:
        ArchiveFault: no whole answer within `timeout_s` seconds and 4 MB.
    """
    started = time.monotonic()
    connection = _connection(url, timeout_s, tls)
    try:
        with _shut_after(connection, timeout_s):
            answer = _exchange(connection, url, headers)
    except (OSError, http.client.HTTPException) as error:
        # A socket that the deadline shut shows as reset or cut, not as a timeout.
        if isinstance(error, TimeoutError) or time.monotonic() - started >= timeout_s:
            raise _late(timeout_s) from error
        raise ArchiveFault(f"no connection: {_told(error)}", retryable=True) from error
    finally:
        connection.close()
    # A body that ends with its connection looks whole when the deadline shut it.
    if time.monotonic() - started >= timeout_s:
        raise _late(timeout_s)
    return answer


def _late(timeout_s: float) -> ArchiveFault:
    return ArchiveFault(f"no answer within {timeout_s:g} s")


def _connection(url: str, timeout_s: float, tls: ssl.SSLContext | None) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = tls or ssl.create_default_context()
        return http.client.HTTPSConnection(host, parts.port, timeout=timeout_s, context=context)
    return http.client.HTTPConnection(host, parts.port, timeout=timeout_s)


@contextmanager
def _shut_after(connection: http.client.HTTPConnection, timeout_s: float) -> Iterator[None]:
    def shut() -> None:
        sock = connection.sock
        if sock is not None:
            # The other side may have closed it first; then there is nothing left to do.
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    timer = threading.Timer(timeout_s, shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _exchange(connection: http.client.HTTPConnection, url: str, headers: Mapping[str, str]) -> Answer:
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    connection.request("GET", target, headers={"Accept-Encoding": "identity", **headers})
    # Held here: with `Connection: close` http.client hands the socket over and forgets it.
    held = connection.sock
    response = connection.getresponse()
    connection.sock = connection.sock or held
    with response:
        body = _read(response)
    charset = response.headers.get_content_charset("utf-8")
    try:
        text = body.decode(charset, errors="replace")
    except LookupError:
        text = body.decode("utf-8", errors="replace")
    lowered = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status=response.status, headers=lowered, text=text)


def _read(response: http.client.HTTPResponse) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while chunk := response.read1(CHUNK_BYTES):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            raise ArchiveFault(f"answer above {MAX_BODY_BYTES} bytes", counts=False)
    # `length` is what Content-Length still promises; http.client does not complain of it.
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(chunks)


def _told(error: Exception) -> str:
    return str(error) or type(error).__name__
