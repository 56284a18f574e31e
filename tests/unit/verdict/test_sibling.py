"""Two pages are compared by their stories: teasers in another order are no difference, another text is."""

import pytest

from workers.model import Outcome
from workers.verdict.context import Context, Probe

TEASERS = [
    "Ferry crews vote on a contract that few of them have read to its end",
    "A heron moves into the fountain of the market and eats the goldfish",
    "Council paints the bridge green after a vote that took four hours",
    "School bus takes the long way round while the mill lane is dug up",
]
URL = "https://daily.example/2019/03/04/eastern-pier-closed"


def page_of(lead: str, teasers: list[str], *, title: str = "Daily") -> str:
    lines = "".join(f"<div class=box><p>{teaser}</p></div>" for teaser in teasers)
    return f"<title>{title}</title><main><h1>Oh dear</h1><p>{lead}</p>{lines}</main>"


@pytest.fixture
def beside(judge, observation, page):
    """Return a function that judges one page beside the page of an address that cannot exist."""

    def judged(html: str, sibling: str, *, url: str = URL, final: str | None = None):
        other = observation(
            sibling.encode(), url="https://daily.example/2019/03/04/bazut-gok-90112", final=final
        )
        probe = Probe(observation=other, page=page(sibling, url=other.final_url))
        return judge(html, url=url, context=Context(anchors=("the closed pier",), probe=probe))

    return judged


LEAD = "Whatever stood at this place has sailed away with the tide."


def test_the_same_story_under_turned_teasers_is_a_soft_404(beside):
    verdict = beside(page_of(LEAD, TEASERS), page_of(LEAD, TEASERS[2:] + TEASERS[:2]))
    assert (verdict.outcome, verdict.rule) == (Outcome.SOFT_404, "soft404/sibling")


def test_the_same_story_under_other_teasers_is_a_soft_404(beside):
    verdict = beside(page_of(LEAD, TEASERS[:2]), page_of(LEAD, TEASERS[2:]))
    assert verdict.outcome is Outcome.SOFT_404
    assert "says the same: whatever stood at this place" in verdict.evidence[0]


@pytest.mark.parametrize(
    ("own", "sibling"),
    [
        (
            page_of(LEAD, [*TEASERS, "The eastern pier is closed for repairs until the spring"]),
            page_of(LEAD, []),
        ),
        (page_of(LEAD, TEASERS), page_of("Nothing of that kind was ever kept in here by us.", TEASERS[2:])),
        (page_of(LEAD, TEASERS[:2], title="Tide and time"), page_of(LEAD, TEASERS[2:])),
        (page_of(LEAD, ["The eastern pier is closed, says the harbour"]), page_of(LEAD, TEASERS[3:])),
    ],
    ids=["more on this page", "another lead", "another title", "lines about what was asked"],
)
def test_a_page_that_differs_in_more_is_ok(beside, own, sibling):
    assert beside(own, sibling).outcome is Outcome.OK


def test_the_place_where_a_host_sends_what_it_lacks_is_a_page_like_any_other(beside):
    section = page_of("All that our paper wrote in the year of the flood, by month.", TEASERS)
    url = "https://daily.example/archive/flood"
    assert beside(section, section, url=url, final=url).outcome is Outcome.OK
    assert beside(section, section, url=url).outcome is Outcome.SOFT_404
