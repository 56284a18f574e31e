"""What people decide over HTTP: citations accepted, rejected and set, links held; articles written anew."""

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from service.cli.wiring import utc_now
from service.store.audits import create_audit
from service.store.database import Database, open_database
from service.store.ledger import StoreLedger
from service.store.picks import write_pick
from service.store.tables import CITATION
from tests.integration.api.conftest import Service, problem_of
from workers.ledger import Cause, Scope
from workers.model import (
    Candidate,
    Choice,
    Decision,
    FoundOn,
    LinkReport,
    Memento,
    Outcome,
    Quality,
    Recovery,
    RecoveryReason,
    Verdict,
)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Give an empty database of either kind, in place of the SQLite file of the other tests."""
    async with open_database(database_url) as opened:
        yield opened


BROKEN = "hhttps://example.org/a"
MENDED = "https://example.org/a"
ARTICLE = f"# Rivers\r\n\r\nThey [said]({BROKEN}) and [wrote](#) so.\r\n"
FOUND = "https://example.org/found"


async def citations_of(service: Service, article: int) -> list[dict]:
    return (await (await service.client.get(f"/v1/articles/{article}/citations")).json())["items"]


async def decide(service: Service, citation: int, **body: object) -> dict:
    response = await service.client.post(f"/v1/citations/{citation}/decision", json=body)
    assert response.status == 200, await response.text()
    return await response.json()


async def recover(database: Database, citation: int, decision: Decision) -> None:
    found = Recovery(
        decision=decision,
        best=FOUND,
        candidates=(Candidate(url=FOUND, rule="anchor", score=0.9, evidence=("same anchor",)),),
        found_on=FoundOn(kind="live", url="https://example.org/page"),
        reason=RecoveryReason.MATCHED,
    )
    await StoreLedger(database).store_recoveries([(citation, found)])


async def test_a_decision_stands_in_the_citation_its_history_and_the_events(service: Service):
    article = await service.submit(ARTICLE)
    first, second = await citations_of(service, article)
    assert (first["original"], first["repaired"]) == (MENDED, True)
    rejected = await decide(service, first["id"], choice="reject", note="it is meant so", by="Ada")
    assert (rejected["original"], rejected["decision"]["choice"]) == (BROKEN, "reject")
    assert (rejected["decision"]["note"], rejected["decision"]["made_by"]) == ("it is meant so", "Ada")
    assert (await decide(service, first["id"], choice="accept"))["original"] == MENDED
    set_one = await decide(service, second["id"], choice="set", url="https://example.org/set")
    assert (set_one["original"], set_one["decision"]["url"]) == ("https://example.org/set",) * 2
    assert set_one == await (await service.client.get(f"/v1/citations/{second['id']}")).json()
    history = await (await service.client.get(f"/v1/citations/{first['id']}/decisions")).json()
    assert [(each["choice"], each["url"], each["made_by"]) for each in history["items"]] == [
        ("accept", MENDED, None),
        ("reject", BROKEN, "Ada"),
    ]
    told = (await (await service.client.get("/v1/events")).json())["items"]
    assert [(each["kind"], each["article_id"]) for each in told] == [("decided", article)] * 3
    assert told[0]["detail"] == f"reject: {BROKEN}; Ada; it is meant so"


async def test_a_withdrawn_decision_leaves_what_was_proved(service: Service):
    article = await service.submit(ARTICLE)
    first, second = await citations_of(service, article)
    await recover(service.database, second["id"], Decision.AUTO)
    for citation, proved in ((first["id"], MENDED), (second["id"], FOUND)):
        await decide(service, citation, choice="set", url="https://example.org/set")
        withdrawn = await decide(service, citation, choice="withdraw")
        assert (withdrawn["original"], withdrawn["decision"]) == (proved, None)


async def test_a_new_address_is_checked_by_one_queued_audit(service: Service):
    article = await service.submit(ARTICLE)
    queued = len(service.jobs.audits)
    _, second = await citations_of(service, article)
    shown = await decide(service, second["id"], choice="set", url="https://example.org/set")
    await decide(service, second["id"], choice="set", url="https://example.org/set", note="again")
    added = service.jobs.audits[queued:]
    assert len(set(added)) == 1
    audit = await (await service.client.get(f"/v1/audits/{added[0]}")).json()
    assert audit["scope"]["link_ids"] == [shown["link_id"]]


async def test_a_decision_outlives_an_audit_that_would_repair(service: Service):
    article = await service.submit(ARTICLE)
    first, _ = await citations_of(service, article)
    await decide(service, first["id"], choice="set", url="https://example.org/set")
    await audited(service.database, article, Outcome.GONE, accepted="https://example.org/other")
    after = (await citations_of(service, article))[0]
    assert (after["original"], after["decision"]["choice"]) == ("https://example.org/set", "set")


async def audited(database: Database, article: int, outcome: Outcome, *, accepted: str | None = None) -> None:
    """Store an audit in which every link of an article showed the same."""
    ledger = StoreLedger(database)
    audit, _ = await create_audit(database, Scope(article_ids=(article,)), cause=Cause.REQUEST, key="x")
    planned = await ledger.plan_audit(audit.id, now=utc_now())
    tasks = await ledger.load_tasks(audit.id, [link.link_id for link in planned])
    taken = None if accepted is None else Candidate(url=accepted, rule="r", score=0.9)
    reports = [
        (
            link_id,
            LinkReport(
                written=task.written,
                original=accepted or task.written,
                verdict=Verdict(outcome=outcome, rule="status/404"),
                observation=None,
                accepted=taken,
            ),
        )
        for link_id, task in tasks
    ]
    await ledger.store_reports(audit.id, reports, now=utc_now())


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"choice": "set"}, "#"),
        ({"choice": "set", "url": "ftp://example.org/"}, "#/url"),
        ({"choice": "set", "url": "javascript:alert(1)"}, "#/url"),
        ({"choice": "reject", "url": MENDED}, "#"),
        ({"choice": "perhaps"}, "#/choice"),
        ({"choice": "accept", "url": "https://example.org/never-proposed"}, "#/url"),
        ({}, "#/choice"),
        ({"choice": "reject", "note": ""}, "#/note"),
    ],
)
async def test_a_wrong_decision_names_its_place_and_changes_nothing(
    service: Service, body: object, pointer: str
):
    article = await service.submit(ARTICLE)
    citation = (await citations_of(service, article))[0]
    response = await service.client.post(f"/v1/citations/{citation['id']}/decision", json=body)
    problem = await problem_of(response)
    assert (response.status, [each["pointer"] for each in problem["errors"]]) == (422, [pointer])
    assert (await citations_of(service, article))[0] == citation


async def test_there_must_be_a_citation_and_something_to_accept(service: Service):
    article = await service.submit(ARTICLE)
    _, second = await citations_of(service, article)
    refused = await service.client.post(f"/v1/citations/{second['id']}/decision", json={"choice": "accept"})
    assert (refused.status, (await problem_of(refused))["type"]) == (
        409,
        "urn:linkwright:problem:nothing-proposed",
    )
    unknown = await service.client.post("/v1/citations/99/decision", json={"choice": "reject"})
    assert unknown.status == 404
    assert (await service.client.get("/v1/citations/99")).status == 404
    assert (await service.client.get("/v1/citations/99/decisions")).status == 404


async def test_another_sites_page_may_not_decide(service: Service):
    article = await service.submit(ARTICLE)
    citation = (await citations_of(service, article))[0]
    for path in (f"/v1/citations/{citation['id']}/decision", f"/citations/{citation['id']}/decision"):
        response = await service.client.post(
            path, data={"choice": "reject"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert response.status == 403
    assert (await citations_of(service, article))[0]["decision"] is None


async def test_a_decision_holds_for_the_edited_article_too(service: Service):
    first = await service.submit(ARTICLE, source="rivers.md")
    said, wrote = await citations_of(service, first)
    await decide(service, said["id"], choice="reject", note="meant so", by="Ada")
    await decide(service, wrote["id"], choice="set", url="https://example.org/set")
    edited = await service.submit(f"# News\n\nMore first.\n\n{ARTICLE}", source="rivers.md")
    after = await citations_of(service, edited)
    assert [(each["original"], each["decision"]["choice"]) for each in after] == [
        (BROKEN, "reject"),
        ("https://example.org/set", "set"),
    ]
    assert (after[0]["decision"]["made_by"], after[0]["decision"]["note"]) == ("Ada", "meant so")
    history = await (await service.client.get(f"/v1/citations/{after[0]['id']}/decisions")).json()
    assert [(each["choice"], each["made_by"]) for each in history["items"]] == [("reject", "Ada")]
    other = await service.submit(f"# Other\n\n{ARTICLE}", source="elsewhere.md")
    assert [each["decision"] for each in await citations_of(service, other)] == [None, None]


async def test_a_withdrawn_decision_is_not_carried_over(service: Service):
    first = await service.submit(ARTICLE, source="rivers.md")
    said, _ = await citations_of(service, first)
    await decide(service, said["id"], choice="reject")
    await decide(service, said["id"], choice="withdraw")
    edited = await service.submit(f"{ARTICLE}\nMore.\n", source="rivers.md")
    assert (await citations_of(service, edited))[0]["decision"] is None


async def test_a_link_is_held_until_that_is_lifted(service: Service):
    article = await service.submit(ARTICLE)
    link = (await citations_of(service, article))[0]["link_id"]
    path = f"/v1/links/{link}/hold"
    held = await (await service.client.post(path, json={"hold": "held_dead", "reason": "spam"})).json()
    assert (held["standing"], held["hold"], held["hold_reason"]) == ("held_dead", "held_dead", "spam")
    lifted = await (await service.client.delete(path)).json()
    assert (lifted["standing"], lifted["hold"]) == ("unchecked", None)
    told = (await (await service.client.get("/v1/events")).json())["items"]
    assert [(each["kind"], each["detail"]) for each in told] == [
        ("held", "held_dead; spam"),
        ("released", "override lifted"),
    ]
    wrong = await service.client.post(path, json={"hold": "dead"})
    assert [each["pointer"] for each in (await problem_of(wrong))["errors"]] == ["#/hold"]
    assert (await service.client.post("/v1/links/99/hold", json={"hold": "held_dead"})).status == 404
    assert (await service.client.delete("/v1/links/99/hold")).status == 404


async def test_the_article_comes_back_mended_and_otherwise_the_same(service: Service):
    article = await service.submit(ARTICLE, source="docs/Flüsse.md")
    _, second = await citations_of(service, article)
    await recover(service.database, second["id"], Decision.AUTO)
    response = await service.client.get(f"/v1/articles/{article}/fixed")
    assert response.headers["Vary"] == "Accept"
    assert response.status == 200, await response.text()
    assert (await response.read()).decode() == ARTICLE.replace(BROKEN, MENDED).replace("#)", f"{FOUND})")
    assert response.headers["Content-Type"] == "text/markdown"
    assert response.headers["Content-Disposition"] == (
        "attachment; filename=\"Fl_sse.md\"; filename*=UTF-8''Fl%C3%BCsse.md"
    )
    assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    again = await service.client.get(
        f"/v1/articles/{article}/fixed", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status == 304
    changes = (await (await service.client.get(f"/v1/articles/{article}/changes")).json())["items"]
    assert [(each["ground"], each["written"], each["address"], each["refused"]) for each in changes] == [
        ("repair", BROKEN, MENDED, None),
        ("recovery", "#", FOUND, None),
    ]


async def test_the_patch_of_an_article_is_one_that_patch_takes(service: Service, tmp_path: Path):
    article = await service.submit(ARTICLE)
    for asked in (
        {"params": {"diff": "1"}},
        {"params": {"diff": "true"}},
        {"headers": {"Accept": "text/x-diff"}},
    ):
        response = await service.client.get(f"/v1/articles/{article}/fixed", **asked)
        assert response.headers["Content-Type"] == "text/x-diff"
        assert 'filename="a.md.diff"' in response.headers["Content-Disposition"]
        patch = await response.read()
        (tmp_path / "a.md").write_bytes(ARTICLE.encode())
        subprocess.run(["git", "apply", "-p1", "-"], cwd=tmp_path, input=patch, check=True)  # noqa: ASYNC221
        assert (tmp_path / "a.md").read_bytes().decode() == ARTICLE.replace(BROKEN, MENDED)


async def test_people_win_over_what_was_proved(service: Service):
    article = await service.submit(ARTICLE)
    first, second = await citations_of(service, article)
    await recover(service.database, second["id"], Decision.AUTO)
    await decide(service, first["id"], choice="reject")
    await decide(service, second["id"], choice="set", url="https://example.org/(set)")
    body = await (await service.client.get(f"/v1/articles/{article}/fixed")).text()
    assert body == ARTICLE.replace("#)", "https://example.org/(set))").replace("\r\n", "\r\n")


DEAD = "https://example.org/dead"
CAPTURE = "https://archive.example/web/20240102030405/https://example.org/dead"


@pytest.mark.parametrize(
    ("outcome", "quality", "hold", "expected"),
    [
        (Outcome.GONE, Quality.GOOD, None, CAPTURE),
        (Outcome.SOFT_404, Quality.STABLE, None, CAPTURE),
        (Outcome.GONE, Quality.UNVERIFIED, None, DEAD),
        (Outcome.GONE, Quality.POOR, None, DEAD),
        (Outcome.DOWN, Quality.GOOD, None, DEAD),
        (Outcome.BLOCKED, Quality.GOOD, None, DEAD),
        (Outcome.GONE, Quality.GOOD, "held_alive", DEAD),
        (Outcome.BLOCKED, Quality.GOOD, "held_dead", CAPTURE),
    ],
)
async def test_only_a_dead_link_gives_way_and_only_to_a_verified_capture(
    service: Service, outcome: Outcome, quality: Quality, hold: str | None, expected: str
):
    article = await service.submit(f"[said]({DEAD})\n")
    await audited(service.database, article, outcome)
    memento = Memento(
        original=DEAD, archive="wayback", memento_datetime=utc_now(), uri_m=CAPTURE, quality=quality
    )
    async with service.database.write() as connection:
        choice = Choice(rule="pick/1", memento=memento)
        await write_pick(connection, DEAD, choice, now=utc_now())
    if hold:
        link = (await citations_of(service, article))[0]["link_id"]
        await service.client.post(f"/v1/links/{link}/hold", json={"hold": hold})
    body = await (await service.client.get(f"/v1/articles/{article}/fixed")).text()
    assert body == f"[said]({expected})\n"


async def test_what_is_only_suggested_is_not_written(service: Service):
    article = await service.submit(ARTICLE)
    _, second = await citations_of(service, article)
    await recover(service.database, second["id"], Decision.SUGGEST)
    body = await (await service.client.get(f"/v1/articles/{article}/fixed")).text()
    assert "[wrote](#)" in body


@pytest.mark.parametrize(
    ("charset", "sent"),
    [("utf-8", "charset=utf-8"), ("cp1251", "charset=windows-1251"), ("koi8-r", "charset=koi8-r")],
)
async def test_the_charset_of_the_upload_is_kept(service: Service, charset: str, sent: str):
    content = ("Река " + ARTICLE).encode(charset)
    response = await service.client.post(
        "/v1/articles", data=content, headers={"Content-Type": f"text/markdown; {sent}"}
    )
    article = (await response.json())["id"]
    body = await (await service.client.get(f"/v1/articles/{article}/fixed")).read()
    assert body == content.replace(BROKEN.encode(), MENDED.encode())


async def test_an_article_given_as_json_is_read_as_the_text_it_is(service: Service):
    content = '<meta charset="windows-1251"><p>Река <a href="hhttps://example.org/a">x</a>'
    response = await service.client.post("/v1/articles", json={"content": content, "format": "html"})
    article = (await response.json())["id"]
    body = await (await service.client.get(f"/v1/articles/{article}/fixed")).read()
    assert body.decode() == content.replace("hhttps", "https")


async def test_an_article_that_cannot_be_written_says_why(service: Service):
    waiting = await service.client.post("/v1/articles", json={"url": "https://example.org/"})
    not_read = await service.client.get(f"/v1/articles/{(await waiting.json())['id']}/fixed")
    assert (not_read.status, (await problem_of(not_read))["detail"]) == (409, "The article is queued.")
    assert (await service.client.get("/v1/articles/99/fixed")).status == 404
    assert (await service.client.get("/v1/articles/99/changes")).status == 404
    bad = await service.client.get("/v1/articles/1/fixed", params={"diff": "perhaps"})
    assert bad.status == 400


async def test_a_format_that_is_only_read_is_415(service: Service):
    article = await service.submit(ARTICLE)
    from service.store.tables import ARTICLE as TABLE  # noqa: PLC0415

    async with service.database.write() as connection:
        await connection.execute(update(TABLE).where(TABLE.c.id == article).values(format="pdf"))
    response = await service.client.get(f"/v1/articles/{article}/fixed")
    assert (response.status, (await problem_of(response))["detail"]) == (
        415,
        "Articles of format pdf are read, and not written.",
    )


async def test_what_this_release_reads_otherwise_is_left_alone(service: Service):
    article = await service.submit(ARTICLE)
    async with service.database.write() as connection:
        moved = update(CITATION).where(CITATION.c.article_id == article, CITATION.c.position == 0)
        await connection.execute(moved.values(start=1, end=2))
    body = await (await service.client.get(f"/v1/articles/{article}/fixed")).text()
    assert body == ARTICLE


async def test_a_wrong_hold_is_told_which_words_there_are(service: Service):
    response = await service.client.post("/v1/links/1/hold", json={"hold": "dead"})
    problem = await problem_of(response)
    assert response.status == 422
    assert [each["detail"] for each in problem["errors"]] == ["Input should be 'held_alive' or 'held_dead'."]
