"""Articles over HTTP: submitted, refused, read back."""

import gzip
from pathlib import Path

import pytest

from tests.integration.api.conftest import SMALL_ARTICLE_BYTES, Service, problem_of

SEED_TEXT = (Path(__file__).parents[2] / "fixtures" / "000_533c888864824563.txt").read_text("utf-8")
OWN_URL = (
    "https://www.themoscowtimes.com/2024/10/22/south-korea-may-send-military-personnel-to-ukraine-"
    "a-mid-suspected-north-korean-deployments-yonhap-a86767"
)


async def test_the_seed_article_shows_its_six_citations_at_once(service: Service):
    article = await service.submit(SEED_TEXT, source="seed.txt", media_type="text/plain")
    response = await service.client.get(f"/v1/articles/{article}/citations")
    citations = (await response.json())["items"]
    assert [(c["kind"], c["outcome"], c["anchor"]) for c in citations[:5]] == [
        ("link", "placeholder", "Uwe Brodrecht (CC BY-SA 2.0)"),
        ("link", "placeholder", "reported"),
        ("link", "placeholder", "North Koreans Fighting for Russia Put Warm Words into Practice"),
        ("link", "placeholder", "warning"),
        ("link", "placeholder", "posted"),
    ]
    assert citations[5]["kind"] == "original-url"
    assert citations[5]["resolved"] == OWN_URL
    assert {c["source"] for c in citations} == {"seed.txt"}


async def test_an_accepted_article_has_a_location_and_an_audit(service: Service):
    response = await service.client.post(
        "/v1/articles", data=b"[a](https://example.org/)", headers={"Content-Type": "text/markdown"}
    )
    shown = await response.json()
    assert response.status == 202
    assert response.headers["Location"] == str(service.client.make_url(f"/v1/articles/{shown['id']}"))
    assert shown["state"] == "ready"
    assert shown["citation_count"] == 1
    assert service.jobs.audits == [1]
    audit = await (await service.client.get("/v1/audits/1")).json()
    assert audit["cause"] == "article"
    assert audit["scope"] == {"article_ids": [shown["id"]], "link_ids": [], "only_due": False}


async def test_the_same_article_twice_is_one_article_and_one_audit(service: Service):
    first = await service.submit("[a](https://example.org/)")
    second = await service.submit("[a](https://example.org/)")
    assert first == second
    listed = await (await service.client.get("/v1/articles")).json()
    assert len(listed["items"]) == 1
    audits = await (await service.client.get("/v1/audits")).json()
    assert len(audits["items"]) == 1


async def test_an_address_is_left_to_a_job(service: Service):
    response = await service.client.post("/v1/articles", json={"url": "https://example.org/story"})
    shown = await response.json()
    assert response.status == 202
    assert shown["state"] == "queued"
    assert shown["source"] == "https://example.org/story"
    assert service.jobs.articles == [shown["id"]]
    assert service.jobs.audits == []


async def test_content_as_json_keeps_what_is_said_of_it(service: Service):
    response = await service.client.post(
        "/v1/articles",
        json={
            "content": "<p><a href='/b'>b</a></p>",
            "format": "html",
            "source": "b.html",
            "url": "https://example.org/a",
            "headline": "About b",
            "unknown": "is ignored",
        },
    )
    shown = await response.json()
    assert response.status == 202, shown
    assert (shown["headline"], shown["format"], shown["source"]) == ("About b", "html", "b.html")
    citations = (await (await service.client.get(f"/v1/articles/{shown['id']}/citations")).json())["items"]
    assert [c["resolved"] for c in citations] == ["https://example.org/b"]


@pytest.mark.parametrize(
    ("media_type", "body", "words"),
    [
        ("text/markdown", b"", "is empty"),
        ("text/plain", b"\x00\x01\x02" * 200, "is binary data"),
        ("application/pdf", b"this is no PDF", "ugly"),
        ("text/plain", b"%PDF-1.4\n%%EOF", "ugly"),
        ("application/epub+zip", b"PK\x03\x04 broken", "ugly"),
    ],
)
async def test_what_cannot_be_read_is_refused_by_name(
    service: Service, media_type: str, body: bytes, words: str
):
    response = await service.client.post(
        "/v1/articles", params={"source": "ugly"}, data=body, headers={"Content-Type": media_type}
    )
    problem = await problem_of(response)
    assert response.status == 422
    assert problem["type"] == "urn:linkwright:problem:unreadable-article"
    assert problem["detail"].startswith("ugly: ")
    assert words in problem["detail"]
    assert (await (await service.client.get("/v1/articles")).json())["items"] == []


async def test_json_content_that_is_empty_is_named_by_pointer(service: Service):
    response = await service.client.post("/v1/articles", json={"content": ""})
    problem = await problem_of(response)
    assert response.status == 422
    assert [e["pointer"] for e in problem["errors"]] == ["#/content"]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"url": "ftp://example.org/"}, ["#/url"]),
        ({"url": "http://["}, ["#/url"]),
        ({"content": 7, "format": "tape"}, ["#/content", "#/format"]),
        ({"content": None}, ["#/content"]),
        ({}, ["#"]),
        ([], ["#"]),
    ],
)
async def test_a_wrong_body_names_each_place(service: Service, body: object, pointers: list[str]):
    response = await service.client.post("/v1/articles", json=body)
    problem = await problem_of(response)
    assert response.status == 422
    assert [e["pointer"] for e in problem["errors"]] == pointers


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe{}", b'{"content": NaN}', b"[" * 200_000, b""])
async def test_a_body_that_is_no_json_is_400(service: Service, body: bytes):
    response = await service.client.post(
        "/v1/articles", data=body, headers={"Content-Type": "application/json"}
    )
    problem = await problem_of(response)
    assert response.status == 400
    assert problem["type"] == "urn:linkwright:problem:invalid-json"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
async def test_a_body_that_is_not_coded_as_it_says_is_400(service: Service, coding: str):
    response = await service.client.post(
        "/v1/articles",
        data=b"plainly no compressed data",
        headers={"Content-Type": "text/markdown", "Content-Encoding": coding},
    )
    problem = await problem_of(response)
    assert response.status == 400
    assert problem["type"] == "urn:linkwright:problem:unreadable-body"


@pytest.mark.parametrize("media_type", ["image/png", "multipart/form-data", "*/*", "nonsense"])
async def test_another_media_type_is_told_what_is_taken(service: Service, media_type: str):
    response = await service.client.post("/v1/articles", data=b"x", headers={"Content-Type": media_type})
    await problem_of(response)
    assert response.status == 415
    assert "text/markdown" in response.headers["Accept-Post"]


async def test_a_wrong_charset_label_still_reads(service: Service):
    response = await service.client.post(
        "/v1/articles",
        data="[é](https://example.org/é)".encode(),
        headers={"Content-Type": "text/markdown; charset=no-such-charset"},
    )
    shown = await response.json()
    assert response.status == 202, shown
    citations = (await (await service.client.get(f"/v1/articles/{shown['id']}/citations")).json())["items"]
    assert citations[0]["anchor"] == "é"


async def test_a_body_of_exactly_the_limit_is_taken_and_one_more_byte_is_413(service: Service):
    fits = await service.client.post(
        "/v1/articles", data=b"a" * SMALL_ARTICLE_BYTES, headers={"Content-Type": "text/plain"}
    )
    assert fits.status == 202
    refused = await service.client.post(
        "/v1/articles", data=b"a" * (SMALL_ARTICLE_BYTES + 1), headers={"Content-Type": "text/plain"}
    )
    assert refused.status == 413
    assert (await problem_of(refused))["type"] == "urn:linkwright:problem:content-too-large"


async def test_a_body_without_a_length_and_a_compressed_one_are_bounded_too(service: Service):
    async def endless():
        for _ in range(40):
            yield b"a" * 10_000

    streamed = await service.client.post(
        "/v1/articles", data=endless(), headers={"Content-Type": "text/plain"}
    )
    assert streamed.status == 413
    bomb = await service.client.post(
        "/v1/articles",
        data=gzip.compress(b"a" * 5_000_000),
        headers={"Content-Type": "text/plain", "Content-Encoding": "gzip"},
    )
    assert bomb.status == 413


async def test_a_key_that_comes_with_another_body_is_409(service: Service):
    headers = {"Content-Type": "text/plain", "Idempotency-Key": "k1"}
    first = await service.client.post("/v1/articles", data=b"one", headers=headers)
    again = await service.client.post("/v1/articles", data=b"one", headers=headers)
    other = await service.client.post("/v1/articles", data=b"two", headers=headers)
    assert (first.status, again.status, other.status) == (202, 202, 409)
    assert first.headers["Location"] == again.headers["Location"]
    problem = await problem_of(other)
    assert problem["errors"][0]["header"] == "Idempotency-Key"
