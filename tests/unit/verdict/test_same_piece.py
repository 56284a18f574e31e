"""A live page is the lost piece by its text, its title or its slug, never by answering."""

import pytest

from workers.verdict.same_piece import Lost, sameness

URL = "https://daily.example/2019/03/04/eastern-pier-closed-for-repairs"
NEW = "https://daily.example/archive/eastern-pier-closed-for-repairs"
TEXT = "Engineers replace the old piles of the pier before winter comes to the harbour. " * 12
OTHER_TEXT = "Members of the council vote on the budget for schools and libraries of the town. " * 12


def html(title: str, text: str = TEXT) -> str:
    return f"<title>{title}</title><h1>{title}</h1><p>{text}</p>"


@pytest.fixture
def looked(observation, page):
    """Return a function that compares a live page with what is known of the lost one."""

    def look(live, *, last=None, anchors=(), headline=None, final=NEW, status=200):
        seen = observation(live.encode(), url=NEW, final=final, status=status)
        last_good = None if last is None else page(last)
        lost = Lost(url=URL, anchors=anchors, headline=headline, last_good=last_good)
        return sameness(page(live, url=final), seen, lost)

    return look


def test_the_text_of_the_last_good_capture_is_the_surest_sign(looked):
    same = looked(html("A new headline"), last=html("Eastern pier closed for repairs"))
    assert (same.score, same.evidence) == (0.97, ("its text is 98% that of the last good capture",))


def test_its_title_counts_where_the_text_was_rewritten(looked):
    same = looked(
        html("Eastern pier closed for repairs", OTHER_TEXT), last=html("Eastern pier closed for repairs")
    )
    assert same.score == 0.85


def test_an_anchor_counts_where_there_is_no_capture(looked):
    same = looked(html("Eastern pier closed"), anchors=("the eastern pier closed",))
    assert (same.score, same.evidence) == (0.75, ("its title agrees with: the eastern pier closed",))


def test_the_words_of_the_address_count_where_nothing_else_is_known(looked):
    assert looked(html("Eastern pier closed for repairs")).score == 0.65


def test_another_text_under_another_title_outweighs_the_slug(looked):
    last = html("Ferry crews vote", OTHER_TEXT)
    assert looked(html("Eastern pier closed for repairs"), last=last).score == 0.0


@pytest.mark.parametrize(
    ("live", "final", "status"),
    [
        (html("Budget vote", OTHER_TEXT), NEW, 200),
        (html("Eastern pier closed for repairs"), "https://daily.example/", 200),
        (html("Eastern pier closed for repairs"), NEW, 404),
    ],
)
def test_another_piece_the_front_page_and_a_failure_are_not_the_piece(looked, live, final, status):
    assert looked(live, final=final, status=status).score == 0.0
