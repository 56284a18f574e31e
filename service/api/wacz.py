"""An article's captures as one WACZ file over HTTP."""

from datetime import UTC, datetime
from pathlib import Path

from aiohttp import hdrs, web

from service.api.context import DATABASE, SETTINGS
from service.api.fields import IdPath
from service.api.operation import Answer, Resource
from service.api.package_room import PACKAGE_ROOM
from service.api.problem import RequestProblem, not_found
from service.api.slots import send
from service.store.article_captures import list_article_captures
from service.store.articles import get_article
from workers.archive.wacz import WaczFacts

wacz = Resource("wacz", "Captures of an article in one file.")

WACZ = "application/wacz"
CHUNK_BYTES = 1 << 18
MAX_PACKAGE_BYTES = 1 << 30


@wacz.get(
    "/v1/articles/{id}/wacz",
    answers={
        200: Answer(description="A WACZ 1.1.1 file.", media_types=(WACZ,)),
        409: Answer(
            description="There are no local captures yet, or more than one answer holds.", problem=True
        ),
        503: Answer(description="Too many packages are built or sent.", problem=True),
    },
)
async def export_article_captures(request: web.Request, *, path: IdPath) -> web.StreamResponse:
    """Give the local captures of an article's links as one WACZ file, with all that replay needs.

    HEAD tells whether there is one, without its length, for nothing is built. Captures of more than 1 GiB
    are not sent: `linkwright wacz export` writes them.
    """
    stored = await get_article(request.app[DATABASE], path.id)
    if stored is None:
        raise not_found("article", path.id)
    captures = await list_article_captures(request.app[DATABASE], stored.id)
    if not captures:
        raise RequestProblem(409, "no-captures", detail=f"Article {stored.id} has no local captures.")
    size_bytes = sum(capture.length for capture in captures)
    if size_bytes > MAX_PACKAGE_BYTES:
        detail = (
            f"The captures of article {stored.id} have {size_bytes} bytes, at most {MAX_PACKAGE_BYTES} are "
            f"sent; `linkwright wacz export {stored.id}` writes them."
        )
        raise RequestProblem(409, "captures-too-large", detail=detail)
    name = f"article-{stored.id}.wacz"
    if request.method == hdrs.METH_HEAD:
        return await _begin(request, name, length_bytes=None)
    facts = WaczFacts(title=stored.headline or stored.source, created=datetime.now(UTC))
    home = request.app[SETTINGS].captures_folder
    async with request.app[PACKAGE_ROOM].package(name, captures, home=home, facts=facts) as file:
        return await _send(request, file)


async def _send(request: web.Request, path: Path) -> web.StreamResponse:
    """Send a file piece by piece; it may be removed once this returns."""
    room = request.app[PACKAGE_ROOM]
    response = await _begin(request, path.name, length_bytes=await room.length_bytes(path))
    async for chunk in room.read(path, chunk_bytes=CHUNK_BYTES):
        await send(response, chunk)
    await response.write_eof()
    return response


async def _begin(request: web.Request, name: str, *, length_bytes: int | None) -> web.StreamResponse:
    """Send the head of an answer; without a length it is not told."""
    response = web.StreamResponse(
        headers={hdrs.CONTENT_TYPE: WACZ, hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"'}
    )
    response.content_length = length_bytes
    await response.prepare(request)
    return response
