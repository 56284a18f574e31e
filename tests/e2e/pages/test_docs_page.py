"""The pages in a real browser: nothing outside the origin is asked, nothing is refused or thrown."""

from playwright.sync_api import Page, expect

from tests.browser import NEEDS_BROWSER
from tests.integration.api.served import Served

ARTICLE = "# Rivers\n\nThey [said](https://example.org/said) so, and [lost](#) it.\n"

pytestmark = NEEDS_BROWSER


def _operations(page: Page) -> list[str]:
    """Return the operations of the description that the service hands out."""
    paths = page.request.get("/openapi.json").json()["paths"]
    return [
        operation["operationId"]
        for path in paths.values()
        for operation in path.values()
        if "operationId" in operation
    ]


def test_the_api_page_shows_every_resource(page: Page):
    page.goto("/docs")
    expect(page.locator("#operations-articles-submit")).to_be_visible()
    expect(page.locator(".opblock")).to_have_count(len(_operations(page)))
    expect(page.locator(".info .title")).to_contain_text("Linkwright")


def test_an_operation_can_be_tried_from_the_api_page(page: Page):
    page.goto("/docs")
    operation = page.locator("#operations-health-get_liveness")
    operation.locator(".opblock-summary-control").click()
    operation.locator(".try-out__btn").click()
    operation.locator("button.execute").click()
    answer = operation.locator(".live-responses-table tr.response")
    expect(answer.locator(".response-col_status").first).to_contain_text("200")
    expect(answer.locator(".highlight-code").first).to_contain_text("ok")


def test_a_person_goes_from_the_list_to_a_citation(page: Page, served: Served):
    answer = page.request.post(
        "/v1/articles?source=rivers.md", data=ARTICLE, headers={"Content-Type": "text/markdown"}
    )
    assert answer.status == 202, answer.text()
    page.goto("/")
    page.get_by_role("link", name="Rivers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rivers")
    expect(page.locator(".citations > li")).to_have_count(2)
    expect(page.locator(".citations > li").nth(1)).to_contain_text("placeholder")
    page.get_by_role("link", name="what its checks showed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("https://example.org/said")
    expect(page.get_by_text("Not checked yet.")).to_be_visible()
    page.go_back()
    page.go_back()
    page.get_by_label("Address of a link").fill("example.org/said")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("link", name="https://example.org/said")).to_be_visible()
