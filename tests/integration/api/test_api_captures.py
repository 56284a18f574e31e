"""Captures over HTTP: local ones and those that archives are known to hold."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientResponse

from service.store.captures import StoreCaptureIndex
from service.store.errands import StoreErrands
from service.store.mementos import write_lookups, write_mementos
from tests.integration.api.conftest import Service, problem_of
from workers.archive.captures import LocalCapture
from workers.errands import ErrandResult
from workers.model import Lookup, LookupState, Memento, Quality
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
    assert shown == {"original": URL, "total": 0, "nearest": None, "items": [], "job": None}


async def test_an_unreadable_time_or_address_is_400(service: Service):
    for params in ({"url": URL, "at": "soon"}, {"url": "mailto:a@b.example"}, {}):
        response = await service.client.get("/v1/captures", params=params)
        assert response.status == 400, params
        await problem_of(response)


async def test_a_page_is_captured_by_a_job_that_can_be_followed(service: Service):
    response = await service.client.post("/v1/captures", json={"url": URL, "at": "2024-10-22"})
    job = await response.json()
    assert response.status == 202, job
    where = str(service.client.make_url("/v1/jobs/")) + job["id"]
    assert response.headers["Location"] == where
    assert (job["id"], job["state"], job["reason"]) == ("capture-1", "queued", None)
    assert service.jobs.errands == [1]
    assert await (await service.client.session.get(where)).json() == job
    log = StoreErrands(service.database)
    errand = await log.start(1, now=at(2026))
    assert errand is not None
    assert (errand.url, errand.at) == (URL, datetime(2024, 10, 22, tzinfo=UTC))
    assert (await (await service.client.session.get(where)).json())["state"] == "running"
    await log.finish(errand, ErrandResult(reason="it answers with status 410"), now=at(2026))
    ended = await (await service.client.session.get(where)).json()
    assert (ended["state"], ended["reason"]) == ("failed", "it answers with status 410")


async def test_a_page_that_waits_to_be_captured_is_asked_for_once(service: Service):
    ids = [
        (await (await service.client.post("/v1/captures", json={"url": URL})).json())["id"] for _ in range(3)
    ]
    assert ids == ["capture-1"] * 3


async def test_a_bad_capture_request_is_refused_with_its_place(service: Service):
    cases = [
        ({"url": URL, "at": "soon"}, 400, "#/at"),
        ({"url": URL, "at": "2024-13-40"}, 400, "#/at"),
        ({"url": "mailto:a@b.example"}, 422, "#/url"),
        ({"url": "ftp://example.org/a"}, 422, "#/url"),
        ({"url": "https://example.org/" + "a" * 8192}, 422, "#/url"),
        ({"at": "2024"}, 422, "#/url"),
        ({"url": URL, "public": 1}, 422, "#/public"),
    ]
    for body, status, pointer in cases:
        response = await service.client.post("/v1/captures", json=body)
        assert response.status == status, body
        problem = await problem_of(response)
        assert [flaw["pointer"] for flaw in problem["errors"]] == [pointer]  # type: ignore[index,union-attr]
    assert service.jobs.errands == []


@pytest.mark.parametrize("when", ["1200-01-01", "0001-01-01", "2999-12-31T23:59:59Z", "20241022080000"])
async def test_dates_before_the_web_and_in_the_future_are_dates(service: Service, when: str):
    await keep(service)
    shown = await service.client.get("/v1/captures", params={"url": URL, "at": when})
    assert shown.status == 200
    assert (await shown.json())["nearest"] is not None
    asked = await service.client.post("/v1/captures", json={"url": URL, "at": when})
    assert asked.status == 202


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a#part",
        "https://exämple.org/ü?q=a b",
        "https://example.org/a b/c",
        "https://example.org/?" + "q" * 8_000,
    ],
)
async def test_odd_addresses_are_taken(service: Service, url: str):
    response = await service.client.post("/v1/captures", json={"url": url})
    assert response.status == 202, await response.text()
    where = response.headers["Location"]
    resource = (await (await service.client.session.get(where)).json())["resource"]
    assert (await service.client.session.get(resource)).status == 200


async def test_a_refresh_asks_the_archives_by_a_job(service: Service):
    await keep(service)
    response = await service.client.get("/v1/captures", params={"url": URL, "refresh": "1"})
    shown = await response.json()
    assert (response.status, shown["total"]) == (200, 3)
    assert shown["job"] == str(service.client.make_url("/v1/jobs/lookup-1"))
    assert service.jobs.errands == [1]
    assert (await (await service.client.session.get(shown["job"])).json())["state"] == "queued"
    wrong = await service.client.get("/v1/captures", params={"url": URL, "refresh": "yes"})
    assert wrong.status == 400


async def lines_of(response: ClientResponse) -> list[dict[str, Any]]:
    assert (response.status, response.content_type) == (200, "application/x-ndjson"), await response.text()
    return [json.loads(line) for line in (await response.text()).splitlines()]


async def test_a_bulk_look_up_answers_what_is_known_and_names_jobs_for_the_rest(service: Service):
    await keep(service)
    urls = [URL, "https://unknown.example/", "mailto:a@b.example", URL]
    response = await service.client.post(
        "/v1/captures/lookup", json={"urls": urls, "at": "2021-12", "wait_s": 0}
    )
    lines = {line["url"]: line for line in await lines_of(response)}
    assert list(lines) == [URL, "mailto:a@b.example", "https://unknown.example/"]
    assert (lines[URL]["state"], lines[URL]["total"]) == ("found", 3)
    assert lines[URL]["nearest"]["archive"] == "local"
    assert lines["mailto:a@b.example"]["reason"] == "not an http or https address"
    unknown = lines["https://unknown.example/"]
    assert (unknown["state"], unknown["job"]) == (
        "unknown",
        str(service.client.make_url("/v1/jobs/lookup-1")),
    )
    assert service.jobs.errands == [1]


async def test_a_bulk_look_up_tells_none_only_where_all_archives_say_so(service: Service):
    now = datetime.now(UTC)
    answers = [
        Lookup(archive=archive, original=URL, state=LookupState.NONE, asked_at=now)
        for archive in ("arquivo", "wayback")
    ]
    async with service.database.write() as connection:
        await write_lookups(connection, answers)
    (line,) = await lines_of(
        await service.client.post("/v1/captures/lookup", json={"urls": [URL], "wait_s": 0})
    )
    assert (line["state"], [each["archive"] for each in line["archives"]]) == ("none", ["arquivo", "wayback"])
    assert service.jobs.errands == []


async def test_that_we_hold_nothing_ourselves_is_no_none(service: Service):
    ours = Lookup(archive="local", original=URL, state=LookupState.NONE, asked_at=datetime.now(UTC))
    async with service.database.write() as connection:
        await write_lookups(connection, [ours])
    (line,) = await lines_of(
        await service.client.post("/v1/captures/lookup", json={"urls": [URL], "wait_s": 0})
    )
    assert line["state"] == "unknown"
    assert service.jobs.errands == [1]


async def test_a_bulk_look_up_answers_as_errands_end(service: Service):
    client, urls = service.client, [f"https://site{n}.example/" for n in range(3)]
    log = StoreErrands(service.database)

    async def do_jobs() -> None:
        async with asyncio.timeout(30):
            for errand_id in (1, 2, 3):
                while errand_id not in service.jobs.errands:  # noqa: ASYNC110 - it is asked for over HTTP
                    await asyncio.sleep(0.01)
                errand = await log.start(errand_id, now=at(2026))
                assert errand is not None
                none = Lookup(
                    archive="wayback", original=errand.url, state=LookupState.NONE, asked_at=datetime.now(UTC)
                )
                unknown = "wayback: status 429: throttled"
                result = ErrandResult(lookups=(none,)) if errand_id < 3 else ErrandResult(reason=unknown)
                await log.finish(errand, result, now=datetime.now(UTC))

    response, _ = await asyncio.gather(
        client.post("/v1/captures/lookup", json={"urls": urls, "wait_s": 60}), do_jobs()
    )
    lines = await lines_of(response)
    assert [(line["url"], line["state"], line["reason"]) for line in lines] == [
        (urls[0], "none", None),
        (urls[1], "none", None),
        (urls[2], "unknown", "wayback: status 429: throttled"),
    ]


async def test_a_bulk_look_up_is_bounded(service: Service):
    for body in ({"urls": []}, {"urls": [URL] * 1001}, {"urls": [URL], "wait_s": 601}, {}):
        response = await service.client.post("/v1/captures/lookup", json=body)
        assert response.status == 422
    response = await service.client.post("/v1/captures/lookup", json={"urls": [URL], "at": "soon"})
    assert response.status == 400
