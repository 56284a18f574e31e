"""Captures over HTTP: local ones and those that archives are known to hold."""

from datetime import UTC, datetime

from service.store.captures import StoreCaptureIndex
from service.store.mementos import write_mementos
from tests.integration.api.conftest import Service, problem_of
from workers.archive.captures import LocalCapture
from workers.model import Memento, Quality
from workers.url import lookup_key

URL = "https://example.org/a"


def at(year: int) -> datetime:
    """Return the first moment of a year."""
    return datetime(year, 1, 1, tzinfo=UTC)


async def keep(service: Service) -> None:
    """Keep a local capture of 2022 and an archive's of 2020 and 2024."""
    await StoreCaptureIndex(service.database).add(
        LocalCapture(
            record_id="<urn:uuid:1>",
            original=URL,
            key=lookup_key(URL),
            memento_datetime=at(2022),
            status=200,
            media_type="text/html",
            file="a.warc.gz",
            offset=0,
            length=10,
            payload_digest="sha1:A",
        )
    )
    known = [
        Memento(
            original=URL,
            archive="wayback",
            memento_datetime=at(year),
            uri_m=f"https://web.archive.org/web/{year}/{URL}",
            quality=Quality.GOOD,
        )
        for year in (2024, 2020)
    ]
    async with service.database.write() as connection:
        await write_mementos(connection, known, now=at(2025))


async def test_known_captures_come_oldest_first_with_the_nearest_named(service: Service):
    await keep(service)
    response = await service.client.get(
        "/v1/captures", params={"url": "http://www.example.org/a", "at": "2021-12"}
    )
    shown = await response.json()
    assert response.status == 200, shown
    assert shown["total"] == 3
    assert [(c["archive"], c["memento_datetime"]) for c in shown["items"]] == [
        ("wayback", "2020-01-01T00:00:00Z"),
        ("local", "2022-01-01T00:00:00Z"),
        ("wayback", "2024-01-01T00:00:00Z"),
    ]
    assert shown["nearest"]["uri"] == str(service.client.make_url("/")) + f"memento/20220101000000/{URL}"


async def test_a_limit_keeps_the_captures_nearest_to_the_time(service: Service):
    await keep(service)
    shown = await (
        await service.client.get("/v1/captures", params={"url": URL, "at": "2020", "limit": "1"})
    ).json()
    assert [c["memento_datetime"] for c in shown["items"]] == ["2020-01-01T00:00:00Z"]
    assert shown["total"] == 3


async def test_no_time_means_the_latest(service: Service):
    await keep(service)
    shown = await (await service.client.get("/v1/captures", params={"url": URL, "limit": "1"})).json()
    assert shown["nearest"]["memento_datetime"] == "2024-01-01T00:00:00Z"


async def test_nothing_known_is_an_empty_list(service: Service):
    shown = await (await service.client.get("/v1/captures", params={"url": URL})).json()
    assert shown == {"original": URL, "total": 0, "nearest": None, "items": []}


async def test_an_unreadable_time_or_address_is_400(service: Service):
    for params in ({"url": URL, "at": "soon"}, {"url": "mailto:a@b.example"}, {}):
        response = await service.client.get("/v1/captures", params=params)
        assert response.status == 400, params
        await problem_of(response)
