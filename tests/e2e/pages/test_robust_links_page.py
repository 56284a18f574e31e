"""Robust Links in a real browser: the script shows captures, and asks nobody for anything."""

from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from service.store.database import Database
from service.store.mementos import write_mementos
from tests.browser import NEEDS_BROWSER
from tests.integration.api.served import Served
from workers.model import Memento, Quality

SAID = "https://example.org/said"
CAPTURE = f"https://web.archive.org/web/20241022080000/{SAID}"

pytestmark = NEEDS_BROWSER


async def keep_capture(database: Database) -> None:
    """Keep one capture of the cited page."""
    at = datetime(2024, 10, 22, 8, tzinfo=UTC)
    memento = Memento(
        original=SAID, archive="wayback", memento_datetime=at, uri_m=CAPTURE, quality=Quality.GOOD
    )
    async with database.write() as connection:
        await write_mementos(connection, [memento], now=at)


def test_the_script_shows_the_capture_beside_its_link(page: Page, served: Served):
    text = f"# Rivers\n\nThey [said]({SAID}) so, [and <b>this</b>](https://example.org/this).\n"
    answer = page.request.post(
        "/v1/articles?source=rivers.md", data=text, headers={"Content-Type": "text/markdown"}
    )
    assert answer.status == 202, answer.text()
    served.run(keep_capture)
    page.goto("/v1/articles/1/robust-links?format=html")
    items = page.locator("li")
    expect(items).to_have_count(2)
    expect(items.nth(0)).to_have_text("said [captured 2024-10-22]")
    expect(items.nth(0).locator("a").nth(0)).to_have_attribute("href", SAID)
    expect(items.nth(0).locator("a").nth(1)).to_have_attribute("href", CAPTURE)
    expect(items.nth(1).locator("a")).to_have_count(1)
