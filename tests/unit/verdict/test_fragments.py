"""Places that an address points to: told where the page plainly lacks them, and only there."""

import pytest
from page_cases import CASES
from page_judge import observe

from workers.verdict.fragments import missing_place
from workers.verdict.page import open_page

URL = "https://news.example/plan"
HTML = (
    "<h2 id=results>Results</h2><h2 id='the costs'>Costs</h2><a name=annex>Annex</a>"
    "<h2 id=user-content-usage>Usage</h2>"
    "<p>The council said that the plan would go ahead.</p><p>Farmers waited.</p>"
)


def missing(fragment: str, *, html: str = HTML, is_whole: bool = True) -> str | None:
    url = f"{URL}#{fragment}"
    observation, _ = observe(CASES[0], url=url, final=url, status=200, body=html.encode())
    opened = open_page(html.encode(), media_type="text/html", charset="utf-8", url=url)
    if not is_whole:
        object.__setattr__(observation, "body_complete", False)
    return missing_place(observation, opened)


@pytest.mark.parametrize(
    "fragment",
    [
        "results", "the%20costs", "annex", "usage", "", "top", "!/app", "/route", "t=30",
        ":~:text=the%20plan%20would", ":~:text=council,go%20ahead", ":~:text=council-,said,-that",
        "results:~:text=Farmers", ":~:text=go%20ahead.%20Farmers",
    ],
)  # fmt: skip
def test_places_that_are_there_or_no_places_are_not_told(fragment: str) -> None:
    assert missing(fragment) is None


@pytest.mark.parametrize(
    ("fragment", "told"),
    [
        ("losses", "the page has no place named #losses"),
        ("Results", "the page has no place named #Results"),
        (":~:text=the%20plan%20failed", "the page does not show the text 'the plan failed'"),
        (":~:text=ahead,council", "the page does not show the text 'ahead,council'"),
        (":~:text=Farmers&text=Fishers", "the page does not show the text 'Fishers'"),
    ],
)
def test_a_missing_place_is_told(fragment: str, told: str) -> None:
    assert missing(fragment) == told


def test_of_a_page_that_did_not_come_whole_nothing_is_told() -> None:
    assert missing("losses", is_whole=False) is None
