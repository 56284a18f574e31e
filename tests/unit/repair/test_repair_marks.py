"""Ends that may be a title's own, addresses glued together, and slugs in capitals."""

import pytest

from workers.model import Decision
from workers.repair.propose import propose


@pytest.mark.parametrize(
    "url",
    [
        "https://en.wiki.example.org/wiki/Washington,_D.C.",
        "https://en.wiki.example.org/wiki/Yahoo!",
        "https://ja.wiki.example.org/wiki/\uff21\uff22\uff23",
    ],
)
def test_a_title_may_end_or_be_written_as_it_likes(url: str) -> None:
    assert propose(url).decision is Decision.KEEP


def test_an_end_that_may_be_the_sentences_is_still_something_to_try() -> None:
    tried = [each.url for each in propose("https://en.wiki.example.org/wiki/Yahoo!").candidates]
    assert "https://en.wiki.example.org/wiki/Yahoo" in tried


def test_an_address_that_stands_there_twice_is_taken_once() -> None:
    repair = propose("https://www.example.org/x-y-zhttps://www.example.org/x-y-z")
    assert (repair.decision, repair.best.url) == (Decision.AUTO, "https://www.example.org/x-y-z")


def test_two_addresses_glued_together_are_both_offered() -> None:
    repair = propose("https://www.example.org/x-y-zhttps://b.example.com/one-two")
    offered = [each.url for each in repair.candidates]
    assert {"https://www.example.org/x-y-z", "https://b.example.com/one-two"} <= set(offered)
    assert repair.decision is Decision.NEEDS_LIVE


def test_a_lone_star_of_markup_goes_and_a_pattern_stays() -> None:
    assert propose("https://www.example.org/44871*").best.url == "https://www.example.org/44871"
    assert propose("https://www.example.org/files/*").decision is Decision.KEEP


@pytest.mark.parametrize(
    ("slug", "decision"),
    [
        ("COUNCIL-APPROVES-UNDERGROUND-PARKING", Decision.SUGGEST),
        ("Council-Approves-Underground-Parking", Decision.KEEP),
    ],
)
def test_a_slug_in_capitals_is_something_to_try_in_lower_case(slug: str, decision: Decision) -> None:
    repair = propose(f"https://www.example.org/news/2022/{slug}")
    assert repair.decision is decision
    lowered = "https://www.example.org/news/2022/council-approves-underground-parking"
    assert lowered in [each.url for each in repair.candidates[:5]]


def test_percent_codes_keep_their_letter_case() -> None:
    offered = [
        each.url for each in propose("https://www.example.org/NEWS/%E3%83%86/ABC-DEF-GHI-JKL").candidates
    ]
    assert "https://www.example.org/news/%E3%83%86/abc-def-ghi-jkl" in offered
