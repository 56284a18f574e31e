"""An answer that breaks on its way is broken off: no client takes a part, or an error, for the whole."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientPayloadError, web
from aiohttp.test_utils import TestClient, TestServer

from service.api.middleware import REQUEST_ID, add_security_headers, tell_problems
from workers.errors import StoreUnavailable


@web.middleware
async def named(request: web.Request, handler):
    request[REQUEST_ID] = "1"
    return await handler(request)


async def stream_and_break(request: web.Request) -> web.StreamResponse:
    """Send a first line, then find the database gone."""
    answer = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
    if request.query.get("length"):
        answer.content_length = 1_000
    await answer.prepare(request)
    await answer.write(b'{"url":"a"}\n')
    raise StoreUnavailable("gone")


@pytest.fixture
async def client() -> AsyncIterator[TestClient]:
    app = web.Application(middlewares=[named, tell_problems])
    app.on_response_prepare.append(add_security_headers)
    app.router.add_get("/stream", stream_and_break)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize("path", ["/stream", "/stream?length=1"], ids=["in chunks", "of a known length"])
async def test_a_fault_after_the_first_line_breaks_the_answer_off(client: TestClient, path: str) -> None:
    response = await client.get(path)
    assert (response.status, response.content_type) == (200, "application/x-ndjson")
    assert await response.content.readline() == b'{"url":"a"}\n'
    with pytest.raises(ClientPayloadError):
        await response.content.read()
