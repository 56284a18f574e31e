"""People decide on the pages, in a real browser with and without scripts."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import NEEDS_BROWSER, browser_page
from tests.integration.api.served import serve

ARTICLE = "# Rivers\n\nThey [said](hhttps://example.org/said) so, and [lost](#) it.\n"

pytestmark = NEEDS_BROWSER


def submit(page: Page) -> None:
    answer = page.request.post(
        "/v1/articles?source=rivers.md", data=ARTICLE, headers={"Content-Type": "text/markdown"}
    )
    assert answer.status == 202, answer.text()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_person_rejects_accepts_and_sets_on_the_article(tmp_path: Path, scripts: bool):
    with serve(tmp_path) as served, browser_page(served.url, scripts=scripts) as page:
        submit(page)
        page.goto("/articles/1")
        said, lost = page.locator(".citations > li").first, page.locator(".citations > li").nth(1)
        said.get_by_role("button", name="Keep as written").click()
        expect(page).to_have_url(f"{served.url}/articles/1#citation-1")
        expect(said.locator(".decision")).to_have_text("reject")
        said.get_by_text("Decide", exact=True).click()
        said.get_by_role("button", name="Accept https://example.org/said").click()
        expect(said.locator(".decision")).to_have_text("accept")
        lost.get_by_text("Decide", exact=True).click()
        lost.get_by_label("Another address").fill("https://example.org/found")
        lost.get_by_label("Your name").fill("Ada <b>")
        lost.get_by_role("button", name="Set").click()
        expect(lost.locator(".decision")).to_have_text("set")
        expect(lost).to_contain_text("by Ada <b>")
        fixed = page.request.get("/v1/articles/1/fixed").text()
        assert fixed == ARTICLE.replace("hhttps", "https").replace("(#)", "(https://example.org/found)")
        lost.get_by_text("Decide", exact=True).click()
        lost.get_by_role("button", name="Withdraw the decision").click()
        expect(lost.locator(".decision")).to_have_count(0)


def test_a_person_holds_a_link_and_lets_it_go(tmp_path: Path):
    with serve(tmp_path) as served, browser_page(served.url) as page:
        submit(page)
        page.goto("/links/1")
        page.get_by_label("Why").fill("spam took the domain")
        page.get_by_role("button", name="Hold as dead").click()
        expect(page.locator(".outcome").first).to_have_text("held dead")
        expect(page.get_by_text("Held by a person: spam took the domain")).to_be_visible()
        page.get_by_role("button", name="Let its checks speak again").click()
        expect(page.locator(".outcome").first).to_have_text("unchecked")
