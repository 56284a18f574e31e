"""The description of the API: the OpenAPI document and the page that shows it."""

import json
from collections.abc import Sequence

from aiohttp import web

from service import __version__
from service.api.answers import with_etag
from service.api.openapi import describe
from service.api.operation import JSON, Answer, Resource

documentation = Resource("documentation", "What this API takes and answers.")

OPENAPI = web.AppKey("openapi", bytes)


def openapi_document(resources: Sequence[Resource]) -> bytes:
    """Return the OpenAPI document of `resources` as JSON."""
    described = describe(
        resources,
        title="Linkwright",
        version=__version__,
        summary="Find, repair, check, capture and remember every link of an article.",
    )
    return json.dumps(described, ensure_ascii=False, sort_keys=False).encode()


@documentation.get(
    "/openapi.json", answers={200: Answer(description="An OpenAPI 3.1 document.", media_type=JSON)}
)
async def get_openapi(request: web.Request) -> web.StreamResponse:
    """Return this description."""
    body = request.app[OPENAPI]
    return with_etag(request, web.Response(body=body, content_type=JSON), body)
