"""A repair candidate is confirmed by what its page says, never by an answer alone."""

import pytest

from workers.verdict.matches import confirms

URL = "https://daily.example/2024/10/22/envoys-return-amid-storm-warnings-a86767"
HEADLINE = "Envoys Return Amid Storm Warnings - Daily"
TEXT = "<p>" + "Engineers replace the old piles of the pier. " * 20


def asked(observation, page, html, *, headline=HEADLINE, anchors=(), **facts):
    seen = observation(html.encode(), url=URL, **facts)
    return confirms(page(html, url=seen.final_url), seen, url=URL, headline=headline, anchors=anchors)


def test_a_page_with_the_headline_is_confirmed(observation, page):
    html = f"<title>Envoys return amid storm warnings</title><h1>Envoys return amid storm warnings</h1>{TEXT}"
    confirmed, evidence = asked(observation, page, html)
    assert confirmed
    assert evidence == (f"its title agrees with: {HEADLINE}",)


def test_an_anchor_confirms_where_there_is_no_headline(observation, page):
    html = f"<h1>Envoys return amid storm warnings</h1>{TEXT}"
    assert asked(observation, page, html, headline=None, anchors=("envoys return amid storm",))[0]


def test_the_pages_own_address_and_slug_confirm(observation, page):
    html = f'<link rel=canonical href="{URL}"><h1>Envoys return amid storm warnings</h1>{TEXT}'
    confirmed, evidence = asked(observation, page, html, headline=None)
    assert confirmed
    assert evidence[0] == "the page names this address as its own"


def test_another_piece_under_the_right_id_is_not_confirmed(observation, page):
    html = f"<title>Ferry crews vote on contract</title><h1>Ferry crews vote on contract</h1>{TEXT}"
    assert not asked(observation, page, html)[0]


def test_a_page_that_names_another_address_is_not_confirmed(observation, page):
    html = (
        '<link rel=canonical href="https://daily.example/2024/10/22/other-piece-a1">'
        f"<h1>Envoys return amid storm warnings</h1>{TEXT}"
    )
    confirmed, evidence = asked(observation, page, html)
    assert not confirmed
    assert evidence[0] == "the page names another address"


@pytest.mark.parametrize("status", [404, 403, 500, 204])
def test_any_other_status_than_200_is_not_confirmed(observation, page, status):
    html = f"<h1>Envoys return amid storm warnings</h1>{TEXT}"
    assert asked(observation, page, html, status=status) == (False, (f"answered {status}",))


def test_an_error_page_is_not_confirmed(observation, page):
    confirmed, evidence = asked(observation, page, "<title>Page not found</title><h1>Page not found</h1>")
    assert not confirmed
    assert evidence[0] == "soft_404: soft404/heading"


def test_an_answer_without_a_page_is_not_confirmed(observation):
    seen = observation(b"x", url=URL)
    assert not confirms(None, seen, url=URL, headline=HEADLINE, anchors=())[0]
