"""A repair candidate is confirmed by what its page says, never by an answer alone."""

from dataclasses import replace

import pytest

from workers.model import Outcome
from workers.verdict.matches import Answer, Sought, confirm, is_doubtful

URL = "https://daily.example/2024/10/22/envoys-return-amid-storm-warnings-a86767"
WRITTEN = "https://daily.example/2024/10/22/envoys-return-a-mid-storm-warnings-a86767"
HEADLINE = "Envoys Return Amid Storm Warnings - Daily"
TEXT = "<p>" + "Engineers replace the old piles of the pier. " * 20
ARTICLE = f"<title>Envoys return amid storm warnings</title><h1>Envoys return amid storm warnings</h1>{TEXT}"
UNTITLED = f"<title>Daily</title><h1>Storm desk</h1>{TEXT}"
OTHER = f"<title>Ferry crews vote</title><h1>Ferry crews vote</h1>{TEXT}"
FAILS = "what is written fails on this host, this address answers"
BARRED = "this address answers, what is written is refused as an address that cannot exist is"


@pytest.fixture
def asked(observation, page):
    """Return a function that asks whether a page, answered for `URL`, proves it."""

    def ask(
        html, *, headline=HEADLINE, anchors=(), rule="", contexts=(), written=None, sibling=None, **facts
    ):
        seen = observation(html.encode(), url=URL, **facts)
        sought = Sought(
            url=URL, rule=rule, headline=headline, anchors=anchors, contexts=contexts,
            written=written, sibling=sibling,
        )  # fmt: skip
        return confirm(page(html, url=seen.final_url), seen, sought)

    return ask


@pytest.fixture
def answer(observation, page):
    """Return a function that makes the answer to an address."""

    def made(url, html, outcome, **facts):
        seen = observation(html.encode(), url=url, **facts)
        return Answer(observation=seen, page=page(html, url=seen.final_url), outcome=outcome)

    return made


def test_a_page_with_the_headline_is_confirmed(asked):
    proof = asked(ARTICLE)
    assert (proof.is_right, proof.evidence) == (True, (f"its title agrees with: {HEADLINE}",))


def test_an_anchor_confirms_where_there_is_no_headline(asked):
    assert asked(ARTICLE, headline=None, anchors=("envoys return amid storm",)).is_right


def test_a_title_that_stands_in_the_sentence_around_the_link_confirms(asked):
    around = ("1. Envoys return amid storm warnings, https://daily.example/2024/10/22/envoys",)
    assert asked(ARTICLE, headline=None, contexts=around).is_right
    assert not asked(ARTICLE, headline=None, contexts=("Envoys said so here.",)).is_right


def test_the_pages_own_address_and_slug_confirm(asked):
    proof = asked(f'<link rel=canonical href="{URL}">{ARTICLE}', headline=None)
    assert proof.is_right
    assert proof.evidence[0] == "the page names this address as its own"


def test_another_piece_under_the_right_id_is_not_confirmed(asked):
    html = f"<title>Ferry crews vote on contract</title><h1>Ferry crews vote on contract</h1>{TEXT}"
    assert not asked(html).is_right


def test_a_page_that_names_another_address_is_not_confirmed(asked):
    other = '<link rel=canonical href="https://daily.example/2024/10/22/other-piece-a1">'
    proof = asked(other + ARTICLE)
    assert not proof.is_right
    assert proof.evidence[0] == "the page names another address"


@pytest.mark.parametrize("status", [404, 403, 500, 204])
def test_any_other_status_than_200_is_not_confirmed(asked, status):
    proof = asked(ARTICLE, status=status)
    assert (proof.is_right, proof.evidence) == (False, (f"answered {status}",))


def test_an_error_page_is_not_confirmed(asked):
    proof = asked("<title>Page not found</title><h1>Page not found</h1>")
    assert (proof.is_right, proof.evidence[0]) == (False, "soft_404: soft404/heading")


def test_a_file_is_confirmed_only_where_the_host_tells_addresses_apart(observation, answer):
    seen = observation(b"x", url=URL)
    alone = confirm(None, seen, Sought(url=URL))
    assert (alone.is_right, alone.is_open) == (False, True)
    gone = answer(f"{URL}.pdf", "<h1>Not found</h1>", Outcome.GONE, status=404)
    assert confirm(None, seen, Sought(url=URL, sibling=gone)).is_right


def test_where_what_is_written_fails_a_page_of_the_host_itself_confirms(asked, answer):
    failed = answer(WRITTEN, "<h1>Not found</h1>", Outcome.GONE, status=404)
    proof = asked(UNTITLED, headline=None, written=failed)
    assert (proof.is_right, proof.evidence[-1]) == (True, FAILS)
    assert not asked(UNTITLED, headline=None).is_right


REMOVED = "<title>Daily</title><h1>This story has been removed</h1>"
OH_DEAR = "<title>Daily</title><h1>Oh dear</h1><p>What stood here has sailed away with the tide.</p>{}"
BOXES = ["<div><p>Ferry crews vote on a new contract.</p></div>", "<div><p>A heron eats fish.</p></div>"]


def test_where_what_is_written_only_speaks_of_failure_the_sibling_tells(asked, answer):
    spoken = answer(WRITTEN, REMOVED, Outcome.SOFT_404)
    proof = asked(UNTITLED, headline=None, written=spoken)
    assert (proof.is_right, proof.is_open) == (False, True)
    gone = answer(f"{URL}-9", "<h1>Not found</h1>", Outcome.GONE, status=404)
    assert asked(UNTITLED, headline=None, written=spoken, sibling=gone).is_right


def test_what_the_host_shows_for_any_address_proves_none(asked, answer):
    spoken = answer(WRITTEN, REMOVED, Outcome.SOFT_404)
    for outcome in (Outcome.OK, Outcome.SOFT_404):
        same = answer(f"{URL}-9", OH_DEAR.format("".join(reversed(BOXES))), outcome)
        proof = asked(OH_DEAR.format("".join(BOXES)), headline=None, written=spoken, sibling=same)
        assert (proof.is_right, proof.is_open) == (False, False)


def test_a_candidate_far_less_likely_than_what_is_written_needs_the_sibling_too(answer, observation, page):
    failed = answer(WRITTEN, "<h1>Not found</h1>", Outcome.GONE, status=404)
    gone = answer(f"{URL}-9", "<h1>Not found</h1>", Outcome.GONE, status=404)
    same = answer(f"{URL}-9", UNTITLED, Outcome.OK)
    seen, shown = observation(UNTITLED.encode(), url=URL), page(UNTITLED)
    sought = Sought(url=URL, is_unlikely=True, written=failed)
    assert confirm(shown, seen, sought).is_open
    assert confirm(shown, seen, replace(sought, sibling=gone)).is_right
    assert not confirm(shown, seen, replace(sought, sibling=same)).is_right


def test_a_page_of_another_subject_is_not_confirmed_by_the_hosts_telling_addresses_apart(asked, answer):
    failed = answer(WRITTEN, "<h1>Not found</h1>", Outcome.GONE, status=404)
    assert not asked(OTHER, written=failed).is_right


def test_a_host_that_sends_on_to_whatever_is_nearest_does_not_confirm(asked, answer):
    failed = answer(WRITTEN, "<h1>Not found</h1>", Outcome.GONE, status=404)
    nearest = "https://daily.example/2023/01/02/envoys-return"
    assert not asked(UNTITLED, headline=None, written=failed, final=nearest, via=(301,)).is_right


def test_an_address_that_another_one_mentions_is_alive_by_itself(asked, answer, observation, page):
    gone = answer(f"{URL}-9", "<h1>Not found</h1>", Outcome.GONE, status=404)
    seen = observation(UNTITLED.encode(), url=URL)
    for is_best in (True, False):
        sought = Sought(url=URL, rule="wrapped", is_best=is_best, sibling=gone)
        assert confirm(page(UNTITLED), seen, sought).is_right is is_best


def test_a_section_left_by_cutting_is_not_confirmed_by_its_answer(asked, answer, observation, page):
    failed = answer(WRITTEN, "<h1>Not found</h1>", Outcome.GONE, status=404)
    section = "https://daily.example/world/"
    seen = observation(UNTITLED.encode(), url=section)
    sought = Sought(url=section, rule="cut_at_space", written=failed)
    assert not confirm(page(UNTITLED, url=section), seen, sought).is_right


def test_a_host_that_shows_one_page_for_every_address_does_not_confirm(asked, answer):
    same = answer(WRITTEN, ARTICLE, Outcome.OK)
    assert not asked(ARTICLE, written=same).is_right


def test_a_page_shown_for_any_slug_confirms_the_address_that_it_names(asked, answer):
    canonical = f'<link rel=canonical href="{URL}">{ARTICLE}'
    proof = asked(canonical, headline=None, written=answer(WRITTEN, canonical, Outcome.OK))
    assert proof.is_right
    assert proof.evidence[-1] == "so does the page shown for what is written"


def test_where_another_page_is_shown_for_what_is_written_the_words_of_the_slug_decide(asked, answer):
    elsewhere = answer(WRITTEN, OTHER, Outcome.OK)
    assert asked(ARTICLE, headline=None, written=elsewhere).is_right
    assert not asked(UNTITLED, headline=None, written=elsewhere).is_right


def test_a_good_answer_is_doubtful_where_its_page_speaks_of_something_else(answer):
    other = answer(WRITTEN, OTHER, Outcome.OK)
    named = answer(WRITTEN, f'<link rel=canonical href="{URL}">{ARTICLE}', Outcome.OK)
    right = answer(WRITTEN, ARTICLE, Outcome.OK)
    found = [is_doubtful(each, anchors=(), headline=None) for each in (other, named, right)]
    assert found == [True, True, False]


@pytest.fixture
def refused(answer):
    """Return a function that makes a refusal of an address: a bare status."""

    def made(status, url=WRITTEN):
        return answer(url, "<title>Refused</title>", Outcome.BLOCKED, status=status)

    return made


def test_a_refusal_alone_proves_nothing_for_the_candidate(asked, refused):
    proof = asked(UNTITLED, headline=None, written=refused(403))
    assert (proof.is_right, proof.is_open) == (False, True)


def test_a_host_that_refuses_what_it_lacks_bears_the_candidate_out(asked, refused):
    proof = asked(UNTITLED, headline=None, written=refused(403), sibling=refused(403, f"{URL}-x"))
    assert (proof.is_right, proof.evidence[-1]) == (True, BARRED)


def test_a_host_that_says_404_of_what_it_lacks_has_refused_something_that_is_there(asked, refused, answer):
    gone = answer(f"{URL}-x", "<title>404</title>", Outcome.GONE, status=404)
    assert not asked(UNTITLED, headline=None, written=refused(403), sibling=gone).is_right


def test_a_title_proves_a_candidate_beside_a_refusal(asked, refused):
    assert asked(ARTICLE, written=refused(429)).is_right


def test_evidence_is_plain_text_so_that_reports_can_be_packed(asked, answer):
    gone = answer(WRITTEN, "<title>404</title>", Outcome.GONE, status=404)
    told = asked(UNTITLED, headline=None, written=gone).evidence
    assert told[-1] == FAILS
    assert {type(each) for each in told} == {str}
