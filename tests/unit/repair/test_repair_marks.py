"""Ends that may be a title's own, addresses glued together, and slugs in capitals."""

import pytest

from workers.model import Decision
from workers.repair.propose import propose
from workers.repair.surroundings import Surroundings


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


@pytest.mark.parametrize(
    ("slug", "headline", "decision"),
    [
        ("COUNCIL-APPROVES-PARKING", None, Decision.SUGGEST),
        ("COUNCIL-APPROVES-PARKING", "Council approves parking", Decision.NEEDS_LIVE),
        ("FLOOD-LEVELS", None, Decision.SUGGEST),
    ],
)
def test_a_short_slug_in_capitals_is_offered_in_lower_case(
    slug: str, headline: str | None, decision: Decision
) -> None:
    repair = propose(f"https://www.example.org/news/2022/{slug}", Surroundings(headline=headline))
    assert (repair.decision, repair.best.url) == (
        decision,
        f"https://www.example.org/news/2022/{slug.lower()}",
    )


@pytest.mark.parametrize(
    "path",
    [
        "docs/DOC-123",
        "docs/HR-1234-TEXT",
        "d/RFC-2119",
        "a/IMG_2034.JPG",
        "EN/TXT/",
        "pdf/M-21-14.pdf",
        "a/WEO",
    ],
)
def test_identifiers_in_capitals_stay(path: str) -> None:
    repair = propose(f"https://www.example.org/{path}")
    assert (repair.decision, repair.best.url) == (Decision.KEEP, f"https://www.example.org/{path}")


@pytest.mark.parametrize(
    ("tail", "decision"),
    [
        (".html.Retrieved", Decision.AUTO),
        (".html,accessed", Decision.AUTO),
        (")and", Decision.AUTO),
        (";see", Decision.NEEDS_LIVE),
        (".The", Decision.NEEDS_LIVE),
    ],
)
def test_a_mark_and_a_word_of_the_text_are_taken_off(tail: str, decision: Decision) -> None:
    page = "https://www.example.org/news/flood-plan" + (".html" if tail.startswith(".html") else "")
    repair = propose(f"https://www.example.org/news/flood-plan{tail}")
    assert (repair.decision, repair.best.url) == (decision, page)


@pytest.mark.parametrize("tail", ["/St.Louis", "/a,Colorado", "/x_(song)", "/c-sharp-.net", "/list;sort"])
def test_marks_and_words_of_an_address_stay(tail: str) -> None:
    assert propose(f"https://www.example.org/wiki{tail}").best.url == f"https://www.example.org/wiki{tail}"


@pytest.mark.parametrize("separator", [",", ";", "|", " ", "\n"])
def test_an_address_that_follows_another_is_left_out(separator: str) -> None:
    page = "https://www.example.org/x-y-z"
    assert propose(f"{page}{separator}{page}").best.url == page


def test_letters_read_in_the_wrong_charset_ask_the_web() -> None:
    for written in (
        "https://a.example/soci\u00c3\u00a9t\u00c3\u00a9",
        "https://a.example/soci%C3%83%C2%A9t%C3%83%C2%A9",
    ):
        repair = propose(written)
        assert repair.decision is Decision.NEEDS_LIVE
        assert repair.best.url in {
            "https://a.example/soci\u00e9t\u00e9",
            "https://a.example/soci%C3%A9t%C3%A9",
        }


@pytest.mark.parametrize(
    "url",
    ["https://a.example/soci%C3%A9t%C3%A9", "https://a.example/\u00c2me", "https://a.example/%C2%B5-%C3%83"],
)
def test_letters_read_rightly_stay(url: str) -> None:
    assert propose(url).decision is Decision.KEEP


def test_dots_behind_a_file_name_are_the_sentences_but_ask_the_web() -> None:
    repair = propose("https://a.example/flood-plan.html...")
    assert (repair.decision, repair.best.url) == (Decision.NEEDS_LIVE, "https://a.example/flood-plan.html")
    assert propose("https://a.example/flood-pl...").decision is Decision.ABSTAIN


@pytest.mark.parametrize("scheme", ["http:s//", "hxxp[s]://", "h**ps://", "https|//", "https ;// "])
def test_a_scheme_with_marks_among_its_letters_is_mended(scheme: str) -> None:
    assert propose(f"{scheme}www.example.org/x").best.url == "https://www.example.org/x"
