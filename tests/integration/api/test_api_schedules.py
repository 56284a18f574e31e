"""Schedules and events over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from service.store.schedules import open_scheduled
from tests.integration.api.conftest import Service, problem_of

# A database begins with one schedule of its own, of the links that are due.
NIGHTLY = {"name": "nightly", "cron": "0 3 * * *", "audit": {"due": True}}


async def listed(service: Service) -> list[str]:
    """Return the names of all schedules, oldest first."""
    shown = await (await service.client.get("/v1/schedules")).json()
    return [each["name"] for each in shown["items"]]


async def test_a_schedule_is_kept_shown_listed_and_removed(service: Service):
    response = await service.client.post("/v1/schedules", json=NIGHTLY)
    kept = await response.json()
    assert response.status == 201
    path = f"/v1/schedules/{kept['id']}"
    assert response.headers["Location"].endswith(path)
    assert (kept["cron"], kept["scope"]["only_due"], kept["enabled"]) == ("0 3 * * *", True, True)
    assert kept["next_at"].endswith("T03:00:00Z")
    assert await (await service.client.get(path)).json() == kept
    assert await listed(service) == ["due links", "nightly"]

    assert (await service.client.delete(path)).status == 204
    assert (await service.client.get(path)).status == 404
    assert (await service.client.delete(path)).status == 404


async def test_the_same_schedule_is_one_and_its_name_is_not_taken_over(service: Service):
    first = await (await service.client.post("/v1/schedules", json=NIGHTLY)).json()
    again = await service.client.post("/v1/schedules", json=NIGHTLY)
    other = await service.client.post("/v1/schedules", json=NIGHTLY | {"audit": {"all": True}})
    assert (again.status, (await again.json())["id"]) == (200, first["id"])
    assert other.status == 409
    assert (await problem_of(other))["type"] == "urn:linkwright:problem:name-taken"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"cron": "0 3 * *"}, "#/cron"),
        ({"cron": "0 0 30 2 *"}, "#/cron"),
        ({"cron": "61 * * * *"}, "#/cron"),
        ({"name": ""}, "#/name"),
        ({"name": "a\nb"}, "#/name"),
        ({"audit": {}}, "#/audit"),
        ({"audit": {"article_id": 77}}, "#/audit/article_id"),
    ],
)
async def test_a_schedule_that_cannot_be_kept_names_its_place(service: Service, change: object, pointer: str):
    response = await service.client.post("/v1/schedules", json=NIGHTLY | change)
    assert response.status == 422
    assert [e["pointer"] for e in (await problem_of(response))["errors"]] == [pointer]
    assert await listed(service) == ["due links"]


async def test_a_kept_schedule_opens_its_audit_when_its_time_has_come(service: Service):
    await service.client.post("/v1/schedules", json=NIGHTLY | {"audit": {"all": True}})
    opened = await open_scheduled(service.database, now=datetime.now(UTC) + timedelta(days=1))
    audit = await (await service.client.get(f"/v1/audits/{opened[0]}")).json()
    # The schedule of due links opens none, for no link is due.
    assert (len(opened), audit["cause"], audit["state"]) == (1, "schedule", "queued")


async def test_events_begin_empty_and_take_a_link(service: Service):
    for query in ({}, {"link_id": "1"}):
        shown = await (await service.client.get("/v1/events", params=query)).json()
        assert shown == {"items": [], "next": None}
