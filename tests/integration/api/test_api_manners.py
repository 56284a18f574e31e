"""What every resource does alike: problems, pages, ETags, methods, headers, metrics, logs."""

import io
import json
import logging
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from service.logging import configure_logging
from tests.integration.api.conftest import Service, problem_of
from tests.integration.api.served import serve


@pytest.mark.parametrize(
    "path",
    [
        "/v1/articles/1",
        "/v1/articles/0",
        "/v1/articles/x",
        "/v1/articles/99999999999999999999",
        "/v1/links/7",
        "/v1/links/7/observations",
        "/v1/audits/7",
        "/v1/jobs/article-7",
        "/v1/jobs/audit-9999999999999999999",
        "/v1/jobs/other-7",
        "/nowhere",
    ],
)
async def test_what_does_not_exist_is_a_404_problem(service: Service, path: str):
    response = await service.client.get(path)
    assert response.status == 404
    await problem_of(response)


async def test_a_method_that_is_not_allowed_says_which_are(service: Service):
    response = await service.client.delete("/v1/articles")
    await problem_of(response)
    assert response.status == 405
    assert response.headers["Allow"] == "GET,HEAD,POST"


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/v1/articles?limit=0", "limit"),
        ("/v1/articles?limit=201", "limit"),
        ("/v1/articles?limit=%201", "limit"),
        ("/v1/articles?limit=1&limit=2", "limit"),
        ("/v1/articles?cursor=!", "cursor"),
        ("/v1/articles?cursor=LTE", "cursor"),
        ("/v1/articles?state=lost", "state"),
        ("/v1/links?url=", "url"),
    ],
)
async def test_a_wrong_parameter_is_named(service: Service, path: str, parameter: str):
    response = await service.client.get(path)
    problem = await problem_of(response)
    assert response.status == 400
    assert [e["parameter"] for e in problem["errors"]] == [parameter]


async def test_pages_survive_inserts(service: Service):
    first = [await service.submit(f"text {n}", source=f"{n}.md") for n in range(5)]
    response = await service.client.get("/v1/articles?limit=2")
    page = await response.json()
    assert [item["id"] for item in page["items"]] == [first[4], first[3]]
    assert response.links["next"]["url"].query["cursor"] == page["next"]
    await service.submit("late", source="late.md")
    rest = await (await service.client.get(str(response.links["next"]["url"].relative()))).json()
    assert [item["id"] for item in rest["items"]] == [first[2], first[1]]
    last = await (await service.client.get(f"/v1/articles?limit=2&cursor={rest['next']}")).json()
    assert [item["id"] for item in last["items"]] == [first[0]]
    assert last["next"] is None


async def test_an_etag_that_is_known_gives_304_and_a_change_gives_200(service: Service):
    await service.submit("one", source="1.md")
    first = await service.client.get("/v1/articles")
    tag = first.headers["ETag"]
    same = await service.client.get("/v1/articles", headers={"If-None-Match": tag})
    assert (same.status, await same.read()) == (304, b"")
    assert same.headers["ETag"] == tag
    await service.submit("two", source="2.md")
    changed = await service.client.get("/v1/articles", headers={"If-None-Match": tag})
    assert changed.status == 200


async def test_head_is_get_without_the_body(service: Service):
    get = await service.client.get("/v1/articles")
    head = await service.client.head("/v1/articles")
    assert (head.status, await head.read()) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert head.headers["ETag"] == get.headers["ETag"]


async def test_every_answer_carries_the_security_headers(service: Service):
    for path in ("/v1/articles", "/nowhere", "/", "/docs", "/healthz", "/assets/linkwright.css"):
        response = await service.client.get(path)
        assert response.headers["X-Content-Type-Options"] == "nosniff", path
        assert "default-src 'none'" in response.headers["Content-Security-Policy"], path
        assert "unsafe" not in response.headers["Content-Security-Policy"], path
        assert response.headers["X-Frame-Options"] == "DENY", path


async def test_a_page_of_another_site_may_not_write(service: Service):
    response = await service.client.post(
        "/v1/articles",
        data=b"text",
        headers={"Content-Type": "text/plain", "Sec-Fetch-Site": "cross-site"},
    )
    assert response.status == 403
    await problem_of(response)


async def test_metrics_are_labelled_by_pattern_only(service: Service):
    await service.client.get("/v1/articles/123456")
    await service.client.get("/secret-path-of-a-client")
    await service.client.request("PROPFIND", "/v1/articles")
    text = await (await service.client.get("/metrics")).text()
    assert 'route="/v1/articles/{id}",status="404"' in text
    assert 'method="OTHER"' in text
    assert "123456" not in text
    assert "secret-path" not in text


async def test_health_is_alive_and_readiness_names_the_checks(service: Service):
    alive = await service.client.get("/healthz")
    assert await alive.json() == {"status": "ok"}
    ready = await service.client.get("/readyz")
    assert ready.status == 200
    assert await ready.json() == {"status": "ready", "checks": {"database": "ok", "schema": "ok"}}


async def test_a_database_at_another_revision_is_not_ready(service: Service):
    async with service.database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    response = await service.client.get("/readyz")
    shown = await response.json()
    assert response.status == 503
    assert shown["status"] == "not ready"
    assert shown["checks"]["database"] == "ok"
    assert shown["checks"]["schema"].startswith("at older, ")


async def test_a_fault_of_ours_is_a_500_problem_without_its_reason(service: Service):
    async with service.database.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE observation")
        await connection.exec_driver_sql("DROP TABLE citation")
        await connection.exec_driver_sql("DROP TABLE link")
    response = await service.client.get("/v1/links")
    problem = await problem_of(response)
    assert response.status in {500, 503}
    assert problem["request_id"] == response.headers["X-Request-Id"]
    assert "link" not in str(problem["detail"])


async def test_a_log_line_cannot_be_forged(service: Service):
    written = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        configure_logging(stream=written)
        logging.getLogger("x").warning('a title\n{"event": "forged"}\r\u2028')
        await service.client.get("/v1/articles/%0A%22")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    lines = [json.loads(line) for line in written.getvalue().split("\n") if line]
    assert len(written.getvalue().splitlines()) == len(lines)
    assert [line["event"] for line in lines if line["logger"] == "x"] == [
        'a title\n{"event": "forged"}\r\u2028'
    ]
    requests = [line for line in lines if line["event"] == "request"]
    assert [(line["route"], line["status"]) for line in requests] == [("/v1/articles/{id}", 404)]


def test_an_address_of_eight_kilobytes_fits_into_a_query(tmp_path: Path):
    with serve(tmp_path) as served:
        url = "https://example.org/" + "é" * 8_000
        query = urllib.parse.urlencode({"url": url})
        with urllib.request.urlopen(f"{served.url}/v1/links?{query}") as response:  # noqa: S310 - loopback
            assert json.load(response) == {"items": [], "next": None}
