"""The pages for people: what strangers wrote stays text, and everything is reachable."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from service.columns import escape
from service.store.articles import submit_article
from service.store.database import Database
from service.store.tables import AUDIT, CITATION, LINK, OBSERVATION, key_hash, text_hash
from service.store.values import NewArticle
from tests.integration.api.conftest import Service

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
MOVED = "https://news.example/moved/piece"
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"


async def keep_hostile(database: Database) -> tuple[int, int]:
    """Keep an article and a link in which every text is hostile; return their ids."""
    article, _ = await submit_article(database, NewArticle(source=HOSTILE, content=b"x"))
    original = f"javascript:alert(3)//{HOSTILE}"
    async with database.write() as connection:
        link = (
            await connection.execute(
                insert(LINK).values(
                    original=original,
                    original_hash=text_hash(original),
                    key_hash=key_hash(original),
                    host=escape("example.org"),
                    domain="example.org",
                    shard=0,
                    first_seen_at=NOW,
                    standing="dead",
                    standing_reasons=[HOSTILE],
                    last_outcome="gone",
                )
            )
        ).inserted_primary_key[0]
        audit = (
            await connection.execute(
                insert(AUDIT).values(key="k", cause="request", scope={}, state="done", created_at=NOW)
            )
        ).inserted_primary_key[0]
        await connection.execute(
            insert(CITATION).values(
                article_id=article.id,
                position=0,
                link_id=link,
                kind="link",
                raw=HOSTILE,
                target=HOSTILE,
                anchor=HOSTILE,
                context=HOSTILE,
                line=1,
                column=1,
                repair={
                    "decision": "suggest",
                    "best": {"url": original, "rule": HOSTILE, "score": 0.5, "evidence": [HOSTILE]},
                    "candidates": [],
                },
            )
        )
        await connection.execute(
            insert(OBSERVATION).values(
                link_id=link,
                audit_id=audit,
                stored_at=NOW,
                written=original,
                original=original,
                outcome="gone",
                rule="status/404",
                evidence=[HOSTILE],
                aliases=[{"url": MOVED, "rule": "same_id", "score": 0.85, "evidence": [HOSTILE]}],
            )
        )
    return article.id, link


async def test_what_strangers_wrote_is_shown_and_never_run(service: Service):
    article, link = await keep_hostile(service.database)
    for path in ("/", f"/articles/{article}", f"/links/{link}", f"/links?url={HOSTILE}"):
        response = await service.client.get(path)
        text = await response.text()
        assert response.status == 200, text
        assert "&lt;script&gt;" in text, path
        assert "<img" not in text, path
        assert not re.search(r"<script(?! src=)", text), path
        assert 'href="javascript:' not in text, path


async def test_the_api_shows_the_hostile_texts_as_they_are(service: Service):
    article, link = await keep_hostile(service.database)
    citation = (await (await service.client.get(f"/v1/articles/{article}/citations")).json())["items"][0]
    assert citation["anchor"] == HOSTILE
    assert citation["outcome"] == "gone"
    assert citation["repair"]["best"]["evidence"] == [HOSTILE]
    shown = await (await service.client.get(f"/v1/links/{link}")).json()
    assert (shown["standing"], shown["cited_by"]) == ("dead", 1)
    observed = (await (await service.client.get(f"/v1/links/{link}/observations")).json())["items"]
    assert [(each["outcome"], each["evidence"]) for each in observed] == [("gone", [HOSTILE])]
    assert observed[0]["aliases"] == [{"url": MOVED, "rule": "same_id", "score": 0.85, "evidence": [HOSTILE]}]


async def test_the_page_of_a_dead_link_shows_where_its_piece_stands_now(service: Service):
    _, link = await keep_hostile(service.database)
    text = await (await service.client.get(f"/links/{link}")).text()
    assert f'Now at <a class="address" href="{MOVED}"' in text


@pytest.mark.parametrize("path", ["/articles/1", "/links/1", "/articles/99999999999999999999", "/?cursor=x"])
async def test_what_a_person_asks_for_and_is_not_there_is_told_on_a_page(service: Service, path: str):
    response = await service.client.get(path)
    assert response.status in {400, 404}
    assert response.content_type == "text/html"
    assert "All articles" in await response.text()


async def test_no_page_holds_an_inline_script_or_style(service: Service):
    await service.submit("[a](https://example.org/)")
    for path in ("/", "/articles/1", "/docs", "/links?url=x"):
        text = await (await service.client.get(path)).text()
        assert not re.search(r"<style|\sstyle=|<script(?! src=\"/assets/)", text), path


async def test_a_link_is_found_by_its_address_without_scheme(service: Service):
    async with service.database.write() as connection:
        await connection.execute(
            insert(LINK).values(
                original="https://www.example.org/a",
                original_hash=text_hash("https://www.example.org/a"),
                key_hash=key_hash("https://www.example.org/a"),
                host="www.example.org",
                domain="example.org",
                shard=0,
                first_seen_at=NOW,
                standing="unchecked",
            )
        )
    found = await (await service.client.get("/v1/links", params={"url": "http://example.org/a"})).json()
    assert [each["original"] for each in found["items"]] == ["https://www.example.org/a"]
    none = await (await service.client.get("/v1/links", params={"url": "https://example.org/b"})).json()
    assert none == {"items": [], "next": None}


async def test_a_form_that_cannot_be_used_is_told_on_a_page(service: Service):
    await service.submit("[a](#)")
    for path, form, told in (
        ("/citations/1/decision", {"choice": "set", "url": "javascript:alert(1)"}, "url"),
        ("/citations/1/decision", {"choice": "set"}, "url is needed"),
        ("/citations/1/decision", {"choice": "accept"}, "Nothing is proposed"),
        ("/links/1/hold", {"hold": "dead"}, "hold"),
    ):
        response = await service.client.post(path, data=form)
        assert response.status in {409, 422}
        assert response.content_type == "text/html"
        assert told in await response.text()
    assert (await service.client.post("/citations/99/decision", data={"choice": "reject"})).status == 404


async def test_what_people_wrote_with_a_decision_stays_text(service: Service):
    await service.submit("[a](#)")
    form = {"choice": "set", "url": "https://example.org/", "by": HOSTILE, "note": HOSTILE}
    response = await service.client.post("/citations/1/decision", data=form)
    text = await response.text()
    assert response.status == 200
    assert str(response.url).endswith("/articles/1")
    assert text.count("&lt;script&gt;") == 2
    assert "<img" not in text
