"""Answers: JSON from models, with an ETag and 304 where the client has it already (RFC 9110, 13)."""

import hashlib
from collections.abc import Mapping

from aiohttp import ETag, hdrs, web
from pydantic import BaseModel

from service.api.context import SETTINGS
from service.api.operation import JSON


def answer(
    request: web.Request, model: BaseModel, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.StreamResponse:
    """Return `model` as JSON; a 200 to GET and HEAD carries an ETag and becomes 304 where it matches."""
    body = model.model_dump_json(by_alias=True).encode()
    response = web.Response(status=status, body=body, content_type=JSON, headers=headers)
    if status != 200 or request.method not in {hdrs.METH_GET, hdrs.METH_HEAD}:  # noqa: PLR2004 - OK
        return response
    return with_etag(request, response, body)


def with_etag(request: web.Request, response: web.Response, body: bytes) -> web.StreamResponse:
    """Return `response` with a strong ETag of `body`, or 304 where the client named that tag."""
    return with_tag(request, response, hashlib.sha256(body).hexdigest()[:32])


KEPT_BY_304 = ("Link", "Vary", "Content-Security-Policy")
"""What an answer of 304 says as the whole one would."""


def with_tag(request: web.Request, response: web.StreamResponse, tag: str) -> web.StreamResponse:
    """Return `response` with the ETag `tag`, or 304 (a whole `web.Response`) where the client named it."""
    known = request.if_none_match or ()
    if any(entry.value in {tag, "*"} for entry in known):
        kept = {name: response.headers[name] for name in KEPT_BY_304 if name in response.headers}
        response = web.Response(status=304, headers=kept)
    response.etag = ETag(value=tag)
    response.headers[hdrs.CACHE_CONTROL] = "no-cache"
    return response


def public_url(request: web.Request, base: str, path: str) -> str:
    """Return `path` as an absolute address: under `base` where one is configured, else as it was asked."""
    return (base.rstrip("/") if base else str(request.url.origin())) + path


def accepted(request: web.Request, view: BaseModel, *, path: str) -> web.StreamResponse:
    """Return 202 with the Location where the work can be followed."""
    location = public_url(request, request.app[SETTINGS].public_url, path)
    return answer(request, view, status=202, headers={"Location": location})
