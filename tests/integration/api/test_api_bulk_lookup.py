"""A bulk look-up takes little: its orders stand or fall together, and who has left costs nothing more."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, ClientSession, web
from sqlalchemy import insert

from service.api.slots import LOOKUP_SLOTS, LOOKUPS, Slots
from service.app import make_app, make_runner
from service.settings import Settings
from service.store.database import Database
from service.store.errands import MAX_WAITING
from service.store.tables import ERRAND, text_hash
from tests.integration.api.conftest import Service, problem_of
from tests.integration.api.served import RecordedJobs
from workers.errands import ErrandKind, ErrandState

PATH = "/v1/captures/lookup"
URLS = ["https://a.example/", "https://b.example/", "https://c.example/"]
BOUND_S = 60


def slots_of(service: Service) -> Slots:
    app = service.client.app
    assert app is not None
    return app[LOOKUP_SLOTS]


async def ask(service: Service, body: dict[str, Any]) -> ClientResponse:
    return await service.client.post(PATH, json=body)


async def wait_until_free(slots: Slots, count: int) -> None:
    async with asyncio.timeout(BOUND_S):
        while slots.free < count:  # noqa: ASYNC110 - given back just after the answer
            await asyncio.sleep(0.05)


async def fill_queue(service: Service, *, free: int) -> None:
    """Let so many errands wait that `free` more are taken."""
    urls = [f"https://site{number}.example/" for number in range(MAX_WAITING - free)]
    rows = [
        {
            "kind": ErrandKind.LOOKUP,
            "url": url,
            "url_hash": text_hash(url),
            "public": False,
            "state": ErrandState.QUEUED,
            "created_at": datetime(2026, 1, 1, tzinfo=UTC),
        }
        for url in urls
    ]
    async with service.database.write() as connection:
        await connection.execute(insert(ERRAND), rows)


async def test_all_orders_of_a_look_up_are_taken_or_none(service: Service):
    await fill_queue(service, free=2)
    lines = (await (await ask(service, {"urls": URLS, "wait_s": 0})).text()).splitlines()
    assert len(lines) == 3
    assert all('"reason":"more than 20000 errands would wait; try again later."' in line for line in lines)
    assert service.jobs.errands == []
    await (await ask(service, {"urls": URLS[:2], "wait_s": 0})).read()
    assert len(service.jobs.errands) == 2


async def test_a_look_up_ends_when_its_client_has_left(database: Database, tmp_path: Path):
    """Served as `linkwright serve` does it: nothing cancels a handler there."""
    app = make_app(Settings(home=tmp_path), database=database, jobs=RecordedJobs())
    runner = make_runner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        async with ClientSession() as client:
            response = await client.post(f"http://{host}:{port}{PATH}", json={"urls": URLS, "wait_s": 600})
            assert app[LOOKUP_SLOTS].free == LOOKUPS - 1
            response.close()
        await wait_until_free(app[LOOKUP_SLOTS], LOOKUPS)
    finally:
        await runner.cleanup()


async def test_look_ups_are_refused_while_as_many_as_allowed_are_answered(service: Service):
    slots = slots_of(service)
    for _ in range(LOOKUPS):
        slots.take()
    refused = await ask(service, {"urls": URLS, "wait_s": 0})
    assert (refused.status, refused.headers["Retry-After"]) == (503, "10")
    assert (await problem_of(refused))["detail"] == "16 bulk look-ups are under way already; try again."
    assert service.jobs.errands == []
    slots.give_back()
    lines = (await (await ask(service, {"urls": URLS, "wait_s": 0})).text()).splitlines()
    assert len(lines) == 3
    await wait_until_free(slots, 1)
