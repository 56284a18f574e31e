"""A site that says it is down for now, at whatever status, may pass: it is `down`, never dead."""

import pytest

from workers.model import Outcome
from workers.verdict.context import Context, Probe

URL = "https://lock.example/2015/06/old-gate-restored"
PARAGRAPH = (
    "The gate was lifted out by crane on Monday and brought to the yard, where four people will work on it. "
)


@pytest.mark.parametrize(
    ("title", "heading", "said"),
    [
        ("Lock", "We are down for maintenance", "Back soon."),
        ("Database Error", "Error establishing a database connection", ""),
        ("502 Bad Gateway", "502 Bad Gateway", "nginx"),
        ("Internal Server Error", "Internal Server Error", "The server met a fault."),
        ("Lock", "This website is temporarily unavailable", ""),
        ("Schleuse", "Wartungsarbeiten", "Wir sind bald wieder da."),
        ("Сайт", "Сайт временно недоступен", ""),
        ("提示", "网站维护中", "请稍后再访问。"),
    ],
)
def test_a_notice_of_an_outage_is_down_and_says_so(judge, title, heading, said):
    verdict = judge(f"<title>{title}</title><h1>{heading}</h1><p>{said}</p>", url=URL)
    assert (verdict.outcome, verdict.rule) == (Outcome.DOWN, "down/notice")
    assert verdict.evidence[0].startswith("it says that it is down for now: ")


def test_a_missing_page_that_may_also_be_unavailable_is_a_soft_404(judge):
    said = "The resource has been removed, had its name changed, or is temporarily unavailable."
    verdict = judge(f"<title>Server Error</title><h1>404 - File not found.</h1><p>{said}</p>", url=URL)
    assert verdict.outcome is Outcome.SOFT_404


@pytest.mark.parametrize(
    "html",
    [
        f"<title>Old gate restored</title><p>This site is temporarily unavailable.</p><p>{PARAGRAPH * 3}</p>",
        "<title>Help</title><h1>What is “Service temporarily unavailable”?</h1><p>Wait a while.</p>",
        "<title>Old gate restored</title><h1>Old gate restored</h1><p>Website maintenance: 4 May.</p>",
        "<title>Gate</title><h1>Gate</h1><p>If the site is down for maintenance, call us.</p>",
        "<title>A</title><h1>Site under maintenance</h1><h2>Locks</h2><h2>Gates</h2><h2>Boats</h2>",
    ],
    ids=["beside a text", "in a question", "under its own title", "in case of", "in a divided page"],
)
def test_a_page_that_shows_more_is_not_down(judge, html):
    assert judge(html, url=URL).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("url", "anchors"),
    [
        ("https://docs.example/guides/maintenance-mode", ()),
        ("https://docs.example/g/17", ("How to leave maintenance mode",)),
        ("https://docs.example/status/503-service-unavailable", ()),
    ],
)
def test_a_page_cited_for_an_outage_is_not_down(judge, url, anchors):
    html = "<title>Maintenance mode</title><h1>Maintenance mode</h1><p>The site is under maintenance.</p>"
    assert judge(html, url=url, context=Context(anchors=anchors)).outcome is Outcome.OK


LATER = "<title>Lock</title><h1>Lock</h1><p>Something is wrong. Please come back a little later.</p>"


@pytest.mark.parametrize(
    ("shown", "status", "outcome"),
    [
        (LATER, 200, Outcome.DOWN),
        (LATER, 404, Outcome.OK),
        ("<h1>Not Found</h1>", 404, Outcome.OK),
        (
            "<title>Lock</title><h1>Lock</h1><p>Another page of the lock, with its own words.</p>",
            200,
            Outcome.OK,
        ),
    ],
    ids=["the same", "the same as an error", "an error", "another page"],
)
def test_weak_words_count_where_any_address_shows_the_same_page(
    judge, observation, page, shown, status, outcome
):
    url = "https://lock.example/2015/06/hovelar-80412"
    probe = Probe(observation=observation(shown.encode(), url=url, status=status), page=page(shown, url=url))
    assert judge(LATER, url=URL, context=Context(probe=probe)).outcome is outcome
