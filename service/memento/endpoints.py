"""The Memento endpoints: `/timegate/`, `/timemap/link/`, `/timemap/json/` and `/memento/`.

They are plain routes outside OpenAPI: the original stands unencoded in the path, with its own query,
which no path template describes. Answers come from what is stored; no archive is asked meanwhile.
"""

import hashlib
from collections.abc import AsyncIterator

from aiohttp import hdrs, web

from service.api.answers import with_tag
from service.api.context import DATABASE, SETTINGS
from service.api.problem import RequestProblem, not_found
from service.memento.asked import accepted_moment, moment_of, original_of, rest_of
from service.memento.known import memento_uri, uri_of
from service.memento.links import (
    JSON,
    LINK_FORMAT,
    header_uri,
    link,
    neighbour_links,
    service_uri,
    timemap_links,
)
from service.memento.timemaps import json_timemap, link_timemap
from service.store.captures import StoreCaptureIndex
from service.store.timeline import Span, find_neighbours, knows_address, measure, whole_second
from workers.archive.captures import LocalCapture
from workers.archive.replay import Replay, replay
from workers.archive.timestamps import http_date
from workers.url import lookup_key

VARY = {"Vary": "accept-datetime"}
MAX_REPLAY_BYTES = 64_000_000
# Captured pages are whatever their authors made them: no script, no origin, nothing from elsewhere.
CAPTURE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
STATUSES = range(200, 600)
OCTETS = "application/octet-stream"


def add_memento(app: web.Application) -> None:
    """Add the Memento endpoints to `app`."""
    app.router.add_get(r"/timegate/{original:[\s\S]*}", show_timegate, allow_head=True)
    app.router.add_get(r"/timemap/link/{original:[\s\S]*}", show_link_timemap, allow_head=True)
    app.router.add_get(r"/timemap/json/{original:[\s\S]*}", show_json_timemap, allow_head=True)
    app.router.add_get(r"/memento/{capture:[\s\S]*}", show_memento, allow_head=True)


async def show_timegate(request: web.Request) -> web.StreamResponse:
    """Redirect to the capture nearest to Accept-Datetime, without one to the latest."""
    original = original_of(rest_of(request, "/timegate/"), headers=VARY)
    at = accepted_moment(request, headers=VARY)
    found = await find_neighbours(request.app[DATABASE], original, at=at)
    if found is None:
        raise RequestProblem(404, "not-found", detail=f"No capture of {original[:200]!r}.", headers=VARY)
    links = [
        link(original, "original"),
        *timemap_links(request, original, found.first, found.last),
        *neighbour_links(request, found),
    ]
    return _redirect(uri_of(request, found.chosen), {**VARY, "Link": ", ".join(links)})


async def show_link_timemap(request: web.Request) -> web.StreamResponse:
    """Answer with all known captures of an original in link-format."""
    original = original_of(rest_of(request, "/timemap/link/"))
    span = await _span(request, original)
    return await _streamed(request, span, LINK_FORMAT, link_timemap(request, original, span))


async def show_json_timemap(request: web.Request) -> web.StreamResponse:
    """Answer with all known captures of an original as JSON."""
    original = original_of(rest_of(request, "/timemap/json/"))
    span = await _span(request, original)
    return await _streamed(request, span, JSON, json_timemap(request, original, span))


async def show_memento(request: web.Request) -> web.StreamResponse:
    """Replay a local capture, redirect to another archive's.

    Without a capture of that very second it redirects to the nearest one.
    """
    digits, _, rest = rest_of(request, "/memento/").partition("/")
    at, asked = moment_of(digits), original_of(rest)
    found = await find_neighbours(request.app[DATABASE], asked, at=at)
    if found is None:
        raise not_found("capture of", asked)
    chosen = found.chosen
    links = [
        link(chosen.original, "original"),
        link(service_uri(request, "timegate", chosen.original), "timegate"),
        *timemap_links(request, chosen.original, found.first, found.last),
        *neighbour_links(request, found),
    ]
    headers = {"Link": ", ".join(links)}
    if chosen.record_id is None or chosen.at != whole_second(at):
        return _redirect(uri_of(request, chosen), headers)
    capture = await StoreCaptureIndex(request.app[DATABASE]).by_id(chosen.record_id)
    if capture is None:
        raise not_found("capture of", asked)
    headers |= {"Memento-Datetime": http_date(chosen.at), **await _location(request, capture)}
    return await _replayed(request, capture, headers)


async def _span(request: web.Request, original: str) -> Span:
    """Return the captures of an original in numbers; none is 404."""
    span = await measure(request.app[DATABASE], original)
    if span is None:
        raise not_found("capture of", original)
    return span


async def _streamed(
    request: web.Request, span: Span, kind: str, pieces: AsyncIterator[str]
) -> web.StreamResponse:
    """Answer with the pieces as they are made; 304 where the client has this state of it."""
    told = f"{span.tag} {kind} {request.url.origin()} {request.raw_path}"
    tag = hashlib.sha256(told.encode()).hexdigest()[:32]
    response = with_tag(request, web.StreamResponse(headers={hdrs.CONTENT_TYPE: kind}), tag)
    if isinstance(response, web.Response):
        return response
    await response.prepare(request)
    if request.method != hdrs.METH_HEAD:
        async for piece in pieces:
            await response.write(piece.encode())
    await response.write_eof()
    return response


async def _replayed(
    request: web.Request, capture: LocalCapture, headers: dict[str, str]
) -> web.StreamResponse:
    """Return a local capture as it was captured, shut off so that it can do nothing."""
    index = StoreCaptureIndex(request.app[DATABASE])
    home = request.app[SETTINGS].captures_folder
    found = await replay(home, index, capture, max_bytes=MAX_REPLAY_BYTES)
    if found is None:
        raise RequestProblem(404, "not-found", detail="The file of this capture does not hold it any more.")
    headers |= _content_headers(found)
    return web.Response(
        status=found.status if found.status in STATUSES else 200, body=found.body, headers=headers
    )


def _content_headers(found: Replay) -> dict[str, str]:
    """Return the few captured headers that are handed on, and those that shut the page off."""
    told = "".join(each for each in found.content_type or OCTETS if " " <= each <= "~")
    headers = {
        hdrs.CONTENT_TYPE: told,
        "Content-Security-Policy": CAPTURE_POLICY,
        "X-Content-Type-Options": "nosniff",
    }
    if found.content_encoding is not None:
        headers[hdrs.CONTENT_ENCODING] = header_uri(found.content_encoding)
    return headers


async def _location(request: web.Request, capture: LocalCapture) -> dict[str, str]:
    """Return the Location of a captured redirect, led to the capture of its target near that time.

    One whose target is known only through the redirect itself gets none: it would lead back to itself.
    """
    target = capture.leads_to
    if target is None:
        return {}
    is_same = lookup_key(target) == capture.key
    if is_same and (target == capture.original or not await knows_address(request.app[DATABASE], target)):
        return {}
    return {hdrs.LOCATION: header_uri(memento_uri(request, capture.memento_datetime, target))}


def _redirect(uri: str, headers: dict[str, str]) -> web.Response:
    """Return 302 to `uri` as it stands; aiohttp's own redirect would write it anew."""
    return web.Response(status=302, headers={hdrs.LOCATION: header_uri(uri), **headers})
