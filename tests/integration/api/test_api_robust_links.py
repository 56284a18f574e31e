"""Robust Links of an article over HTTP."""

from datetime import UTC, datetime

from service.store.audits import create_audit
from service.store.captures import StoreCaptureIndex
from service.store.ledger import StoreLedger
from service.store.mementos import write_mementos
from service.store.picks import write_pick
from tests.fakes_ledger import report_of
from tests.integration.api.conftest import Service, problem_of
from workers.archive.captures import LocalCapture
from workers.ledger import Scope
from workers.model import Choice, Memento, Outcome, Quality
from workers.url import lookup_key

LIVE, GONE, BARE = "https://live.example/a", "https://gone.example/b", "https://bare.example/c"
ARTICLE = f"[Live & well]({LIVE}) [Gone]({GONE}) [Bare]({BARE}) [None](#) [Mail](mailto:a@b.example)"
AT = datetime(2024, 10, 22, 8, 0, 5, 123456, tzinfo=UTC)
CAPTURE = f"https://web.archive.org/web/20200101000000/{GONE}"


async def prepare(service: Service) -> int:
    """Submit an article of which one link is gone and has a capture, and one has a local capture."""
    article_id = await service.submit(ARTICLE)
    ledger = StoreLedger(service.database)
    audit, _ = await create_audit(service.database, Scope(article_ids=(article_id,)), key="k")
    planned = await ledger.plan_audit(audit.id, now=AT)
    tasks = await ledger.load_tasks(audit.id, [each.link_id for each in planned])
    outcomes = {LIVE: Outcome.OK, GONE: Outcome.GONE, BARE: Outcome.OK}
    reports = [(link_id, report_of(task, outcomes[task.written])) for link_id, task in tasks]
    await ledger.store_reports(audit.id, reports, now=AT)
    await StoreCaptureIndex(service.database).add(
        LocalCapture(
            record_id="<urn:uuid:1>",
            original=LIVE,
            key=lookup_key(LIVE),
            memento_datetime=AT,
            status=200,
            media_type="text/html",
            file="a.warc.gz",
            offset=0,
            length=10,
            payload_digest="sha1:A",
        )
    )
    poor, good = (
        Memento(
            original=GONE,
            archive="wayback",
            memento_datetime=datetime(year, 1, 1, tzinfo=UTC),
            uri_m=f"https://web.archive.org/web/{year}0101000000/{GONE}",
            quality=quality,
        )
        for year, quality in ((2024, Quality.POOR), (2020, Quality.GOOD))
    )
    async with service.database.write() as connection:
        await write_mementos(connection, [poor, good], now=AT)
        await write_pick(connection, GONE, Choice(rule="pick/1", memento=good), now=AT)
    return article_id


async def test_each_link_has_the_capture_that_stands_for_it(service: Service):
    article_id = await prepare(service)
    response = await service.client.get(f"/v1/articles/{article_id}/robust-links")
    shown = await response.json()
    assert response.status == 200, shown
    here = str(service.client.make_url("/")).rstrip("/")
    assert shown["script"] == f"{here}/assets/robustlinks.js"
    assert [
        (link["text"], link["href"], link["version_url"], link["version_date"]) for link in shown["links"]
    ] == [
        ("Live & well", LIVE, f"{here}/memento/20241022080005/{LIVE}", "2024-10-22"),
        ("Gone", CAPTURE, CAPTURE, "2020-01-01"),
        ("Bare", BARE, None, None),
    ]
    assert shown["links"][1]["html"] == (
        f'<a href="{CAPTURE}" data-originalurl="{GONE}" data-versionurl="{CAPTURE}" '
        'data-versiondate="2020-01-01">Gone</a>'
    )


async def test_they_come_as_html_on_request(service: Service):
    article_id = await prepare(service)
    place = f"/v1/articles/{article_id}/robust-links"
    for params, headers in (({"format": "html"}, {}), ({}, {"Accept": "text/html,*/*;q=0.1"})):
        response = await service.client.get(place, params=params, headers=headers)
        html = await response.text()
        assert (response.status, response.content_type) == (200, "text/html")
        assert f'data-originalurl="{GONE}"' in html
        assert html.count("<li>") == 3
        assert "Live &amp; well" in html
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    script = await service.client.get("/assets/robustlinks.js")
    assert script.status == 200
    assert script.content_type.endswith("/javascript")


async def test_an_unknown_article_or_form_is_refused(service: Service):
    response = await service.client.get("/v1/articles/99/robust-links")
    assert response.status == 404
    await problem_of(response)
    response = await service.client.get("/v1/articles/1/robust-links", params={"format": "pdf"})
    assert response.status == 400
