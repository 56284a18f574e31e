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


@pytest.mark.parametrize(
    ("landed", "sibling", "outcome"),
    [
        ("https://daily.example/search?q=1187", "https://daily.example/search?q=90112", Outcome.SOFT_404),
        ("https://daily.example/pretraga/pier", "https://daily.example/pretraga/bazut", Outcome.OK),
        ("https://daily.example/?s=pier", "https://daily.example/?s=bazut+gok", Outcome.SOFT_404),
        ("https://daily.example/search?q=1187", "https://daily.example/find?q=90112", Outcome.OK),
        (
            "https://daily.example/search?q=1187",
            "https://daily.example/2019/03/04/bazut-gok-90112",
            Outcome.OK,
        ),
    ],
    ids=["same search", "another path each", "front page's search", "another search", "sibling shown itself"],
)
def test_a_host_that_searches_for_what_it_lacks_has_lost_the_piece(
    judge, observation, page, landed, sibling, outcome
):
    """The results differ with the words of each address: only the place is the same."""
    own, other = page_of(LEAD, TEASERS[:2], title="Pier"), page_of("Nothing like it.", TEASERS[2:])
    seen = observation(other.encode(), url="https://daily.example/notices/2004/90112", final=sibling)
    probe = Probe(observation=seen, page=page(other, url=sibling))
    url = "https://daily.example/notices/2004/1187"
    assert judge(own, url=url, final=landed, context=Context(probe=probe)).outcome is outcome


def test_a_search_that_was_cited_itself_is_a_page_like_any_other(judge, observation, page):
    url, sibling = "https://daily.example/search?q=pier", "https://daily.example/search?q=bazut"
    html = page_of(LEAD, TEASERS[:2])
    seen = observation(html.encode(), url=sibling, final=sibling)
    probe = Probe(observation=seen, page=page(page_of("Nothing like it.", TEASERS[2:]), url=sibling))
    assert judge(html, url=url, final=url, context=Context(probe=probe)).outcome is Outcome.OK
