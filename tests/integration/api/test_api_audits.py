"""Audits and jobs over HTTP."""

import pytest

from tests.integration.api.conftest import Service, problem_of


async def test_an_audit_of_everything_is_queued_at_its_location(service: Service):
    response = await service.client.post("/v1/audits", json={"all": True})
    shown = await response.json()
    assert response.status == 202
    assert response.headers["Location"].endswith(f"/v1/audits/{shown['id']}")
    assert shown["state"] == "queued"
    assert shown["cause"] == "request"
    assert shown["scope"] == {"article_ids": [], "link_ids": [], "only_due": False}
    assert shown["progress"] == {"planned": None, "stored": 0, "by_outcome": {}}
    assert service.jobs.audits == [shown["id"]]


async def test_an_audit_can_cover_one_article_or_what_is_due(service: Service):
    article = await service.submit("[a](https://example.org/)")
    of_article = await (await service.client.post("/v1/audits", json={"article_id": article})).json()
    assert of_article["scope"]["article_ids"] == [article]
    due = await (await service.client.post("/v1/audits", json={"due": True})).json()
    assert due["scope"]["only_due"] is True


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["#"]),
        ({"all": True, "due": True}, ["#"]),
        ({"all": False}, ["#/all"]),
        ({"article_id": None}, ["#/article_id"]),
        ({"article_id": "1"}, ["#/article_id"]),
        ({"article_id": 1.5}, ["#/article_id"]),
        ({"article_id": True}, ["#/article_id"]),
        ({"article_id": 0}, ["#/article_id"]),
        ({"article_id": 77}, ["#/article_id"]),
        ({"link_id": 77.0}, ["#/link_id"]),
    ],
)
async def test_a_wrong_scope_names_its_place_and_starts_nothing(
    service: Service, body: object, pointers: list[str]
):
    response = await service.client.post("/v1/audits", json=body)
    problem = await problem_of(response)
    assert response.status == 422
    assert [e["pointer"] for e in problem["errors"]] == pointers
    assert service.jobs.audits == []


async def test_the_same_key_starts_one_audit_and_refuses_another_scope(service: Service):
    headers = {"Idempotency-Key": "nightly-1"}
    first = await service.client.post("/v1/audits", json={"all": True}, headers=headers)
    again = await service.client.post("/v1/audits", json={"all": True}, headers=headers)
    other = await service.client.post("/v1/audits", json={"due": True}, headers=headers)
    assert first.headers["Location"] == again.headers["Location"]
    assert other.status == 409
    assert (await problem_of(other))["type"] == "urn:linkwright:problem:idempotency-key-reused"
    assert len((await (await service.client.get("/v1/audits")).json())["items"]) == 1


async def test_a_key_that_is_no_key_is_named(service: Service):
    response = await service.client.post(
        "/v1/audits", json={"all": True}, headers={"Idempotency-Key": "two words"}
    )
    assert response.status == 400
    assert (await problem_of(response))["errors"][0]["header"] == "Idempotency-Key"


async def test_jobs_say_how_far_articles_and_audits_are(service: Service):
    article = await service.submit("[a](https://example.org/)")
    read = await (await service.client.get(f"/v1/jobs/article-{article}")).json()
    assert (read["state"], read["reason"]) == ("done", None)
    assert read["resource"].endswith(f"/v1/articles/{article}")
    audit = await (await service.client.get("/v1/jobs/audit-1")).json()
    assert audit["state"] == "queued"
