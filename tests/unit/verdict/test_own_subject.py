"""A page about missing pages is not taken for one where enough speaks against it."""

import pytest

from workers.model import Outcome
from workers.verdict.context import Context, Probe

URL = "https://ency.example/wiki/404"
LISTED = (
    "<title>404 (disambiguation)</title><h1>404 (disambiguation)</h1><ul>"
    "<li>404, a year of the fifth century</li><li>Peugeot 404, a car built in Sochaux</li>"
    "<li>HTTP 404, an answer of a server</li></ul>"
)
BARE = "<title>404</title><h1>404 Not Found</h1><p>The page you asked for is not here.</p>"


@pytest.fixture
def sibling(observation, page):
    """Return a function that makes what the host answers for an address that cannot exist."""

    def made(html: str, status: int) -> Probe:
        other = observation(html.encode(), url="https://ency.example/wiki/hovelar-80412", status=status)
        return Probe(observation=other, page=page(html, url=other.url))

    return made


def test_more_text_under_an_address_that_names_it_is_ok_on_an_honest_host(judge, sibling):
    context = Context(probe=sibling(BARE, 404))
    assert judge(LISTED, url=URL, context=context).outcome is Outcome.OK


def test_the_host_that_shows_it_for_any_address_shows_an_error_page(judge, sibling):
    verdict = judge(LISTED, url=URL, context=Context(probe=sibling(LISTED, 200), anchors=("404",)))
    assert (verdict.outcome, verdict.rule) == (Outcome.SOFT_404, "soft404/sibling")


def test_where_the_sibling_is_sent_astray_too_the_words_decide(judge, sibling):
    context = Context(probe=sibling(LISTED.replace("Sochaux", "Paris or in Lyon"), 200))
    assert judge(LISTED, url=URL, context=context).outcome is Outcome.SOFT_404


def test_a_page_that_the_sibling_does_not_show_is_ok(judge, sibling):
    front = f"<title>Front</title><h1>Front</h1><p>{'What happened in town today. ' * 20}</p>"
    assert judge(LISTED, url=URL, context=Context(probe=sibling(front, 200))).outcome is Outcome.OK


@pytest.mark.parametrize("signs", ["anchor", "canonical"])
def test_an_anchor_or_the_pages_own_address_is_the_third_sign(judge, sibling, signs):
    front = f"<title>Front</title><h1>Front</h1><p>{'What happened in town today. ' * 20}</p>"
    own = f'<link rel="canonical" href="{URL}">' if signs == "canonical" else ""
    anchors = ("404",) if signs == "anchor" else ()
    context = Context(probe=sibling(front, 200), anchors=anchors)
    assert judge(own + LISTED, url=URL, context=context).outcome is Outcome.OK


def test_a_page_that_says_nothing_else_is_a_soft_404_whatever_its_address_says(judge, sibling):
    context = Context(probe=sibling(BARE, 404), anchors=("404",))
    assert judge(BARE, url=URL, context=context).outcome is Outcome.SOFT_404


def test_a_removed_item_under_an_address_that_names_no_error_is_a_soft_404(judge):
    html = LISTED.replace("404 (disambiguation)", "404 Not Found")
    assert judge(html, url="https://ency.example/wiki/weir").outcome is Outcome.SOFT_404
