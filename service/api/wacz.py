"""An article's captures as one WACZ file over HTTP."""

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import hdrs, web

from service.api.context import DATABASE, SETTINGS
from service.api.fields import IdPath
from service.api.operation import Answer, Resource
from service.api.problem import RequestProblem, not_found
from service.store.article_captures import list_article_captures
from service.store.articles import get_article
from workers.archive.wacz import WaczFacts, write_wacz

wacz = Resource("wacz", "Captures of an article in one file.")

WACZ = "application/wacz"
CHUNK_BYTES = 1 << 18


@wacz.get(
    "/v1/articles/{id}/wacz",
    answers={
        200: Answer(description="A WACZ 1.1.1 file.", media_types=(WACZ,)),
        409: Answer(description="There are no local captures yet.", problem=True),
    },
)
async def export_article_captures(request: web.Request, *, path: IdPath) -> web.StreamResponse:
    """Give the local captures of an article's links as one WACZ file, with all that replay needs."""
    stored = await get_article(request.app[DATABASE], path.id)
    if stored is None:
        raise not_found("article", path.id)
    captures = await list_article_captures(request.app[DATABASE], stored.id)
    if not captures:
        raise RequestProblem(409, "no-captures", detail=f"Article {stored.id} has no local captures.")
    facts = WaczFacts(title=stored.headline or stored.source, created=datetime.now(UTC))
    home = request.app[SETTINGS].captures_folder
    with tempfile.TemporaryDirectory(prefix="linkwright-wacz-") as folder:
        out = Path(folder) / f"article-{stored.id}.wacz"
        await asyncio.to_thread(write_wacz, out, captures, home=home, facts=facts)
        return await _send(request, out)


async def _send(request: web.Request, path: Path) -> web.StreamResponse:
    """Send a file piece by piece; it may be removed once this returns."""
    size_bytes = (await asyncio.to_thread(path.stat)).st_size
    response = web.StreamResponse(
        headers={
            hdrs.CONTENT_TYPE: WACZ,
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{path.name}"',
            hdrs.CONTENT_LENGTH: str(size_bytes),
        }
    )
    await response.prepare(request)
    if request.method != hdrs.METH_HEAD:
        with path.open("rb") as file:
            while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
                await response.write(chunk)
    await response.write_eof()
    return response
