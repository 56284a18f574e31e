"""Middlewares: what every request goes through, whatever it asks for."""

import time
import uuid

import structlog
from aiohttp import hdrs, web
from aiohttp.http_exceptions import PayloadEncodingError
from aiohttp.typedefs import Handler, Middleware

from service.api.problem import RequestProblem, from_http_exception, problem_answer
from service.metrics import Metrics
from workers.errors import StoreUnavailable

REQUEST_ID = web.RequestKey("request_id", str)
BEGUN = web.RequestKey("begun", web.StreamResponse)
"""The answer whose head has gone out already, if one has."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
NO_ROUTE = "(none)"
CLIENT_LEFT = 499  # in logs and metrics only: the client went away before there was an answer

API_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'"
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": API_CONTENT_POLICY,
}

log = structlog.stdlib.get_logger(__name__)


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the security headers that the handler did not set itself (a signal, so errors get them too)."""
    request[BEGUN] = response
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)


def route_of(request: web.Request) -> str:
    """Return the pattern of the route, never the raw path: bounded, and free of what a client wrote."""
    resource = request.match_info.route.resource
    return NO_ROUTE if resource is None else resource.canonical


def watch(metrics: Metrics) -> Middleware:
    """Return the middleware that counts, times and logs each request under an id of its own."""

    @web.middleware
    async def watched(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[REQUEST_ID] = request_id = uuid.uuid4().hex
        route, started, status = route_of(request), time.monotonic(), CLIENT_LEFT
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                with metrics.in_flight.track_inprogress():
                    response = await handler(request)
                status = response.status
            finally:
                elapsed_s = time.monotonic() - started
                metrics.count_request(request.method, route=route, status=status, elapsed_s=elapsed_s)
                told = {"method": request.method, "route": route, "status": status}
                log.info("request", elapsed_ms=round(elapsed_s * 1000, 1), **told)
        if not response.prepared:
            response.headers["X-Request-Id"] = request_id
        return response

    return watched


@web.middleware
async def tell_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever a handler raises into problem+json; the one place a request's faults end.

    Where an answer has begun, nothing can be told any more: the connection is broken off, so that no client
    takes what it got for the whole.
    """
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:  # noqa: PLR2004 - redirects are answers
            raise
        problem = from_http_exception(error, request)
    except Exception as error:  # noqa: BLE001 - the top of a request
        problem = _problem_of(error, request)
    begun: web.StreamResponse | None = request.get(BEGUN)
    if begun is not None:
        if request.transport is not None:
            request.transport.abort()
        return begun
    return problem_answer(problem, request_id=request[REQUEST_ID])


def _problem_of(error: Exception, request: web.Request) -> RequestProblem:
    """Return what is told of a fault; all that is not the client's own stands in the log."""
    match error:
        case RequestProblem():
            return error
        case PayloadEncodingError() | web.RequestPayloadError():
            detail = "The request body is not what its headers say, or was cut short."
            return RequestProblem(400, "unreadable-body", detail=detail)
        case StoreUnavailable():
            log.error("database unavailable", reason=str(error))
            retry = {"Retry-After": "10"}
            return RequestProblem(503, "unavailable", detail="The database does not answer.", headers=retry)
        case _:
            log.error("request failed", route=route_of(request), exc_info=error)
            detail = "A fault of the service; its log has the reason."
            return RequestProblem(500, "internal-error", detail=detail)


@web.middleware
async def refuse_other_sites(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse writes that a page of another site made a browser send.

    A service at a desk has no keys, so without this any page could submit articles to it. Programs do
    not send Sec-Fetch-Site (Fetch Metadata, w3.org/TR/fetch-metadata) and are let through.
    """
    if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site", "none") not in {
        "none",
        "same-origin",
    }:
        raise RequestProblem(403, "cross-site-request", detail="Another site's page may not write here.")
    return await handler(request)


def limit_body(max_bytes: int) -> Middleware:
    """Return the middleware that refuses a body by its announced length, before any of it is read."""

    @web.middleware
    async def limited(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.content_length is not None and request.content_length > max_bytes:
            # The rest of the body is not worth reading: the connection ends with this answer.
            raise RequestProblem(
                413,
                "content-too-large",
                detail=f"The body has {request.content_length} bytes; at most {max_bytes} are taken.",
                headers={hdrs.CONNECTION: "close"},
            )
        return await handler(request)

    return limited
