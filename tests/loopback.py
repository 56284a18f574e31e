"""A real web on loopback that behaves, or misbehaves, as a test says.

    async with LoopbackWeb() as web:
        web.page("/a", Page(b"hello"))
        web.page("/b", Page(status=302, headers=(("Location", "/a"),)))
        url = web.url("/a")

Every connection is answered from `pages` by path, or by (host, path) where one server plays several
hosts. With an `authority` (a `trustme.CA`) it speaks TLS under the given names. What was asked stands in
`asked`, and `peak` is the most requests that were in flight at once; `left` is set while nobody is connected.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import trustme

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as the server saw it; `at` is monotonic."""

    method: str
    path: str
    headers: dict[str, str]
    at: float
    port: int

    @property
    def host(self) -> str:
        """The Host header without its port."""
        return self.headers.get("host", "").rpartition(":")[0] or self.headers.get("host", "")


@dataclass(frozen=True)
class Page:
    """One answer.

    `raw` is sent as it is, in place of everything else; a list of pieces is sent piece by piece with
    `pause_s` between them. `end` is what happens then: `keep` the connection, `close` it, `reset` it, let it
    `vanish` without the farewell of TLS, or `hang` until the client goes.
    """

    body: bytes = b""
    status: int = 200
    headers: Sequence[tuple[str, str]] = ()
    media_type: str = "text/html; charset=utf-8"
    raw: bytes | Sequence[bytes] | None = None
    delay_s: float = 0.0
    pause_s: float = 0.0
    end: str = "keep"


Handler = Callable[[Asked], Page | Awaitable[Page]]
NOT_FOUND = Page(b"<title>Not found</title>", status=404)


def redirect(location: str, status: int = 302, *more: tuple[str, str]) -> Page:
    """Return a page that sends the client elsewhere."""
    return Page(status=status, headers=(("Location", location), *more))


def authority_file(authority: trustme.CA, folder: Path) -> str:
    """Write the certificate of a test authority and return its path, as `--ca-bundle` takes it."""
    path = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@dataclass
class LoopbackWeb:
    """One listening server; use it as an async context."""

    authority: trustme.CA | None = None
    names: Sequence[str] = ("localhost", LOOPBACK)
    certificate: trustme.LeafCert | None = None
    address: str = LOOPBACK
    pages: dict[str | tuple[str, str], Page | Handler] = field(default_factory=dict)
    default: Page | Handler = NOT_FOUND
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    in_flight: int = 0
    peak: int = 0
    sent_bytes: int = 0
    port: int = 0

    async def __aenter__(self) -> "LoopbackWeb":
        self._open: set[asyncio.StreamWriter] = set()
        self.left = asyncio.Event()
        self._server = await asyncio.start_server(self._serve, self.address, 0, ssl=self._context())
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        await self._server.wait_closed()
        for _ in range(3):
            await asyncio.sleep(0)

    def _context(self) -> ssl.SSLContext | None:
        if self.authority is None and self.certificate is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf = self.certificate or self.authority.issue_cert(*self.names)
        leaf.configure_cert(context)
        return context

    @property
    def scheme(self) -> str:
        """`https` with a certificate, `http` without."""
        return "http" if self.authority is None and self.certificate is None else "https"

    def url(self, path: str = "/", host: str | None = None) -> str:
        """Return the address of a path on this server."""
        shown = host or (f"[{self.address}]" if ":" in self.address else self.address)
        return f"{self.scheme}://{shown}:{self.port}{path}"

    def page(self, path: str, page: Page | Handler, host: str | None = None) -> None:
        """Set what a path answers, on one host or on all."""
        self.pages[(host, path) if host else path] = page

    def paths(self) -> list[str]:
        """Return the paths asked for, in order."""
        return [each.path for each in self.asked]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        self.left.clear()
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                while await self._answer_one(reader, writer):
                    pass
        finally:
            self._open.discard(writer)
            writer.close()
            if not self._open:
                self.left.set()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines if x)}
        asked = Asked(method=method, path=path, headers=headers, at=time.monotonic(), port=self.port)
        self.asked.append(asked)
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            page = self._find(asked)
            page = page(asked) if callable(page) else page
            page = page if isinstance(page, Page) else await page
            await asyncio.sleep(page.delay_s)
            await self._send(page, reader, writer)
            return page.end == "keep"
        finally:
            self.in_flight -= 1

    def _find(self, asked: Asked) -> Page | Handler:
        bare = asked.path.partition("?")[0]
        for key in ((asked.host, asked.path), asked.path, (asked.host, bare), bare):
            if key in self.pages:
                return self.pages[key]
        return self.default

    async def _send(self, page: Page, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pieces = [_written(page)] if page.raw is None else page.raw
        for piece in [pieces] if isinstance(pieces, bytes) else pieces:
            writer.write(piece)
            await writer.drain()
            self.sent_bytes += len(piece)
            if page.pause_s:
                await asyncio.sleep(page.pause_s)
        if page.end == "hang":
            await reader.read()
        elif page.end == "vanish":
            writer.get_extra_info("socket").shutdown(socket.SHUT_WR)
            await reader.read()
        elif page.end == "reset":
            opened = writer.get_extra_info("socket")
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


def _written(page: Page) -> bytes:
    lines = [f"HTTP/1.1 {page.status} Status"]
    lines += [f"{name}: {value}" for name, value in page.headers]
    present = {name.lower() for name, _ in page.headers}
    if page.media_type and "content-type" not in present:
        lines.append(f"Content-Type: {page.media_type}")
    if not present & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(page.body)}")
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + page.body


@contextlib.asynccontextmanager
async def many_webs(count: int) -> AsyncIterator[list[LoopbackWeb]]:
    """Open several servers, each a host of its own to a client that counts ports."""
    async with contextlib.AsyncExitStack() as stack:
        yield [await stack.enter_async_context(LoopbackWeb()) for _ in range(count)]
