"""A loopback server that speaks the Wayback Machine's layout, with a fault for every case.

It answers `/cdx/search/cdx`, `/wayback/available`, `/web/{14 digits}id_/{url}`, `/web/timemap/link/{url}`,
`/web/{url}` (a TimeGate), `/save` and `/save/status/{id}`. Captures are put in with `add`; a fault is set
for an address (`fault(url, …)`) or for all (`fault("*", …)`) and lasts as many answers as it is told.
Each request is kept in `asked` with the loop's time, so that a test can count them.
"""

import asyncio
import base64
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from enum import StrEnum
from urllib.parse import unquote

from aiohttp import web

from workers.url import lookup_key

FOREVER = 1_000_000


class Fault(StrEnum):
    """What goes wrong with an answer."""

    THROTTLED = "429"
    THROTTLED_HTML = "429 as a page"
    THROTTLED_SHORT = "429 with a short text"
    UNAVAILABLE = "503"
    BROKEN = "500"
    BAD_GATEWAY = "502"
    GATEWAY_TIMEOUT = "504"
    ORIGIN_DOWN = "522"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    HANG = "hang"
    HANG_AFTER_HEAD = "hang after the head"
    DRIP = "a byte at a time"
    DRIP_HEAD = "a head without end"
    RESET = "reset"
    CUT = "cut body"
    CUT_EMPTY = "a length, and no body"
    TRUNCATED_JSON = "truncated JSON"
    HTML = "a page in place of rows"
    BLOCKED_SITE = "blocked site"
    WRONG_COLUMNS = "wrong columns"
    TOO_FEW_COLUMNS = "too few columns"
    SHORT_ROW = "a row too short to be one"
    BAD_TIME = "a time that is none"
    ENDLESS = "endless rows"
    REDIRECT_INSIDE = "redirect to an inner address"
    REDIRECT_OUT = "redirect elsewhere"
    NOT_HTTP = "not HTTP"
    BINARY = "bytes"


@dataclass(kw_only=True)
class StoredCapture:
    """A capture of the stand-in; `redirect_to` makes the archived answer a redirect inside the archive."""

    url: str
    timestamp: str
    status: int = 200
    media_type: str = "text/html"
    body: bytes = b"<title>Captured</title><p>Captured text.</p>"
    cdx_status: str | None = None
    cdx_media_type: str | None = None
    redirect_to: str | None = None
    memento_datetime: bool = True
    digest: str | None = None

    @property
    def at(self) -> datetime:
        return datetime.strptime(self.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)

    @property
    def row(self) -> list[str]:
        digest = self.digest or base64.b32encode(hashlib.sha1(self.body).digest()).decode()  # noqa: S324
        status = self.cdx_status or str(self.status)
        media_type = self.cdx_media_type or self.media_type
        return [
            lookup_key(self.url),
            self.timestamp,
            self.url,
            media_type,
            status,
            digest,
            str(len(self.body)),
        ]


@dataclass(kw_only=True)
class _Set:
    fault: Fault
    times: int
    retry_after: str | None


@dataclass(kw_only=True)
class Asked:
    """One request as it came: loop time, method, path with query, headers, form fields."""

    at_s: float
    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str]


@dataclass(kw_only=True)
class SaveJob:
    """One job of Save Page Now: the statuses it will show, one a look, the last for ever."""

    url: str
    statuses: list[dict[str, object]]
    looks: int = 0


@dataclass
class ArchiveStandIn:
    """The stand-in's state; `base` is its address once it runs."""

    base: str = ""
    captures: dict[str, list[StoredCapture]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    jobs: dict[str, SaveJob] = field(default_factory=dict)
    spn_answer: dict[str, object] | str | None = None
    spn_status: int = 200
    spn_statuses: list[dict[str, object]] | None = None
    spn_key: str = "access:secret"
    timemap_page_size: int = FOREVER
    timegate_status: int = 302
    _faults: dict[str, list[_Set]] = field(default_factory=dict)

    def add(self, url: str, timestamp: str, **kept: object) -> StoredCapture:
        """Hold one capture."""
        capture = StoredCapture(url=url, timestamp=timestamp, **kept)  # type: ignore[arg-type]
        self.captures.setdefault(lookup_key(url), []).append(capture)
        return capture

    def fault(self, url: str, fault: Fault, *, times: int = FOREVER, retry_after: str | None = None) -> None:
        """Go wrong for look-ups of `url` (`*`: all of them) so many times, then answer as usual."""
        self._faults.setdefault("*" if url == "*" else lookup_key(url), []).append(
            _Set(fault=fault, times=times, retry_after=retry_after)
        )

    def take_fault(self, url: str) -> _Set | None:
        """Return what goes wrong now for `url`, None where nothing does."""
        for key in (lookup_key(url), "*"):
            for each in self._faults.get(key, ()):
                if each.times > 0:
                    each.times -= 1
                    return each
        return None

    def asked_for(self, part: str) -> list[Asked]:
        """Return the requests whose path holds `part`."""
        return [each for each in self.asked if part in each.path]

    def of(self, url: str) -> list[StoredCapture]:
        """Return the captures of `url`, oldest first."""
        return sorted(self.captures.get(lookup_key(url), ()), key=lambda capture: capture.timestamp)

    def under(self, prefix: str) -> list[StoredCapture]:
        """Return the captures of all addresses that begin with `prefix`, by address, oldest first."""
        beginning = lookup_key(prefix)
        return [each for key in sorted(self.captures) if key.startswith(beginning) for each in self.of(key)]


@asynccontextmanager
async def archive_stand_in() -> AsyncIterator[ArchiveStandIn]:
    """Run a stand-in on a free loopback port."""
    state = ArchiveStandIn()
    runner = web.AppRunner(_app(state), access_log=None, shutdown_timeout=0.05, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    state.base = f"http://127.0.0.1:{port}"
    try:
        yield state
    finally:
        await runner.cleanup()


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _app(state: ArchiveStandIn) -> web.Application:
    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        form = {key: str(value) for key, value in (await request.post()).items()}
        state.asked.append(
            Asked(
                at_s=asyncio.get_running_loop().time(),
                method=request.method,
                path=request.raw_path,
                headers={name.lower(): value for name, value in request.headers.items()},
                form=form,
            )
        )
        return await handler(request)

    def bound(answer: Callable[[ArchiveStandIn, web.Request], Awaitable[web.StreamResponse]]) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await answer(state, request)

        return handle

    app = web.Application(middlewares=[note])
    app.router.add_get("/cdx/search/cdx", bound(_cdx))
    app.router.add_get("/wayback/available", bound(_available))
    app.router.add_get("/web/timemap/link/{url:.*}", bound(_timemap))
    app.router.add_get("/web/{rest:.*}", bound(_replay))
    app.router.add_post("/save", bound(_save))
    app.router.add_get("/save/status/{job}", bound(_save_status))
    return app


async def _cdx(state: ArchiveStandIn, request: web.Request) -> web.StreamResponse:
    url = request.query["url"]
    going_wrong = state.take_fault(url)
    if going_wrong is not None:
        return await _wrong(request, going_wrong, state.of(url))
    rows = state.under(url) if request.query.get("matchType") == "prefix" else state.of(url)
    wanted = request.query.getall("filter", [])
    rows = [capture for capture in rows if all(_passes(capture, each) for each in wanted)]
    if request.query.get("collapse") == "urlkey":
        rows = list({lookup_key(capture.url): capture for capture in reversed(rows)}.values())
    if closest := request.query.get("closest"):
        at = datetime.strptime(closest.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        rows = sorted(rows, key=lambda capture: abs(capture.at - at))
    rows = rows[: int(request.query.get("limit", FOREVER))]
    if request.query.get("output") == "json":
        names = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
        return web.json_response([names, *(capture.row for capture in rows)] if rows else [])
    return web.Response(text="".join(" ".join(capture.row) + "\n" for capture in rows))


def _passes(capture: StoredCapture, wanted: str) -> bool:
    """Whether a capture passes a filter such as `statuscode:200` or `urlkey:.*words.*`."""
    name, _, pattern = wanted.partition(":")
    key, status = capture.row[0].lower(), capture.row[4]
    return re.fullmatch(pattern, key if name == "urlkey" else status) is not None


async def _available(state: ArchiveStandIn, request: web.Request) -> web.StreamResponse:
    url = request.query["url"]
    going_wrong = state.take_fault(url)
    if going_wrong is not None:
        return await _wrong(request, going_wrong, state.of(url))
    found = state.of(url)
    if not found:
        return web.json_response({"url": url, "archived_snapshots": {}})
    last = found[-1]
    closest = {
        "available": True,
        "url": f"{state.base}/web/{last.timestamp}/{last.url}",
        "timestamp": last.timestamp,
        "status": str(last.status),
    }
    return web.json_response({"url": url, "archived_snapshots": {"closest": closest}})


async def _timemap(state: ArchiveStandIn, request: web.Request) -> web.StreamResponse:
    page, url = 0, unquote(request.raw_path.split("/web/timemap/link/", 1)[1])
    head, _, rest = url.partition("/")
    if head.isdigit():
        page, url = int(head), rest
    going_wrong = state.take_fault(url)
    if going_wrong is not None:
        return await _wrong(request, going_wrong, state.of(url))
    found = state.of(url)
    if not found:
        return web.Response(status=404, text="")
    shown = found[page * state.timemap_page_size : (page + 1) * state.timemap_page_size]
    links = [f'<{url}>; rel="original"', f'<{state.base}/web/{url}>; rel="timegate"']
    if (page + 1) * state.timemap_page_size < len(found):
        following = f"{state.base}/web/timemap/link/{page + 1}/{url}"
        links.append(f'<{following}>; rel="timemap"; type="application/link-format"')
    links += [
        f'<{state.base}/web/{each.timestamp}/{each.url}>; rel="memento"; datetime="{_http_date(each.at)}"'
        for each in shown
    ]
    return web.Response(text=",\n".join(links) + "\n", content_type="application/link-format")


async def _replay(state: ArchiveStandIn, request: web.Request) -> web.StreamResponse:
    rest = unquote(request.raw_path.removeprefix("/web/"))
    stamp, _, url = rest.partition("/")
    if not stamp[:14].isdigit():
        return await _timegate(state, request, rest)
    going_wrong = state.take_fault(url)
    if going_wrong is not None:
        return await _wrong(request, going_wrong, state.of(url))
    found = state.of(url)
    if not found:
        return web.Response(status=404, text="not archived")
    at = datetime.strptime(stamp[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    nearest = min(found, key=lambda capture: abs(capture.at - at))
    if nearest.timestamp != stamp[:14]:
        where = f"{state.base}/web/{nearest.timestamp}{stamp[14:]}/{nearest.url}"
        return web.Response(status=302, headers={"Location": where})
    headers = {"Memento-Datetime": _http_date(nearest.at)} if nearest.memento_datetime else {}
    headers["Link"] = f'<{nearest.url}>; rel="original"'
    if nearest.redirect_to is not None:
        headers["Location"] = f"{state.base}/web/{nearest.timestamp}{stamp[14:]}/{nearest.redirect_to}"
        return web.Response(status=nearest.status, headers=headers)
    return web.Response(
        status=nearest.status, body=nearest.body, content_type=nearest.media_type, headers=headers
    )


async def _timegate(state: ArchiveStandIn, request: web.Request, url: str) -> web.StreamResponse:
    going_wrong = state.take_fault(url)
    if going_wrong is not None:
        return await _wrong(request, going_wrong, state.of(url))
    found = state.of(url)
    if not found:
        return web.Response(status=404, text="")
    wanted = request.headers.get("Accept-Datetime")
    at = parsedate_to_datetime(wanted) if wanted else datetime.max.replace(tzinfo=UTC)
    nearest = min(found, key=lambda capture: abs(capture.at - at))
    where = f"{state.base}/web/{nearest.timestamp}/{nearest.url}"
    return web.Response(status=state.timegate_status, headers={"Location": where, "Vary": "accept-datetime"})


async def _save(state: ArchiveStandIn, request: web.Request) -> web.StreamResponse:
    form = await request.post()
    url = str(form.get("url", ""))
    going_wrong = state.take_fault("save:" + url)
    if going_wrong is not None:
        return await _wrong(request, going_wrong, [])
    if request.headers.get("Authorization") != f"LOW {state.spn_key}":
        return web.json_response({"message": "You need to be logged in to use Save Page Now."}, status=401)
    if isinstance(state.spn_answer, str):
        return web.Response(text=state.spn_answer, status=state.spn_status)
    if state.spn_answer is not None:
        return web.json_response(state.spn_answer, status=state.spn_status)
    job = f"spn2-{len(state.jobs):040d}"
    done = {"status": "success", "job_id": job, "original_url": url, "timestamp": "20261123100000"}
    state.jobs[job] = SaveJob(url=url, statuses=list(state.spn_statuses or [done]))
    return web.json_response({"url": url, "job_id": job})


async def _save_status(state: ArchiveStandIn, request: web.Request) -> web.StreamResponse:
    job = state.jobs.get(request.match_info["job"])
    going_wrong = state.take_fault("status:" + (job.url if job else ""))
    if going_wrong is not None:
        return await _wrong(request, going_wrong, [])
    if job is None:
        return web.json_response({"status": "error", "status_ext": "error:no-job", "message": "no such job"})
    shown = job.statuses[min(job.looks, len(job.statuses) - 1)]
    job.looks += 1
    if shown.get("status") == "success" and not state.of(job.url):
        state.add(job.url, str(shown.get("timestamp", "20261123100000")))
    return web.json_response({"job_id": request.match_info["job"], **shown})


def _http_date(at: datetime) -> str:
    return format_datetime(at, usegmt=True)


BODIES: dict[Fault, tuple[int, str, str]] = {
    Fault.THROTTLED: (429, "text/plain", ""),
    Fault.THROTTLED_HTML: (
        429,
        "text/html",
        "<html><h1>429 Too Many Requests</h1>\nYou are too fast.</html>",
    ),
    Fault.THROTTLED_SHORT: (429, "text/plain", "slow down"),
    Fault.UNAVAILABLE: (503, "text/html", "<h1>503 Service Unavailable</h1>"),
    Fault.BROKEN: (500, "text/plain", "java.lang.NullPointerException"),
    Fault.BAD_GATEWAY: (502, "text/html", "<h1>502 Bad Gateway</h1>"),
    Fault.GATEWAY_TIMEOUT: (504, "text/html", "<h1>504 Gateway Time-out</h1>"),
    Fault.ORIGIN_DOWN: (522, "text/plain", "error code: 522"),
    Fault.FORBIDDEN: (403, "text/plain", "Forbidden"),
    Fault.NOT_FOUND: (404, "text/html", "<h1>Not Found</h1>"),
    Fault.TRUNCATED_JSON: (200, "application/json", '[["urlkey","timestamp","origi'),
    Fault.HTML: (200, "text/html", "<html><body>The Wayback Machine is temporarily offline.</body></html>"),
    Fault.BLOCKED_SITE: (
        403,
        "text/plain",
        (
            "org.archive.util.io.RuntimeIOException: "
            "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error\n"
        ),
    ),
    Fault.WRONG_COLUMNS: (
        200,
        "text/plain",
        (
            "org,example)/ 20240101000000 http://example.org/ text/html 200 "
            "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ 1234 extra column\n"
        ),
    ),
    Fault.TOO_FEW_COLUMNS: (
        200,
        "text/plain",
        "org,example)/ 20240101000000 http://example.org/ text/html 200\n",
    ),
    Fault.SHORT_ROW: (200, "text/plain", "org,example)/ 2024\n"),
    Fault.BAD_TIME: (
        200,
        "text/plain",
        "org,example)/ 20241399999999 http://example.org/ text/html 200 3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ 1\n",
    ),
    Fault.BINARY: (200, "application/octet-stream", "\x00\x01\x02\x03\x7f" * 20),
}


async def _wrong(request: web.Request, going_wrong: _Set, found: list[StoredCapture]) -> web.StreamResponse:
    fault = going_wrong.fault
    if fault in BODIES:
        status, media_type, text = BODIES[fault]
        headers = {"Retry-After": going_wrong.retry_after} if going_wrong.retry_after else {}
        return web.Response(status=status, text=text, content_type=media_type, headers=headers)
    if fault in {Fault.REDIRECT_INSIDE, Fault.REDIRECT_OUT}:
        where = (
            "http://169.254.169.254/latest/" if fault is Fault.REDIRECT_INSIDE else "http://127.0.0.1:9/cdx"
        )
        return web.Response(status=302, headers={"Location": where})
    if fault is Fault.CUT and found:
        return await _raw(request, _head(500) + (" ".join(found[0].row) + "\n").encode()[:40])
    if fault is Fault.HANG:
        return await _hang(request)
    return await _raw(request, b"", fault)


def _head(length: int) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % length


async def _hang(request: web.Request) -> web.StreamResponse:
    # Ends when the client goes away or the stand-in stops, whichever is first: aiohttp cancels it.
    await asyncio.Event().wait()
    return web.Response()


async def _raw(request: web.Request, content: bytes, fault: Fault | None = None) -> web.StreamResponse:
    """Write bytes past aiohttp's own framing, then close."""
    transport = request.transport
    assert isinstance(transport, asyncio.Transport)
    first = {
        Fault.RESET: b"",
        Fault.CUT: _head(500) + b"org,example)/ 2024",
        Fault.CUT_EMPTY: _head(500),
        Fault.NOT_HTTP: b"220 ftp.example.org ready\r\n",
        Fault.HANG_AFTER_HEAD: _head(500),
        Fault.DRIP: _head(100_000),
        Fault.DRIP_HEAD: b"HTTP/1.1 200 OK\r\nX-Slow: ",
        Fault.ENDLESS: b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n",
    }
    transport.write(content or (first[fault] if fault else b""))
    if fault is Fault.HANG_AFTER_HEAD:
        return await _hang(request)
    while fault in {Fault.DRIP, Fault.DRIP_HEAD, Fault.ENDLESS} and not transport.is_closing():
        transport.write(b"x" if fault is not Fault.ENDLESS else b"org,example)/ 2024 endless rows\n" * 2000)
        await asyncio.sleep(0.02 if fault is not Fault.ENDLESS else 0.001)
    if fault is Fault.RESET:
        transport.abort()
    else:
        transport.close()
    return web.Response()
