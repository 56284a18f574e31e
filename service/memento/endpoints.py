"""The Memento endpoints: `/timegate/`, `/timemap/link/`, `/timemap/json/` and `/memento/`.

They are plain routes outside OpenAPI: the original stands unencoded in the path, with its own query,
which no path template describes. Answers come from what is stored; no archive is asked meanwhile.
"""

import json

from aiohttp import hdrs, web

from service.api.answers import with_etag
from service.api.context import DATABASE, SETTINGS
from service.api.problem import RequestProblem, not_found
from service.memento.asked import accepted_moment, moment_of, original_of, rest_of
from service.memento.known import KnownCapture, known_captures, memento_uri, nearest_to
from service.memento.links import (
    JSON,
    LINK_FORMAT,
    header_uri,
    json_timemap,
    link,
    link_timemap,
    neighbour_links,
    service_uri,
    timemap_links,
)
from service.store.captures import StoreCaptureIndex
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
    captures = await known_captures(request, original)
    if not captures:
        raise RequestProblem(404, "not-found", detail=f"No capture of {original[:200]!r}.", headers=VARY)
    chosen = nearest_to(captures, at or captures[-1].at, asked=original)
    links = [
        link(original, "original"),
        *timemap_links(request, original, captures),
        *neighbour_links(captures, chosen),
    ]
    return _redirect(captures[chosen].uri, {**VARY, "Link": ", ".join(links)})


async def show_link_timemap(request: web.Request) -> web.StreamResponse:
    """Answer with all known captures of an original in link-format."""
    original = original_of(rest_of(request, "/timemap/link/"))
    body = link_timemap(request, original, await _some_captures(request, original)).encode()
    return with_etag(request, web.Response(body=body, content_type=LINK_FORMAT), body)


async def show_json_timemap(request: web.Request) -> web.StreamResponse:
    """Answer with all known captures of an original as JSON."""
    original = original_of(rest_of(request, "/timemap/json/"))
    body = json.dumps(json_timemap(request, original, await _some_captures(request, original))).encode()
    return with_etag(request, web.Response(body=body, content_type=JSON), body)


async def show_memento(request: web.Request) -> web.StreamResponse:
    """Replay a local capture, redirect to another archive's.

    Without a capture of that very second it redirects to the nearest one.
    """
    digits, _, rest = rest_of(request, "/memento/").partition("/")
    at, asked = moment_of(digits), original_of(rest)
    captures = await _some_captures(request, asked)
    place = nearest_to(captures, at, asked=asked)
    chosen = captures[place]
    links = [
        link(chosen.original, "original"),
        link(service_uri(request, "timegate", chosen.original), "timegate"),
        *timemap_links(request, chosen.original, captures),
        *neighbour_links(captures, place),
    ]
    headers = {"Link": ", ".join(links)}
    if chosen.local is None or chosen.at != at:
        return _redirect(chosen.uri, headers)
    headers |= {"Memento-Datetime": http_date(chosen.at), **_location(request, chosen.local, captures)}
    return await _replayed(request, chosen.local, headers)


async def _some_captures(request: web.Request, original: str) -> list[KnownCapture]:
    """Return the known captures; none is 404."""
    captures = await known_captures(request, original)
    if not captures:
        raise not_found("capture of", original)
    return captures


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


def _location(request: web.Request, capture: LocalCapture, captures: list[KnownCapture]) -> dict[str, str]:
    """Return the Location of a captured redirect, led to the capture of its target near that time.

    One whose target is known only through the redirect itself gets none: it would lead back to itself.
    """
    target = capture.leads_to
    if target is None:
        return {}
    is_same = lookup_key(target) == capture.key
    if is_same and not any(each.original == target != capture.original for each in captures):
        return {}
    return {hdrs.LOCATION: header_uri(memento_uri(request, capture.memento_datetime, target))}


def _redirect(uri: str, headers: dict[str, str]) -> web.Response:
    """Return 302 to `uri` as it stands; aiohttp's own redirect would write it anew."""
    return web.Response(status=302, headers={hdrs.LOCATION: header_uri(uri), **headers})
