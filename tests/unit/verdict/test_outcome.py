"""Every answer and every failure has the outcome the words say."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.model import Failure, Hop, Observation, Outcome, Verdict
from workers.verdict.context import Context, HostFacts
from workers.verdict.outcome import decide
from workers.verdict.page import read_page

PIECE = (
    "<title>Eastern pier closed</title><h1>Eastern pier closed</h1><p>"
    + "The harbour authority closes the eastern pier while engineers replace the piles. " * 12
)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((status, "blocked") for status in (401, 402, 403, 405, 406, 407, 429, 451, 999)),
        (404, "gone"),
        (410, "gone"),
        (400, "down"),
        (408, "down"),
        (418, "down"),
        (423, "down"),
        (500, "down"),
        (502, "down"),
        (503, "down"),
        (522, "down"),
        (530, "down"),
        (302, "down"),
        (100, "down"),
        (304, "down"),
        (202, "ok"),
        (203, "ok"),
        (204, "ok"),
        (206, "ok"),
    ],
)
def test_a_status_alone_gives_its_outcome(judge, status, outcome):
    verdict = judge(status=status)
    assert (verdict.outcome, verdict.rule) == (outcome, f"status/{status}")
    assert verdict.evidence == (str(status),)


def test_a_304_that_was_asked_for_is_ok_and_says_that_nothing_changed(judge):
    verdict = judge(status=304, context=Context(is_unchanged=True))
    assert (verdict.outcome, verdict.rule) == ("ok", "status/304")
    assert verdict.evidence == ("unchanged since the last check",)


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        ("nxdomain", "gone"),
        ("no_address", "down"),
        ("servfail", "down"),
        ("refused", "down"),
        ("reset", "down"),
        ("unreachable", "down"),
        ("timeout", "down"),
        ("tls", "down"),
        ("protocol", "down"),
        ("redirect_loop", "down"),
        ("too_many_redirects", "down"),
        ("bad_redirect", "down"),
        ("cancelled", "blocked"),
        ("policy", "refused"),
        ("invalid_url", "malformed"),
    ],
)
def test_a_failure_gives_its_outcome(judge, failure, outcome):
    verdict = judge(status=None, failure=Failure(failure))
    assert (verdict.outcome, verdict.rule) == (outcome, f"failure/{failure}")


def test_every_failure_has_an_outcome(judge):
    assert all(judge(status=None, failure=failure).evidence for failure in Failure)


def test_a_plain_page_is_ok(judge):
    assert judge(PIECE).outcome is Outcome.OK


def test_an_empty_200_is_no_page(judge):
    assert judge("").rule == "soft404/blank"


def test_an_empty_part_of_a_page_proves_nothing(judge):
    assert judge("", complete=False).outcome is Outcome.OK


def test_a_head_answer_with_a_length_is_not_empty(judge):
    assert judge("", headers={"content-length": "5120"}).outcome is Outcome.OK


@pytest.mark.parametrize("via", [(301,), (308,), (301, 308)])
def test_permanent_redirects_to_a_page_of_the_same_depth_are_moved(judge, via):
    verdict = judge(PIECE, via=via, final="https://daily.example/2020/01/01/eastern-pier-closed")
    assert verdict.outcome is Outcome.MOVED
    assert verdict.evidence[0] == "moved to https://daily.example/2020/01/01/eastern-pier-closed"


@pytest.mark.parametrize(
    "final",
    [
        "https://other.example/stories/eastern-pier-closed",
        "https://daily.example/eastern-pier-closed",
        "https://daily.example/town/harbour/2019/eastern-pier-closed.html",
    ],
)
def test_permanent_redirects_to_the_same_piece_at_another_depth_are_moved(judge, final):
    assert judge(PIECE, via=(301,), final=final).outcome is Outcome.MOVED


@pytest.mark.parametrize("via", [(302,), (303,), (307,), (301, 302)])
def test_a_passing_redirect_is_ok(judge, via):
    verdict = judge(PIECE, via=via, final="https://daily.example/2020/01/01/eastern-pier-closed")
    assert verdict.outcome is Outcome.OK


@pytest.mark.parametrize("via", [(301,), (302,)])
def test_a_deep_link_thrown_to_the_front_page_is_a_soft_404(judge, via):
    home = (
        "<title>Daily</title><h1>Latest news</h1><p>" + "Ferry crews vote on a new contract this week. " * 40
    )
    verdict = judge(home, via=via, final="https://daily.example/")
    assert (verdict.outcome, verdict.rule) == (Outcome.SOFT_404, "soft404/weak-signs")


def test_one_weak_sign_is_not_enough(judge):
    # Sent to the front page, which shows the very piece: only the place is odd.
    assert judge(PIECE, via=(302,), final="https://daily.example/").outcome is Outcome.OK


def test_a_link_to_a_front_page_that_moved_is_no_soft_404(judge):
    verdict = judge(
        "<title>New</title><h1>New house</h1>", url="http://old.example/", final="https://new.example/"
    )
    assert verdict.outcome is Outcome.OK


def test_a_shortened_link_to_a_front_page_is_ok(judge):
    verdict = judge(
        "<title>Studio</title><h1>We make pictures</h1>",
        url="https://s.example/aB3",
        final="https://studio.example/",
    )
    assert verdict.outcome is Outcome.OK


def test_three_links_of_a_host_at_one_address_and_a_lost_subject_are_a_soft_404(judge):
    facts = HostFacts(final_urls={"example,daily)/news/list-of-things-2020": 2})
    verdict = judge(
        "<title>Things</title><h1>Things</h1><p>" + "Ferry crews vote this week on it. " * 30,
        via=(302,),
        final="https://daily.example/news/list-of-things-2020",
        context=Context(host=facts),
    )
    assert verdict.rule == "soft404/weak-signs"
    assert "2 other links of the host end at the same address" in verdict.evidence


def test_an_empty_shell_is_ok_with_the_evidence_shell(judge):
    verdict = judge('<title>App</title><div id=root></div><script src="/a.js"></script>')
    assert verdict.outcome is Outcome.OK
    assert any(line.startswith("shell:") for line in verdict.evidence)


def test_a_cut_body_is_judged_by_what_came(judge):
    verdict = judge(PIECE, complete=False)
    assert (verdict.outcome, verdict.evidence[-1]) == (Outcome.OK, "judged by its beginning")


def test_an_accepted_status_is_ok(judge):
    verdict = judge(status=403, context=Context(accepted_statuses=frozenset({403})))
    assert (verdict.outcome, verdict.rule) == (Outcome.OK, "policy/accepted")


def test_a_wall_wins_over_its_status(judge):
    verdict = judge("<title>Just a moment...</title>", status=503, headers={"cf-mitigated": "challenge"})
    assert (verdict.outcome, verdict.rule) == (Outcome.BLOCKED, "wall/challenge")


def test_a_piece_with_a_login_box_in_its_menu_is_ok(judge):
    box = "<nav><form action=/login><input type=password></form> Log in</nav>"
    assert judge(box + PIECE).outcome is Outcome.OK


def test_a_paywall_that_shows_the_beginning_is_ok_and_says_so(judge):
    verdict = judge(PIECE + "<p>Subscribe to continue reading.")
    assert verdict.outcome is Outcome.OK
    assert "a paywall shows the beginning of the piece" in verdict.evidence


def test_who_shows_500_words_or_says_it_over_two_texts_has_no_paywall(judge):
    long = PIECE + f"<p>{'The council said so again. ' * 100}</p>"
    assert judge(long + "<p>Subscribe to continue reading.").evidence == judge(long).evidence
    assert judge(PIECE + "<p>Subscribe</p><p>to read</p>").evidence == judge(PIECE).evidence


addresses = st.sampled_from(
    [
        "https://a.example/",
        "https://a.example/x/y/z-1",
        "http://[::1]/a?b=1",
        "nonsense",
        "",
        "https://b.example/404",
    ]
)
bodies = st.one_of(
    st.binary(max_size=400),
    st.sampled_from([b"", b"<title>404</title>", b"%PDF-1", b"\xff\xfe<\x00", b"<p>not found", b"<script>"]),
)


seen_things = st.builds(
    Observation,
    url=addresses,
    observed_at=st.just(datetime(2026, 1, 5, tzinfo=UTC)),
    final_url=addresses,
    status=st.one_of(st.none(), st.integers(0, 1200)),
    failure=st.one_of(st.none(), st.sampled_from(Failure)),
    hops=st.lists(st.builds(Hop, url=addresses, status=st.integers(100, 999)), max_size=3).map(tuple),
    body=bodies,
    body_complete=st.booleans(),
    media_type=st.sampled_from([None, "text/html", "text/plain", "image/png"]),
    charset=st.sampled_from([None, "utf-8", "x"]),
)


@given(seen=seen_things)
def test_the_verdict_is_total(seen):
    page = read_page(seen.body, media_type=seen.media_type, charset=seen.charset, url=seen.final_url)
    for shown in (page, None):
        verdict = decide(seen, page=shown, context=Context(anchors=("some anchor text",)))
        assert isinstance(verdict, Verdict)
        assert verdict.rule
        assert verdict.evidence


def test_a_page_where_a_file_was_asked_for_is_ok_and_told(judge):
    html = f"<title>Lock gate report</title><h1>Lock gate report</h1><p>{'A text of its own. ' * 60}</p>"
    verdict = judge(html, url="https://town.example/files/lock-gate-report.pdf")
    assert verdict.outcome is Outcome.OK
    assert "a .pdf was asked for, a page came" in verdict.evidence
